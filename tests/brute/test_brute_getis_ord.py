"""Gi, Gi* and their permutation p-values against every arrangement written out."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.stats.getis_ord import _draws, gi, gi_star, permutation_p
from hearback.stats.spatial_weights import SpatialWeights

pytestmark = pytest.mark.brute
N = 5


@st.composite
def maps(draw, n: int = N, heaviest: int = 3) -> tuple[np.ndarray, SpatialWeights]:
    """Values with ties, and weights that may differ within a row; some areas may be islands."""
    values = draw(st.lists(st.integers(-9, 9), min_size=n, max_size=n))
    cells = draw(st.lists(st.integers(0, heaviest), min_size=n * n, max_size=n * n))
    matrix = np.reshape(cells, (n, n)).astype(float)
    np.fill_diagonal(matrix, 0)
    return np.array(values, dtype=float), SpatialWeights(matrix)


@given(maps())
@settings(max_examples=30, deadline=None)
def test_moments_of_gi_star_are_those_of_all_arrangements(case) -> None:
    values, weights = case
    rows = weights.with_self().matrix.toarray()
    sums = np.array([rows @ np.array(order) for order in permutations(values)])
    found = gi_star(values, weights)
    np.testing.assert_allclose(found.expected, sums.mean(axis=0), atol=1e-9)
    np.testing.assert_allclose(found.variance, sums.var(axis=0), atol=1e-6)


@given(maps())
@settings(max_examples=30, deadline=None)
def test_moments_of_gi_are_those_of_all_arrangements_that_leave_the_area_in_place(case) -> None:
    values, weights = case
    found = gi(values, weights)
    for i, row in enumerate(weights.matrix.toarray()):
        sums = np.array([np.delete(row, i) @ np.array(order) for order in permutations(np.delete(values, i))])
        if not row.any():
            assert np.isnan(found.z[i])
            continue
        assert found.expected[i] == pytest.approx(sums.mean(), abs=1e-9)
        assert found.variance[i] == pytest.approx(sums.var(), abs=1e-6)
        assert (found.z[i] == 0) or sums.std() > 1e-9


@pytest.mark.parametrize("conditional", [True, False])
@pytest.mark.parametrize("heaviest", [1, 3])
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_tails_are_counted_as_draw_by_draw(data, heaviest, conditional) -> None:
    values, weights = data.draw(maps(n=7, heaviest=heaviest))
    weights = weights if conditional else weights.with_self()
    found = permutation_p(values, weights, permutations=60, rng=np.random.default_rng(8), conditional=conditional)
    upper, lower = tails_draw_by_draw(values, weights.matrix.toarray(), conditional=conditional)
    np.testing.assert_allclose(found.p_upper, upper)
    np.testing.assert_allclose(found.p_lower, lower)
    np.testing.assert_allclose(found.p_two_sided, np.minimum(1, 2 * np.fmin(upper, lower)))


def tails_draw_by_draw(values, rows, *, conditional) -> tuple[np.ndarray, np.ndarray]:
    """The same draws, gone through one by one for each area by itself."""
    sizes = (rows > 0).sum(axis=1)
    draws = np.concatenate(list(_draws(7, min(7, sizes.max() + conditional), count=60, rng=np.random.default_rng(8))))
    upper, lower = np.full((2, 7), np.nan)
    for i, row in enumerate(rows):
        if sizes[i] == 0:
            continue
        neighbours = np.flatnonzero(row)
        sums = []
        for ids in draws:
            chosen = list(ids[: sizes[i]])
            if conditional and i in chosen:
                chosen[chosen.index(i)] = ids[sizes[i]]
            sums.append(sum(row[j] * values[drawn] for j, drawn in zip(neighbours, chosen, strict=True)))
        observed = row @ values
        upper[i] = (1 + sum(s >= observed - 1e-6 for s in sums)) / 61
        lower[i] = (1 + sum(s <= observed + 1e-6 for s in sums)) / 61
    return upper, lower


@pytest.mark.parametrize("even", [True, False])
@pytest.mark.parametrize("conditional", [True, False])
def test_permutation_p_tends_to_the_share_of_all_arrangements(conditional, even) -> None:
    """20,000 draws; the tolerance is 5 standard errors."""
    rng = np.random.default_rng(4)
    values = rng.integers(0, 6, 9).astype(float)
    rows = (rng.random((9, 9)) < 0.4) * (1.0 if even else rng.integers(1, 4, (9, 9)))
    weights = SpatialWeights(rows)
    found = permutation_p(values, weights, permutations=20_000, rng=rng, conditional=conditional)
    for i, row in enumerate(rows):
        pool = np.delete(values, i) if conditional else values
        weighing = [w for j, w in enumerate(row) if w and not (conditional and j == i)]
        observed = sum(row[j] * values[j] for j in range(9) if not (conditional and j == i))
        sums = [
            np.dot(weighing, order) for chosen in combinations(pool, len(weighing)) for order in permutations(chosen)
        ]
        exact = np.mean(np.array(sums) >= observed - 1e-9)
        assert found.p_upper[i] == pytest.approx(exact, abs=5 * np.sqrt(0.25 / 20_000))


def test_every_ordered_draw_is_equally_likely() -> None:
    """60 ordered triples of 5, 60,000 draws: the chi-square stays below its 99.99 % point with this seed."""
    draws = np.concatenate(list(_draws(5, 3, count=60_000, rng=np.random.default_rng(2))))
    seen = np.unique(draws, axis=0, return_counts=True)[1]
    assert seen.size == 60
    assert ((seen - 1000) ** 2 / 1000).sum() < 111
