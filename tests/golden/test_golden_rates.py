"""Smoothed rates against R's spdep, exact intervals against a printed table."""

from __future__ import annotations

import numpy as np
import pytest

from example_maps import north_carolina, spdep
from hearback.stats.autocorrelation import moran
from hearback.stats.rates import ebi_deviates, empirical_bayes, empirical_bayes_local, raw_rates
from places import needs_shared

pytestmark = pytest.mark.golden


@needs_shared
def test_global_empirical_bayes_equals_spdep() -> None:
    deaths, births, _ = north_carolina()
    found, expected = empirical_bayes(deaths, births), spdep()["nc_EBest_poisson"]
    np.testing.assert_allclose(found.rate, expected["estmm"], rtol=1e-12)
    np.testing.assert_allclose(found.raw, expected["raw"], rtol=1e-12)
    assert found.prior_variance == pytest.approx(expected["a"], rel=1e-12)
    assert found.prior_mean == pytest.approx(667 / 329_962, rel=1e-14)


@needs_shared
def test_local_empirical_bayes_equals_spdep() -> None:
    found = empirical_bayes_local(*north_carolina())
    np.testing.assert_allclose(found, spdep()["nc_EBlocal"]["est"], rtol=1e-12)


@needs_shared
def test_moran_of_empirical_bayes_deviates_equals_spdep() -> None:
    deaths, births, weights = north_carolina()
    found = moran(ebi_deviates(deaths, births), weights).statistic
    assert found == pytest.approx(spdep()["nc_EBImoran_statistic_B"], rel=1e-12)
    assert found == pytest.approx(0.229437292520953, rel=1e-12)


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [(0, 0.0, 3.688879), (1, 0.025318, 5.571643), (5, 1.623486, 11.668332), (10, 4.795389, 18.390356)],
)
def test_exact_poisson_limits_are_those_of_the_printed_tables(events: int, low: float, high: float) -> None:
    found = raw_rates([events], [1])
    assert (found.low[0], found.high[0]) == pytest.approx((low, high), abs=5e-7)
