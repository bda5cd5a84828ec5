"""`hearback serve`: the web server for one city."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from hearback.cli.installation import data_dir_option, open_existing
from hearback.refusal import Refusal

port_option = click.option(
    "--port", type=click.IntRange(1, 65_535), default=8000, show_default=True, help="Port to listen on."
)


MEMORY = Path("/dev", "shm")


class NotFree(Refusal):
    """An address at which nobody can listen: another program does, or it is not this machine's."""


@click.command()
@data_dir_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@port_option
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="Web processes, each of about 120 MB; two use both cores of a small machine.",
)
def command(data_dir: Path, host: str, port: int, workers: int) -> None:
    """Serve the city in DATA_DIR."""
    serve(data_dir, host=host, port=port, workers=workers)


def serve(data_dir: Path, *, host: str, port: int, workers: int = 2) -> None:
    """Serve until interrupted. No access log is written: who reads what is nobody's business."""
    from granian import Granian
    from granian.constants import Interfaces

    refuse_taken(host, port)
    open_existing(data_dir, bring_up_to_date=True)
    click.echo(f"Hearback is at http://{host}:{port}/ (Ctrl+C stops it)")
    with _counting_together(workers):
        Granian(
            "hearback.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=2,  # more would wait for each other, and keep a connection and memory each
            websockets=False,
            log_level="warning",
            log_access=False,
        ).serve()


@contextmanager
def _counting_together(workers: int) -> Iterator[None]:
    """Several processes count tries at sign-in in one folder of the machine's memory, gone when the server stops.

    Settings are read by now: processes that are forked do not read them again, and others read the environment.
    """
    if workers == 1:
        yield
        return
    from django.conf import settings

    from hearback.config.settings import counting_in

    counts = settings.CACHES["default"]
    former = dict(counts)
    with TemporaryDirectory(prefix="hearback-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        counts.update(counting_in(folder))
        os.environ["HEARBACK_SHARED_COUNTS"] = folder
        try:
            yield
        finally:
            counts.update(former)
            del os.environ["HEARBACK_SHARED_COUNTS"]


def refuse_taken(host: str, port: int) -> None:
    """Refuse an address where no server could be started."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        socket.create_server(address[:2], family=family).close()
    except OSError as error:
        raise NotFree(
            f"nobody can listen there ({str(error.strerror).split(' (')[0].lower()})",
            where=f"{host}:{port}",
            remedy="Stop the other program, or name another --port or --host",
        ) from error
