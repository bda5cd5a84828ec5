"""`hearback audit verify`: whether anybody rewrote the audit log."""

from __future__ import annotations

from pathlib import Path

import click

from hearback.cli.installation import open_existing


@click.command()
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Check the log of this city; and look for concerns that are gone without a trace or an entry.",
)
@click.option(
    "--file", "export", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Check an exported log."
)
@click.option("--head", default="", help="A digest written down before: it must stand in the log.")
def command(data_dir: Path | None, export: Path | None, head: str) -> None:
    """Walk the whole chain. Exit status 1 means that it was changed."""
    if (data_dir is None) == (export is None):
        raise click.UsageError("Name either --data-dir or --file.")
    holds = _of_installation(data_dir, head) if data_dir else _of_file(export, head)
    raise SystemExit(0 if holds else 1)


def _of_installation(data_dir: Path, head: str) -> bool:
    open_existing(data_dir)
    from hearback.foundation.audit.queries import verify
    from hearback.listen.concerns.queries.upkeep import emptied, vanished

    verdict, gone, empty = verify(head=head), vanished(), emptied()
    click.echo(verdict.sentence)
    click.echo(
        f"Concerns that were received and are not there, not even as a trace: {', '.join(gone)}"
        if gone
        else "Every concern that was received is there, or its trace is."
    )
    if empty:
        click.echo(f"Concerns whose words are gone, and no entry says that they were erased: {', '.join(empty)}")
    return verdict.holds and not gone and not empty


def _of_file(export: Path | None, head: str) -> bool:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hearback.config.settings")
    django.setup()
    from hearback.foundation.audit.queries import verify_lines

    assert export is not None
    with export.open(encoding="utf-8", errors="replace") as lines:
        verdict = verify_lines(lines, head=head)
    click.echo(verdict.sentence)
    return verdict.holds
