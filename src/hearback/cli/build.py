"""`hearback build CITY.toml --data-dir DIR`: real files in, a city in the browser out."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import numpy as np

from hearback.cli.installation import data_dir_option, fresh_or_existing
from hearback.cli.progress import telling
from hearback.sentence import read_back

JOB_STEPS = 5
"""How many steps `jobs.build_city` tells of; it can be asked only once the database is open, and that takes a while."""


@click.command()
@click.argument("description", type=click.Path(path_type=Path))
@data_dir_option
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=2026,
    show_default=True,
    help="Seed of the simulations: the same gives the same.",
)
def command(description: Path, data_dir: Path, seed: int) -> None:
    """Build the city that DESCRIPTION (a TOML file) tells of, or bring it up to date."""
    for line in build(description, data_dir, seed=seed):
        click.echo(line)
    click.echo(f"Built. See it with: hearback serve --data-dir {shlex.quote(str(data_dir))}")


def build(description: Path, data_dir: Path, *, seed: int) -> list[str]:
    """Build into `data_dir`; a new folder appears whole or not at all, an existing one changes whole or not at all.

    Returns what was left out on the way, a line for each dataset.
    """
    with telling("Building", steps=JOB_STEPS + 2) as tell:
        tell("Reading the description")
        _check(description)
        tell("Opening the folder")
        with fresh_or_existing(data_dir):
            run(description, seed=seed, tell=tell)
            return list(_left_out())


def run(description: Path, *, seed: int, tell: Callable[[str], None]) -> None:
    """Build into the installation that is open."""
    from hearback.foundation.audit.enums import software
    from hearback.importers import city
    from hearback.jobs.build_city import build_city

    at, rng = datetime.now(UTC), np.random.default_rng(seed)
    build_city(city.read(description), by=software("hearback build"), at=at, rng=rng, tell=tell)


def steps() -> int:
    """How many steps `run` tells of."""
    return JOB_STEPS


def _check(description: Path) -> None:
    """Refuse a description that cannot be used before anything is made."""
    from hearback.importers import city

    city.read(description)


def _left_out() -> Iterator[str]:
    """`Calls: 6 of 78 rows were left out (no area).`, for whoever builds; the data page says it to everybody."""
    from hearback.foundation.datasets.queries import in_use

    for dataset in in_use():
        read, kept = dataset.report["rows_read"], dataset.report["rows_kept"]
        if kept < read:
            reasons = "; ".join(read_back(group["reason"]) for group in dataset.report["refused"])
            yield f"{dataset.title}: {read - kept:,} of {read:,} rows were left out ({reasons})."
        for join in dataset.report["joins"]:
            if join["accepted"]:
                keys, areas = len(join["left_over"]), len(join["right_over"])
                yield f"{dataset.title}: {keys:,} keys without an area, {areas:,} areas without a row, as accepted."
