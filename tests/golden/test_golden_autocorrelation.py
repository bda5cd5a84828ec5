"""Moran, Geary and local Moran against R's spdep and the value libpysal's users know."""

from __future__ import annotations

import libpysal
import numpy as np
import pyogrio
import pytest
import shapely

from example_maps import columbus, spdep
from hearback.stats.autocorrelation import geary, local_moran, moran
from hearback.stats.spatial_weights import contiguity
from places import needs_shared

pytestmark = pytest.mark.golden


def test_moran_of_crime_on_the_columbus_map_is_the_textbook_value() -> None:
    _, _, shapes, (crime,) = pyogrio.raw.read(libpysal.examples.get_path("columbus.shp"), columns=["CRIME"])
    weights = contiguity(shapely.from_wkb(shapes)).row_standardised()
    assert moran(crime, weights).statistic == pytest.approx(0.5001885572, abs=5e-11)


@needs_shared
def test_moran_equals_spdep() -> None:
    crime, weights = columbus()
    found, expected = moran(crime, weights.row_standardised()), spdep()["moran_W_rand"]
    assert [found.statistic, found.expected, found.variance] == pytest.approx(expected["estimate"], rel=1e-12)
    assert found.z == pytest.approx(expected["statistic"], rel=1e-12)
    assert found.p_clustered == pytest.approx(expected["p"], rel=1e-10)


@needs_shared
def test_geary_equals_spdep() -> None:
    crime, weights = columbus()
    found, expected = geary(crime, weights.row_standardised()), spdep()["geary_W_rand"]
    assert [found.statistic, found.expected, found.variance] == pytest.approx(expected["estimate"], rel=1e-12)
    assert found.z == pytest.approx(expected["statistic"], rel=1e-12)
    assert found.p_clustered == pytest.approx(expected["p"], rel=1e-10)


@needs_shared
@pytest.mark.parametrize(
    ("name", "of_spdep"),
    [
        ("statistic", "Ii"),
        ("expected", "E.Ii"),
        ("variance", "Var.Ii"),
        ("z", "Z.Ii"),
        ("p_two_sided", "Pr(z != E(Ii))"),
    ],
)
def test_local_moran_equals_spdep(name: str, of_spdep: str) -> None:
    crime, weights = columbus()
    found = local_moran(crime, weights.row_standardised())
    np.testing.assert_allclose(
        getattr(found, name), spdep()["localmoran_W_conditional"][of_spdep], rtol=1e-11, atol=1e-14
    )
