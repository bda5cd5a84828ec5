"""What margins of error do at the edges: zeros, gaps, codes that are no margins."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.margins import (
    Estimate,
    ImpossibleMargin,
    cdc_percentage,
    cdc_total,
    cv,
    difference,
    percent_change,
    proportion,
    ratio,
    total,
)


def test_a_census_code_is_not_taken_for_a_margin() -> None:
    with pytest.raises(ImpossibleMargin, match="-555555555"):
        Estimate(np.array([10.0, 20.0]), np.array([3.0, -555555555.0]))


def test_estimates_and_margins_must_pair_up() -> None:
    with pytest.raises(ValueError, match="estimates but"):
        Estimate(np.zeros(3), np.zeros(2))


def test_a_missing_part_makes_the_sum_missing() -> None:
    found = total(Estimate(np.array([[1.0, np.nan], [2.0, 5.0]]), np.array([[1.0, np.nan], [1.0, 2.0]])))
    np.testing.assert_allclose(found.estimate, [3, np.nan])
    np.testing.assert_allclose(found.moe, [np.sqrt(2), np.nan])


def test_a_share_of_nothing_is_unknown() -> None:
    nothing = Estimate(np.array([0.0]), np.array([12.0]))
    for found in (proportion(nothing, nothing), ratio(nothing, nothing), cdc_percentage(nothing, nothing)):
        assert np.isnan(found.estimate).all()
        assert np.isnan(found.moe).all()
    assert np.isnan(cv(nothing)).all()


def test_each_area_has_its_own_largest_zero() -> None:
    parts = Estimate(np.array([[0.0, 10.0], [0.0, 0.0]]), np.array([[5.0, 3.0], [7.0, 4.0]]))
    np.testing.assert_allclose(total(parts).moe, [7.0, 5.0])


def test_the_cdc_counts_every_zero_and_cuts_the_margin() -> None:
    parts = Estimate(np.array([[0.0], [0.0]]), np.array([[12.0], [12.0]]))
    np.testing.assert_array_equal(cdc_total(parts).moe, [16.0])


def test_the_cdc_rounds_halves_upwards() -> None:
    found = cdc_percentage(Estimate(np.array([25.0]), np.array([0.0])), Estimate(np.array([4000.0]), np.array([0.0])))
    np.testing.assert_allclose(found.estimate, [0.6], rtol=1e-12)
    found = cdc_percentage(Estimate(np.array([5.0]), np.array([0.0])), Estimate(np.array([2000.0]), np.array([0.0])))
    np.testing.assert_allclose(found.estimate, [0.3], rtol=1e-12)


def test_no_change_is_zero_per_cent_with_a_margin() -> None:
    found = percent_change(Estimate(np.array([50.0]), np.array([3.0])), Estimate(np.array([50.0]), np.array([4.0])))
    np.testing.assert_allclose(found.estimate, [0.0], atol=1e-12)
    np.testing.assert_allclose(found.moe, [10.0])


def test_equal_estimates_do_not_differ_and_exact_ones_have_no_z() -> None:
    found = difference(
        Estimate(np.array([5.0, 5.0]), np.array([1.0, 0.0])), Estimate(np.array([5.0, 4.0]), np.zeros(2))
    )
    np.testing.assert_allclose(found.z, [0.0, np.nan])
    np.testing.assert_array_equal(found.significant, [False, False])
