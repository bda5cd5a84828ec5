"""Vector files of every kind become columns and geometries in degrees, or are refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hearback.importers import vector
from vector_files import geojson, keyed, projected, squares, swapped, with_gdal

CITY = (-77.2, 38.7, -76.8, 39.1)


@pytest.mark.parametrize("name", ["areas.shp", "areas.gpkg"])
def test_a_file_in_another_projection_comes_back_in_degrees(tmp_path: Path, name: str) -> None:
    outlines = squares(3)
    path = with_gdal(tmp_path / name, projected(outlines, "EPSG:26985"), {"id": ["a", "b", "c"]}, crs="EPSG:26985")

    found = vector.read(path, columns=["id"])

    assert found.text("id") == ["a", "b", "c"]
    for read, outline in zip(found.geometries, outlines, strict=True):
        assert shapely.hausdorff_distance(read, outline) < 1e-7  # a centimetre
    assert "Brought from NAD83 / Maryland to longitude and latitude (WGS84)." in found.notes


def test_geojson_is_read_as_it_stands(tmp_path: Path) -> None:
    found = vector.read(keyed(tmp_path / "a.geojson", squares(2)), columns=["id"])

    assert [shapely.equals(a, b) for a, b in zip(found.geometries, squares(2), strict=True)] == [True, True]
    assert found.notes == ()
    assert found.where(1) == f"{tmp_path / 'a.geojson'}, row 2"


def test_a_file_without_a_projection_is_taken_as_degrees_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "areas.shp"
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        with_gdal(path, squares(2), {"id": ["a", "b"]}, crs=None)

    found = vector.read(path, columns=["id"])

    assert found.notes == ("The file names no projection; taken as longitude and latitude (WGS84).",)


def test_heights_are_left_aside(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", [({"id": 1}, shapely.Point(-77, 38.9, 12))])

    assert not shapely.has_z(vector.read(path, columns=["id"]).geometries[0])


@given(st.lists(st.one_of(st.none(), st.integers(-(2**31), 2**31 - 1)), min_size=1, max_size=6))
def test_whole_numbers_stay_whole_beside_blanks(numbers: list[int | None]) -> None:
    column = np.array([np.nan if number is None else number for number in numbers], dtype=np.float64)
    points = np.array([shapely.Point(0, 0)] * len(numbers), dtype=object)
    features = vector.Features(path=Path("a"), columns={"id": column}, geometries=points, notes=())

    assert features.text("id") == [None if number is None else str(number) for number in numbers]


def test_text_is_stripped_and_blank_text_is_none(tmp_path: Path) -> None:
    point = shapely.Point(-77, 38.9)
    path = geojson(tmp_path / "a.geojson", [({"id": " a "}, point), ({"id": "  "}, point), ({"id": None}, point)])

    assert vector.read(path, columns=["id"]).text("id") == ["a", None, None]


def test_only_the_columns_that_are_named_are_read(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", [({"name": "a", "phone": "555"}, shapely.Point(-77, 38.9))])

    assert list(vector.read(path, columns=["name"]).columns) == ["name"]


def test_one_of_several_layers_is_read_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    with_gdal(path, squares(2), {"id": ["a", "b"]}, crs="EPSG:4326", layer="tracts")
    with_gdal(path, squares(1), {"id": ["c"]}, crs="EPSG:4326", layer="beats", append=True)

    assert vector.read(path, columns=["id"], layer="beats").text("id") == ["c"]
    with pytest.raises(vector.WhichLayer, match="2 layers"):
        vector.read(path, columns=["id"])
    with pytest.raises(vector.WhichLayer, match='no layer "tract".*You may mean "tracts"'):
        vector.read(path, columns=["id"], layer="tract")


def test_a_wrong_column_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", [({"GEOID10": "1"}, shapely.Point(-77, 38.9))])

    with pytest.raises(vector.NoSuchColumn, match='a.geojson: there is no column "geoid". You may mean "GEOID10".'):
        vector.read(path, columns=["geoid"])


def test_swapped_coordinates_are_told_where_no_town_can_lie(tmp_path: Path) -> None:
    path = keyed(tmp_path / "a.geojson", [swapped(square) for square in squares(2)])

    with pytest.raises(vector.Misplaced, match="row 1: longitude and latitude are swapped: it lies at 38.9"):
        vector.read(path, columns=["id"])


def test_swapped_coordinates_are_told_by_the_city_where_both_readings_are_possible(tmp_path: Path) -> None:
    rome = shapely.box(41.8, 12.4, 41.9, 12.5)  # written latitude first; on its own it could be in Ethiopia
    path = keyed(tmp_path / "a.geojson", [rome])

    assert len(vector.read(path, columns=["id"])) == 1
    with pytest.raises(vector.Misplaced, match="swapped"):
        vector.read(path, columns=["id"], within=(12.2, 41.6, 12.8, 42.1))


def test_a_file_about_somewhere_else_is_refused(tmp_path: Path) -> None:
    path = keyed(tmp_path / "a.geojson", [shapely.box(2.2, 48.8, 2.3, 48.9)])

    with pytest.raises(vector.Misplaced, match="away from the city"):
        vector.read(path, columns=["id"], within=CITY)


def test_a_few_stray_features_do_not_condemn_a_file(tmp_path: Path) -> None:
    path = keyed(tmp_path / "a.geojson", [*squares(3), shapely.box(500, 38, 501, 39)])

    found = vector.read(path, columns=["id"], within=CITY)

    assert vector.outside_world(found.geometries).tolist() == [False, False, False, True]


def test_projected_coordinates_without_a_projection_are_refused(tmp_path: Path) -> None:
    path = keyed(tmp_path / "a.geojson", projected(squares(1), "EPSG:26985"))

    with pytest.raises(vector.Misplaced, match=r"are not degrees.*EPSG:4326"):
        vector.read(path, columns=["id"])


def test_missing_geometry_is_none_and_not_outside_the_world(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", [({"id": "a"}, None), ({"id": "b"}, shapely.Point(-77, 38.9))])

    found = vector.read(path, columns=["id"])

    assert found.geometries[0] is None
    assert vector.outside_world(found.geometries).tolist() == [False, False]


def test_what_gdal_remarks_is_not_dropped_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    open_ring = '{"type": "Polygon", "coordinates": [[[-77, 38], [-77, 39], [-76, 39]]]}'
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": 1}, '
        f'"geometry": {open_ring}}}]}}'
    )

    found = vector.read(path, columns=["id"])

    assert any("Non closed ring" in note for note in found.notes)
    assert found.geometries[0] is None


def test_gdal_reads_the_three_formats_here() -> None:
    assert set(vector.DRIVERS) <= set(pyogrio.list_drivers(read=True))
