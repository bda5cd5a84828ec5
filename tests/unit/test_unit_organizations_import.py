"""Organisations keep their names, places and languages; contacts stay apart; nothing else is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from hearback.importers import organizations
from hearback.importers.vector import Misplaced, NoSuchColumn
from vector_files import geojson, swapped

HERE = shapely.Point(-77.03, 38.9)


def one(path: Path, geometry: Any = HERE, **properties: Any) -> Path:
    """A file with one organisation."""
    return geojson(path / "a.geojson", [({"name": "A", **properties}, geometry)])


def test_one_kind_for_all(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", [({"name": f"Library {k}", "street": f"{k} St"}, HERE) for k in (1, 2)])

    found = organizations.read(path, name="name", kind="library", address="street")

    assert found.table.names == ("Library 1", "Library 2")
    assert found.table.kinds == ("library", "library")
    assert found.table.addresses == ("1 St", "2 St")
    assert found.table.languages == ((), ())
    np.testing.assert_array_equal(found.table.longitude, [-77.03, -77.03])
    np.testing.assert_array_equal(found.table.latitude, [38.9, 38.9])
    assert (found.report.rows_read, found.report.rows_kept, found.report.notes) == (2, 2, ())


def test_kinds_come_from_a_column_and_rows_of_no_known_kind_are_refused_by_reason(tmp_path: Path) -> None:
    words = ["POOL", "CENTER", "OFFICE", None, "POOL"]
    path = geojson(tmp_path / "a.geojson", [({"name": f"{k}", "use": word}, HERE) for k, word in enumerate(words)])

    found = organizations.read(
        path, name="name", kind_column="use", kinds={"POOL": "pool", "CENTER": "recreation-centre"}
    )

    assert found.table.kinds == ("pool", "recreation-centre", "pool")
    assert found.table.names == ("0", "1", "4")
    refused = {group.reason: (group.rows, group.examples) for group in found.report.refused}
    assert refused == {
        "the kind “OFFICE” is not among kinds": (1, ("row 3: 2",)),
        "no kind": (1, ("row 4: 3",)),
    }


def test_rows_without_a_name_or_outside_the_world_are_refused_by_reason(tmp_path: Path) -> None:
    rows = [
        ({"name": "A"}, HERE),
        ({"name": " "}, HERE),
        ({"name": "C"}, shapely.Point(400, 38)),
        ({"name": "D"}, HERE),
    ]
    path = geojson(tmp_path / "a.geojson", rows)

    found = organizations.read(path, name="name", kind="x")

    assert found.table.names == ("A", "D")
    assert {group.reason: group.rows for group in found.report.refused} == {
        "no name": 1,
        "a place outside the world": 1,
    }


def test_rows_without_a_place_are_kept_and_told(tmp_path: Path) -> None:
    rows = [({"name": "A"}, HERE), ({"name": "helpline"}, None), ({"name": "null island"}, shapely.Point(0, 0))]
    path = geojson(tmp_path / "a.geojson", rows)

    found = organizations.read(path, name="name", kind="x")

    np.testing.assert_array_equal(np.isnan(found.table.longitude), [False, True, True])
    np.testing.assert_array_equal(np.isnan(found.table.latitude), [False, True, True])
    assert found.report.notes == ("Without a place on the map: 2.",)


def test_a_park_drawn_as_a_shape_gets_a_point_inside_it(tmp_path: Path) -> None:
    horseshoe = shapely.difference(shapely.box(-77.04, 38.9, -77.0, 38.94), shapely.box(-77.03, 38.9, -77.01, 38.93))
    path = one(tmp_path, horseshoe)

    found = organizations.read(path, name="name", kind="park")

    assert shapely.contains_xy(horseshoe, found.table.longitude[0], found.table.latitude[0])
    assert found.report.notes == ("Drawn as a shape, placed at a point inside it: 1.",)


def test_languages_come_from_text_and_from_columns_that_say_yes(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "a.geojson",
        [
            ({"name": "A", "speaks": "English, Amharic", "es": "Yes", "zh": "no"}, HERE),
            ({"name": "B", "speaks": "all languages", "es": "Spanish", "zh": "Via Language Line"}, HERE),
            ({"name": "C", "speaks": "some Spanish (ask for Erica)", "es": " ", "zh": None}, HERE),
        ],
    )

    found = organizations.read(
        path, name="name", kind="x", languages="speaks", language_columns={"es": "es", "zh-hant": "zh"}
    )

    assert found.table.languages == (("en", "am", "es"), ("es",), ())
    assert found.report.notes == (
        "Language text in which no language was recognised: 1 (rows 2).",
        "Languages offered only in part, in writing or elsewhere, not counted: 1 (rows 3).",
        "Answers about a language that are neither yes nor no, not counted: 1 (rows 2).",
    )


def test_no_free_text_reaches_the_report_since_it_names_people(tmp_path: Path) -> None:
    path = one(tmp_path, speaks="limited Spanish, ask for Erica Rust", es="ring Erica Rust")

    found = organizations.read(path, name="name", kind="x", languages="speaks", language_columns={"es": "es"})

    assert "Erica" not in str(found.report.as_dict())


def test_contacts_are_read_only_where_named_and_stay_apart(tmp_path: Path) -> None:
    path = one(tmp_path, phone="555-0100", email=" ", director="Ada Example")

    without = organizations.read(path, name="name", kind="x").table
    named = organizations.read(path, name="name", kind="x", contacts=["phone", "email"]).table

    assert without.contacts == ({},)
    assert named.contacts == ({"phone": "555-0100"},)
    assert "555-0100" not in repr(named)
    assert "Ada Example" not in str(vars(named))


def test_a_name_that_stands_twice_at_one_place_is_kept_and_told(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", [({"name": "A"}, HERE)] * 3)

    found = organizations.read(path, name="name", kind="x")

    assert len(found.table) == 3
    assert found.report.notes == ("Rows that repeat a name at the same place, kept: 2.",)


def test_swapped_coordinates_condemn_the_file(tmp_path: Path) -> None:
    with pytest.raises(Misplaced, match="swapped"):
        organizations.read(one(tmp_path, swapped(HERE)), name="name", kind="x")


def test_a_column_that_is_not_there_is_refused_whichever_it_is(tmp_path: Path) -> None:
    path = one(tmp_path)

    for columns in ({"address": "street"}, {"contacts": ["phone"]}, {"language_columns": {"es": "spanish"}}):
        with pytest.raises(NoSuchColumn):
            organizations.read(path, name="name", kind="x", **columns)


def test_a_caller_who_names_no_kind_or_two_has_a_bug(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="either kind or kind_column"):
        organizations.read(one(tmp_path), name="name")
