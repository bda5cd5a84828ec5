"""Counts by area, month and category, and the cube made of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hearback.evidence.counts import Counts, Grouping, LayerUnknown, count_incidents
from hearback.evidence.dataset import Dataset
from hearback.evidence.provenance import Provenance
from hearback.evidence.store import EvidenceStore

PROVENANCE = Provenance("incidents", "", "", "", "")
ROWS = {
    "area_tract": np.array(["B", "A", "", "A", "A"], dtype=object),
    "year": np.array([2001, 2001, 2002, 2001, 2001], np.int16),
    "month": np.array([5, 5, 0, 5, 6], np.int8),
    "category": np.array(["theft", "theft", "assault", "theft", "assault"], dtype=object),
}


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return EvidenceStore(tmp_path).write([ROWS], provenance=PROVENANCE)


def as_rows(counts: Counts) -> list[tuple[str, int, int, str, int]]:
    columns = (counts.area, counts.year, counts.month, counts.category, counts.count)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_counts_are_sorted_and_have_no_zeros(dataset: Dataset) -> None:
    assert as_rows(count_incidents(dataset)) == [
        ("", 2002, 0, "assault", 1),
        ("A", 2001, 5, "theft", 2),
        ("A", 2001, 6, "assault", 1),
        ("B", 2001, 5, "theft", 1),
    ]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ((), [("", 0, 0, "", 1), ("A", 0, 0, "", 3), ("B", 0, 0, "", 1)]),
        (("year",), [("", 2002, 0, "", 1), ("A", 2001, 0, "", 3), ("B", 2001, 0, "", 1)]),
        (
            ("category", "year"),
            [
                ("", 2002, 0, "assault", 1),
                ("A", 2001, 0, "assault", 1),
                ("A", 2001, 0, "theft", 2),
                ("B", 2001, 0, "theft", 1),
            ],
        ),
    ],
)
def test_what_is_not_asked_for_is_added_up(
    dataset: Dataset, by: tuple[Grouping, ...], expected: list[tuple[str, int, int, str, int]]
) -> None:
    assert as_rows(count_incidents(dataset, by=by)) == expected


def test_counts_that_came_counted_are_summed(tmp_path: Path) -> None:
    rows = {**ROWS, "count": np.array([10, 20, 5, 0, 7])}
    dataset = EvidenceStore(tmp_path).write([rows], provenance=PROVENANCE)
    assert count_incidents(dataset, by=()).count.tolist() == [5, 27, 10]


def test_a_layer_the_incidents_were_not_located_in_is_refused(dataset: Dataset) -> None:
    with pytest.raises(LayerUnknown, match="Choose one of: area_tract"):
        count_incidents(dataset, area="area_beat")


def test_no_incidents_give_no_counts_and_an_empty_cube(tmp_path: Path) -> None:
    none = {name: values[:0] for name, values in ROWS.items()}
    counts = count_incidents(EvidenceStore(tmp_path).write([none], provenance=PROVENANCE))
    assert as_rows(counts) == []
    assert counts.cube(areas=["A"], years=[2001], categories=["theft"]).tolist() == [[[0]], [[0]]]


def test_the_cube_has_zeros_and_a_last_row_for_everywhere_else(dataset: Dataset) -> None:
    cube = count_incidents(dataset).cube(areas=["C", "A"], years=[2001, 2002], categories=["assault", "theft"])
    assert cube.shape == (3, 2, 2)
    assert cube[0].sum() == 0
    assert cube[1].tolist() == [[1, 2], [0, 0]]
    assert cube[-1].tolist() == [[0, 1], [1, 0]]


def test_the_cube_leaves_out_years_and_categories_that_are_not_asked_for(dataset: Dataset) -> None:
    cube = count_incidents(dataset).cube(areas=["A", "B"], years=[2001], categories=["theft"])
    assert cube.tolist() == [[[2]], [[1]], [[0]]]
