"""The secret that the receipts of one day's forms rest on: made when the day first needs it, forgotten two days later.

After that nobody can make the words of a receipt again out of a form that was kept, whatever else they have stolen.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from secrets import token_bytes

from django.conf import settings

FOLDER = "form-secrets"
KEPT = timedelta(days=2)
"""A form can come back for 24 hours, and its proof of submission is shown again with it."""


def secret_of(day: date) -> bytes:
    """The secret of this day, the same in every process of the installation."""
    return _read_or_make(settings.DATA_DIR / FOLDER, day)


def forget(*, today: date) -> int:
    """Remove the secrets of days whose forms cannot come back any more; how many."""
    folder = settings.DATA_DIR / FOLDER
    old = [file for file in folder.glob("????-??-??") if date.fromisoformat(file.name) < today - KEPT]
    for file in old:
        file.unlink(missing_ok=True)
    _read_or_make.cache_clear()
    return len(old)


@lru_cache(maxsize=4)
def _read_or_make(folder: Path, day: date) -> bytes:
    file = folder / day.isoformat()
    if not file.exists():
        _make(file)
    return bytes.fromhex(file.read_text())


def _make(file: Path) -> None:
    """Of two processes that make it at once, one wins; it is on the disk before anybody gets a receipt by it."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    own = file.with_name(f".{file.name}-{token_bytes(8).hex()}")
    descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as writing:
        writing.write(token_bytes(32).hex())
        writing.flush()
        os.fsync(writing.fileno())
    try:
        os.link(own, file)
    except FileExistsError:
        pass
    finally:
        own.unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
