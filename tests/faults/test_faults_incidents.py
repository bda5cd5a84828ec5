"""A file of incidents that is wrong as a whole is refused, with what to write instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hearback.importers import incidents
from hearback.importers.delimited import DelimitedRefusal
from hearback.importers.incident_columns import CountColumns, Misplaced, PointColumns, WideCountColumns
from hearback.importers.incidents import NothingKept, UnknownWords, WrongTimes
from hearback.importers.nibrs import UnknownCategory
from hearback.importers.times import TimeColumns
from hearback.refusal import Refusal

pytestmark = pytest.mark.faults

YEAR = TimeColumns(year="year")
POINTS = PointColumns(longitude="x", latitude="y", category="offense", time=YEAR)
CITY = (-77.2, 38.7, -76.9, 39.0)


def refusal(kind: type[Refusal], tmp_path: Path, *rows: str, **changes: Any) -> str:
    path = tmp_path / "points.csv"
    path.write_text("\n".join(["offense,year,x,y", *rows]) + "\n")
    arguments = {"layout": POINTS, "categories": {"ADW": "assault"}, "latest_year": 2026, **changes}
    with pytest.raises(kind) as caught:
        list(incidents.read(path, **arguments).chunks())
    assert str(path) in caught.value.sentence
    assert "\n" not in caught.value.sentence
    return caught.value.sentence.removeprefix(str(path))


def test_swapped_coordinates_are_told_from_latitudes_where_nobody_lives(tmp_path: Path) -> None:
    assert refusal(Misplaced, tmp_path, "ADW,2015,38.9,-77.03") == (
        ", row 2: longitude and latitude are swapped: longitude would be 38.9 and latitude -77.03. "
        'Write longitude = "y" and latitude = "x".'
    )


def test_swapped_coordinates_that_would_be_possible_elsewhere_are_told_by_the_city(tmp_path: Path) -> None:
    athens = (23.6, 37.9, 23.9, 38.1)
    assert "are swapped" in refusal(Misplaced, tmp_path, "ADW,2015,38.0,23.7", within=athens)


def test_a_few_swapped_points_do_not_stop_the_file(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("offense,year,x,y\n" + "ADW,2015,-77.03,38.9\n" * 3 + "ADW,2015,38.9,-77.03\n")
    reader = incidents.read(path, layout=POINTS, categories={"ADW": "assault"}, latest_year=2026, within=CITY)
    assert sum(len(chunk) for chunk in reader.chunks()) == 4


def test_metres_or_feet_are_no_degrees(tmp_path: Path) -> None:
    assert refusal(Misplaced, tmp_path, "ADW,2015,,", "ADW,2015,398000.5,137000", within=CITY) == (
        ", row 3: the coordinates are metres or feet of a projection, not degrees: longitude would be 398000.5 and "
        "latitude 137000. Export the points as longitude and latitude (WGS84, EPSG:4326)."
    )


def test_all_words_without_a_category_are_named_with_the_lines_to_add(tmp_path: Path) -> None:
    rows = ["Theft from auto,2015,-77,38.9", "ADW,2015,-77,38.9", "Robery,2015,-77,38.9", "Robery,2015,-77,38.9"]
    assert refusal(UnknownWords, tmp_path, *rows) == (
        ': there is no category for "Robery" (2 rows), "Theft from auto" (1 rows). '
        "Add a line for each word to the file's categories (or say 'left-out'): "
        '"Robery" = "robbery"; "Theft from auto" = "…".'
    )


def test_words_are_gathered_to_the_end_of_a_file_of_many_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = incidents.delimited.blocks
    monkeypatch.setattr(incidents.delimited, "blocks", lambda *a, **k: whole(*a, **{**k, "cells_at_once": 4}))
    rows = [f"Word {number},2015,-77,38.9" for number in range(12)]
    sentence = refusal(UnknownWords, tmp_path, "ADW,2015,-77,38.9", *rows)
    assert all(f'"Word {number}" (1 rows)' in sentence for number in range(10))
    assert "and 2 more" in sentence


def test_a_category_that_does_not_exist_is_refused_before_the_file_is_read(tmp_path: Path) -> None:
    assert 'You may mean "assault"' in refusal(UnknownCategory, tmp_path, categories={"ADW": "asault"})


@pytest.mark.parametrize("categories", [{}, {"ADW": "left-out"}])
def test_a_mapping_that_keeps_nothing_is_refused(tmp_path: Path, categories: dict[str, str]) -> None:
    assert "no category is named" in refusal(UnknownWords, tmp_path, categories=categories)


@pytest.mark.parametrize(("wrong", "stops"), [(2, False), (3, True)])
def test_two_in_a_hundred_times_may_be_wrong_and_no_more(tmp_path: Path, wrong: int, stops: bool) -> None:
    rows = ["ADW,2027,-77,38.9"] * wrong + ["ADW,2015,-77,38.9"] * (100 - wrong)
    if stops:
        assert refusal(WrongTimes, tmp_path, *rows) == (
            ": 3 of 100 rows have no time that can be true (impossible year, as in row 2: 2027). "
            "Correct the years (1900 to 2026) and write dates as 2015-03-07 or 03/07/2015, month first."
        )
    else:
        path = tmp_path / "points.csv"
        path.write_text("\n".join(["offense,year,x,y", *rows]) + "\n")
        reader = incidents.read(path, layout=POINTS, categories={"ADW": "assault"}, latest_year=2026)
        assert sum(len(chunk) for chunk in reader.chunks()) == 98


def test_a_file_of_which_no_row_can_be_used_is_refused(tmp_path: Path) -> None:
    assert refusal(NothingKept, tmp_path, "ADW,2015,,", "ADW,2015,0,0").startswith(
        ": none of 2 rows can be used (coordinates missing or no numbers, as in row 2: , ; coordinates (0, 0)"
    )


@pytest.mark.parametrize(
    "layout",
    [
        PointColumns(longitude="lon", latitude="y", category="offense", time=YEAR),
        PointColumns(longitude="x", latitude="y", category="offense", time=TimeColumns(date="date")),
        CountColumns(area="area", category="offense", count="x", time=YEAR),
        WideCountColumns(area="x", time=YEAR),
    ],
)
def test_a_column_that_is_not_there_is_refused_before_the_rows_are_read(tmp_path: Path, layout: Any) -> None:
    path = tmp_path / "points.csv"
    path.write_text("offense,year,x,y\nADW,2015,-77,38.9\n")
    with pytest.raises(DelimitedRefusal, match="row 1: there is no column"):
        incidents.read(path, layout=layout, categories={"ADW": "assault"}, latest_year=2026)
