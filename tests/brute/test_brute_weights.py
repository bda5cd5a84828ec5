"""Weights against generic solvers, loops over people, and one replicate at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import optimize

from hearback.stats.weight.calibrate import Auxiliaries, CalibrationImpossible, calibrate, from_margins
from hearback.stats.weight.diagnose import weighting_cost, weighting_report
from hearback.stats.weight.nonresponse import adjust_for_nonresponse
from hearback.stats.weight.poststratify import poststratify
from hearback.stats.weight.rake import rake, rake_replicates
from hearback.stats.weight.targets import EmptyCategory, Margin, margin
from hearback.stats.weight.trim import trim, trim_to_totals

pytestmark = pytest.mark.brute

seeds = st.integers(0, 2**32 - 1)


def invented(seed: int, *, n: int = 60) -> tuple[np.ndarray, list[Margin], np.random.Generator]:
    """Weights and margins that some weights with all cells above zero meet."""
    rng = np.random.default_rng(seed)
    columns = [rng.permutation(np.resize(np.arange(k), n)) for k in (2, 3, 4)]
    people = rng.uniform(5, 15, n)
    margins = [
        margin(f"of {k}", column, totals={at: float(people[column == at].sum()) for at in range(k)})
        for k, column in zip((2, 3, 4), columns, strict=True)
    ]
    return rng.uniform(1, 4, n), margins, rng


def dual_of_raking(weights: np.ndarray, margins: list[Margin]) -> np.ndarray:
    """Raked weights at the minimum of sum(w exp(x'b)) - t'b, found without knowing what raking is."""
    x = np.hstack([np.eye(len(m.categories))[m.codes] for m in margins])
    t = np.concatenate([m.totals for m in margins])
    found = optimize.minimize(
        lambda b: weights @ np.exp(x @ b) - t @ b,
        np.zeros(t.size),
        jac=lambda b: (weights * np.exp(x @ b)) @ x - t,
        method="BFGS",
        options={"gtol": 1e-9},
    )
    return weights * np.exp(x @ found.x)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_raking_is_the_minimum_of_a_convex_function(seed) -> None:
    weights, margins, _ = invented(seed)
    found = rake(weights, margins)
    np.testing.assert_allclose(found.weights, dual_of_raking(weights, margins), rtol=1e-6)
    for one in margins:
        np.testing.assert_allclose(one.sums(found.weights), one.totals, rtol=1e-10)


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_replicates_raked_together_are_each_raked_alone(seed) -> None:
    weights, margins, rng = invented(seed)
    replicates = weights[:, None] * rng.multinomial(60, np.full(60, 1 / 60), size=4).T
    try:
        found = rake_replicates(replicates, margins)
    except EmptyCategory:
        assume(False)
    for r in range(4):
        kept = replicates[:, r] > 0
        alone = [Margin(m.name, m.categories, m.codes[kept], m.totals) for m in margins]
        np.testing.assert_allclose(found.weights[kept, r], rake(replicates[kept, r], alone).weights, rtol=1e-8)
        assert (found.weights[~kept, r] == 0).all()


@given(seeds)
def test_poststratified_weights_are_shares_of_their_cells_total(seed) -> None:
    weights, margins, _ = invented(seed)
    found = poststratify(weights, margins[2]).weights
    for i, code in enumerate(margins[2].codes):
        alike = [weights[j] for j in range(60) if margins[2].codes[j] == code]
        assert found[i] == pytest.approx(margins[2].totals[code] * weights[i] / sum(alike))


@settings(max_examples=20, deadline=None)
@given(seed=seeds, low=st.floats(0.2, 0.7), high=st.floats(1.4, 3))
def test_bounded_linear_calibration_is_a_quadratic_programme(seed, low, high) -> None:
    weights, auxiliaries = numbers(seed)
    found = calibrate(weights, auxiliaries, distance="linear", bounds=(low, high))
    twin = solved_generically(weights, auxiliaries, lambda g: (g - 1) ** 2 / 2, lambda g: g - 1, low, high)
    assert distance(found.factors, weights, lambda g: (g - 1) ** 2 / 2) <= twin.fun + 1e-8
    np.testing.assert_allclose(found.factors, twin.x, atol=2e-4)


@settings(max_examples=20, deadline=None)
@given(seed=seeds, low=st.floats(0.2, 0.7), high=st.floats(1.4, 3))
def test_bounded_raking_is_least_divergence_within_the_bounds(seed, low, high) -> None:
    weights, auxiliaries = numbers(seed)
    found = calibrate(weights, auxiliaries, distance="raking", bounds=(low, high))
    twin = solved_generically(weights, auxiliaries, lambda g: g * np.log(g) - g + 1, np.log, low, high)
    assert distance(found.factors, weights, lambda g: g * np.log(g) - g + 1) <= twin.fun + 1e-8
    np.testing.assert_allclose(found.factors, twin.x, atol=2e-4)


@settings(max_examples=20, deadline=None)
@given(seed=seeds, low=st.floats(0.2, 0.6), high=st.floats(1.6, 3))
def test_logit_calibration_is_least_in_its_distance(seed, low, high) -> None:
    """Deville and Särndal's case 6, written as they print it."""
    weights, auxiliaries = numbers(seed)
    a = (high - low) / ((1 - low) * (high - 1))

    def printed(g: np.ndarray) -> np.ndarray:
        return ((g - low) * np.log((g - low) / (1 - low)) + (high - g) * np.log((high - g) / (high - 1))) / a

    def slope(g: np.ndarray) -> np.ndarray:
        return (np.log((g - low) / (1 - low)) - np.log((high - g) / (high - 1))) / a

    found = calibrate(weights, auxiliaries, distance="logit", bounds=(low, high))
    twin = solved_generically(weights, auxiliaries, printed, slope, low + 1e-9, high - 1e-9)
    assert distance(found.factors, weights, printed) <= twin.fun + 1e-8
    np.testing.assert_allclose(found.factors, twin.x, atol=2e-4)


def numbers(seed: int) -> tuple[np.ndarray, Auxiliaries]:
    """Weights, and totals that factors between 0.75 and 1.35 can meet."""
    rng = np.random.default_rng(seed)
    weights, columns = rng.uniform(1, 4, 25), np.column_stack([np.ones(25), rng.normal(size=(25, 2))])
    return weights, Auxiliaries(("n", "x", "z"), columns, (weights * rng.uniform(0.75, 1.35, 25)) @ columns)


def distance(factors, weights, of) -> float:
    return float(weights @ of(factors))


def solved_generically(weights, auxiliaries, of, slope, low, high) -> optimize.OptimizeResult:
    weighted = auxiliaries.columns * weights[:, None]
    found = optimize.minimize(
        lambda g: weights @ of(g),
        np.ones(25),
        jac=lambda g: weights * slope(g),
        method="SLSQP",
        bounds=[(low, high)] * 25,
        constraints={"type": "eq", "fun": lambda g: g @ weighted - auxiliaries.totals, "jac": lambda g: weighted.T},
        options={"ftol": 1e-13, "maxiter": 500},
    )
    assume(found.success)
    return found


@settings(max_examples=25, deadline=None)
@given(seed=seeds, low=st.floats(0.5, 0.95), high=st.floats(1.05, 1.6))
def test_calibration_is_refused_exactly_where_no_weights_within_the_bounds_exist(seed, low, high) -> None:
    weights, auxiliaries = numbers(seed)
    weighted = auxiliaries.columns * weights[:, None]
    possible = optimize.linprog(np.zeros(25), A_eq=weighted.T, b_eq=auxiliaries.totals, bounds=(low, high)).success
    try:
        calibrate(weights, auxiliaries, bounds=(low, high))
        calibrated = True
    except CalibrationImpossible:
        calibrated = False
    assert calibrated is possible


@settings(max_examples=25, deadline=None)
@given(seed=seeds, high=st.floats(1.05, 1.6))
def test_weights_trimmed_and_calibrated_meet_limits_and_totals_wherever_that_can_be(seed, high) -> None:
    weights, margins, _ = invented(seed)
    auxiliaries = from_margins(margins, weights=weights)
    limit = high * rake(weights, margins).weights.mean()
    weighted = auxiliaries.columns
    possible = optimize.linprog(np.zeros(60), A_eq=weighted.T, b_eq=auxiliaries.totals, bounds=(0, limit)).success
    assume(possible)
    found = trim_to_totals(weights, auxiliaries, high=limit)
    assert found.weights.max() <= limit * (1 + 1e-12)
    np.testing.assert_allclose(found.weights @ auxiliaries.columns, auxiliaries.totals, rtol=1e-9)


@settings(deadline=None)
@given(
    weights=st.lists(st.floats(0.1, 100), min_size=2, max_size=15), low=st.floats(0.1, 0.99), high=st.floats(1.01, 4)
)
def test_trimming_is_the_nearest_weights_within_the_limits_with_the_same_sum(weights, low, high) -> None:
    """Nearest means: those inside moved by one and the same amount, those cut would have moved beyond."""
    before = np.array(weights)
    low, high = low * before.mean(), high * before.mean()
    found = trim(before, low=low, high=high)
    assert found.weights.sum() == pytest.approx(before.sum(), rel=1e-9)
    assert ((found.weights >= low) & (found.weights <= high)).all()
    shift = found.weights - before
    if (~found.cut).any():
        common = shift[~found.cut].mean()
        np.testing.assert_allclose(shift[~found.cut], common, atol=1e-8)
        at_top = found.cut & (found.weights > before.mean())
        assert (before[at_top] + common >= high - 1e-8).all()
        assert (before[found.cut & ~at_top] + common <= low + 1e-8).all()


@given(seeds)
def test_nonresponse_factors_class_by_class(seed) -> None:
    weights, margins, rng = invented(seed)
    classes, responded = margins[1].codes, rng.random(60) < 0.7
    assume(all(responded[classes == k].any() for k in range(3)))
    found = adjust_for_nonresponse(weights, responded=responded, classes=classes)
    for i in range(60):
        alike = [j for j in range(60) if classes[j] == classes[i]]
        factor = sum(weights[j] for j in alike) / sum(weights[j] for j in alike if responded[j])
        assert found.weights[i] == pytest.approx(weights[i] * factor if responded[i] else 0)
    assert found.weights.sum() == pytest.approx(weights.sum())


@given(seeds)
def test_costs_and_balance_by_loops(seed) -> None:
    weights, margins, _ = invented(seed)
    after = rake(weights, margins).weights
    report = weighting_report(weights, after, margins=margins)
    assert report.after.effective_n == pytest.approx(sum(after) ** 2 / sum(w * w for w in after))
    assert weighting_cost(after).deff == pytest.approx(1 + np.var(after) / np.mean(after) ** 2)
    for one, balance in zip(margins, report.balance, strict=True):
        for at in range(len(one.categories)):
            members = [i for i in range(60) if one.codes[i] == at]
            assert balance.respondents[at] == len(members)
            assert balance.before[at] == pytest.approx(sum(weights[i] for i in members) / sum(weights))
            assert balance.after[at] == pytest.approx(balance.target[at], rel=1e-9)
