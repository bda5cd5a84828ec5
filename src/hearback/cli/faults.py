"""What the machine refuses (no room, no permission, a folder in the way), told in one sentence as any refusal is."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from hearback.refusal import Refusal

FULL = "Make room on this disk, and try again"
CLOSED = "Get the right to it, or name another place"
IN_THE_WAY = "Name another place"
REMEDIES = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EACCES: CLOSED,
    errno.EPERM: CLOSED,
    errno.EROFS: CLOSED,
    errno.EEXIST: IN_THE_WAY,
    errno.ENOTDIR: IN_THE_WAY,
    errno.EISDIR: IN_THE_WAY,
    errno.ENAMETOOLONG: IN_THE_WAY,
}
"""What to do about each; any other fault is the program's own and stays one."""

RESTORE = "Put the newest backup in its place"
DATABASES_SAY = {
    "database or disk is full": ("the disk is full", FULL),
    "No space left on device": ("the disk is full", FULL),
    "unable to open database file": ("the database cannot be opened", CLOSED),
    "attempt to write a readonly database": ("the database cannot be written to", CLOSED),
    "disk I/O error": ("the disk would not read or write", FULL),
    "database is locked": ("another program is writing to the database", "Wait a little, and try again"),
    "database disk image is malformed": ("the database is damaged", RESTORE),
    "file is not a database": ("the database is damaged", RESTORE),
    "connection failed": ("the database does not answer", "Start its server, or correct DATABASE_URL"),
}
"""What SQLite, DuckDB and PostgreSQL say, each in an error of its own kind."""


class MachineFault(Refusal):
    """The machine would not read or write something."""


@contextmanager
def told() -> Iterator[None]:
    """Turn what the machine refuses into a Refusal that names the place and the remedy."""
    try:
        yield
    except OSError as error:
        if error.errno not in REMEDIES:
            raise
        problem = str(error.strerror).lower()
        raise MachineFault(problem, where=str(error.filename or ""), remedy=REMEDIES[error.errno]) from error
    except Exception as error:
        for words, (problem, remedy) in DATABASES_SAY.items():
            if words in str(error):
                raise MachineFault(problem, where=os.environ.get("HEARBACK_DATA_DIR", ""), remedy=remedy) from error
        raise
