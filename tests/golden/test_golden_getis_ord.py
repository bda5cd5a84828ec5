"""Gi and Gi* against R's spdep, for any scale of the weights."""

from __future__ import annotations

import numpy as np
import pytest

from example_maps import columbus, spdep
from hearback.stats.getis_ord import gi, gi_star
from hearback.stats.multiplicity import Correction, adjust, benjamini_hochberg
from hearback.stats.spatial_weights import SpatialWeights
from places import needs_shared

pytestmark = [pytest.mark.golden, needs_shared]


def scaled(weights: SpatialWeights, how: str) -> SpatialWeights:
    """The weights as they are, standardised by row, or 7 times as heavy."""
    if how == "times 7":
        return SpatialWeights(7 * weights.matrix)
    return weights.row_standardised() if how == "row-standardised" else weights


@pytest.mark.parametrize("how", ["binary", "row-standardised", "times 7"])
def test_gi_star_equals_spdep_whatever_the_scale_of_the_weights(how: str) -> None:
    crime, weights = columbus()
    found = gi_star(crime, scaled(weights, how)).z
    np.testing.assert_allclose(found, spdep()["localG_Gistar_B"], atol=1e-13)
    assert found.min() == pytest.approx(-2.85102317657986, abs=1e-13)
    assert found.max() == pytest.approx(3.28607023910257, abs=1e-13)


@pytest.mark.parametrize("how", ["binary", "row-standardised", "times 7"])
def test_gi_equals_spdep_whatever_the_scale_of_the_weights(how: str) -> None:
    crime, weights = columbus()
    np.testing.assert_allclose(gi(crime, scaled(weights, how)).z, spdep()["localG_Gi_B"], atol=1e-13)


def test_p_values_and_their_adjustment_equal_spdep() -> None:
    p = gi_star(*columbus()).p_two_sided
    np.testing.assert_allclose(p, spdep()["Gistar_B_p_two_sided"], rtol=1e-12)
    np.testing.assert_allclose(benjamini_hochberg(p), spdep()["Gistar_B_padj_BH"], rtol=1e-12)


@pytest.mark.parametrize(
    ("correction", "named"),
    [("bonferroni", 1), ("benjamini-hochberg", 5), ("benjamini-yekutieli", 0)],
)
def test_of_17_raw_hits_on_columbus_few_survive(correction: Correction, named: int) -> None:
    p = gi_star(*columbus()).p_two_sided
    assert (p < 0.05).sum() == 17
    assert (adjust(p, correction=correction) < 0.05).sum() == named
