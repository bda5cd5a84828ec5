"""Quantiles, tables, regressions and changes between waves against slow and obvious twins."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hearback.stats.design import Design, Floats
from hearback.stats.estimate.chi_square import rao_scott
from hearback.stats.estimate.contrasts import contrasts, difference, wald_test
from hearback.stats.estimate.proportions import proportions
from hearback.stats.estimate.quantiles import quantiles
from hearback.stats.estimate.ratios import means, ratios, totals
from hearback.stats.estimate.regression import linear_regression, logistic_regression
from hearback.stats.estimate.waves import change
from hearback.stats.survey_design import survey_design
from hearback.stats.variance.replicates import jackknife

pytestmark = pytest.mark.brute
seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)
answers = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), min_size=2, max_size=25)


def clustered(rng: np.random.Generator, n: int = 60) -> Design:
    """Two strata of six clusters, ten people less or more in each, with unequal weights."""
    cluster = rng.permutation(np.arange(n) % 12)
    return survey_design(rng.uniform(1, 6, n), strata=[cluster % 2], psu=[cluster])


@given(answers, st.sampled_from([0.1, 0.25, 0.5, 0.9]))
def test_a_quantile_is_the_first_value_that_reaches_the_share(data: list[tuple[int, int]], share: float) -> None:
    values, weights = np.array(data, dtype=np.float64).T
    found = quantiles(survey_design(weights), values, [share])
    reached = [v for v in sorted(set(values)) if weights[values <= v].sum() >= share * weights.sum() - 1e-9]
    assert found.estimate[0] == reached[0]
    if values.min() < reached[0] == values.max():
        assert np.isnan([found.se, found.ci_low, found.ci_high]).all()
    else:
        assert found.ci_low[0] <= found.estimate[0] <= found.ci_high[0]


@given(answers)
def test_the_schools_median_is_half_way_where_half_is_reached_exactly(data: list[tuple[int, int]]) -> None:
    values = np.array([value for value, times in data for _ in range(times)], dtype=np.float64)
    found = quantiles(survey_design(np.ones(values.size)), values, [0.5], rule="school")
    assert found.estimate[0] == np.median(values)


@given(seeds)
def test_ratios_and_contrasts_follow_from_totals_by_the_delta_method(rng: np.random.Generator) -> None:
    design = clustered(rng)
    x, y = rng.uniform(1, 4, 60), rng.normal(5, 1, 60)
    both = totals(design, np.column_stack([y, x]))
    ratio = both.estimate[0] / both.estimate[1]
    slope = np.array([1, -ratio]) / both.estimate[1]
    found = ratios(design, y, x)
    assert found.estimate[0] == pytest.approx(ratio)
    assert found.se[0] ** 2 == pytest.approx(slope @ np.asarray(both.covariance) @ slope)
    assert contrasts(both, slope, names=("ratio",)).se[0] == pytest.approx(found.se[0])


@given(seeds)
def test_a_difference_of_groups_is_the_slope_of_a_regression_on_the_group(rng: np.random.Generator) -> None:
    design, group, y = clustered(rng), rng.permutation(np.arange(60) % 2), rng.normal(size=60)
    gap = difference(means(design, y, by=group), "1", "0")
    slope = linear_regression(design, y, group, names=("group",))
    assert (gap.estimate[0], gap.se[0]) == pytest.approx((slope.estimate[1], slope.se[1]))
    assert wald_test(gap).f == pytest.approx(gap.t[0] ** 2)


@given(seeds)
def test_linear_regression_is_least_squares_with_a_sandwich(rng: np.random.Generator) -> None:
    design, x, y = clustered(rng), rng.normal(size=(60, 2)), rng.normal(size=60)
    x[3, 0], y[5] = np.nan, np.nan
    used = np.isfinite(x[:, 0]) & np.isfinite(y)
    full = np.column_stack([np.ones(60), x])
    w = np.where(used, design.weights, 0.0)
    bread = np.linalg.inv((full[used] * w[used, None]).T @ full[used])
    fit = bread @ (full[used] * w[used, None]).T @ y[used]
    influence = np.zeros((60, 3))
    influence[used] = (w * np.where(used, y - full @ fit, 0.0))[used, None] * full[used] @ bread
    meat = totals(design, influence / design.weights[:, None])
    found = linear_regression(design, y, x, names=("a", "b"))
    assert found.estimate == pytest.approx(fit)
    assert found.covariance == pytest.approx(np.asarray(meat.covariance), rel=1e-8, abs=1e-14)


@given(seeds)
def test_logistic_regression_is_where_the_likelihood_is_flat(rng: np.random.Generator) -> None:
    design, x = clustered(rng), rng.normal(size=(60, 2))
    y = (rng.random(60) < 0.5).astype(np.float64)
    found = logistic_regression(design, y, x, names=("a", "b"))
    model = sm.GLM(y, sm.add_constant(x), family=sm.families.Binomial(), freq_weights=design.weights).fit(tol=1e-12)
    assert found.estimate == pytest.approx(model.params, rel=1e-4, abs=1e-6)


@given(seeds)
def test_a_table_of_a_simple_sample_is_tested_as_pearson_tests_it(rng: np.random.Generator) -> None:
    rows, columns = rng.integers(0, 2, 80), rng.integers(0, 3, 80)
    if np.unique(rows * 3 + columns).size < 6:
        return
    found = rao_scott(survey_design(np.ones(80)), rows, columns)
    table = np.histogram2d(rows, columns, bins=(2, 3))[0]
    assert found.pearson == pytest.approx(stats.chi2_contingency(table, correction=False).statistic)
    assert found.mean_deff == pytest.approx(80 / 79)
    assert found.df_numerator == pytest.approx(2)
    assert found.shares == pytest.approx(table / 80)


@given(seeds)
def test_rao_scotts_mean_deff_is_that_of_the_contrast_in_a_two_by_two_table(rng: np.random.Generator) -> None:
    design, rows, columns = clustered(rng), rng.integers(0, 2, 60), rng.integers(0, 2, 60)
    if np.unique(rows * 2 + columns).size < 4:
        return
    cells = proportions(design, rows * 2 + columns)
    signs = np.array([1.0, -1.0, -1.0, 1.0]) / cells.estimate
    of_simple_sample = (signs**2 * cells.estimate).sum() / 60
    expected = signs @ np.asarray(cells.covariance) @ signs / of_simple_sample
    assert rao_scott(design, rows, columns).mean_deff == pytest.approx(expected, rel=1e-8)


@given(seeds)
def test_a_panels_change_is_the_mean_of_everybodys_change(rng: np.random.Generator) -> None:
    n = 40
    person, stratum, weight = np.arange(n), np.arange(n) % 2, rng.uniform(1, 3, n)
    design = survey_design(weight, strata=[stratum], psu=[person], fpc=[np.full(n, 50)])
    before = rng.normal(size=(n, 2))
    after = before + rng.normal(size=(n, 2))
    shuffled = rng.permutation(n)
    again = survey_design(weight[shuffled], strata=[stratum[shuffled]], psu=[person[shuffled]], fpc=[np.full(n, 50)])
    found = change(means(design, before), means(again, after[shuffled]))
    expected = means(design, after - before)
    assert found.estimate == pytest.approx(expected.estimate)
    assert found.covariance == pytest.approx(np.asarray(expected.covariance))
    assert found.df.tolist() == expected.df.tolist()


def shared_units_by_hand(design: Design, other: Design, z: Floats, other_z: Floats) -> float:
    """The covariance of two waves, unit by unit, with replacement."""
    total = 0.0
    one, two = design.stages[0], other.stages[0]
    sums = [
        {(s.stratum_names[s.stratum[u]], s.unit_names[u]): v[s.unit == u].sum() for u in range(s.stratum.size)}
        for s, v in ((one, z), (two, other_z))
    ]
    for stratum in {key[0] for key in sums[0]} & {key[0] for key in sums[1]}:
        mine, theirs = ({key: v for key, v in wave.items() if key[0] == stratum} for wave in sums)
        n, m = len(mine), len(theirs)
        common = mine.keys() & theirs.keys()
        lost = 1 - 1 / n - 1 / m + len(common) / (n * m)
        products = [(mine[key] - sum(mine.values()) / n) * (theirs[key] - sum(theirs.values()) / m) for key in common]
        total += sum(products) / lost
    return total


@given(seeds)
def test_waves_that_share_some_clusters(rng: np.random.Generator) -> None:
    waves = []
    for first in (0, 4):
        cluster = np.repeat(np.arange(first, first + 12), 5)
        values = rng.normal(size=60) + cluster % 5
        design = survey_design(rng.uniform(1, 3, 60), strata=[cluster % 2], psu=[cluster])
        waves.append((design, values, means(design, values)))
    (one, _, before), (two, _, after) = waves
    influence = [d.weights * (v - m.estimate) / d.weights.sum() for d, v, m in waves]
    expected = before.se**2 + after.se**2 - 2 * shared_units_by_hand(one, two, *influence)
    found = change(before, after)
    assert found.se**2 == pytest.approx(np.maximum(expected, (before.se - after.se) ** 2))
    assert found.df[0] == 16 - 2


@given(seeds)
def test_waves_of_strangers_are_independent(rng: np.random.Generator) -> None:
    one, two = (means(survey_design(np.ones(30)), rng.normal(size=30)) for _ in range(2))
    assert change(one, two).se[0] == pytest.approx(np.hypot(one.se[0], two.se[0]))


@given(seeds)
def test_stacked_waves_with_replicates_give_nearly_the_same_change(rng: np.random.Generator) -> None:
    cluster = np.tile(np.arange(40), 4)
    wave = np.repeat([1, 2], 80)
    y = rng.normal(size=160) + rng.normal(size=40)[cluster]
    stacked = survey_design(np.ones(160), psu=[cluster])
    gap = difference(means(stacked.with_replicates(jackknife(stacked)), y, by=wave), "2", "1")
    one, two = (survey_design(np.ones(80), psu=[cluster[wave == w]]) for w in (1, 2))
    found = change(means(one, y[wave == 1]), means(two, y[wave == 2]))
    assert found.se[0] == pytest.approx(gap.se[0], rel=1e-6)
