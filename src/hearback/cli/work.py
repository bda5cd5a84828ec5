"""`hearback work`: runs the jobs of the timetable when they are due."""

from __future__ import annotations

import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

import click

from hearback.cli.installation import data_dir_option, open_existing

PAUSE_SECONDS = 60


@click.command()
@data_dir_option
@click.option("--once", is_flag=True, help="Run what is due, then stop; with exit status 1 if a job failed.")
@click.option("--list", "listing", is_flag=True, help="Print the timetable, and run nothing.")
def command(data_dir: Path, once: bool, listing: bool) -> None:
    """Escalate what is late, erase what was kept long enough, and whatever else is due; until interrupted."""
    open_existing(data_dir)
    if listing:
        _list()
        return
    while True:
        well = _run_what_is_due()
        if once:
            raise SystemExit(0 if well else 1)
        time.sleep(PAUSE_SECONDS)


def _list() -> None:
    from hearback.jobs.timetable import timetable

    for job in timetable():
        click.echo(f"{job.name:<20} every {job.every}")


def _run_what_is_due() -> bool:
    """Whether every job that was due went well; one that fails does not keep the others from running."""
    from hearback.jobs.timetable import due, run

    well = True
    for job in due(at=datetime.now(UTC)):
        try:
            run(job, at=datetime.now(UTC))
        except Exception:
            traceback.print_exc()
            well = False
        else:
            click.echo(f"{job.name}: done")
    return well
