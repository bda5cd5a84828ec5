"""Where a dataset came from: source, licence, vintage, the fingerprint of every file read, and what its reader says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class SourceFile:
    """One input file: its name without a folder, and the SHA-256 of its bytes."""

    name: str
    sha256: str

    @classmethod
    def of(cls, path: Path) -> SourceFile:
        """Fingerprint a file, reading it in pieces."""
        return cls(name=path.name, sha256=file_sha256(path))


@dataclass(frozen=True)
class Provenance:
    """What a reader must know to judge a dataset and to cite it; `name` is also its name in the store."""

    name: str
    title: str
    source: str
    licence: str
    vintage: str
    files: tuple[SourceFile, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain lists and dictionaries, ready for JSON."""
        return {**asdict(self), "files": [asdict(file) for file in self.files]}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Provenance:
        """The inverse of `as_dict`."""
        files: Iterable[Mapping[str, str]] = fields["files"]
        return cls(**{**fields, "files": tuple(SourceFile(**file) for file in files)})


class ReadingReport(Protocol):
    """What a reader says about a file once it has read all of it."""

    @property
    def rows_read(self) -> int: ...
    def as_dict(self) -> dict[str, Any]: ...


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
