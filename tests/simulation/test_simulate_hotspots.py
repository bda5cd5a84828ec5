"""Where nothing is going on, hardly any map has a hot or a cold area; where something is, it is found."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from example_maps import chessboard
from hearback.stats.getis_ord import gi_star, permutations_needed
from hearback.stats.hotspots import classify, classify_rates
from hearback.stats.multiplicity import benjamini_hochberg
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation
SIDE, LEVEL = 12, 0.05
WORLDS = 1000 if FULL_SIMULATIONS else 60
DRAWS = 2 * permutations_needed(SIDE**2, level=LEVEL)
SLOPE = np.add.outer(np.arange(SIDE), np.arange(SIDE)).ravel() / (2 * SIDE)


def most_alarms(worlds: int) -> int:
    """So many false alarms a method that holds the level exceeds once in a thousand times."""
    return int(stats.binom.isf(0.001, worlds, LEVEL))


VALUES = {
    "bell-shaped": lambda rng: rng.normal(size=SIDE**2),
    "skewed": lambda rng: rng.lognormal(0, 1.5, SIDE**2),
    "without variance": lambda rng: rng.standard_cauchy(SIDE**2),
    "mostly zero": lambda rng: (rng.random(SIDE**2) < 0.05) * 1.0,
}


@pytest.mark.parametrize("kind", VALUES)
def test_values_without_a_pattern_seldom_get_a_name(kind) -> None:
    rng = np.random.default_rng(20)
    maps = (classify(VALUES[kind](rng), chessboard(SIDE), rng=rng, permutations=DRAWS) for _ in range(WORLDS))
    assert sum(found.surviving > 0 for found in maps) <= most_alarms(WORLDS)


POPULATIONS = {
    "equal": lambda rng: np.full(SIDE**2, 2000.0),
    "unequal": lambda rng: rng.lognormal(7.3, 1.5, SIDE**2).clip(20),
    "small in one corner": lambda rng: (np.exp(4.5 + 6 * SLOPE) * rng.lognormal(0, 0.5, SIDE**2)).clip(20),
    "a hundredth in one half": lambda rng: np.where(SLOPE < 0.5, 100, 10_000) * rng.uniform(0.5, 1.5, SIDE**2),
}
RISKS = {
    "equal risk": lambda rng: 1.0,
    "areas that differ": lambda rng: rng.gamma(4, 1 / 4, SIDE**2),
    "areas that differ wildly": lambda rng: rng.lognormal(0, 0.8, SIDE**2),
}


@pytest.mark.parametrize("risk", RISKS)
@pytest.mark.parametrize("population", POPULATIONS)
def test_rates_without_a_pattern_seldom_get_a_name_however_unequal_the_populations(population, risk) -> None:
    """One event per 1,000 people: many areas expect less than one."""
    rng = np.random.default_rng(21)
    alarms = 0
    for _ in range(WORLDS):
        people = POPULATIONS[population](rng)
        counts = rng.poisson(people / 1000 * RISKS[risk](rng))
        alarms += classify_rates(counts, people, chessboard(SIDE), rng=rng, permutations=DRAWS).surviving > 0
    assert alarms <= most_alarms(WORLDS)


def test_raw_rates_by_the_normal_formula_would_name_noise_on_every_third_map() -> None:
    """Why `classify_rates` does more: the same worlds as above, tested the plain way."""
    rng = np.random.default_rng(21)
    alarms = 0
    for _ in range(WORLDS):
        people = POPULATIONS["small in one corner"](rng)
        p = gi_star(rng.poisson(people / 1000) / people, chessboard(SIDE)).p_two_sided
        alarms += (benjamini_hochberg(p) <= LEVEL).any()
    assert alarms > WORLDS / 3


@pytest.mark.parametrize(("times", "label"), [(4, "hot"), (0.1, "cold")])
def test_a_cluster_of_sixteen_areas_is_found_and_little_else_named(times, label) -> None:
    rng = np.random.default_rng(22)
    planted = np.zeros((SIDE, SIDE), dtype=bool)
    planted[5:9, 4:8] = True
    around = (chessboard(SIDE).matrix @ planted.ravel() > 0) | planted.ravel()
    found, elsewhere = [], []
    for _ in range(WORLDS // 6):
        people = POPULATIONS["unequal"](rng).clip(500)
        counts = rng.poisson(people / 200 * np.where(planted.ravel(), times, 1))
        result = classify_rates(counts, people, chessboard(SIDE), rng=rng, permutations=DRAWS)
        found.append((result.label[planted.ravel()] == label).mean())
        elsewhere.append((result.label[~around] != "uncertain").mean())
    assert np.mean(found) > 0.6
    assert np.mean(elsewhere) < 0.01
