"""Populations in the store: one row per cell of people; read back as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hearback.evidence.columns import Column
from hearback.evidence.dataset import Dataset
from hearback.evidence.engine import arrays
from hearback.evidence.provenance import Provenance, ReadingReport
from hearback.evidence.store import EvidenceStore
from hearback.stats.margins import Z_90

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]

AREA, COUNT, MARGIN, GROUP = "area", "count", "margin", "group_"


class PopulationCells(Protocol):
    """People by area and group, as an importer brings them."""

    @property
    def area(self) -> Texts | None: ...
    @property
    def groups(self) -> Mapping[str, Texts]: ...
    @property
    def count(self) -> Floats: ...
    @property
    def margin(self) -> Floats | None: ...


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a population, in the file's order, all fields of one length."""

    area: Texts | None
    groups: Mapping[str, Texts]
    count: Floats
    margin: Floats | None

    def totals(self, kind: str) -> dict[str, float]:
        """How many people each group of a kind has, in the order in which groups first stand."""
        return _summed(self.groups[kind], self.count)

    def living(self, kind: str) -> dict[str, float]:
        """The same without groups that have nobody."""
        return {group: people for group, people in self.totals(kind).items() if people > 0}

    def standard_errors(self, kind: str) -> dict[str, float]:
        """Of these totals, from the margins of their cells as sums of estimates have them; 0 where the source gives
        none."""
        squares = np.zeros(self.count.size) if self.margin is None else self.margin**2
        return {group: np.sqrt(square) / Z_90 for group, square in _summed(self.groups[kind], squares).items()}


def store_population(
    store: EvidenceStore, people: PopulationCells, *, provenance: Provenance, report: ReadingReport
) -> Dataset:
    """Write cells with columns area, group_<kind>, count and margin; what a table does not have is no column."""
    columns: dict[str, Column] = {} if people.area is None else {AREA: people.area}
    columns |= {f"{GROUP}{kind}": texts for kind, texts in people.groups.items()}
    columns[COUNT] = people.count
    if people.margin is not None:
        columns[MARGIN] = people.margin
    return store.write([columns], provenance=provenance, report=report.as_dict(), rows_in=report.rows_read)


def read_population(dataset: Dataset) -> Cells:
    """Every cell of a population."""
    found = arrays(dataset.scan())
    return Cells(
        area=found.get(AREA),
        groups={name.removeprefix(GROUP): texts for name, texts in found.items() if name.startswith(GROUP)},
        count=found[COUNT],
        margin=found.get(MARGIN),
    )


def _summed(names: Texts, values: Floats) -> dict[str, float]:
    sums: dict[str, float] = {}
    for name, value in zip(names.tolist(), np.nan_to_num(values).tolist(), strict=True):
        sums[name] = sums.get(name, 0.0) + value
    return sums
