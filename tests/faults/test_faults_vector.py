"""Files that are no vector files, or broken ones, get one sentence with file and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from hearback.importers import vector
from hearback.refusal import Refusal
from vector_files import keyed, squares, with_gdal

pytestmark = pytest.mark.faults


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(vector.NoSuchFile, match=r"gone.geojson: there is no such file\. Correct the path"):
        vector.read(tmp_path / "gone.geojson", columns=["id"])


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(vector.NoSuchFile, match="folder"):
        vector.read(tmp_path, columns=["id"])


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.touch()

    with pytest.raises(vector.NoFeatures, match="0 bytes"):
        vector.read(path, columns=["id"])


def test_a_file_without_features_is_refused_whatever_columns_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')

    with pytest.raises(vector.NoFeatures, match="no features"):
        vector.read(path, columns=["id"])


def test_a_file_of_two_gigabytes_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    with path.open("wb") as file:
        file.truncate(2 * 10**9)  # sparse: it takes no room on the disk

    with pytest.raises(vector.TooLarge, match=r"2\.0 GB.*Cut it to your city"):
        vector.read(path, columns=["id"])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.geojson", "this is not JSON"),
        ("a.geojson", '{"type": "FeatureCollection", "features": [{"type": "Feat'),
        ("a.geojson", '{"title": "JSON, but not GeoJSON"}'),
        ("a.csv", "id,name\n1,one\n"),
        ("a.kml", '<kml xmlns="http://www.opengis.net/kml/2.2"><Document></Document></kml>'),
        ("a.shp", "not a shapefile"),
        ("a.gpkg", "not a GeoPackage"),
    ],
)
def test_what_is_no_vector_file_is_refused(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content)

    with pytest.raises(vector.NotVector, match="GeoJSON, shapefile or GeoPackage") as refused:
        vector.read(path, columns=["id"])

    assert str(path) in refused.value.sentence


def test_a_shapefile_without_its_companions_is_refused(tmp_path: Path) -> None:
    path = with_gdal(tmp_path / "a.shp", squares(2), {"id": ["a", "b"]}, crs="EPSG:4326")
    path.with_suffix(".shx").unlink()

    with pytest.raises(vector.NotVector, match=r"\.shx, \.dbf and \.prj"):
        vector.read(path, columns=["id"])


def test_a_file_cut_off_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = keyed(tmp_path / "a.geojson", squares(5))
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(Refusal):
        vector.read(path, columns=["id"])
