"""What the machine refuses (no room, no permission, a folder in the way), told in one sentence as any refusal is."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from hearback.refusal import Refusal

FULL = "Make room on this disk, and try again"
CLOSED = "Get the right to it, or name another place"
IN_THE_WAY = "Name another place"
REMEDIES = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EACCES: CLOSED,
    errno.EPERM: CLOSED,
    errno.EROFS: CLOSED,
    errno.EEXIST: IN_THE_WAY,
    errno.ENOTDIR: IN_THE_WAY,
    errno.EISDIR: IN_THE_WAY,
    errno.ENAMETOOLONG: IN_THE_WAY,
}
"""What to do about each; any other fault is the program's own and stays one."""

DATABASE_FULL = "database or disk is full"
"""What SQLite says; Django passes it on as an error of its own."""


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
        if DATABASE_FULL not in str(error):
            raise
        raise MachineFault("the disk is full", remedy=FULL) from error
