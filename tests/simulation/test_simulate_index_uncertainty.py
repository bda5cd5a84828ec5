"""Whether joint rank ranges hold and probabilities come true, in invented worlds where true need is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from hearback.stats.index_definition import IndexDefinition, Indicator, Theme
from hearback.stats.index_uncertainty import simulate_index
from hearback.stats.need_index import compute_index
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation

WORLDS = 200 if FULL_SIMULATIONS else 50
DRAWS = 300 if FULL_SIMULATIONS else 150
AREAS, INDICATORS = 40, 5
LEVEL = 0.90

Rng = np.random.Generator
World = Callable[[Rng], tuple[np.ndarray, np.ndarray]]


def related(rng: Rng) -> tuple[np.ndarray, np.ndarray]:
    """Indicators of one cause; areas differ in how well they are measured."""
    truth = 50 + 10 * (0.6 * rng.normal(size=(AREAS, 1)) + 0.8 * rng.normal(size=(AREAS, INDICATORS)))
    return truth, 10 * np.exp(rng.normal(-0.7, 0.4, (AREAS, 1))) * np.ones(INDICATORS)


def unrelated(rng: Rng) -> tuple[np.ndarray, np.ndarray]:
    """Indicators that have nothing to do with each other, measured badly."""
    truth = 50 + 10 * rng.normal(size=(AREAS, INDICATORS))
    return truth, np.full((AREAS, INDICATORS), 7.0)


def skewed(rng: Rng) -> tuple[np.ndarray, np.ndarray]:
    """Percentages mostly near zero, as of people without a car, and larger errors where there are more."""
    truth = 3 * np.exp(1.2 * (0.6 * rng.normal(size=(AREAS, 1)) + 0.8 * rng.normal(size=(AREAS, INDICATORS))))
    return np.minimum(truth, 100), np.sqrt(truth + 0.3) * np.exp(rng.normal(-0.3, 0.4, (AREAS, 1)))


def some_hardly_known(rng: Rng) -> tuple[np.ndarray, np.ndarray]:
    """A fifth of the areas has more need and is measured five times worse, as small poor places are."""
    badly = rng.random((AREAS, 1)) < 0.2
    truth = 50 + 10 * (0.6 * rng.normal(size=(AREAS, 1)) + 0.8 * rng.normal(size=(AREAS, INDICATORS)) + 0.7 * badly)
    return truth, np.where(badly, 15.0, 3.0) * np.ones(INDICATORS)


def alike(rng: Rng) -> tuple[np.ndarray, np.ndarray]:
    """No area differs from any other: every difference found is an error."""
    return np.full((AREAS, INDICATORS), 50.0), 10 * np.exp(rng.normal(0, 0.4, (AREAS, 1))) * np.ones(INDICATORS)


def two_blocks(rng: Rng) -> tuple[np.ndarray, np.ndarray]:
    """Two kinds of areas, alike within: the two may be told apart, nothing else."""
    truth = np.repeat([50.0, 65.0], AREAS // 2)[:, None] * np.ones(INDICATORS)
    return truth, 10 * np.exp(rng.normal(-0.5, 0.4, (AREAS, 1))) * np.ones(INDICATORS)


INDEX = IndexDefinition(
    id="invented",
    title="Invented",
    source="invented",
    themes=tuple(
        Theme(name, (Indicator(name, name, name, "low" if name == "I0" else "high", margin=name, possible=(0, 100)),))
        for name in (f"I{k}" for k in range(INDICATORS))
    ),
)


def columns_of(table: np.ndarray) -> dict[str, np.ndarray]:
    return {f"I{k}": 100 - column if k == 0 else column for k, column in enumerate(table.T)}


def one_world(world: World, rng: Rng):
    """The true scores of a world, and what is found out about it from one table with errors."""
    truth, se = world(rng)
    observed = np.clip(truth + se * rng.normal(size=truth.shape), 0, 100)
    margins = {f"I{k}": column for k, column in enumerate(1.645 * se.T)}
    found = simulate_index(columns_of(observed), margins, INDEX, draws=DRAWS, rng=rng, level=LEVEL)
    return compute_index(columns_of(truth), INDEX).overall_sum, found


@pytest.mark.parametrize("world", [related, unrelated, skewed, some_hardly_known, alike, two_blocks])
def test_all_ranges_hold_together_as_often_as_promised(world: World) -> None:
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(WORLDS):
        truth, found = one_world(world, rng)
        best = 1 + (truth > truth[:, None]).sum(axis=1)
        worst = AREAS - (truth < truth[:, None]).sum(axis=1)
        held += bool((found.rank_low <= best).all() and (worst <= found.rank_high).all())
    assert held >= stats.binom.ppf(0.001, WORLDS, LEVEL)


def test_areas_far_apart_are_told_apart() -> None:
    rng = np.random.default_rng(12)
    truth = np.linspace(10, 90, AREAS)[:, None] * np.ones(INDICATORS)
    _, found = one_world(lambda rng: (truth, np.full(truth.shape, 2.0)), rng)
    assert (found.rank_high - found.rank_low).max() < 10
    np.testing.assert_array_equal(found.rank_low[-1], 1)


@pytest.mark.parametrize("world", [related, unrelated, skewed, some_hardly_known])
def test_of_areas_given_a_probability_that_share_is_in_the_top_tenth(world: World) -> None:
    rng = np.random.default_rng(13)
    given, came_true = [], []
    for _ in range(2 * WORLDS):
        truth, found = one_world(world, rng)
        given.append(found.p_top_tenth)
        came_true.append(truth >= np.sort(truth)[-AREAS // 10])
    p, true = np.concatenate(given), np.concatenate(came_true)
    for low, high in ((0, 0.05), (0.05, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)):
        those = (low <= p) & (p < high)
        expected = p[those].mean()
        noise = np.sqrt(expected * (1 - expected) / those.sum())
        assert true[those].mean() == pytest.approx(expected, abs=4 * noise)
