"""One immutable dataset of the store: its record, its rows as a lazy table, and the proof that nobody altered it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import narwhals as nw

from hearback.evidence.columns import ColumnRecord, Fingerprint, canonical
from hearback.evidence.engine import Engine, arrays
from hearback.evidence.provenance import Provenance, file_sha256
from hearback.refusal import Refusal

RECORD = "dataset.json"
SHORT = 12
"""How many digits of the checksum a folder's name carries."""


class DatasetUnreadable(Refusal):
    """A folder in the store has no record, or a record that is not one."""


class DatasetAltered(Refusal):
    """A dataset is no longer what was written."""


@dataclass(frozen=True)
class PartRecord:
    """One Parquet file: its name in the folder, its rows, the SHA-256 of its bytes."""

    file: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class DatasetRecord:
    """What `dataset.json` says; all of it but the cutting into parts is sealed by the checksum."""

    provenance: Provenance
    rows_in: int
    rows: int
    report: Mapping[str, Any]
    columns: tuple[ColumnRecord, ...]
    parts: tuple[PartRecord, ...]

    @property
    def checksum(self) -> str:
        """SHA-256 of the provenance, the report, the row counts and the values of every column, in order.

        It does not depend on how the rows were chunked or compressed, nor on the version of the engine.
        """
        fields = self.as_dict()
        del fields["parts"]
        return hashlib.sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """Plain lists and dictionaries, ready for JSON."""
        return {**asdict(self), "provenance": self.provenance.as_dict(), "report": self.report}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> DatasetRecord:
        """The inverse of `as_dict`."""
        return cls(
            provenance=Provenance.from_dict(fields["provenance"]),
            rows_in=fields["rows_in"],
            rows=fields["rows"],
            report=fields["report"],
            columns=tuple(ColumnRecord(**column) for column in fields["columns"]),
            parts=tuple(PartRecord(**part) for part in fields["parts"]),
        )


@dataclass(frozen=True)
class Dataset:
    """A dataset in its folder."""

    folder: Path
    record: DatasetRecord
    checksum: str
    engine: Engine

    @classmethod
    def read(cls, folder: Path, *, engine: Engine) -> Dataset:
        """The dataset in a folder; DatasetUnreadable where its record is missing or broken."""
        try:
            fields = json.loads((folder / RECORD).read_text(encoding="utf-8"))
            return cls(folder, DatasetRecord.from_dict(fields), str(fields["checksum"]), engine)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DatasetUnreadable(
                f"The record of this dataset cannot be read ({error})",
                where=str(folder / RECORD),
                remedy="Remove the folder and build again from the source files",
            ) from error

    @property
    def name(self) -> str:
        """The dataset's name, shared by all its versions."""
        return self.record.provenance.name

    @property
    def reference(self) -> str:
        """Name and short checksum: exactly this version, for good."""
        return f"{self.name}-{self.checksum[:SHORT]}"

    def scan(self) -> nw.LazyFrame[Any]:
        """The rows as a lazy table."""
        return self.engine.scan([self.folder / part.file for part in self.record.parts])

    def verify(self) -> None:
        """Read everything again; DatasetAltered names the first file that is not what was written."""
        listed = {part.file: part.sha256 for part in self.record.parts}
        for name in sorted({RECORD, *listed, *(path.name for path in self.folder.iterdir())}):
            path = self.folder / name
            if not path.is_file():
                raise _altered(path, "is missing")
            if name != RECORD and name not in listed:
                raise _altered(path, "does not belong to the dataset")
            if name != RECORD and file_sha256(path) != listed[name]:
                raise _altered(path, "has changed since it was written")
        sealed = self.record.checksum == self.checksum and self.reference == self.folder.name
        if not sealed or self._columns() != self.record.columns:
            raise _altered(self.folder / RECORD, "does not agree with the rows and the name of the folder")

    def _columns(self) -> tuple[ColumnRecord, ...]:
        fingerprint = Fingerprint()
        for part in self.record.parts:
            rows = self.engine.scan([self.folder / part.file])
            for name in rows.collect_schema().names():
                fingerprint.add(name, canonical(arrays(rows.select(name))[name]))
        return fingerprint.records()


def _altered(path: Path, what: str) -> DatasetAltered:
    return DatasetAltered(
        f"This file {what}", where=str(path), remedy="Remove the folder and build again from the source files"
    )
