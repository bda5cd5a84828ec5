"""What is said of chances to answer holds as often as it says, where areas differ beyond their traits too."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray
from scipy.special import expit

from hearback.stats.representation.r_indicator import RInterval, partial_ranges, r_indicator, r_interval
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation

SURVEYS = 1000 if FULL_SIMULATIONS else 120
SLACK = 0.015 if FULL_SIMULATIONS else 0.045
AREAS, ASKED, DISTRICTS = 72, 90, 6
EFFECTS = np.array([0.3, -0.2, 0.1, 0.0, -0.3, -0.2, 0.1, 0.1])
"""Of districts but the first, and of three traits, on the log odds of answering."""

Floats = NDArray[np.float64]


def _survey(strength: float, luck: float, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Traits of areas, how many answered in each, and the true chance to answer of people with such traits."""
    district = np.repeat(np.arange(DISTRICTS), AREAS // DISTRICTS)
    dummies = district[:, None] == np.arange(1, DISTRICTS)
    traits = np.column_stack([dummies, rng.normal(size=(AREAS, 3))])
    odds = -0.85 + strength * traits @ EFFECTS
    at, weight = hermegauss(20)
    chance = expit(odds[:, None] + luck * at) @ (weight / weight.sum())
    return traits, rng.binomial(ASKED, expit(odds + luck * rng.normal(size=AREAS))), chance


def _persons(answered: Floats) -> tuple[Floats, NDArray[np.int64]]:
    responded = np.repeat(np.tile([1.0, 0.0], AREAS), np.column_stack([answered, ASKED - answered]).ravel())
    return responded, np.repeat(np.arange(AREAS), ASKED)


def _measured(strength: float, luck: float, rng: np.random.Generator) -> tuple[float, float, RInterval]:
    """R as it is, as it is without an adjustment, and as it is told."""
    traits, answered, chance = _survey(strength, luck, rng)
    responded, area = _persons(answered)
    found = r_indicator(responded, traits[area])
    return 1 - 2 * float(chance.std()), found.r, r_interval(found, responded, traits[area], areas=area)


@pytest.mark.parametrize("luck", [0.0, 0.2])
@pytest.mark.parametrize("strength", [0.3, 1.0])
def test_intervals_of_r_hold_nine_times_in_ten(strength: float, luck: float) -> None:
    rng = np.random.default_rng(31)
    told = [_measured(strength, luck, rng) for _ in range(SURVEYS)]
    held = np.mean([found.low <= truth <= found.high for truth, _, found in told])
    assert 0.9 - SLACK < held < 0.97 + SLACK


@pytest.mark.parametrize("luck", [0.0, 0.2])
def test_where_all_chances_are_alike_hardly_a_survey_is_told_to_differ(luck: float) -> None:
    rng = np.random.default_rng(32)
    told = [found for *_, found in (_measured(0.0, luck, rng) for _ in range(SURVEYS))]
    assert np.mean([found.high < 1 for found in told]) < 0.06 + SLACK
    assert min(found.high - found.low for found in told) > 0.01, "never a point"


@pytest.mark.parametrize("luck", [0.0, 0.2])
def test_the_adjustment_takes_away_most_of_what_chance_adds(luck: float) -> None:
    rng = np.random.default_rng(33)
    truth, raw, found = zip(*(_measured(0.7, luck, rng) for _ in range(SURVEYS)), strict=True)
    adjusted = np.mean([one.r for one in found]) - np.mean(truth)
    assert np.mean(raw) - np.mean(truth) < -0.004
    assert abs(adjusted) < 0.0035


def test_intervals_of_partial_indicators_hold_nine_times_in_ten() -> None:
    """Areas are drawn anew each time, so the truth is that of districts, not of the areas drawn."""
    rng = np.random.default_rng(34)
    chance = np.array([0.3, 0.25, 0.32, 0.3, 0.36, 0.27])
    truth = (chance - chance.mean()) / np.sqrt(DISTRICTS)
    district = np.repeat(np.arange(DISTRICTS), AREAS // DISTRICTS)
    held = []
    for _ in range(SURVEYS):
        size = 30
        there = rng.beta(chance[district] * size, (1 - chance[district]) * size)
        responded, area = _persons(rng.binomial(ASKED, there))
        ranges = partial_ranges(responded, district[area], areas=area)
        held += [low <= value <= high for (low, high), value in zip(ranges.values(), truth, strict=True)]
    assert np.mean(held) == pytest.approx(0.91, abs=0.025)
