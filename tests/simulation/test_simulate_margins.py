"""How often the truth lies within the margin worked out from margins, in invented worlds."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.margins import Estimate, difference, percent_change, product, proportion, ratio, total
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation

WORLDS = 200_000 if FULL_SIMULATIONS else 20_000
NOISE = 4 * np.sqrt(0.9 * 0.1 / WORLDS)


def observed(truth: float, moe: float, rng: np.random.Generator) -> Estimate:
    return Estimate(truth + moe / 1.645 * rng.normal(size=WORLDS), np.full(WORLDS, moe))


def held(found: Estimate, truth: float) -> float:
    return float(np.mean(np.abs(found.estimate - truth) <= found.moe))


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20)


def test_margins_of_sums_hold_in_ninety_of_a_hundred_worlds(rng) -> None:
    parts = [observed(truth, moe, rng) for truth, moe in ((500, 90), (300, 40), (1200, 150))]
    found = total(Estimate(np.array([p.estimate for p in parts]), np.array([p.moe for p in parts])))
    assert held(found, 2000) == pytest.approx(0.9, abs=NOISE)


@pytest.mark.parametrize(
    ("rule", "truth"),
    [(ratio, 0.4), (product, 1_000_000), (percent_change, -60)],
    ids=["ratio", "product", "change in per cent"],
)
def test_margins_of_ratios_products_and_changes_hold(rule, truth, rng) -> None:
    found = rule(observed(632.455532, 20, rng), observed(1581.13883, 30, rng))
    assert held(found, truth) == pytest.approx(0.9, abs=NOISE + 0.002)


def test_margins_of_proportions_hold_where_the_part_is_within_the_whole(rng) -> None:
    part, rest = observed(400, 50, rng), observed(1600, 80, rng)
    whole = Estimate(part.estimate + rest.estimate, np.hypot(part.moe, rest.moe))
    assert held(proportion(part, whole), 0.2) >= 0.9 - NOISE


def test_two_equal_areas_are_said_to_differ_in_ten_of_a_hundred_worlds(rng) -> None:
    found = difference(observed(300, 40, rng), observed(300, 70, rng))
    assert found.significant.mean() == pytest.approx(0.1, abs=NOISE)
