"""Folders on their way into the store: whole under their final name, or hidden and swept away."""

from __future__ import annotations

import fcntl
import os
import shutil
import uuid
from pathlib import Path

PREFIX = ".partial-"


class PartialFolder:
    """A new hidden folder in `root`, locked while its process lives; nobody takes it for a dataset."""

    def __init__(self, root: Path, name: str) -> None:
        self.path = root / f"{PREFIX}{name}-{uuid.uuid4().hex}"
        self.path.mkdir(parents=True)
        self._lock = os.open(self.path, os.O_RDONLY)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def publish(self, final: Path) -> None:
        """Bring every byte to disk, then rename; a folder that already has the final name stays as it is."""
        for path in [*self.path.iterdir(), self.path]:
            _sync(path)
        try:
            self.path.rename(final)
        except OSError:
            if not final.is_dir():
                raise
        _sync(final.parent)
        self.discard()

    def discard(self) -> None:
        """Remove what has not been published and end the lock; harmless the second time."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)
        self._lock = -1


def sweep(root: Path) -> tuple[str, ...]:
    """Remove the partial folders whose process has died; returns their names."""
    left_behind = [path for path in sorted(root.glob(f"{PREFIX}*")) if not _is_locked(path)]
    for path in left_behind:
        shutil.rmtree(path)
    return tuple(path.name for path in left_behind)


def _is_locked(folder: Path) -> bool:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
