"""Incidents on their way into the store: located in each layer, none of them lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from hearback.evidence.engine import arrays
from hearback.evidence.incidents import store_incident_counts, store_incidents
from hearback.evidence.provenance import Provenance
from hearback.evidence.store import EvidenceStore

PROVENANCE = Provenance("incidents", "Incidents", "Example", "CC0", "2020")
LAYERS = {
    "half": (("west", "east"), (shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1))),
    "whole": (("all",), (shapely.box(0, 0, 3, 1),)),
}


@dataclass(frozen=True)
class Points:
    longitude: np.ndarray
    latitude: np.ndarray
    year: np.ndarray
    month: np.ndarray
    category: np.ndarray
    categories: tuple[str, ...] = ("theft", "assault")


@dataclass(frozen=True)
class Counted:
    area: np.ndarray
    count: np.ndarray
    year: np.ndarray
    month: np.ndarray
    category: np.ndarray
    categories: tuple[str, ...] = ("theft", "assault")


@dataclass
class Report:
    """A report that stands only after the last chunk, as readers' reports do."""

    rows_read: int = 9
    finished: list[bool] = field(default_factory=list)

    def __call__(self) -> Report:
        assert self.finished
        return self

    def as_dict(self) -> dict[str, Any]:
        return {"rows_read": self.rows_read, "notes": ("a", "b")}


def chunk(*places: tuple[float, float], category: int = 0) -> Points:
    x, y = np.array(places).T
    size = len(places)
    return Points(x, y, np.full(size, 2001, np.int16), np.zeros(size, np.int8), np.full(size, category, np.int16))


def reading(report: Report, *chunks: Any) -> Iterator[Any]:
    yield from chunks
    report.finished.append(True)


def test_each_incident_carries_its_area_in_every_layer(tmp_path: Path) -> None:
    report = Report()
    chunks = reading(report, chunk((0.5, 0.5), (1.5, 0.5)), chunk((2.5, 0.5), (9, 9), category=1))
    stored = store_incidents(EvidenceStore(tmp_path), chunks, layers=LAYERS, provenance=PROVENANCE, report=report)
    rows = arrays(stored.dataset.scan())
    assert list(rows) == ["area_half", "area_whole", "year", "month", "category", "longitude", "latitude"]
    assert rows["area_half"].tolist() == ["west", "east", "", ""]
    assert rows["area_whole"].tolist() == ["all", "all", "all", ""]
    assert rows["category"].tolist() == ["theft", "theft", "assault", "assault"]
    assert (rows["year"].dtype, rows["month"].dtype) == (np.int16, np.int8)


def test_those_outside_are_counted_in_the_answer_and_in_the_report(tmp_path: Path) -> None:
    report = Report()
    chunks = reading(report, chunk((2.5, 0.5), (9, 9)), chunk((0.5, 0.5), (8, 8)))
    stored = store_incidents(EvidenceStore(tmp_path), chunks, layers=LAYERS, provenance=PROVENANCE, report=report)
    assert stored.outside == {"half": 3, "whole": 2}
    record = stored.dataset.record
    assert record.report == {"rows_read": 9, "notes": ["a", "b"], "outside": {"half": 3, "whole": 2}}
    assert (record.rows_in, record.rows) == (9, 4)


def test_places_are_found_exactly_and_stored_to_ten_metres(tmp_path: Path) -> None:
    report = Report()
    chunks = reading(report, chunk((1.00001, 0.123456)))
    stored = store_incidents(EvidenceStore(tmp_path), chunks, layers=LAYERS, provenance=PROVENANCE, report=report)
    rows = arrays(stored.dataset.scan())
    assert (rows["area_half"][0], rows["longitude"][0], rows["latitude"][0]) == ("east", 1.0, 0.1235)


def test_incidents_that_came_counted_keep_their_counts(tmp_path: Path) -> None:
    report = Report()
    counted = Counted(
        area=np.array(["west", "nowhere", "east"], dtype=object),
        count=np.array([3, 2, 0]),
        year=np.full(3, 2001, np.int16),
        month=np.array([1, 2, 3], np.int8),
        category=np.array([0, 1, 1], np.int16),
    )
    stored = store_incident_counts(
        EvidenceStore(tmp_path),
        reading(report, counted),
        layer="half",
        keys=LAYERS["half"][0],
        provenance=PROVENANCE,
        report=report,
    )
    rows = arrays(stored.dataset.scan())
    assert list(rows) == ["area_half", "year", "month", "category", "count"]
    assert rows["area_half"].tolist() == ["west", "", "east"]
    assert rows["count"].tolist() == [3, 2, 0]
    assert stored.outside == {"half": 2}


def test_a_file_refused_at_its_end_leaves_nothing(tmp_path: Path) -> None:
    def refused() -> Iterator[Points]:
        yield chunk((0.5, 0.5))
        raise RuntimeError("too many wrong dates")

    with pytest.raises(RuntimeError):
        store_incidents(EvidenceStore(tmp_path), refused(), layers=LAYERS, provenance=PROVENANCE, report=Report())
    assert list(tmp_path.iterdir()) == []


def test_a_layer_with_more_polygons_than_keys_is_refused(tmp_path: Path) -> None:
    layers = {"half": (("west",), LAYERS["half"][1])}
    with pytest.raises(ValueError, match="half"):
        store_incidents(
            EvidenceStore(tmp_path), iter([chunk((0.5, 0.5))]), layers=layers, provenance=PROVENANCE, report=Report()
        )
