"""`hearback serve`: the web server for one city."""

from __future__ import annotations

from pathlib import Path

import click

from hearback.cli.installation import data_dir_option, open_existing


@click.command()
@data_dir_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, help="Web processes; one serves a small agency.")
def command(data_dir: Path, host: str, port: int, workers: int) -> None:
    """Serve the city in DATA_DIR."""
    serve(data_dir, host=host, port=port, workers=workers)


def serve(data_dir: Path, *, host: str, port: int, workers: int = 1) -> None:
    """Serve until interrupted. No access log is written: who reads what is nobody's business."""
    from granian import Granian
    from granian.constants import Interfaces

    open_existing(data_dir, bring_up_to_date=True)
    click.echo(f"Hearback is at http://{host}:{port}/ (Ctrl+C stops it)")
    Granian(
        "hearback.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_level="warning",
        log_access=False,
    ).serve()
