"""`hearback survey add CODEBOOK.toml --data-dir DIR`: one wave of a survey, from file to page."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from hearback.cli.installation import data_dir_option, fresh_or_existing, open_existing
from hearback.importers.quality import QualityReport


@click.command()
@click.argument("codebook", type=click.Path(path_type=Path))
@data_dir_option
@click.option("--areas", help="The layer of areas whose keys the respondents' areas are.")
@click.option("--accept-unmatched", default="", help="Why it is right that more than 2 % of its areas are unknown.")
def command(codebook: Path, data_dir: Path, areas: str | None, accept_unmatched: str) -> None:
    """Read the wave that CODEBOOK (a TOML file) describes, and tell what was recoded on the way."""
    from hearback.importers import codebooks

    described = codebooks.read(codebook)
    open_existing(data_dir)
    from hearback.foundation.audit.enums import software
    from hearback.jobs.build_city.add_survey import add_survey

    with fresh_or_existing(data_dir):
        stored = add_survey(
            described,
            areas_of=areas,
            accept_unmatched=accept_unmatched,
            by=software("hearback survey add"),
            at=datetime.now(UTC),
        )
    rows = f"{len(stored.found):,} {'scores' if described.kind == 'scores' else 'respondents'}"
    click.echo(f"{described.title}: {rows}, {len(stored.found.items):,} items.")
    for line in _told(stored.report):
        click.echo(line)


def _told(report: QualityReport) -> list[str]:
    """What was left out and what was recoded, a line each."""
    left_out = [f"{group.rows:,} of {report.rows_read:,} rows left out: {group.reason}" for group in report.refused]
    return [*left_out, *report.notes]
