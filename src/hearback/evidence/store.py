"""The evidence store: a folder of immutable datasets, each named by what it holds."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hearback.evidence.columns import Column
from hearback.evidence.dataset import RECORD, Dataset
from hearback.evidence.engine import Engine
from hearback.evidence.partial import sweep
from hearback.evidence.provenance import Provenance
from hearback.evidence.writer import DatasetWriter
from hearback.refusal import Refusal


class DatasetUnknown(Refusal):
    """No dataset, or more than one, answers to a reference."""


class DatasetBadlyNamed(Refusal):
    """A dataset's name cannot be the name of a folder."""


class EvidenceStore:
    """Datasets under `root`, as folders `<name>-<first twelve digits of the checksum>`."""

    def __init__(self, root: Path, *, engine: str = "duckdb", memory_limit: str = "1GB") -> None:
        """Use a folder, made when first written to.

        engine: what runs queries, "duckdb" or "spark" (the setting HEARBACK_ENGINE).
        memory_limit: what DuckDB may hold before it overflows to a hidden folder in `root`.
        """
        self._root = root
        self._engine = Engine(spill=root / ".spill", kind=engine, memory_limit=memory_limit)

    def writer(self, provenance: Provenance) -> DatasetWriter:
        """A writer for a new dataset named as its provenance says; use it in a `with` block."""
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", provenance.name):
            raise DatasetBadlyNamed(
                f"A dataset cannot be named {provenance.name!r}",
                remedy="Use small letters a to z, digits, hyphens and underscores",
            )
        return DatasetWriter(self._root, provenance, engine=self._engine)

    def write(
        self,
        chunks: Iterable[Mapping[str, Column]],
        *,
        provenance: Provenance,
        report: Mapping[str, Any] | None = None,
        rows_in: int | None = None,
    ) -> Dataset:
        """Write all chunks as one dataset; see `DatasetWriter.append` and `finish`."""
        with self.writer(provenance) as writer:
            for chunk in chunks:
                writer.append(chunk)
            return writer.finish(report=report, rows_in=rows_in)

    def datasets(self) -> tuple[Dataset, ...]:
        """Every dataset, in order of name and checksum."""
        records = sorted(self._root.glob(f"[!.]*/{RECORD}"))
        return tuple(Dataset.read(record.parent, engine=self._engine) for record in records)

    def open(self, reference: str) -> Dataset:
        """The dataset with this name, this `name-checksum` or this checksum; DatasetUnknown unless there is one."""
        found = [dataset for dataset in self.datasets() if _answers_to(dataset, reference)]
        if len(found) == 1:
            return found[0]
        known = ", ".join(dataset.reference for dataset in found or self.datasets()) or "none"
        raise DatasetUnknown(
            f"{len(found)} datasets answer to {reference!r}",
            where=str(self._root),
            remedy=f"Choose one of: {known}",
        )

    def prune(self, *, keep: Iterable[str]) -> tuple[str, ...]:
        """Remove every dataset that no reference in `keep` names, and what killed writers left; returns the names.

        Writers still at work are left alone.
        """
        wanted = tuple(keep)
        unwanted = [d.folder for d in self.datasets() if not any(_answers_to(d, reference) for reference in wanted)]
        for folder in unwanted:
            shutil.rmtree(folder)
        return (*(folder.name for folder in unwanted), *sweep(self._root))


def _answers_to(dataset: Dataset, reference: str) -> bool:
    return reference in (dataset.name, dataset.reference, dataset.folder.name, dataset.checksum)
