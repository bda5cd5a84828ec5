"""Fay–Herriot in the corners: no variance between areas, and sampling variances no survey can have."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.small_area.fay_herriot import UnusableDirectEstimates, fay_herriot, fay_herriot_draws

DIRECT, NOISE = [1.0, 2.0, 3.0, 4.0, 9.0], [0.1, 1.0, 0.1, 1.0, 0.5]


def test_estimates_lie_between_the_direct_ones_and_the_mean_nearer_to_it_the_noisier() -> None:
    found = fay_herriot(DIRECT, NOISE)
    assert found.weight_on_direct[0] > found.weight_on_direct[4] > found.weight_on_direct[1]
    mixed = found.weight_on_direct * found.direct + (1 - found.weight_on_direct) * found.coefficients[0]
    np.testing.assert_allclose(found.estimate, mixed)
    assert not found.variance_is_zero


def test_areas_that_differ_less_than_their_errors_have_no_variance_but_draws_that_allow_for_some() -> None:
    direct, noise = [5.0, 5.1, 4.9, 5.0, 5.05], np.ones(5)
    found = fay_herriot(direct, noise)
    assert found.variance_is_zero
    np.testing.assert_allclose(found.estimate, np.mean(direct))
    draws = fay_herriot_draws(direct, noise, rng=np.random.default_rng(1))
    assert (draws.std(axis=0) > np.sqrt(1 / 5)).all()
    assert draws.mean(axis=0) == pytest.approx(np.full(5, 5.0), abs=0.1)


def test_units_do_not_matter() -> None:
    found, scaled = fay_herriot(DIRECT, NOISE), fay_herriot(np.array(DIRECT) * 1e4, np.array(NOISE) * 1e8)
    np.testing.assert_allclose(scaled.estimate, found.estimate * 1e4)
    np.testing.assert_allclose(scaled.mse, found.mse * 1e8)


@pytest.mark.parametrize(
    ("direct", "noise", "covariates", "sentence"),
    [
        (DIRECT, [0.1, 0.0, 1, 1, 1], None, "area 2 of 5: The sampling variance is 0, which no sample.*Smooth"),
        (DIRECT, [0.1, 0.2, -999, 1, 1], None, "area 3 of 5: The sampling variance is -999"),
        (DIRECT, [0.1, 0.2, 1, np.nan, 1], None, "area 4 of 5: The sampling variance is nan"),
        ([1, np.nan, 3, 4, 5], NOISE, None, "area 2 of 5: The direct estimate or a covariate is missing"),
        (DIRECT, NOISE, [1, 2, 3, 4, np.nan], "area 5 of 5: The direct estimate or a covariate"),
        (DIRECT, NOISE[:4], None, "4 sampling variances for 5 direct estimates"),
        (DIRECT, NOISE, [2, 2, 2, 2, 2], "2 coefficients cannot be estimated from 5 areas"),
        ([1.0], [0.1], None, "1 coefficients cannot be estimated from 1 areas"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_area(direct, noise, covariates, sentence) -> None:
    with pytest.raises(UnusableDirectEstimates, match=sentence):
        fay_herriot(direct, noise, covariates=covariates)


def test_too_few_areas_for_draws_are_refused() -> None:
    with pytest.raises(UnusableDirectEstimates, match="3 areas are too few.*Use at least 4 areas"):
        fay_herriot_draws([1, 2, 3], [1, 1, 1], rng=np.random.default_rng(1))
