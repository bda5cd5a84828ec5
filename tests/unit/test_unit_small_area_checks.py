"""The numbers by which a person judges a small-area model, on surveys small enough to recompute."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.small_area.mixed_model import fit_gaussian, fit_logistic
from hearback.stats.small_area.model_checks import (
    UncheckableModel,
    calibration,
    direct_means,
    shrinkage,
    variance_shares,
)
from hearback.stats.small_area.posterior import posterior_draws
from hearback.stats.small_area.poststratify import poststratify_draws
from small_area_examples import invented


@pytest.mark.parametrize("fit", [fit_logistic, fit_gaussian])
def test_direct_means_are_plain_means_with_the_scatter_of_all_areas_together(fit) -> None:
    sample, yes, _ = invented(2)
    found = direct_means(fit(yes, sample, random=["group", "area"]), area="area")
    means = np.array([yes[sample["area"] == area].mean() for area in found.areas])
    np.testing.assert_allclose(found.mean, means)
    scatter = ((yes - means[sample["area"]]) ** 2).sum() / (yes.size - 20)
    np.testing.assert_allclose(found.standard_error, np.sqrt(scatter / found.respondents))


def test_an_area_with_one_respondent_has_an_error_but_areas_with_one_each_have_none() -> None:
    model = fit_logistic([1, 0, 1, 1], {"area": ["n", "n", "s", "e"]}, random=["area"])
    assert direct_means(model, area="area").standard_error[0] > 0
    alone = fit_logistic([1, 0, 1], {"area": ["n", "s", "e"]}, random=["area"])
    with pytest.raises(UncheckableModel, match="Every area has one respondent"):
        direct_means(alone, area="area")


@pytest.mark.parametrize("fit", [fit_logistic, fit_gaussian])
def test_a_model_keeps_part_of_the_direct_differences_and_foresees_the_answers(fit) -> None:
    sample, yes, cells = invented(3, areas=30, respondents=900)
    model = fit(yes, sample, random=["area", "group"], covariates=["need"])
    posterior = posterior_draws(model, rng=np.random.default_rng(1))
    areas = poststratify_draws(posterior, cells, cells["people"], area="area", rng=np.random.default_rng(2))
    beside = shrinkage(model, areas, area="area")
    assert 0.4 < beside.kept < 1
    assert np.abs(beside.modelled - beside.direct.mean).max() < 0.35
    held = calibration(posterior, area="area", rng=np.random.default_rng(3))
    assert held.held[0.5] < held.held[0.9]
    assert held.held[0.9] >= 0.85
    assert ((held.place >= 0) & (held.place <= 1)).all()


def test_a_model_that_leaves_out_what_matters_fails_its_calibration() -> None:
    rng = np.random.default_rng(1)
    area = np.repeat(np.arange(40), 50)
    wave = np.tile([0, 1], 1000)
    scores = np.where(area % 2, 5.0, -5.0) + rng.normal(size=2000)
    good = fit_gaussian(scores, {"area": area, "wave": wave}, random=["area"])
    posterior = posterior_draws(good, rng=rng)
    assert calibration(posterior, area="area", rng=rng).held[0.9] > 0.9
    blind = {term: effects * 0 for term, effects in posterior.effects.items()}
    broken = type(posterior)(**{**vars(posterior), "effects": blind})
    assert calibration(broken, area="area", rng=rng).held[0.9] == 0


def test_shares_of_variance_are_positive_and_leave_something_to_chance() -> None:
    sample, yes, _ = invented(3, spread=1.0)
    shares = variance_shares(
        posterior_draws(fit_logistic(yes, sample, random=["area", "group"]), rng=np.random.default_rng(1))
    )
    assert set(shares) == {"area", "group"}
    assert 0 < sum(shares.values()) < 1
