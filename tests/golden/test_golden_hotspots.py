"""What the plain classification says of Columbus, whatever the seed."""

from __future__ import annotations

import numpy as np
import pytest

from example_maps import columbus
from hearback.stats.getis_ord import gi_star
from hearback.stats.hotspots import classify
from hearback.stats.multiplicity import Correction
from places import needs_shared

pytestmark = [pytest.mark.golden, needs_shared]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("correction", "named"),
    [("bonferroni", 1), ("benjamini-hochberg", 5), ("benjamini-yekutieli", 0)],
)
def test_columbus_has_17_raw_hits_and_few_survive(correction: Correction, named: int, seed: int) -> None:
    found = classify(*columbus(), rng=np.random.default_rng(seed), correction=correction)
    assert (found.raw_hits, found.surviving) == (17, named)


def test_columbus_has_four_hot_areas_and_a_cold_one() -> None:
    crime, weights = columbus()
    found = classify(crime, weights, rng=np.random.default_rng(0))
    assert [int((found.label == name).sum()) for name in ("hot", "cold", "uncertain", "unknown")] == [4, 1, 44, 0]
    assert set(np.flatnonzero(found.label == "hot")) <= set(np.argsort(-found.z)[:4])
    np.testing.assert_array_equal(found.z, gi_star(crime, weights).z)
