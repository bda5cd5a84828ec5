"""Kansas City's resident survey and Chicago's scores, counted against their files with nothing of ours in between."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache

import numpy as np
import pytest

from hearback.importers import codebooks, published_scores, surveys
from hearback.importers.quality import Imported
from hearback.importers.surveys import Responses
from places import ROOT, SHARED, needs_shared

pytestmark = [pytest.mark.golden, needs_shared]

WAVES = {"kansas-city-2021-q1": "q1", "kansas-city-2022-q3": "q3"}
NINE_IS_AN_ANSWER = ("q4_", "q10_", "q13_")


@cache
def wave(name: str) -> Imported[Responses]:
    return surveys.read(codebooks.read(ROOT / "examples" / f"{name}.toml"))


@cache
def rows(name: str) -> list[dict[str, str]]:
    path = SHARED / "data" / "surveys" / f"kansas-city-residents-fy2022-{WAVES[name]}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", WAVES)
def test_every_respondent_is_kept(name: str) -> None:
    found = wave(name)
    assert len(found.table) == found.report.rows_read == len(rows(name)) == {"q1": 1033, "q3": 984}[WAVES[name]]
    assert found.report.refused == ()


@pytest.mark.parametrize("name", WAVES)
def test_every_answer_of_every_item_is_the_number_in_the_file_or_missing(name: str) -> None:
    table = wave(name).table
    for item in table.items:
        cells = [row[item.column] for row in rows(name)]
        missing = {"", "99"} if item.column.startswith(NINE_IS_AN_ANSWER) else {"", "9", "9.0", "99"}
        expected = [np.nan if cell in missing else float(cell) for cell in cells]
        assert np.array_equal(table.answers[item.id], expected, equal_nan=True), item.id


@pytest.mark.parametrize("name", WAVES)
def test_no_column_with_a_known_question_is_left_behind(name: str) -> None:
    table = wave(name).table
    named = {item.column for item in table.items} | {group.column for group in table.codebook.groups}
    left = {column for column in rows(name)[0] if column not in named}

    unknown = {column for column in left if column.startswith(("q19", "q20", "q21", "q22", "q23"))}
    assert left == unknown | {"q24_w", "q33_d", "q35_w", "city", "state", "quarte"}
    assert len(table.items) == 123


def test_the_view_of_neighbourhood_and_police_differs_by_district_and_race() -> None:
    """Shares counted by hand from the file: satisfied or very satisfied, of those who gave an opinion (q5_02)."""
    name = "kansas-city-2021-q1"
    table = wave(name).table
    answers = table.answers["q5_02"]
    assert table.area is not None
    for column, written, shown in (
        ("counci", "2", table.area == "2"),
        ("counci", "3", table.area == "3"),
        ("q37_race", "White", table.groups["race"] == "White"),
        ("q37_race", "Black/African American", table.groups["race"] == "Black or African American"),
    ):
        counts = Counter(row["q5_02"] for row in rows(name) if row[column] == written)
        given = sum(counts[code] for code in "12345")
        favourable = np.isin(answers, [4, 5])[shown & ~np.isnan(answers)]
        assert (favourable.sum(), favourable.size) == (counts["4"] + counts["5"], given)
    assert np.isin(answers, [4, 5])[table.area == "2"].sum() == 95
    assert np.isin(answers, [4, 5])[table.area == "3"].sum() == 54


def test_the_scores_of_chicago_are_read_whole() -> None:
    table = published_scores.read(codebooks.read(ROOT / "examples" / "chicago-scores.toml")).table
    path = SHARED / "data" / "surveys" / "chicago-trust-safety-by-community-area.csv"
    with path.open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))

    cells = [cell for row in written for column, cell in row.items() if column not in ("Community", "Year")]
    numbers = [float(cell) for cell in cells if cell not in ("NA", "")]
    assert len(table) == len(numbers) == 16_511
    assert set(table.area) == {row["Community"] for row in written}
    assert table.score.sum() == pytest.approx(sum(numbers))
