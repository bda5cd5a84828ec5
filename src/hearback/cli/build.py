"""`hearback build CITY.toml --data-dir DIR`: real files in, a city in the browser out."""

from __future__ import annotations

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

    read = city.read(description)
    with fresh_or_existing(data_dir):
        from hearback.foundation.audit.enums import software
        from hearback.jobs.build_city import STEPS, build_city

        with telling(f"Building {read.name}", steps=STEPS) as tell:
            build_city(
                read, by=software("hearback build"), at=datetime.now(UTC), rng=np.random.default_rng(seed), tell=tell
            )
