"""`hearback build CITY.toml --data-dir DIR`: real files in, a city in the browser out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
import numpy as np

from hearback.cli.installation import data_dir_option, fresh_or_existing
from hearback.cli.progress import telling


@click.command()
@click.argument("description", type=click.Path(path_type=Path))
@data_dir_option
@click.option("--seed", default=2026, show_default=True, help="Seed of the simulations: the same gives the same.")
def command(description: Path, data_dir: Path, seed: int) -> None:
    """Build the city that DESCRIPTION (a TOML file) tells of, or bring it up to date."""
    build(description, data_dir, seed=seed)
    click.echo(f"Built. See it with: hearback serve --data-dir {data_dir}")


def build(description: Path, data_dir: Path, *, seed: int) -> None:
    """Build into `data_dir`; a new folder appears whole or not at all, an existing one changes whole or not at all."""
    from hearback.importers import city

    name = city.read(description).name
    with fresh_or_existing(data_dir), telling(f"Building {name}", steps=steps()) as tell:
        run(description, seed=seed, tell=tell)


def run(description: Path, *, seed: int, tell: Callable[[str], None]) -> None:
    """Build into the installation that is open."""
    from hearback.foundation.audit.enums import software
    from hearback.importers import city
    from hearback.jobs.build_city import build_city

    at, rng = datetime.now(UTC), np.random.default_rng(seed)
    build_city(city.read(description), by=software("hearback build"), at=at, rng=rng, tell=tell)


def steps() -> int:
    """How many steps a build tells of."""
    from hearback.jobs.build_city import STEPS

    return STEPS
