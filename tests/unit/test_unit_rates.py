"""Rates in the corners: nobody lives there, nothing happened, and data too thin to read."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.rates import ebi_deviates, empirical_bayes, empirical_bayes_local, raw_rates, thin_data
from hearback.stats.spatial_weights import from_edges

COUNTS, PEOPLE = [4, 60, np.nan, 7, 12], [1000, 4000, 500, 0, np.nan]


@pytest.mark.parametrize("rates", [raw_rates, empirical_bayes])
def test_areas_without_count_or_people_have_no_rate_and_do_not_touch_the_others(rates) -> None:
    found, alone = rates(COUNTS, PEOPLE), rates(COUNTS[:2], PEOPLE[:2])
    for name in ("rate", "low", "high"):
        values = getattr(found, name)
        assert np.isnan(values[2:]).all()
        np.testing.assert_allclose(values[:2], getattr(alone, name))


def test_raw_intervals_hold_the_rate() -> None:
    found = raw_rates([0, 3, 50], [100, 100, 100])
    assert (found.low[0], found.low[1] > 0) == (0, True)
    assert ((found.low <= found.rate) & (found.rate < found.high)).all()


def test_smoothing_draws_small_populations_more_and_shows_how_much() -> None:
    found = empirical_bayes([4, 400, 2000, 0], [1000, 100_000, 200_000, 1000])
    assert (np.diff(found.weight_on_data[:3]) > 0).all()
    mixed = found.weight_on_data * found.raw + (1 - found.weight_on_data) * found.prior_mean
    np.testing.assert_allclose(found.rate, mixed)


def test_areas_that_differ_no_more_than_chance_get_one_rate_but_an_interval_still() -> None:
    found = empirical_bayes([10, 11, 9, 10], [1000] * 4)
    assert found.prior_variance == 0
    assert found.rate.tolist() == pytest.approx([0.01] * 4)
    assert ((found.low < 0.009) & (found.high > 0.011)).all()


def test_no_events_at_all_leave_rates_of_zero_with_an_upper_limit() -> None:
    found = empirical_bayes([0, 0, 0], [100, 200, 300])
    assert found.rate.tolist() == [0, 0, 0]
    assert (found.high > 0).all()
    assert ebi_deviates([0, 0, 0], [100, 200, 300]).tolist() == [0, 0, 0]
    assert empirical_bayes_local([0, 0, 0], [100, 200, 300], from_edges([[0, 1]], n=3)).tolist() == [0, 0, 0]


def test_deviates_can_take_mean_and_variance_from_some_areas_only() -> None:
    counts, people = [10, 14, 7, 900], [1000, 1100, 900, 500]
    usual = np.array([True, True, True, False])
    found = ebi_deviates(counts, people, prior_of=usual)
    np.testing.assert_allclose(found[:3], ebi_deviates(counts[:3], people[:3]))
    assert found[3] > 50


def test_a_neighbour_without_people_takes_no_part_in_local_smoothing() -> None:
    weights = from_edges([[0, 1], [1, 0], [1, 2], [2, 1]], n=3)
    found = empirical_bayes_local([4, 30, 9], [1000, 2000, 0], weights)
    np.testing.assert_allclose(
        found[:2], empirical_bayes_local([4, 30], [1000, 2000], from_edges([[0, 1], [1, 0]], n=2))
    )
    assert np.isnan(found[2])


def test_thin_data_are_few_people_wide_intervals_or_no_rate() -> None:
    rates = raw_rates([400, 40, 3, np.nan], [20_000, 90, 9000, 9000])
    assert thin_data(rates).tolist() == [False, True, True, True]
    assert thin_data(rates, least_population=50).tolist() == [False, False, True, True]


def test_smoothing_can_make_thin_data_readable() -> None:
    counts, people = np.full(60, 12), np.full(60, 3000)
    assert thin_data(raw_rates(counts, people)).all()
    assert not thin_data(empirical_bayes(counts, people)).any()
