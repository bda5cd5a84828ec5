"""Areas of which only keys and names are known are drawn as equal squares, and are said to be."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from hearback.importers import areas
from hearback.refusal import Refusal


def written(folder: Path, text: str) -> Path:
    path = folder / "districts.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_csv_of_areas_becomes_squares_that_do_not_touch(tmp_path: Path) -> None:
    found = areas.read(written(tmp_path, "id,called,people\n2,South,10\n1,North,\n3,,7\n"), key="id", name="called")

    assert found.table.keys == ("2", "1", "3")
    assert found.table.names == ("South", "North", "3")
    assert found.table.population is None
    assert len({round(area, 12) for area in shapely.area(found.table.geometries)}) == 1
    assert shapely.area(shapely.union_all(found.table.geometries)) == pytest.approx(3 * 0.009**2)
    assert shapely.get_point(shapely.get_exterior_ring(found.table.geometries[1]), 0).y > -0.01, "1 comes first"


def test_the_report_says_that_they_are_not_where_they_are_drawn(tmp_path: Path) -> None:
    found = areas.read(written(tmp_path, "id\n1\n2\n"), key="id")
    assert any("drawn as equal squares" in note and "not where they lie" in note for note in found.report.notes)


def test_people_and_lost_zeros_are_read_as_for_any_layer(tmp_path: Path) -> None:
    found = areas.read(written(tmp_path, "id,people\n01,10\n2,\n"), key="id", population="people", key_digits=2)

    assert found.table.keys == ("01", "02")
    assert found.table.population is not None
    assert found.table.population[0] == 10


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,people\n1,-3\n", "is no number of people"),
        ("id,people\n1,2.5\n", "is no number of people"),
        ("id,people\n1,1\n1,2\n", 'the key "1" stands in row 2 and again in row 3'),
        ("key,people\n1,1\n", "there is no column"),
    ],
)
def test_what_cannot_be_areas_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        areas.read(written(tmp_path, text), key="id", population="people")
