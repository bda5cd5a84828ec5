"""Missing codes left in as numbers, in a city's real resident survey."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from hearback.stats.scales.answers import UnusableItems, suspicious_codes
from hearback.stats.scales.index_scores import index_scores
from hearback.stats.scales.reliability import alpha
from places import SHARED, needs_shared

pytestmark = [pytest.mark.golden, needs_shared]

RELATIONSHIP = [f"q15_0{item}" for item in range(1, 6)]
FIVE_STEPS = ["q1_01", "q2_04", "q3_03", "q9_01", "q12_10", "q14_01", "q14_02", "q14_03", "q14_04", *RELATIONSHIP]


@pytest.fixture(scope="module", params=["q1", "q3"])
def survey(request) -> dict[str, np.ndarray]:
    path = SHARED / "data" / "surveys" / f"kansas-city-residents-fy2022-{request.param}.csv"
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([number(row[name]) for row in rows]) for name in rows[0]}


def number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


@pytest.mark.parametrize("item", FIVE_STEPS)
def test_nine_is_suspected_on_every_scale_of_five_steps(item, survey) -> None:
    assert [found.value for found in suspicious_codes(survey[item])] == [9]


def test_ninety_nine_is_suspected_on_choices_of_what_matters_most(survey) -> None:
    assert [found.value for found in suspicious_codes(survey["q13_01"])] == [99]


def test_districts_are_not_suspected(survey) -> None:
    assert suspicious_codes(survey["counci"]) == ()


def test_scores_refuse_the_nines_and_stand_without_them(survey) -> None:
    items = np.column_stack([survey[item] for item in RELATIONSHIP])
    with pytest.raises(UnusableItems, match="9 is no answer between 1 and 5"):
        index_scores(items, low=1, high=5)
    items[items == 9] = np.nan
    found = index_scores(items, low=1, high=5, least_answered=0.6)
    assert 100 < np.isfinite(found.scores).sum() < len(items)
    assert alpha(items).low > 0.8
