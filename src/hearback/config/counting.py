"""Counting in a folder that several processes share, with no count lost when two count at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.cache.backends.filebased import FileBasedCache
from django.core.files import locks


class CountsInFolder(FileBasedCache):
    """Django's own reads and then writes: of two that add at once both would win, and of two counts one be lost."""

    def add(self, *args: Any, **kwargs: Any) -> bool:
        with self._alone():
            return super().add(*args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> int:
        with self._alone():
            return super().incr(*args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        with self._alone():
            return super().touch(*args, **kwargs)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One thread of one process at a time; the lock is gone with whoever held it."""
        self._createdir()
        with Path(self._dir, "lock").open("w") as lock:
            locks.lock(lock, locks.LOCK_EX)
            yield
