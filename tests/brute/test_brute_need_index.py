"""The need index against loops that count, area by area, in exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.stats.construct_checks import cronbach_alpha, kendall_w, principal_components
from hearback.stats.index_definition import IndexDefinition, Indicator, Theme
from hearback.stats.need_index import compute_index, percent_rank

pytestmark = pytest.mark.brute

values = st.one_of(st.just(float("nan")), st.integers(-3, 6).map(float))
tables = st.integers(2, 12).flatmap(
    lambda n: st.lists(
        st.lists(st.one_of(st.just(-999), st.integers(0, 40)), min_size=n, max_size=n), min_size=4, max_size=4
    )
)
INDEX = IndexDefinition(
    id="small",
    title="Small",
    source="invented",
    themes=(
        Theme("One", (Indicator("A", "a", "a", "high"), Indicator("B", "b", "b", "low"))),
        Theme("Two", (Indicator("C", "c", "c", "high"),)),
    ),
    population="people",
    missing=-999,
    decimals=2,
)


def slow_rank(column: list[Fraction | None], i: int) -> Fraction | None:
    known = [x for x in column if x is not None]
    if column[i] is None or len(known) < 2:
        return None
    return Fraction(sum(x < column[i] for x in known), len(known) - 1)


def rounded(x: Fraction | None) -> Fraction | None:
    return None if x is None else round(x, 2)


def added(parts: list[Fraction | None]) -> Fraction | None:
    return None if None in parts else sum(parts, Fraction(0))


def as_float(column: list[Fraction | None]) -> list[float]:
    return [float("nan") if x is None else float(x) for x in column]


@settings(deadline=None)
@given(st.lists(values, max_size=15))
def test_percent_rank_counts_those_strictly_below(column) -> None:
    exact = [None if np.isnan(x) else Fraction(x) for x in column]
    slow = as_float([slow_rank(exact, i) for i in range(len(column))])
    np.testing.assert_allclose(percent_rank(np.array(column, dtype=float)), slow, rtol=1e-15)


@settings(deadline=None)
@given(tables)
def test_the_index_is_the_counting_of_areas(rows) -> None:
    people, *inputs = rows
    n = len(people)
    known = [[Fraction(x) if x != -999 and people[i] > 0 else None for i, x in enumerate(column)] for column in inputs]
    ranks = [[rounded(slow_rank(column, i)) for i in range(n)] for column in known]
    ranks[1] = [None if (x := slow_rank(known[1], i)) is None else rounded(1 - x) for i in range(n)]
    themes = [[added([ranks[0][i], ranks[1][i]]) for i in range(n)], ranks[2]]
    overall = [added([theme[i] for theme in themes]) for i in range(n)]

    columns = dict(zip(("people", "a", "b", "c"), np.array(rows, dtype=float), strict=True))
    found = compute_index(columns, INDEX)
    np.testing.assert_allclose(found.percentile_ranks, np.transpose([as_float(column) for column in ranks]), atol=1e-12)
    np.testing.assert_allclose(found.theme_sums, np.transpose([as_float(theme) for theme in themes]), atol=1e-12)
    np.testing.assert_allclose(found.overall_sum, as_float(overall), atol=1e-12)
    slow = as_float([rounded(slow_rank(overall, i)) for i in range(n)])
    np.testing.assert_allclose(found.overall_rank, slow, atol=1e-12)


parts = st.integers(3, 9).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 5), min_size=n, max_size=n), min_size=2, max_size=4)
)
varying = parts.filter(lambda columns: all(len(set(column)) > 1 for column in columns))


@settings(deadline=None)
@given(varying)
def test_kendalls_w_is_the_textbooks_formula_with_middle_ranks(columns) -> None:
    m, n = len(columns), len(columns[0])
    middle = [[sum(y < x for y in c) + (sum(y == x for y in c) + 1) / 2 for x in c] for c in columns]
    sums = [sum(ranks[i] for ranks in middle) for i in range(n)]
    spread = sum((x - m * (n + 1) / 2) ** 2 for x in sums)
    ties = sum(c.count(x) ** 3 - c.count(x) for c in columns for x in set(c))
    found = kendall_w(np.array(columns, dtype=float).T)
    assert found.w == pytest.approx(12 * spread / (m**2 * (n**3 - n) - m * ties), abs=1e-12)
    assert found.w_without_tie_correction == pytest.approx(12 * spread / (m**2 * (n**3 - n)), abs=1e-12)


@settings(deadline=None)
@given(parts)
def test_alpha_is_the_share_of_covariance_in_the_sum(columns) -> None:
    table = np.array(columns, dtype=float).T
    if len(set(table.sum(axis=1))) == 1:
        assert np.isnan(cronbach_alpha(table))
        return
    covariance, p = np.cov(table.T), len(columns)
    together = covariance.sum() - np.trace(covariance)
    assert cronbach_alpha(table) == pytest.approx(p / (p - 1) * together / covariance.sum(), rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(varying)
def test_the_first_component_varies_as_much_as_its_eigenvalue_says(columns) -> None:
    table = np.array(columns, dtype=float).T
    found = principal_components(table)
    along = ((table - table.mean(axis=0)) / table.std(axis=0)) @ found.first_loadings
    assert along.var() == pytest.approx(found.eigenvalues[0])
    assert found.eigenvalues.sum() == pytest.approx(len(columns))
    assert found.first_loadings.sum() >= -1e-12
