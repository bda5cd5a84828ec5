"""Rates against tail sums, loops over neighbours, and priors weighed one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hearback.stats.rates import _possible_priors, ebi_deviates, empirical_bayes, empirical_bayes_local, raw_rates
from hearback.stats.spatial_weights import SpatialWeights

pytestmark = pytest.mark.brute
areas = st.lists(st.tuples(st.integers(0, 30), st.integers(20, 5000)), min_size=3, max_size=9)


@given(events=st.integers(1, 60), population=st.integers(1, 10_000), level=st.sampled_from([0.8, 0.95, 0.99]))
def test_exact_limits_are_where_a_tail_of_the_poisson_is_left_over(events, population, level) -> None:
    found = raw_rates([events], [population], level=level)
    low, high = found.low[0] * population, found.high[0] * population
    assert stats.poisson.sf(events - 1, low) == pytest.approx((1 - level) / 2)
    assert stats.poisson.cdf(events, high) == pytest.approx((1 - level) / 2)


@given(areas)
def test_global_smoothing_is_marshalls_formula_area_by_area(rows) -> None:
    counts, people = np.array(rows).T
    found = empirical_bayes(counts, people)
    overall = sum(counts) / sum(people)
    between = sum(x * (o / x - overall) ** 2 for o, x in rows) / sum(people)
    variance = max(0, between - overall / (sum(people) / len(rows)))
    for i, (o, x) in enumerate(rows):
        share = variance / (variance + overall / x) if variance > 0 else 0
        assert found.weight_on_data[i] == pytest.approx(share)
        assert found.rate[i] == pytest.approx(share * o / x + (1 - share) * overall)
        if overall > 0:
            deviate = (o / x - overall) / (variance + overall / x) ** 0.5
            assert ebi_deviates(counts, people)[i] == pytest.approx(deviate)


@given(rows=areas, data=st.data())
def test_local_smoothing_is_the_same_formula_over_each_neighbourhood(rows, data) -> None:
    n = len(rows)
    near = data.draw(st.lists(st.lists(st.booleans(), min_size=n, max_size=n), min_size=n, max_size=n))
    around = [[j for j in range(n) if near[i][j] or i == j] for i in range(n)]
    found = empirical_bayes_local(*np.array(rows).T, SpatialWeights(np.array(near, dtype=float)))
    means = [sum(rows[j][0] for j in ids) / sum(rows[j][1] for j in ids) for ids in around]
    for i, ids in enumerate(around):
        o, x = rows[i]
        people = sum(rows[j][1] for j in ids)
        between = sum(rows[j][1] * (rows[j][0] / rows[j][1] - means[j]) ** 2 for j in ids) / people
        variance = max(0, between - means[i] * len(ids) / people)
        share = variance / (variance + means[i] / x) if variance > 1e-15 else 0
        assert found[i] == pytest.approx(share * o / x + (1 - share) * means[i], rel=1e-6, abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(areas)
def test_priors_are_weighed_by_the_probability_of_all_counts(rows) -> None:
    """Given a gamma prior, counts are negative binomial."""
    counts, people = np.array(rows, dtype=float).T
    shape, rate, probability = _possible_priors(counts, people)
    evidence = [
        np.prod(stats.nbinom.pmf(counts, r, b / (b + people))) * cell_of(r, people, counts)
        for r, b in zip(shape, rate, strict=True)
    ]
    np.testing.assert_allclose(probability, evidence / np.sum(evidence), rtol=1e-6)


def cell_of(shape: float, people: np.ndarray, counts: np.ndarray) -> float:
    """How much of the flat prior a point of the grid stands for."""
    expected = (counts.sum() + 0.5) / people.sum() * people
    return float(shape**-0.5 / np.sqrt((expected * shape / (shape + expected)).sum()))
