"""Neighbours against libpysal, and against every pair looked at by eye."""

from __future__ import annotations

import itertools

import libpysal
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.stats.spatial_weights import SpatialWeights, contiguity, distance_band, k_nearest
from places import SHARED, needs_shared

pytestmark = pytest.mark.brute
PEERS = {"queen": libpysal.weights.Queen, "rook": libpysal.weights.Rook}
places = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=15)


def pairs(weights: SpatialWeights) -> set[tuple[int, int]]:
    """Who is whose neighbour, as pairs."""
    return {(int(i), int(j)) for i, j in zip(*weights.matrix.nonzero(), strict=True)}


@needs_shared
@pytest.mark.parametrize("rule", ["queen", "rook"])
@pytest.mark.parametrize("file", ["census-tracts-2010", "police-service-areas"])
def test_neighbours_of_real_areas_are_those_libpysal_finds(file, rule) -> None:
    frame = pyogrio.read_dataframe(SHARED / "data" / "washington-dc" / f"{file}.geojson")
    peer = PEERS[rule].from_dataframe(frame, use_index=False).sparse
    assert pairs(contiguity(frame.geometry.values, rule=rule)) == pairs(SpatialWeights(peer))


@given(cells=st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=20), turn=st.floats(0, 90))
@settings(max_examples=50, deadline=None)
def test_squares_touch_as_chess_pieces_move_even_when_the_board_is_turned(cells, turn) -> None:
    """Turned coordinates are rounded, so that shared corners no longer agree to the last digit."""
    at = sorted(cells)
    turned = [shapely.affinity.rotate(shapely.box(x, y, x + 1, y + 1), turn, origin=(0, 0)) for x, y in at]
    steps = {
        (i, j): sorted((abs(at[i][0] - at[j][0]), abs(at[i][1] - at[j][1])))
        for i, j in itertools.permutations(range(len(at)), 2)
    }
    assert pairs(contiguity(turned, rule="rook")) == {pair for pair, step in steps.items() if step == [0, 1]}
    assert pairs(contiguity(turned, rule="queen")) == {pair for pair, step in steps.items() if step[1] == 1}


@given(points=places, distance=st.floats(0.5, 6))
@settings(deadline=None)
def test_a_distance_band_holds_every_pair_near_enough(points, distance) -> None:
    expected = {
        (i, j)
        for i, j in itertools.permutations(range(len(points)), 2)
        if np.hypot(*np.subtract(points[i], points[j])) <= distance
    }
    assert pairs(distance_band(points, distance=distance)) == expected


@given(points=places, k=st.integers(1, 14))
@settings(deadline=None)
def test_no_point_left_out_is_nearer_than_the_k_nearest(points, k) -> None:
    k = min(k, len(points) - 1)
    chosen = k_nearest(points, k=k).matrix.toarray() > 0
    gaps = np.array([[np.hypot(*np.subtract(a, b)) for b in points] for a in points])
    assert (chosen.sum(axis=1) == k).all()
    assert not chosen.diagonal().any()
    np.fill_diagonal(gaps, np.nan)
    for row, gap in zip(chosen, gaps, strict=True):
        assert np.max(gap[row]) <= np.nanmin(np.where(row, np.nan, gap), initial=np.inf)
