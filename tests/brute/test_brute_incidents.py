"""Reading incidents is the same as looking at one row after the other."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.importers import incidents
from hearback.importers.incident_columns import CountColumns, Misplaced, PointColumns, WideCountColumns
from hearback.importers.incidents import NothingKept, UnknownWords, WrongCounts, WrongTimes
from hearback.importers.times import TimeColumns

pytestmark = pytest.mark.brute

CATEGORIES = {"ADW": "assault", "Knife": "assault", "Robbery": "robbery", "Lost dog": "left-out"}
WORDS = st.sampled_from(["ADW", "Knife", "Robbery"] * 6 + ["Lost dog", "", " ADW ", "Arson"])
YEARS = st.sampled_from(["2001", "2015"] * 40 + ["1899", "2027", "", "old"])
LONGITUDES = st.sampled_from(["-77.0", "-76.9"] * 8 + ["0", "", "x", "38.9", "-500", "398000"])
LATITUDES = st.sampled_from(["38.9", "38.8"] * 8 + ["0", "", "x", "-77.0", "95", "137000"])
WRONG_COUNT = "a count that is missing, no whole number or too large to be true"
COUNTS = st.sampled_from(["0", "3", "12.0", "250"] * 40 + ["-1", "1.5", "", "many", "1e12"])


@dataclass
class Seen:
    """What a patient person would write down, row by row."""

    kept: list[tuple[object, ...]] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    unknown: bool = False
    misplaced: bool = False


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("incidents")


def number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def wrong_word(word: str) -> str | None:
    if not word.strip():
        return "no category"
    return "left out by the city's description" if CATEGORIES.get(word.strip()) == "left-out" else None


def wrong_year(text: str) -> str | None:
    year = number(text)
    if year is None:
        return "no date that can be read"
    return None if 1900 <= year <= 2026 else "impossible year"


def wrong_place(longitude: str, latitude: str) -> str | None:
    x, y = number(longitude), number(latitude)
    if x is None or y is None:
        return "coordinates missing or no numbers"
    if x == 0 and y == 0:
        return "coordinates (0, 0)"
    return "coordinates outside the world" if abs(x) > 180 or abs(y) > 90 else None


def wrong_count(text: str) -> str | None:
    count = number(text)
    fine = count is not None and 0 <= count <= 1_000_000_000 and count == int(count)
    return None if fine else WRONG_COUNT


def write(path: Path, header: list[str], rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def plausible(x: float, y: float) -> bool:
    return -180 <= x <= 180 and -60 <= y <= 84


def misplaced(pairs: list[tuple[float | None, float | None]]) -> bool:
    points = [(x, y) for x, y in pairs if x is not None and y is not None and (x, y) != (0, 0)]
    projected = sum(max(abs(x), abs(y)) > 1000 for x, y in points)
    swapped = sum(not plausible(x, y) and plausible(y, x) for x, y in points)
    return max(projected, swapped) > len(points) / 2


def check(reader: incidents.IncidentReader, seen: Seen, *, rows: int, fields: tuple[str, ...]) -> None:
    """The reader keeps and refuses what the patient person did, or refuses the file for the reason that she saw."""
    wrong_times = seen.reasons["no date that can be read"] + seen.reasons["impossible year"]
    refusals = [
        (seen.misplaced, Misplaced),
        (seen.unknown, UnknownWords),
        (wrong_times > 0.02 * rows, WrongTimes),
        (seen.reasons[WRONG_COUNT] > 0.02 * rows, WrongCounts),
        (not seen.kept, NothingKept),
    ]
    for due, refusal in refusals:
        if due:
            with pytest.raises(refusal):
                list(reader.chunks())
            return
    kept = [
        (reader.categories[code], *values)
        for chunk in reader.chunks()
        for code, *values in zip(chunk.category, *(getattr(chunk, name).tolist() for name in fields), strict=True)
    ]
    report = reader.report()
    assert kept == seen.kept
    assert {group.reason: group.rows for group in report.refused} == {r: n for r, n in seen.reasons.items() if n}
    assert report.rows_read == rows == report.rows_kept + seen.reasons.total()


@settings(deadline=None)
@given(rows=st.lists(st.tuples(WORDS, YEARS, LONGITUDES, LATITUDES), min_size=1, max_size=60))
def test_points_are_kept_and_refused_one_by_one(folder: Path, rows: list[tuple[str, str, str, str]]) -> None:
    seen = Seen(misplaced=misplaced([(number(x), number(y)) for _, _, x, y in rows]))
    for word, year, longitude, latitude in rows:
        seen.unknown |= word == "Arson"
        if reason := wrong_word(word) or wrong_year(year) or wrong_place(longitude, latitude):
            seen.reasons[reason] += 1
        elif word != "Arson":
            seen.kept.append((CATEGORIES[word.strip()], int(year), float(longitude), float(latitude)))
    layout = PointColumns(longitude="x", latitude="y", category="word", time=TimeColumns(year="year"))
    path = write(folder / "points.csv", ["word", "year", "x", "y"], rows)
    reader = incidents.read(path, layout=layout, categories=CATEGORIES, latest_year=2026)
    check(reader, seen, rows=len(rows), fields=("year", "longitude", "latitude"))


@settings(deadline=None)
@given(rows=st.lists(st.tuples(WORDS, YEARS, st.sampled_from(["1", "2", " 3", ""]), COUNTS), min_size=1, max_size=60))
def test_counts_are_kept_and_refused_one_by_one(folder: Path, rows: list[tuple[str, str, str, str]]) -> None:
    seen = Seen()
    for word, year, area, count in rows:
        seen.unknown |= word == "Arson"
        if reason := wrong_word(word) or wrong_year(year) or (None if area else "no area") or wrong_count(count):
            seen.reasons[reason] += 1
        elif word != "Arson":
            seen.kept.append((CATEGORIES[word.strip()], int(year), area.strip(), int(float(count))))
    layout = CountColumns(area="area", category="word", count="count", time=TimeColumns(year="year"))
    path = write(folder / "counts.csv", ["word", "year", "area", "count"], rows)
    reader = incidents.read(path, layout=layout, categories=CATEGORIES, latest_year=2026)
    check(reader, seen, rows=len(rows), fields=("year", "area", "count"))


@settings(deadline=None)
@given(rows=st.lists(st.tuples(YEARS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=60))
def test_counts_in_a_column_for_each_word_are_kept_and_refused_row_by_row(
    folder: Path, rows: list[tuple[str, str, str, str]]
) -> None:
    seen = Seen()
    for year, *counts in rows:
        if reason := wrong_year(year) or next(filter(None, map(wrong_count, counts)), None):
            seen.reasons[reason] += 1
            continue
        for word, count in zip(("ADW", "Knife", "Robbery"), counts, strict=True):
            seen.kept.append((CATEGORIES[word], int(year), "7", int(float(count))))
    path = write(folder / "wide.csv", ["area", "year", "ADW", "Knife", "Robbery"], [("7", *row) for row in rows])
    layout = WideCountColumns(area="area", time=TimeColumns(year="year"))
    reader = incidents.read(path, layout=layout, categories=CATEGORIES, latest_year=2026)
    check(reader, seen, rows=len(rows), fields=("year", "area", "count"))
