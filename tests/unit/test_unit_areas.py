"""Areas come whole and in order, or are refused with row and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hearback.importers import areas
from hearback.importers.joins import KeyRefusal
from vector_files import bow_tie, geojson, keyed, squares, with_gdal


def test_keys_names_outlines_and_population_stand_in_the_files_order(tmp_path: Path) -> None:
    outlines = squares(3)
    people = [120, None, 0]
    path = geojson(
        tmp_path / "a.geojson",
        [({"id": 30 - k, "called": f"Area {k}", "people": people[k]}, outlines[k]) for k in range(3)],
    )

    found = areas.read(path, key="id", name="called", population="people")

    assert found.table.keys == ("30", "29", "28")
    assert found.table.names == ("Area 0", "Area 1", "Area 2")
    assert shapely.equals(found.table.geometries, np.array(outlines, dtype=object)).all()
    assert found.table.population is not None
    np.testing.assert_array_equal(found.table.population, [120, np.nan, 0])
    assert (found.report.source, found.report.rows_read, found.report.rows_kept) == ("a.geojson", 3, 3)
    assert found.report.notes == ("Areas without a population figure: 1.",)


def test_the_key_is_the_name_where_there_is_no_other(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", [({"id": "a", "called": " "}, squares(1)[0])])

    assert areas.read(path, key="id").table.names == ("a",)
    assert areas.read(path, key="id", name="called").table.names == ("a",)
    assert areas.read(path, key="id").table.population is None


def test_areas_in_several_parts_are_one_area(tmp_path: Path) -> None:
    first, _, third = squares(3)
    path = keyed(tmp_path / "a.geojson", [shapely.MultiPolygon([first, third])])

    assert areas.read(path, key="id").table.geometries[0].geom_type == "MultiPolygon"


def test_a_key_that_stands_twice_is_refused_with_both_rows(tmp_path: Path) -> None:
    path = keyed(tmp_path / "a.geojson", squares(3), keys=["x", "y", "x"])

    with pytest.raises(KeyRefusal, match='"x" stands in row 1 and again in row 3'):
        areas.read(path, key="id")


def test_a_blank_key_is_refused_with_its_row(tmp_path: Path) -> None:
    path = keyed(tmp_path / "a.geojson", squares(3), keys=["x", None, "z"])

    with pytest.raises(areas.BlankKey, match=r"row 2: the key in column \"id\" is blank"):
        areas.read(path, key="id")


def test_a_geoid_that_lost_its_leading_zero_is_refused(tmp_path: Path) -> None:
    keys = ["1001020100", "11001020100"]  # Alabama without its zero, beside the District of Columbia
    path = keyed(tmp_path / "a.geojson", squares(2), keys=keys)

    with pytest.raises(KeyRefusal, match=r"row 1: the key 1001020100 has 10 digits.*its leading zero was lost"):
        areas.read(path, key="id")


def test_the_description_may_say_how_many_digits_a_key_has(tmp_path: Path) -> None:
    path = with_gdal(tmp_path / "a.shp", squares(2), {"id": [1001020100, 1001020200]}, crs="EPSG:4269")

    found = areas.read(path, key="id", key_digits=11)

    assert found.table.keys == ("01001020100", "01001020200")
    assert "2 keys got back the leading zero they had lost" in found.report.notes
    with pytest.raises(KeyRefusal, match="key_digits is 5"):
        areas.read(path, key="id", key_digits=5)


def test_an_outline_that_crosses_itself_is_refused_with_its_name_and_place(tmp_path: Path) -> None:
    path = keyed(tmp_path / "a.geojson", [*squares(1), bow_tie()], keys=["square", "bow tie"])

    with pytest.raises(
        areas.BadOutline,
        match=r"row 2: the outline of bow tie crosses itself \(Self-intersection\[-76.99 38.91\]\).*repair = true",
    ):
        areas.read(path, key="id")


def test_an_outline_is_repaired_where_the_description_says_so(tmp_path: Path) -> None:
    path = keyed(tmp_path / "a.geojson", [bow_tie(), *squares(4)[2:]], keys=["bow tie", "c", "d"])

    found = areas.read(path, key="id", repair=True)

    assert shapely.is_valid(found.table.geometries).all()
    assert shapely.area(found.table.geometries[0]) == pytest.approx(2 * 0.02 * 0.01 / 2)
    # Its two wings turn in opposite ways, so as drawn they cancel; 2 of 4 squares' worth of area appears.
    assert found.report.notes == (
        "Outlines that crossed themselves, repaired: 1 (bow tie); 50.00% of the area changed.",
    )


@pytest.mark.parametrize(
    ("geometry", "what"),
    [
        (shapely.Point(-77, 38.9), "is a Point, not a polygon"),
        (shapely.LineString([(-77, 38.9), (-77, 39)]), "is a LineString, not a polygon"),
        (None, "has no outline that can be read"),
        (shapely.Polygon(), "is empty or reaches beyond the world"),
        (shapely.box(190, 38, 191, 39), "is empty or reaches beyond the world"),
    ],
)
def test_what_is_no_outline_is_refused(tmp_path: Path, geometry: Any, what: str) -> None:
    path = keyed(tmp_path / "a.geojson", [*squares(2), geometry], keys=["a", "b", "odd"])

    with pytest.raises(areas.BadOutline, match=rf"row 3: .*odd {what}"):
        areas.read(path, key="id")


def test_a_line_drawn_as_a_polygon_is_refused_even_with_repair(tmp_path: Path) -> None:
    flat = shapely.Polygon([(-77, 38.9), (-77, 39), (-77, 38.95), (-77, 38.9)])
    path = keyed(tmp_path / "a.geojson", [*squares(1), flat], keys=["a", "flat"])

    with pytest.raises(areas.BadOutline, match="flat encloses nothing"):
        areas.read(path, key="id", repair=True)


def test_overlaps_are_noted_with_the_worst_pair(tmp_path: Path) -> None:
    one, other, third = squares(3)
    wide = shapely.union(other, shapely.box(*(*other.bounds[:2], other.bounds[2] + 0.005, other.bounds[3])))
    path = keyed(tmp_path / "a.geojson", [one, wide, third])

    notes = areas.read(path, key="id").report.notes

    # Half a square of the 3.5 that the outlines cover together.
    assert notes == ("Areas overlap by 14.286% of the layer, most where “B” meets “C”.",)


@given(st.integers(1, 8))
def test_areas_that_only_touch_do_not_overlap(count: int) -> None:
    outlines = np.array(squares(count), dtype=object)

    assert areas._overlaps(outlines, names=tuple(map(str, range(count)))) == ()


@pytest.mark.parametrize("people", [-5, "many", "inf"])
def test_a_population_that_is_no_number_of_people_is_refused(tmp_path: Path, people: Any) -> None:
    path = geojson(tmp_path / "a.geojson", [({"id": "a", "people": people}, squares(1)[0])])

    with pytest.raises(areas.BadPopulation, match=rf'row 1: the population "{people}" in column "people"'):
        areas.read(path, key="id", population="people")
