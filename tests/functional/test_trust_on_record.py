"""What the demonstration city has on record of its surveys, against the truth from which it was invented."""

from __future__ import annotations

import csv
import json
import math
import sqlite3
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

QUERY = """
SELECT wave.key AS wave, wave.mode AS mode, found.* FROM {table} AS found JOIN surveys_wave AS wave
ON wave.id = found.wave_id
"""


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    connection = sqlite3.connect(folder / "hearback.sqlite3")
    connection.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in connection.execute(QUERY.format(table=table))]
    finally:
        connection.close()


@pytest.fixture(scope="module")
def estimates(demo_dir: Path) -> list[dict[str, Any]]:
    return rows(demo_dir, "trust_estimate")


@pytest.fixture(scope="module")
def contrasts(demo_dir: Path) -> list[dict[str, Any]]:
    return rows(demo_dir, "trust_contrast")


@pytest.fixture(scope="module")
def truth(demo_dir: Path) -> dict[tuple[str, str, str, str, str], float]:
    """By wave, item, statistic, kind of group and the group's name in the survey."""
    questionnaire = tomllib.loads((demo_dir / "source/questionnaire.toml").read_text())
    names = {kind: group.get("labels", {}) for kind, group in questionnaire["groups"].items()}
    found = {}
    with (demo_dir / "source/truth/survey-items.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            by = "" if row["level"] == "city" else row["level"]
            group = names.get(by, {}).get(row["key"], row["key"])
            for statistic in ("favourable", "mean"):
                found[row["wave"], row["item"], statistic, by, group] = float(row[statistic])
    return found


def errors(
    estimates: list[dict[str, Any]], truth: dict[tuple[str, str, str, str, str], float], **wanted: str
) -> Iterator[tuple[dict[str, Any], float]]:
    for row in estimates:
        key = (row["wave"], row["item"], row["statistic"], row["by"], row["group"])
        if key in truth and row["estimate"] is not None and wanted.items() <= row.items():
            yield row, row["estimate"] - truth[key]


def test_every_wave_says_something_and_nothing_is_no_number(
    estimates: list[dict[str, Any]], contrasts: list[dict[str, Any]]
) -> None:
    assert {(row["wave"], row["mode"], row["method"]) for row in estimates} == {
        *((wave, "probability", method) for wave in ("2023", "2024", "2025") for method in ("design", "small-area")),
        ("2025", "opt-in", "opt-in"),
    }
    for row in (*estimates, *contrasts):
        assert not any(isinstance(value, float) and not math.isfinite(value) for value in row.values())
    assert all(json.loads(row["notes"]) for row in estimates if row["estimate"] is None)


def test_areas_are_nearer_to_the_truth_than_the_answers_given_there(
    estimates: list[dict[str, Any]], truth: dict[tuple[str, str, str, str, str], float]
) -> None:
    own, modelled = (
        {
            (row["wave"], row["item"], row["group"]): off
            for row, off in errors(
                estimates, truth, method=method, by="area", statistic="favourable", mode="probability"
            )
            if row["showing"] == "shown" or method == "design"
        }
        for method in ("design", "small-area")
    )
    both = own.keys() & modelled.keys()
    assert len(both) > 200
    assert sum(modelled[key] ** 2 for key in both) < 0.6 * sum(own[key] ** 2 for key in both)


def test_changes_in_three_districts_are_found_with_the_right_sign(contrasts: list[dict[str, Any]]) -> None:
    moved = {
        row["group"]: row
        for row in contrasts
        if (row["wave"], row["item"], row["by"]) == ("2025", "fair-treatment", "district") and row["earlier_id"]
    }
    assert moved["02"]["low"] > 0
    assert moved["05"]["difference"] > 0
    assert moved["04"]["difference"] < 0
    assert all(moved[district]["p_adjusted"] > 0.05 for district in ("01", "03", "06"))


def test_the_open_link_has_ranges_and_reasons_but_no_errors(
    estimates: list[dict[str, Any]],
    contrasts: list[dict[str, Any]],
    truth: dict[tuple[str, str, str, str, str], float],
) -> None:
    link = [row for row in estimates if row["mode"] == "opt-in"]
    assert all(row["se"] is None and row["df"] is None and "No margin of error" in row["notes"] for row in link)
    assert not any(row["mode"] == "opt-in" for row in contrasts)
    for row, off in errors(link, truth, by=""):
        assert row["low"] <= row["estimate"] - off <= row["high"]


def test_groups_of_few_people_are_withheld_with_the_contrasts_that_would_tell(
    estimates: list[dict[str, Any]], contrasts: list[dict[str, Any]]
) -> None:
    few = {
        (row["wave"], row["item"], row["statistic"], row["by"], row["group"])
        for row in estimates
        if row["method"] == "design" and row["n"] < 10
    }
    hidden = {
        (row["wave"], row["item"], row["statistic"], row["by"], row["group"])
        for row in estimates
        if row["method"] == "design" and row["showing"] == "withheld"
    }
    assert few
    assert few <= hidden
    for row in contrasts:
        if row["method"] == "design" and row["showing"] == "shown":
            sides = {(row["wave"], row["item"], row["statistic"], row["by"], row[side]) for side in ("group", "other")}
            assert not sides & hidden


def test_languages_with_few_answers_are_not_called_comparable(demo_dir: Path) -> None:
    checks = rows(demo_dir, "trust_scalecheck")
    across = [row for row in checks if row["by"] == "language"]
    assert {row["verdict"] for row in across} == {"cannot be checked"}
    assert all(row["comparable"] is None for row in across)
    reliability = [row for row in checks if not row["by"]]
    assert all(0.7 < row["low"] < row["alpha"] < row["high"] < 0.95 for row in reliability)
