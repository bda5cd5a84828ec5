"""Organisations in a plain table with longitude and latitude are read as those of a vector file are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from city_files import AREAS, CITY, ORGANIZATIONS, described
from hearback.importers import city, organizations
from hearback.importers.delimited import DelimitedRefusal
from hearback.importers.organizations import Organizations
from hearback.importers.quality import Imported
from hearback.importers.toml_records import TomlRefusal
from hearback.importers.vector import Bounds, Misplaced

TABLE = """called;speaks;phone;lon;lat
Reading Room;Spanish;555-0100;-77.005;38.9

Quiet House;Klingon;;;
;;;;
"""
WASHINGTON = (-77.2, 38.7, -76.8, 39.1)


def read(tmp_path: Path, text: str, *, within: Bounds | None = None) -> Imported[Organizations]:
    path = tmp_path / "places.csv"
    path.write_text(text)
    return organizations.read(
        path,
        name="called",
        kind="library",
        languages="speaks",
        contacts=["phone"],
        longitude="lon",
        latitude="lat",
        within=within,
    )


def test_rows_become_organisations_with_their_place_and_the_others_are_told_by_row(tmp_path: Path) -> None:
    found = read(tmp_path, TABLE, within=WASHINGTON)

    assert found.table.names == ("Reading Room", "Quiet House")
    np.testing.assert_array_equal(found.table.longitude, [-77.005, np.nan])
    np.testing.assert_array_equal(found.table.latitude, [38.9, np.nan])
    assert found.table.languages == (("es",), ())
    assert found.table.contacts == ({"phone": "555-0100"}, {})
    assert (found.report.rows_read, found.report.rows_kept) == (3, 2)
    assert found.report.refused[0].examples == ("row 5",)
    assert any("rows 4" in str(note) for note in found.report.notes)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("38.9;-77.005", r"row 2: longitude and latitude are swapped"),
        ("398000;137000", r"row 2: its coordinates .* are not degrees"),
        ("-71.4;41.8", r"row 2: it lies at -71.4, 41.8, away from the city"),
    ],
)
def test_a_table_that_lies_elsewhere_is_refused_with_its_row(tmp_path: Path, place: str, told: str) -> None:
    with pytest.raises(Misplaced, match=told):
        read(tmp_path, TABLE.replace("-77.005;38.9", place), within=WASHINGTON)


def test_a_word_in_the_place_of_a_coordinate_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(DelimitedRefusal, match="row 2: 'west' in column 'lon' is not a number"):
        read(tmp_path, TABLE.replace("-77.005", "west"))


def test_a_table_without_its_columns_named_is_refused_in_the_description(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text(TABLE)
    table = ORGANIZATIONS.replace("o.geojson", "places.csv")
    named = table.replace('kind = "library"', 'kind = "library"\nlongitude = "lon"\nlatitude = "lat"')
    with pytest.raises(TomlRefusal, match=r'\(Places\): the key "longitude" is missing: a table needs it'):
        city.read(described(tmp_path, CITY + AREAS + table))
    with pytest.raises(TomlRefusal, match='the key "layer" does nothing here'):
        city.read(described(tmp_path, CITY + AREAS + named.replace('name = "n"', 'name = "n"\nlayer = "x"')))
    (source,) = city.read(described(tmp_path, CITY + AREAS + named)).organizations
    assert (source.longitude, source.latitude) == ("lon", "lat")
