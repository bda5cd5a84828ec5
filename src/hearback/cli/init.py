"""`hearback init DIR`: a commented description of a city, to be filled in."""

from __future__ import annotations

from pathlib import Path

import click

from hearback.refusal import Refusal


class AlreadyThere(Refusal):
    """The file exists and is not overwritten."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def command(folder: Path) -> None:
    """Write a commented city.toml into FOLDER, to be filled in by hand."""
    from hearback.importers import city

    target = folder / "city.toml"
    if target.exists():
        raise AlreadyThere("the file is already there", where=str(target), remedy="Edit it, or name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(city.template(), encoding="utf-8")
    click.echo(f"Wrote {target}. Fill it in, then: hearback build {target} --data-dir DIR")
