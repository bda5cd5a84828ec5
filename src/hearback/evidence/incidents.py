"""Incidents into the store: each located in every layer of areas, those outside all of them counted, not lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from hearback.evidence.columns import Column
from hearback.evidence.dataset import Dataset
from hearback.evidence.point_in_polygon import OUTSIDE, PolygonLocator
from hearback.evidence.provenance import Provenance, ReadingReport
from hearback.evidence.store import EvidenceStore

COORDINATE_DECIMALS = 4
"""Stored coordinates are good to some ten metres; the areas are found with what the file says."""

Layers = Mapping[str, tuple[Sequence[str], Sequence[shapely.Geometry]]]
"""The layers of areas by name: their keys and, in the same order, their polygons."""


class TimedCategories(Protocol):
    """What points and counts have in common: time, and `category` as place in `categories`."""

    @property
    def year(self) -> NDArray[np.int16]: ...
    @property
    def month(self) -> NDArray[np.int8]: ...
    @property
    def category(self) -> NDArray[np.int16]: ...
    @property
    def categories(self) -> tuple[str, ...]: ...


class IncidentPoints(TimedCategories, Protocol):
    """Some incidents, one per row, in degrees."""

    @property
    def longitude(self) -> NDArray[np.float64]: ...
    @property
    def latitude(self) -> NDArray[np.float64]: ...


class IncidentCounts(TimedCategories, Protocol):
    """Some incidents already counted: the key of an area, and how many."""

    @property
    def area(self) -> NDArray[np.object_]: ...
    @property
    def count(self) -> NDArray[np.int64]: ...


@dataclass(frozen=True)
class StoredIncidents:
    """The dataset, and per layer how many incidents lie outside every area (also in the dataset's report)."""

    dataset: Dataset
    outside: Mapping[str, int]


def store_incidents(
    store: EvidenceStore,
    chunks: Iterable[IncidentPoints],
    *,
    layers: Layers,
    provenance: Provenance,
    report: Callable[[], ReadingReport],
) -> StoredIncidents:
    """Write incidents with columns area_<layer> (empty outside), year, month, category, longitude, latitude.

    `report` is called after the last chunk. An error while reading leaves nothing in the store. ValueError for a
    layer with more keys than polygons, or fewer.
    """
    for layer, (areas, polygons) in layers.items():
        if len(areas) != len(polygons):
            raise ValueError(f"layer {layer!r} has {len(areas)} keys for {len(polygons)} polygons")
    locators = {layer: PolygonLocator(polygons) for layer, (_, polygons) in layers.items()}
    keys = {layer: np.array([*keys, ""], dtype=object) for layer, (keys, _) in layers.items()}
    outside = Counter(dict.fromkeys(layers, 0))

    def located() -> Iterator[dict[str, Column]]:
        for chunk in chunks:
            columns: dict[str, Column] = {}
            for layer, locator in locators.items():
                index = locator.locate(chunk.longitude, chunk.latitude)
                outside[layer] += int(np.count_nonzero(index == OUTSIDE))
                columns[area_column(layer)] = keys[layer][index]
            columns.update(_time_and_category(chunk))
            columns["longitude"] = np.round(chunk.longitude, COORDINATE_DECIMALS)
            columns["latitude"] = np.round(chunk.latitude, COORDINATE_DECIMALS)
            yield columns

    return _write(store, located(), provenance, report, outside)


def store_incident_counts(
    store: EvidenceStore,
    chunks: Iterable[IncidentCounts],
    *,
    layer: str,
    keys: Sequence[str],
    provenance: Provenance,
    report: Callable[[], ReadingReport],
) -> StoredIncidents:
    """Write incidents that came counted by area, with columns area_<layer>, year, month, category, count.

    Incidents of an area that is not among `keys` are outside.
    """
    known = frozenset(keys)
    outside = Counter({layer: 0})

    def keyed() -> Iterator[dict[str, Column]]:
        for chunk in chunks:
            area = np.array([key if key in known else "" for key in chunk.area], dtype=object)
            outside[layer] += int(chunk.count[area == ""].sum())
            yield {area_column(layer): area, **_time_and_category(chunk), "count": chunk.count}

    return _write(store, keyed(), provenance, report, outside)


def area_column(layer: str) -> str:
    """The column that holds the keys of a layer's areas."""
    return f"area_{layer}"


def _time_and_category(chunk: TimedCategories) -> dict[str, Column]:
    names = np.array(chunk.categories, dtype=object)
    return {"year": chunk.year, "month": chunk.month, "category": names[chunk.category]}


def _write(
    store: EvidenceStore,
    chunks: Iterable[Mapping[str, Column]],
    provenance: Provenance,
    report: Callable[[], ReadingReport],
    outside: Mapping[str, int],
) -> StoredIncidents:
    with store.writer(provenance) as writer:
        for chunk in chunks:
            writer.append(chunk)
        said = report()
        dataset = writer.finish(report={**said.as_dict(), "outside": dict(outside)}, rows_in=said.rows_read)
    return StoredIncidents(dataset, dict(outside))
