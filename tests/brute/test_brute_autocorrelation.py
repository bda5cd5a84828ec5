"""Moran and Geary against double loops and against every arrangement written out."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hearback.stats.autocorrelation import geary, local_moran, moran
from hearback.stats.spatial_weights import SpatialWeights

pytestmark = pytest.mark.brute
N = 5


@st.composite
def maps(draw) -> tuple[np.ndarray, np.ndarray]:
    """Values that differ, and weights that need be neither symmetric nor equal."""
    values = np.array(draw(st.lists(st.integers(-9, 9), min_size=N, max_size=N)), dtype=float)
    rows = np.reshape(draw(st.lists(st.integers(0, 3), min_size=N * N, max_size=N * N)), (N, N)).astype(float)
    np.fill_diagonal(rows, 0)
    assume(np.ptp(values) > 0)
    assume(rows.any())
    return values, rows


def moran_by_loops(values, rows) -> float:
    """Moran's I, pair by pair."""
    d = values - values.mean()
    products = sum(rows[i, j] * d[i] * d[j] for i in range(N) for j in range(N))
    return N / rows.sum() * products / (d**2).sum()


def geary_by_loops(values, rows) -> float:
    """Geary's C, pair by pair."""
    d = values - values.mean()
    squares = sum(rows[i, j] * (d[i] - d[j]) ** 2 for i in range(N) for j in range(N))
    return (N - 1) * squares / (2 * rows.sum() * (d**2).sum())


@pytest.mark.parametrize(("statistic", "by_loops"), [(moran, moran_by_loops), (geary, geary_by_loops)])
@given(case=maps())
@settings(max_examples=25, deadline=None)
def test_moments_are_those_of_all_arrangements(case, statistic, by_loops) -> None:
    values, rows = case
    found = statistic(values, SpatialWeights(rows))
    everywhere = np.array([by_loops(np.array(order), rows) for order in permutations(values)])
    assert found.statistic == pytest.approx(by_loops(values, rows), abs=1e-9)
    assert found.expected == pytest.approx(everywhere.mean(), abs=1e-9)
    assert found.variance == pytest.approx(everywhere.var(), abs=1e-9)


@given(case=maps())
@settings(max_examples=25, deadline=None)
def test_local_moran_is_that_of_loops_with_the_others_in_every_arrangement(case) -> None:
    values, rows = case
    found = local_moran(values, SpatialWeights(rows))
    d = values - values.mean()
    scale = (d**2).mean()
    for i in range(N):
        if not rows[i].any():
            assert np.isnan(found.statistic[i])
            assert found.quadrant[i] == ""
            continue
        weighing = np.delete(rows[i], i)
        everywhere = [d[i] / scale * (weighing @ np.array(order)) for order in permutations(np.delete(d, i))]
        assert found.statistic[i] == pytest.approx(d[i] / scale * (rows[i] @ d), abs=1e-9)
        assert found.expected[i] == pytest.approx(np.mean(everywhere), abs=1e-9)
        assert found.variance[i] == pytest.approx(np.var(everywhere), abs=1e-9)
