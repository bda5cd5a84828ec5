"""Counts of incidents by area, month and category: from any number of rows to one small table."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from hearback.evidence.dataset import Dataset
from hearback.evidence.engine import arrays
from hearback.refusal import Refusal

Grouping = Literal["year", "month", "category"]
EVERY_GROUPING: tuple[Grouping, ...] = ("year", "month", "category")


class LayerUnknown(Refusal):
    """Incidents were never located in this layer of areas."""


@dataclass(frozen=True, eq=False)
class Counts:
    """How many incidents per area, year, month and category; vectors of one length, sorted, without zeros."""

    area: NDArray[np.object_]
    """Key of the area; "" outside every area."""
    year: NDArray[np.int16]
    month: NDArray[np.int8]
    """1 to 12; 0 where the source does not say, or months were not asked for."""
    category: NDArray[np.object_]
    count: NDArray[np.int64]

    def cube(self, *, areas: Sequence[str], years: Sequence[int], categories: Sequence[str]) -> NDArray[np.int64]:
        """Counts as (areas + 1) × years × categories, zeros filled in, months added up.

        The last row, [-1], holds the incidents in none of these areas, so that none is lost from sight. Other years
        and categories are left out.
        """
        cube = np.zeros((len(areas) + 1, len(years), len(categories)), np.int64)
        row, column, layer = _places(self.area, areas), _places(self.year, years), _places(self.category, categories)
        asked = (column >= 0) & (layer >= 0)
        np.add.at(cube, (row[asked], column[asked], layer[asked]), self.count[asked])
        return cube


def count_incidents(dataset: Dataset, *, area: str = "area_tract", by: Collection[Grouping] = EVERY_GROUPING) -> Counts:
    """Count the incidents of a dataset by area and by what `by` names; the rest is added up (year and month 0).

    area: the column of the layer's keys, area_<layer>. Raises LayerUnknown where the dataset has none such.
    """
    frame = dataset.scan()
    columns = frame.collect_schema().names()
    if area not in columns:
        raise LayerUnknown(
            f"The incidents have no column {area!r}",
            where=dataset.reference,
            remedy=f"Choose one of: {', '.join(name for name in columns if name.startswith('area_'))}",
        )
    groups = [area, *(name for name in EVERY_GROUPING if name in by)]
    number = nw.col("count").sum().cast(nw.Int64()) if "count" in columns else nw.len().cast(nw.Int64())
    found = arrays(frame.group_by(*groups).agg(number.alias("incidents")).sort(*groups))
    size = len(found["incidents"])
    return Counts(
        area=found[area],
        year=found.get("year", np.zeros(size, np.int16)),
        month=found.get("month", np.zeros(size, np.int8)),
        category=found.get("category", np.full(size, "", dtype=object)),
        count=found["incidents"],
    )


def together(several: Sequence[Counts]) -> Counts:
    """The counts of several datasets, one after the other; `cube` adds up what they have in common."""
    return Counts(
        area=np.concatenate([counts.area for counts in several]),
        year=np.concatenate([counts.year for counts in several]),
        month=np.concatenate([counts.month for counts in several]),
        category=np.concatenate([counts.category for counts in several]),
        count=np.concatenate([counts.count for counts in several]),
    )


def _places(values: NDArray[Any], wanted: Sequence[Any]) -> NDArray[np.intp]:
    place = {value: at for at, value in enumerate(wanted)}
    return np.array([place.get(value, -1) for value in values.tolist()], dtype=np.intp)
