"""`hearback audit export`: the whole audit log as JSON lines that an outsider can check."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click

from hearback.cli.installation import data_dir_option, open_existing


@click.command()
@data_dir_option
@click.option("-o", "--output", type=click.File("w", encoding="utf-8"), default="-", help="A file; else it is printed.")
def command(data_dir: Path, output: TextIO) -> None:
    """Write every entry, one a line, oldest first. docs/audit.md says how anybody checks them."""
    open_existing(data_dir)
    from hearback.foundation.audit.queries import exported

    for line in exported():
        output.write(f"{line}\n")
