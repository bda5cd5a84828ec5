"""What the demonstration city's page says of who answers when asked, against the truth from which it was invented."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray

from hearback.demo.recipes import recipe
from hearback.demo.surveys import propensity

WAVES = ("2023", "2024", "2025")
SURVEY = "Linnet Bay community survey"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Truth:
    """True chances to answer: of everybody in an area together (by area), and of kinds of people with their number."""

    of_area: dict[str, float]
    of_kind: Floats
    people: Floats

    def told_apart_by(self, traits: Floats, areas: list[str], asked: Floats) -> Floats:
        """The chances of areas as a model would know them that had asked everybody."""
        x = sm.add_constant(traits)
        true = [self.of_area[area] for area in areas]
        return np.asarray(sm.GLM(true, x, family=sm.families.Binomial(), var_weights=asked).fit().fittedvalues)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def responses(demo_dir: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """By survey and wave, as released."""
    connection = sqlite3.connect(demo_dir / "hearback.sqlite3")
    try:
        query = "SELECT payload FROM releases_release WHERE kind = 'voices' ORDER BY id DESC LIMIT 1"
        (payload,) = connection.execute(query).fetchone()
    finally:
        connection.close()
    return {(one["survey"], one["wave"]): one for one in json.loads(payload)["responses"]}


@pytest.fixture(scope="module")
def truth(demo_dir: Path) -> Truth:
    """From the recipe: age, language and standing move the chance of a community in an area."""
    source = demo_dir / "source"
    chance = {
        (row["area"], row["community"]): float(row["response_propensity"]) for row in table(source / "truth/people.csv")
    }
    english = {
        (row["area"], row["community"]): float(row["share"])
        for row in table(source / "truth/languages.csv")
        if row["language"] == "en"
    }
    at, weight = hermegauss(15)
    weight = weight / weight.sum()
    ages = list(recipe("surveys")["adults"]["ages"])
    kinds, people, areas = [], [], []
    for row in table(source / "census-adults.csv"):
        here = row["area"], row["community"]
        age = np.full(at.size, ages.index(row["age"]))
        for other, share in ((False, english[here]), (True, 1 - english[here])):
            true = propensity(np.full(at.size, chance[here]), age, np.full(at.size, other), at)
            kinds.append(true)
            people.append(int(row["adults"]) * share * weight)
            areas.append(row["area"])
    of_kind, count = np.array(kinds), np.array(people)
    place = np.array(areas)
    of_area = {area: float((of_kind * count)[place == area].sum() / count[place == area].sum()) for area in set(areas)}
    return Truth(of_area, of_kind.ravel(), count.ravel())


@dataclass(frozen=True)
class Fieldwork:
    """Where one wave asked; one entry per area."""

    wave: str
    areas: list[str]
    asked: Floats
    district: NDArray[np.str_]
    traits: Floats


@pytest.fixture(scope="module")
def fieldwork(demo_dir: Path) -> list[Fieldwork]:
    source = demo_dir / "source"
    known = {row["area"]: row for row in table(source / "indicators.csv")}
    district_of = {row["area"]: row["district"] for row in table(source / "census-adults.csv")}
    return list(_fieldwork(source, known, district_of))


def _fieldwork(source: Path, known: dict[str, dict[str, str]], district_of: dict[str, str]) -> Iterator[Fieldwork]:
    for wave in WAVES:
        rows = table(source / f"survey-{wave}-fieldwork.csv")
        areas = [row["area"] for row in rows]
        district = np.array([district_of[area] for area in areas])
        dummies = [district == one for one in np.unique(district)[1:]]
        values = [[float(known[area][name]) for area in areas] for name in ("poverty_E", "limited_english_E")]
        asked = np.array([float(row["asked"]) for row in rows])
        yield Fieldwork(wave, areas, asked, district, np.column_stack([*dummies, *values]))


def _spread(chance: Floats, people: Floats) -> float:
    return float(np.sqrt(np.average((chance - np.average(chance, weights=people)) ** 2, weights=people)))


def test_three_waves_are_measured_and_the_open_link_is_not(responses: dict[tuple[str, str], dict[str, Any]]) -> None:
    assert {key: one["why_not"] for key, one in responses.items()} == {
        **{(SURVEY, wave): "" for wave in WAVES},
        ("Linnet Bay open link", "2025"): "opt-in",
    }
    assert {tuple(responses[SURVEY, wave]["traits"]) for wave in WAVES} == {("Poverty", "Little English")}


def test_the_true_indicator_lies_in_each_interval(
    responses: dict[tuple[str, str], dict[str, Any]], truth: Truth, fieldwork: list[Fieldwork]
) -> None:
    for one in fieldwork:
        chance = truth.told_apart_by(one.traits, one.areas, one.asked)
        spread = _spread(chance, one.asked)
        told = responses[SURVEY, one.wave]
        assert told["r_low"] <= 1 - 2 * spread <= told["r_high"] < 1
        assert told["bias_low"] <= spread / np.average(chance, weights=one.asked) <= told["bias_high"]


def test_what_traits_of_areas_cannot_see_is_there_and_the_page_admits_it(
    responses: dict[tuple[str, str], dict[str, Any]], truth: Truth
) -> None:
    among_people = 1 - 2 * _spread(truth.of_kind, truth.people)
    assert among_people < min(responses[SURVEY, wave]["r_low"] for wave in WAVES)


def test_no_district_that_truly_answers_less_or_more_is_said_to_do_the_opposite(
    responses: dict[tuple[str, str], dict[str, Any]], truth: Truth, fieldwork: list[Fieldwork]
) -> None:
    said = []
    for one in fieldwork:
        chance = np.array([truth.of_area[area] for area in one.areas])
        city = np.average(chance, weights=one.asked)
        for district, part in zip(np.unique(one.district), responses[SURVEY, one.wave]["parts"], strict=True):
            here = one.district == district
            beyond = np.average(chance[here], weights=one.asked[here]) - city
            assert part["asked"] == one.asked[here].sum()
            if abs(beyond) > 0.02:
                assert part["heard"] in ("uncertain", "more" if beyond > 0 else "less")
                said.append(part["heard"])
    assert set(said) - {"uncertain"}
