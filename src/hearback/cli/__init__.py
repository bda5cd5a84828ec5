"""The command line: `hearback VERB`, one file per verb, found by folder."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

import click

from hearback import __version__
from hearback.cli import faults
from hearback.cli.discovery import FolderGroup
from hearback.refusal import Refusal

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: threads would only wait for each other

group = FolderGroup("hearback", package=__name__, help="Residents speak and hear back.")
group = click.version_option(__version__, prog_name="hearback")(group)


def main() -> None:
    """Run the command line; what cannot be used is told in one sentence, with exit status 2."""
    for number in (signal.SIGTERM, signal.SIGINT):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _leave)
    try:
        with faults.told():
            sys.exit(group(prog_name="hearback", standalone_mode=False) or 0)
    except click.exceptions.NoArgsIsHelpError as lost:
        lost.show()
        sys.exit(2)
    except click.UsageError as misused:
        verb = misused.ctx.command_path if misused.ctx else "hearback"
        click.echo(f"{misused.format_message().rstrip('.')}. What can be said: {verb} --help", err=True)
        sys.exit(2)
    except Refusal as refusal:
        click.echo(refusal.sentence, err=True)
        sys.exit(2)


def _leave(number: int, _frame: FrameType | None) -> None:
    """Leave through every `finally`, so that a build that is told to stop tidies up behind itself."""
    sys.exit(128 + number)
