"""Intervals of participation hold where voices come in clumps, however few the evenings and uneven the crowds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from hearback.stats.representation.clustered_counts import clustered_counts
from hearback.stats.representation.participation import participation
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation

Floats = NDArray[np.float64]
World = Callable[[np.random.Generator, int, Floats], Floats]

CITIES = 900 if FULL_SIMULATIONS else 60
WRONG = 0.01 if FULL_SIMULATIONS else 0.02
"""The part of groups that may be called heard less or more and are not; of 450 groups, chance alone adds some."""
MOST = {2: 1.0, 3: 1.0, 5: 0.998, 10: 0.985, 30: 0.98}
"""Intervals from few evenings are wide, since little can be said; from many, no wider than they need be."""
COMMUNITY = np.array([0.5, 0.25, 0.13, 0.08, 0.04])
SPREADS = (0.2, 0.5, 1.0)
"""Standard deviations of the true ratios."""


def alone(rng: np.random.Generator, evenings: int, share: Floats) -> Floats:
    """People come as they are."""
    return rng.multinomial(_crowds(rng, evenings), share).astype(np.float64)


def alike(rng: np.random.Generator, evenings: int, share: Floats) -> Floats:
    """All groups come in clumps: Dirichlet-multinomial with an intraclass correlation of 0.2."""
    return rng.multinomial(_crowds(rng, evenings), rng.dirichlet(4 * share, evenings)).astype(np.float64)


def unlike(rng: np.random.Generator, evenings: int, share: Floats) -> Floats:
    """Two of the smaller groups come together or not at all, the others hardly so; crowds as they were."""
    parts, left, rest = np.zeros((evenings, share.size)), np.ones(evenings), 1.0
    for group, correlation in ((2, 0.6), (3, 0.4), (0, 0.03), (1, 0.03)):
        mean, size = share[group] / rest, 1 / correlation - 1
        parts[:, group] = left * rng.beta(size * mean, size * (1 - mean), evenings)
        left, rest = left - parts[:, group], rest - share[group]
    parts[:, 4] = np.maximum(left, 0.0)
    return rng.multinomial(_crowds(rng, evenings), parts).astype(np.float64)


def visits(rng: np.random.Generator, evenings: int, share: Floats) -> Floats:
    """Four fifths of one group come on three evenings in ten, which are larger for it."""
    usual = 43 * share * np.array([1, 1, 1, 0.2, 1])
    found = rng.poisson(usual * rng.gamma(8, 1 / 8, (evenings, 1))).astype(np.float64)
    found[:, 3] += (rng.random(evenings) < 0.3) * rng.poisson(43 * share[3] * 0.8 / 0.3, evenings)
    return found


def _crowds(rng: np.random.Generator, evenings: int) -> NDArray[np.int64]:
    return rng.negative_binomial(1.2, 1.2 / 41.2, evenings) + 3


def cities(world: World, evenings: int, *, asked: bool = True) -> tuple[float, float]:
    """How often intervals hold the true ratio, and how often a group is called heard less or more and is not."""
    rng = np.random.default_rng(21)
    covered, wrong = [], []
    for at in range(CITIES):
        spread = SPREADS[at % len(SPREADS)]
        share = COMMUNITY * (rng.gamma(1 / spread**2, spread**2, COMMUNITY.size) + 1e-3)
        truth = share / share.sum() / COMMUNITY
        counts = clustered_counts(world(rng, evenings, share / share.sum()))
        effect = counts.design_effect if asked else 1.0
        found = participation(counts.voices, COMMUNITY, rng=rng, design_effect=effect, draws=2).rates
        covered.append((found.low <= truth) & (truth <= found.high))
        wrong.append(((found.high < 1) & (truth >= 1)) | ((found.low > 1) & (truth <= 1)))
    return float(np.mean(covered)), float(np.mean(wrong))


@pytest.mark.parametrize("evenings", [2, 3, 5, 10, 30])
@pytest.mark.parametrize("world", [alone, alike, unlike, visits])
def test_nine_in_ten_intervals_hold_the_true_ratio(world: World, evenings: int) -> None:
    covered, wrong = cities(world, evenings)
    assert covered > 0.87
    assert covered <= MOST[evenings]
    assert wrong < WRONG


@pytest.mark.parametrize("world", [alike, unlike])
def test_intervals_that_take_clumps_for_single_voices_hold_half_the_time(world: World) -> None:
    covered, wrong = cities(world, 10, asked=False)
    assert covered < 0.6
    assert wrong > 0.05
