"""Opening an installation: the data directory, its secret, its database brought up to date."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click
import django
from django.core.management import call_command

from hearback.refusal import Refusal

data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Where this city's database and evidence live.",
)


class NoInstallation(Refusal):
    """The folder holds no city."""


def create(data_dir: Path) -> None:
    """Make the folder and its secret, then open it with an up-to-date database."""
    data_dir.mkdir(parents=True, exist_ok=True)
    secret = data_dir / "secret-key"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(50))
    _point_at(data_dir)
    call_command("migrate", verbosity=0, interactive=False)


def open_existing(data_dir: Path) -> None:
    """Open a folder that holds a city; another is refused with what to do."""
    if not (data_dir / "secret-key").exists():
        raise NoInstallation(
            "there is no Hearback city here",
            where=str(data_dir),
            remedy="Build one: hearback build CITY.toml --data-dir DIR",
        )
    _point_at(data_dir)


def _point_at(data_dir: Path) -> None:
    os.environ["HEARBACK_DATA_DIR"] = str(data_dir.absolute())
    os.environ["DJANGO_SETTINGS_MODULE"] = "hearback.config.settings"
    django.setup()
