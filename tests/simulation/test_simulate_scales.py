"""Reliability and invariance in invented worlds with known loadings, with and without items that break."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.scales.invariance import Invariance, check_invariance
from hearback.stats.scales.reliability import alpha, omega
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation

WORLDS = 2000 if FULL_SIMULATIONS else 400
CHECKS = 100 if FULL_SIMULATIONS else 6
LOADINGS = np.array([0.8, 0.7, 0.6, 0.9, 0.7])
GROUPS = np.repeat(["English", "Spanish"], 400)


def test_feldts_interval_holds_as_often_as_it_says_for_parallel_items() -> None:
    rng = np.random.default_rng(1)
    truth, held = 4 * 0.5 / (1 + 3 * 0.5), 0
    for _ in range(WORLDS):
        found = alpha(rng.normal(size=(80, 1)) + rng.normal(size=(80, 4)))
        held += found.low <= truth <= found.high
    assert held / WORLDS == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / WORLDS))


def test_omega_finds_the_true_reliability_where_alpha_falls_short() -> None:
    rng = np.random.default_rng(2)
    uneven, noise = np.array([1.2, 0.3, 0.9, 0.3]), 0.7
    truth = uneven.sum() ** 2 / (uneven.sum() ** 2 + 4 * noise**2)
    worlds = [rng.normal(size=(500, 1)) * uneven + noise * rng.normal(size=(500, 4)) for _ in range(WORLDS // 10)]
    omegas, alphas = [omega(x).omega for x in worlds], [alpha(x).alpha for x in worlds]
    assert np.mean(omegas) == pytest.approx(truth, abs=4 * np.std(omegas) / np.sqrt(len(worlds)) + 0.002)
    assert np.mean(alphas) < truth - 0.03


def checked(rng: np.random.Generator, *, shift: tuple[float, ...] = (0, 0, 0, 0, 0), loadings=LOADINGS) -> Invariance:
    """English speakers, and Spanish speakers who trust less by 0.3 and answer with other loadings and intercepts."""
    english = rng.normal(size=(400, 1)) * LOADINGS
    spanish = rng.normal(-0.3, 1, size=(400, 1)) * loadings + np.array(shift)
    return check_invariance(np.vstack([english, spanish]) + 0.7 * rng.normal(size=(800, 5)), groups=GROUPS)


def test_a_scale_that_means_the_same_is_found_comparable_and_the_difference_true() -> None:
    rng = np.random.default_rng(3)
    found = [checked(rng) for _ in range(CHECKS)]
    assert np.mean([each.comparable for each in found]) >= 0.95
    differences = [each.factor_mean[1] for each in found]
    assert np.mean(differences) == pytest.approx(-0.3, abs=4 * np.std(differences) / np.sqrt(CHECKS))


def test_an_intercept_that_breaks_is_named_and_the_difference_still_true() -> None:
    rng = np.random.default_rng(4)
    found = [checked(rng, shift=(0, 0, 0.7, 0, 0)) for _ in range(CHECKS)]
    assert {each.verdict for each in found} == {"partly scalar"}
    assert {each.breaks for each in found} == {("item 3",)}
    assert not any(each.comparable for each in found)
    differences = [each.factor_mean[1] for each in found]
    assert np.mean(differences) == pytest.approx(-0.3, abs=4 * np.std(differences) / np.sqrt(CHECKS))


def test_a_loading_that_breaks_is_named() -> None:
    rng = np.random.default_rng(5)
    found = [checked(rng, loadings=np.array([0.8, 0.7, 0.6, 0.1, 0.7])) for _ in range(CHECKS)]
    assert np.mean(["item 4" in each.breaks for each in found]) >= 0.95


def test_intercepts_that_break_everywhere_are_not_compared() -> None:
    rng = np.random.default_rng(6)
    found = [checked(rng, shift=(0.9, -0.9, 0.4, -0.4, 0)) for _ in range(CHECKS)]
    assert not any(each.comparable for each in found)
