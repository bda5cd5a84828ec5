"""`hearback demo`: the invented city, built and served."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

import click

from hearback.cli.build import run, steps
from hearback.cli.installation import replacing
from hearback.cli.progress import telling
from hearback.cli.serve import serve

SIGN_INS = "demo-sign-ins.txt"


@click.command()
@click.option("--no-serve", is_flag=True, help="Stop after building.")
@click.option("--where", is_flag=True, help="Print the demonstration city's data directory, and nothing else.")
@click.option("--seed", default=6, show_default=True, help="Seed of the invented city.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
def command(no_serve: bool, where: bool, seed: int, port: int) -> None:
    """Build the invented city and serve it at http://127.0.0.1:8000."""
    data_dir = demo_dir()
    if where:
        click.echo(data_dir)
        return
    _build(data_dir, seed=seed)
    click.echo(f"The invented city is in {data_dir}\n\nSign-ins for {f'http://127.0.0.1:{port}/desk/'}")
    click.echo((data_dir / SIGN_INS).read_text())
    if not no_serve:
        serve(data_dir, host="127.0.0.1", port=port)


def demo_dir() -> Path:
    """Where the demonstration city lives: HEARBACK_DEMO_DIR, or the user's data folder."""
    home = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))
    return Path(os.environ.get("HEARBACK_DEMO_DIR", home / "hearback" / "demo"))


def _build(data_dir: Path, *, seed: int) -> None:
    """Invent the city, then build it as any real city is built, and give each role a sign-in."""
    from hearback.demo.city import generate
    from hearback.demo.files import write

    with replacing(data_dir) as making, telling("Building the invented city", steps=steps() + 1) as tell:
        tell("Inventing a city")
        description = write(generate(seed), making / "source")
        run(description, seed=seed, tell=tell)
        (making / SIGN_INS).touch(mode=0o600)
        (making / SIGN_INS).write_text(_welcome_everybody())


def _welcome_everybody() -> str:
    """One person per role, with a password made for this installation; returns what to print."""
    from hearback.foundation.audit.enums import software
    from hearback.foundation.people.actions import welcome
    from hearback.foundation.people.enums import Role

    lines = []
    for role in Role:
        password = secrets.token_urlsafe(12)
        welcome(username=role, role=role, password=password, by=software("hearback demo"), at=datetime.now(UTC))
        lines.append(f"  {role:<14} {password}")
    return "\n".join(lines) + "\n"
