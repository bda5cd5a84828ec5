"""Rows into Parquet, chunk by chunk in bounded memory, and into the store all at once or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import numpy as np

from hearback.evidence.columns import SQL_TYPES, Column, Fingerprint, canonical, type_name
from hearback.evidence.dataset import RECORD, SHORT, Dataset, DatasetRecord, PartRecord
from hearback.evidence.engine import Engine
from hearback.evidence.partial import PartialFolder
from hearback.evidence.provenance import Provenance, file_sha256
from hearback.refusal import Refusal

PART_ROWS = 1 << 20
"""Rows per Parquet file, and the most that are held in memory."""


class StoreUnwritable(Refusal):
    """The disk takes no more, or takes nothing at all."""


class DatasetWriter:
    """Takes chunks of columns; `finish` publishes the dataset, leaving without it leaves nothing."""

    def __init__(self, root: Path, provenance: Provenance, *, engine: Engine) -> None:
        self._root, self._provenance, self._engine = root, provenance, engine
        with _writable(root):
            self._partial = PartialFolder(root, provenance.name)
        self._connection = engine.connect()
        self._fingerprint = Fingerprint()
        self._no_rows: dict[str, Column] = {}
        self._parts: list[PartRecord] = []
        self._waiting: list[dict[str, Column]] = []
        self._waiting_rows = 0

    def __enter__(self) -> DatasetWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._partial.discard()

    def append(self, chunk: Mapping[str, Column]) -> None:
        """Add rows: equally long vectors, the same names and types each time, else ValueError."""
        columns = {name: canonical(values) for name, values in chunk.items()}
        self._no_rows = self._no_rows or {name: values[:0].copy() for name, values in columns.items()}
        shapes, types, wanted = {values.shape for values in columns.values()}, _types(columns), _types(self._no_rows)
        if types != wanted or len(shapes) != 1 or len(min(shapes)) != 1:
            raise ValueError(f"this chunk has columns {types} of shapes {shapes}; the first one had {wanted}")
        rows = min(shapes)[0]
        start = 0
        while start < rows:
            stop = min(rows, start + PART_ROWS - self._waiting_rows)
            self._waiting.append({name: values[start:stop] for name, values in columns.items()})
            self._waiting_rows += stop - start
            if self._waiting_rows == PART_ROWS:
                self._write_part()
            start = stop

    def finish(self, *, report: Mapping[str, Any] | None = None, rows_in: int | None = None) -> Dataset:
        """Publish the rows with their quality report.

        rows_in: rows that were read at the source, kept or not; as many as were appended where not given.
        Writing the same content again finds the dataset that is already there. ValueError without any chunk.
        """
        if not self._no_rows:
            raise ValueError("a dataset needs at least one chunk, even if it has no rows")
        if self._waiting or not self._parts:
            self._write_part()
        rows = sum(part.rows for part in self._parts)
        record = DatasetRecord(
            provenance=self._provenance,
            rows_in=rows if rows_in is None else rows_in,
            rows=rows,
            report=dict(report or {}),
            columns=self._fingerprint.records(),
            parts=tuple(self._parts),
        )
        text = json.dumps({**record.as_dict(), "checksum": record.checksum}, indent=1, ensure_ascii=False)
        final = self._root / f"{self._provenance.name}-{record.checksum[:SHORT]}"
        with _writable(self._root):
            (self._partial.path / RECORD).write_text(text + "\n", encoding="utf-8")
            self._partial.publish(final)
        return Dataset.read(final, engine=self._engine)

    def _write_part(self) -> None:
        path = self._partial.path / f"part-{len(self._parts):05d}.parquet"
        part = {
            name: np.concatenate([nothing, *(chunk[name] for chunk in self._waiting)])
            for name, nothing in self._no_rows.items()
        }
        for name, values in part.items():
            self._fingerprint.add(name, values)
        typed = [duckdb.ColumnExpression(name).cast(SQL_TYPES[kind]).alias(name) for name, kind in _types(part)]
        rows = self._connection.register("part", part).view("part").select(*typed)
        with _writable(self._root):
            rows.write_parquet(str(path), compression="zstd")
        self._connection.unregister("part")
        self._parts.append(PartRecord(path.name, self._waiting_rows, file_sha256(path)))
        self._waiting, self._waiting_rows = [], 0


def _types(columns: Mapping[str, Column]) -> list[tuple[str, str]]:
    return [(name, type_name(values)) for name, values in columns.items()]


@contextmanager
def _writable(root: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, duckdb.IOException) as error:
        raise StoreUnwritable(
            f"The rows cannot be written ({error})",
            where=str(root),
            remedy="Make room on this disk, or choose another data directory, and build again",
        ) from error
