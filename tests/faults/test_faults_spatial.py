"""Bad input to the spatial statistics gets one clear sentence that says where and what to do."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import Polygon, box

from example_maps import chessboard
from hearback.refusal import Refusal
from hearback.stats.autocorrelation import moran
from hearback.stats.getis_ord import gi, gi_star, permutation_p
from hearback.stats.hotspots import classify
from hearback.stats.multiplicity import UnusablePValues, adjust
from hearback.stats.rates import UnusableCounts, empirical_bayes, raw_rates
from hearback.stats.spatial_weights import (
    SpatialWeights,
    UnusableNeighbours,
    UnusableValues,
    contiguity,
    distance_band,
    from_edges,
    k_nearest,
)

pytestmark = pytest.mark.faults
BOARD = chessboard(3)
RNG = np.random.default_rng(1)

REFUSED = {
    "a polygon that is empty": (
        lambda: contiguity([box(0, 0, 1, 1), Polygon()]),
        UnusableNeighbours,
        "area 2 of 2: The polygon is missing or empty",
    ),
    "a polygon that is missing": (
        lambda: contiguity([box(0, 0, 1, 1), None]),
        UnusableNeighbours,
        "area 2 of 2: The polygon is missing or empty",
    ),
    "a pair counted from 1": (
        lambda: from_edges([[1, 2], [2, 3]], n=3),
        UnusableNeighbours,
        "pair 2 of 2: The pair (2, 3) names an area outside 0 to 2. Count areas from 0",
    ),
    "more neighbours than areas": (
        lambda: k_nearest([[0, 0], [1, 1]], k=2),
        UnusableNeighbours,
        "2 nearest neighbours cannot be found among 1 other areas",
    ),
    "a point without a place": (
        lambda: distance_band([[0, np.nan]], distance=1),
        UnusableNeighbours,
        "Points need two finite coordinates",
    ),
    "a negative weight": (
        lambda: SpatialWeights(np.array([[0, -1], [1, 0]])),
        UnusableNeighbours,
        "A spatial weight is negative",
    ),
    "too few values": (
        lambda: gi_star([1, 2], BOARD),
        UnusableValues,
        "There are 2 values for 9 areas. Give one value for each area",
    ),
    "a missing value": (
        lambda: moran([1, 2, np.nan, 4, 5, 6, 7, 8, 9], BOARD),
        UnusableValues,
        "area 3 of 9: The value is missing or not finite. Leave such areas out",
    ),
    "an infinite value": (
        lambda: classify([1, 2, np.inf, 4, 5, 6, 7, 8, 9], BOARD, rng=RNG),
        UnusableValues,
        "area 3 of 9",
    ),
    "values all equal": (lambda: moran(np.ones(9), BOARD), UnusableValues, "All values are equal"),
    "only islands": (
        lambda: moran(np.arange(9), SpatialWeights(np.zeros((9, 9)))),
        UnusableValues,
        "No area has a neighbour",
    ),
    "three areas": (
        lambda: moran([1, 2, 3], SpatialWeights(np.ones((3, 3)))),
        UnusableValues,
        "3 areas are too few",
    ),
    "two areas": (
        lambda: gi([1, 2], SpatialWeights(np.ones((2, 2)))),
        UnusableValues,
        "2 areas are too few",
    ),
    "no permutation": (
        lambda: permutation_p(np.arange(9), BOARD, permutations=0, rng=RNG),
        UnusableValues,
        "at least one permutation",
    ),
    "a p-value above 1": (
        lambda: adjust([0.2, 1.5], correction="holm"),
        UnusablePValues,
        "A p-value lies outside 0 to 1",
    ),
    "an unknown correction": (
        lambda: adjust([0.2], correction="hochbergs"),
        UnusablePValues,
        "There is no correction 'hochbergs'. Choose one of bonferroni, holm, benjamini-hochberg",
    ),
    "a negative count": (
        lambda: raw_rates([1, -999], [10, 10]),
        UnusableCounts,
        "area 2 of 2: The count is -999. Counts and populations are 0 or more; leave unknown ones empty",
    ),
    "more counts than populations": (
        lambda: empirical_bayes([1, 2], [10]),
        UnusableCounts,
        "There are 2 counts for 1 populations",
    ),
    "a level in per cent": (
        lambda: raw_rates([1], [10], level=95),
        UnusableCounts,
        "The level of an interval lies between 0 and 1, which 95 does not",
    ),
    "a level of nothing": (
        lambda: classify(np.arange(9), BOARD, level=0, rng=RNG),
        UnusablePValues,
        "A level lies between 0 and 1, which 0 does not",
    ),
    "nobody anywhere": (
        lambda: raw_rates([1, 2], [0, 0]),
        UnusableCounts,
        "No area has both a count and people",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_one_sentence(name) -> None:
    attempt, refusal, sentence = REFUSED[name]
    with pytest.raises(refusal) as refused:
        attempt()
    assert isinstance(refused.value, Refusal)
    assert sentence in refused.value.sentence
    assert "\n" not in refused.value.sentence


def test_a_matrix_that_is_not_square_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match=r"square, not \(2, 3\)"):
        SpatialWeights(np.ones((2, 3)))
