"""Intervals of rates cover the true rates, and smoothing brings rates nearer to them."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.rates import empirical_bayes, raw_rates
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation
WORLDS = 400 if FULL_SIMULATIONS else 40


def world(rng: np.random.Generator, *, areas: int, base: float, differ: float):
    """Counts, populations and true rates of areas whose rates differ by the coefficient of variation given."""
    people = rng.lognormal(7.6, 0.8, areas)
    truth = rng.gamma(differ**-2, base * differ**2, areas)
    return rng.poisson(truth * people), people, truth


@pytest.mark.parametrize("base", [0.0005, 0.01])
def test_exact_intervals_cover_at_least_as_promised(base) -> None:
    rng = np.random.default_rng(30)
    covered = []
    for _ in range(WORLDS):
        counts, people, truth = world(rng, areas=100, base=base, differ=0.5)
        found = raw_rates(counts, people, level=0.9)
        covered.append(((found.low <= truth) & (truth <= found.high)).mean())
    assert np.mean(covered) > 0.9 - 3 * np.std(covered) / np.sqrt(WORLDS)


@pytest.mark.parametrize("differ", [0.1, 0.3, 0.6, 1.0])
@pytest.mark.parametrize(("areas", "base"), [(120, 0.02), (120, 0.001), (30, 0.02)])
def test_smoothed_intervals_cover_nearly_as_promised_even_with_few_events(areas, base, differ) -> None:
    """Two points below 95 % are allowed: the plain posterior at Marshall's estimates falls to 75-85 % here."""
    rng = np.random.default_rng(31)
    covered = []
    for _ in range(WORLDS):
        counts, people, truth = world(rng, areas=areas, base=base, differ=differ)
        found = empirical_bayes(counts, people)
        covered.append(((found.low <= truth) & (truth <= found.high)).mean())
    assert np.mean(covered) > 0.93 - 3 * np.std(covered) / np.sqrt(WORLDS)


def test_smoothed_rates_are_nearer_to_the_truth_than_raw_ones() -> None:
    rng = np.random.default_rng(32)
    raw, smoothed = [], []
    for _ in range(WORLDS):
        counts, people, truth = world(rng, areas=120, base=0.002, differ=0.4)
        found = empirical_bayes(counts, people)
        raw.append(((found.raw - truth) ** 2).mean())
        smoothed.append(((found.rate - truth) ** 2).mean())
    assert np.mean(smoothed) < np.mean(raw) / 2
