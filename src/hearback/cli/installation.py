"""Opening an installation: the data directory, its secret, its database brought up to date."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import django
from django.core.management import call_command

from hearback.refusal import Refusal

KEY_FILE, SEALING_FILE = "secret-key", "sealing-secret"

data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    required=True,
    help="Where this city's database and evidence live.",
)


class NoInstallation(Refusal):
    """The folder holds no city."""


class AnotherBuild(Refusal):
    """Two builds would write one folder."""


class OlderVersion(Refusal):
    """The database has not been brought up to date with this version."""


@contextmanager
def fresh_or_existing(data_dir: Path) -> Iterator[None]:
    """Open `data_dir` for a build. A new one is made in a folder beside it and moved into place at the end."""
    if (data_dir / KEY_FILE).exists():
        with _alone(data_dir):
            create(data_dir)
            yield
        return
    if data_dir.exists() and any(data_dir.iterdir()):
        raise NoInstallation(
            "the folder holds other things", where=str(data_dir), remedy="Name a new or an empty folder"
        )
    with replacing(data_dir):
        yield
        if (data_dir / KEY_FILE).exists():
            raise AnotherBuild("another build has filled this folder", where=str(data_dir), remedy="Build again")


@contextmanager
def replacing(data_dir: Path) -> Iterator[Path]:
    """Make an installation in a folder beside `data_dir`, and put it in its place when it is whole."""
    beside = data_dir.absolute().parent
    beside.mkdir(parents=True, exist_ok=True)
    _sweep(beside, prefix=f".{data_dir.name}-")
    making = _folder_in(beside, prefix=f".{data_dir.name}-")
    try:
        with _alone(making):
            create(making)
            yield making
            _close()
            if data_dir.exists():
                data_dir.rename(making / "former")
            making.rename(data_dir)
            shutil.rmtree(data_dir / "former", ignore_errors=True)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def create(data_dir: Path) -> None:
    """Make the folder and its secrets, then open it with an up-to-date database."""
    data_dir.mkdir(parents=True, exist_ok=True)
    for name in (KEY_FILE, SEALING_FILE):
        secret = data_dir / name
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_text(secrets.token_hex(32))
    _point_at(data_dir)
    call_command("migrate", verbosity=0, interactive=False)


def open_existing(data_dir: Path, *, bring_up_to_date: bool = False) -> None:
    """Open a folder that holds a city; another is refused with what to do.

    A database of an older version is brought up to date where so asked, and refused otherwise.
    """
    if not (data_dir / KEY_FILE).exists():
        raise NoInstallation(
            "there is no Hearback city here",
            where=str(data_dir),
            remedy="Build one: hearback build CITY.toml --data-dir DIR",
        )
    _point_at(data_dir)
    _refuse_empty(data_dir)
    if bring_up_to_date:
        call_command("migrate", verbosity=0, interactive=False)
    elif _is_behind():
        raise OlderVersion(
            "the database was made by an older version",
            where=str(data_dir),
            remedy=f"Bring it up to date: hearback serve --data-dir {data_dir}",
        )


def _refuse_empty(data_dir: Path) -> None:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    if not MigrationRecorder(connection).applied_migrations():
        raise NoInstallation(
            "the database holds nothing",
            where=str(data_dir),
            remedy="Put the newest backup in its place, or build again",
        )


def _is_behind() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _folder_in(beside: Path, *, prefix: str) -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix=prefix, dir=beside))
    except FileNotFoundError as error:  # the folder is there: the system keeps it, and lets nobody write in it
        raise NoInstallation(
            "no folder can be made here", where=str(beside), remedy="Name a folder on a disk of your own"
        ) from error


def _sweep(beside: Path, *, prefix: str) -> None:
    """Remove what builds that were killed left behind; the folder of one that lives is locked."""
    for left in beside.iterdir():
        if left.name.startswith(prefix) and (left / KEY_FILE).exists():
            with suppress(AnotherBuild), _alone(left):
                shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which ends with this process at the latest: two builds would remove each other's rows."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        _lock(handle, folder)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise AnotherBuild(
            "another build is at work here", where=str(folder), remedy="Wait until it has finished"
        ) from error


def _close() -> None:
    """Close the database, so that its folder can be moved or copied whole."""
    from django.db import connections

    connections.close_all()


def _point_at(data_dir: Path) -> None:
    os.environ["HEARBACK_DATA_DIR"] = str(data_dir.absolute())
    os.environ["DJANGO_SETTINGS_MODULE"] = "hearback.config.settings"
    django.setup()
