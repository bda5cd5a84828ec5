"""`hearback status`: what an installation holds and how it is."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from hearback import __version__
from hearback.cli.installation import data_dir_option, open_existing


@click.command()
@data_dir_option
@click.option("--json", "as_json", is_flag=True, help="For machines: one JSON object.")
def command(data_dir: Path, as_json: bool) -> None:
    """Show what the installation holds, its versions and its health."""
    open_existing(data_dir)
    status = collect(data_dir)
    if as_json:
        click.echo(json.dumps(status, indent=2))
    else:
        _print(status)


def collect(data_dir: Path) -> dict[str, Any]:
    """Everything `hearback status` tells, ready for JSON."""
    from hearback.foundation.installation.queries import everything_held, everything_wrong
    from hearback.foundation.places.queries import city
    from hearback.report_back.releases.queries import edition

    ailments = everything_wrong()
    place, newest = city(), edition()
    return {
        "city": place.name if place else None,
        "invented": place.invented if place else None,
        "data_dir": str(data_dir.absolute()),
        "counts": everything_held(),
        "versions": {"hearback": __version__, "python": platform.python_version(), **_versions()},
        "edition": {"number": newest.number, "checksum": newest.checksum} if newest else None,
        "health": {"ok": not ailments, "ailments": ailments},
    }


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("django", "duckdb", "numpy", "scipy", "shapely")}


def _print(status: dict[str, Any]) -> None:
    table = Table(
        title=f"{status['city'] or 'No city yet'}{' (invented)' if status['invented'] else ''}",
        title_justify="left",
    )
    table.add_column("holds")
    table.add_column("count", justify="right")
    for name, count in status["counts"].items():
        table.add_row(name.replace("_", " "), f"{count:,}")
    console = Console()
    console.print(table)
    console.print("  ".join(f"{name} {number}" for name, number in status["versions"].items()))
    for ailment in status["health"]["ailments"] or ["Nothing is wrong."]:
        console.print(ailment)
