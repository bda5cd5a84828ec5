"""Small areas against R: lme4's Laplace approximation with poststratification, and sae's Fay–Herriot model."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.small_area.fay_herriot import fay_herriot
from hearback.stats.small_area.mixed_model import fit_logistic
from hearback.stats.small_area.posterior import posterior_draws
from hearback.stats.small_area.poststratify import poststratify, poststratify_draws
from places import needs_shared
from small_area_examples import (
    MEGAPOLL_COVARIATES,
    MEGAPOLL_TERMS,
    golden,
    megapoll,
    megapoll_population,
    table,
)

pytestmark = [pytest.mark.golden, needs_shared]


@pytest.fixture(scope="module")
def polls():
    columns = megapoll()
    model = fit_logistic(columns["yes.of.all"], columns, random=MEGAPOLL_TERMS, covariates=MEGAPOLL_COVARIATES)
    return model, golden()["mrp_laplace"]


def test_laplace_likelihood_of_seven_crossed_terms_is_lme4s(polls):
    model, expected = polls
    assert model.respondents == expected["nobs"] == 6341
    assert model.log_likelihood == pytest.approx(expected["logLik"], abs=1e-4)


def test_standard_deviations_coefficients_and_effects_are_lme4s(polls):
    model, expected = polls
    assert dict(model.sd) == pytest.approx(expected["sd"], abs=1e-4)
    assert list(model.coefficients.values()) == pytest.approx(list(expected["fixef"].values()), abs=1e-4)
    for term, effects in expected["ranef"].items():
        assert {level: model.effect(term, level) for level in effects} == pytest.approx(effects, abs=1e-4)


def test_poststratified_states_are_lme4s_those_without_respondents_included(polls):
    model, expected = polls
    cells = megapoll_population()
    found = poststratify(model, cells, cells["N"], area="state", averaged_over=["poll"])
    assert list(found.areas) == expected["post"]["states"]
    assert found.estimate == pytest.approx(expected["post"]["mrp"], abs=2e-5)
    assert found.unseen["state"] == ("AK", "HI")


def test_fay_herriot_by_restricted_likelihood_is_saes():
    milk, expected = table("golden", "milk.csv", numeric=("yi", "SD")), golden()["FH_milk_REML"]
    major = np.column_stack([milk["MajorArea"] == level for level in "234"])
    found = fay_herriot(milk["yi"], milk["SD"] ** 2, covariates=major)
    assert found.variance == pytest.approx(expected["refvar"], rel=1e-9)
    assert found.estimate == pytest.approx(expected["eblup"], rel=1e-9)
    assert found.mse == pytest.approx(expected["mse"], rel=1e-9)
    assert found.coefficients == pytest.approx(expected["beta"], rel=1e-9)
    assert found.coefficient_se == pytest.approx(expected["se_beta"], rel=1e-9)
    assert found.log_likelihood == pytest.approx(expected["loglike"], rel=1e-9)


@pytest.fixture(scope="module")
def vignette():
    """rstanarm's survey of a population in which those who like cats answer more readily."""
    sample = table("data", "small-area", "simulated-sample.csv", numeric=("cat_pref",))
    cells = table("data", "small-area", "simulated-poststrat.csv", numeric=("N",))
    people = table("data", "small-area", "simulated-true_popn.csv", numeric=("cat_pref",))
    terms = ("state", "age", "income", "eth", "male")
    model = fit_logistic(sample["cat_pref"], sample, random=terms)
    keys = [tuple(row) for row in np.column_stack([people[name] for name in terms])]
    share = dict(zip(keys, people["cat_pref"], strict=True))
    true = np.array([share[tuple(row)] for row in np.column_stack([cells[name] for name in terms])])
    return sample, model, cells, true


def test_a_share_that_the_sample_misses_by_twelve_points_is_found_to_three(vignette):
    sample, model, cells, true = vignette
    cells = cells | {"all": np.zeros(true.size, dtype=int)}
    truth = np.average(true, weights=cells["N"])
    assert truth == pytest.approx(0.5611, abs=1e-4)
    assert sample["cat_pref"].mean() - truth > 0.115
    found = poststratify_draws(
        posterior_draws(model, rng=np.random.default_rng(1)),
        cells,
        cells["N"],
        area="all",
        rng=np.random.default_rng(2),
    )
    low, high = found.interval
    assert abs(found.estimate[0] - truth) < 0.03
    assert low[0] < truth < high[0]


def test_states_of_the_vignette_are_found_and_held_by_their_intervals(vignette):
    sample, model, cells, true = vignette
    draws = posterior_draws(model, rng=np.random.default_rng(1))
    found = poststratify_draws(draws, cells, cells["N"], area="state", rng=np.random.default_rng(2))
    of_area = np.searchsorted(found.areas, cells["state"])
    truth = np.bincount(of_area, cells["N"] * true) / found.population
    low, high = found.interval
    assert ((low <= truth) & (truth <= high)).mean() > 0.85
    answered = np.searchsorted(found.areas, sample["state"])
    raw = np.bincount(answered, sample["cat_pref"]) / np.bincount(answered)
    assert np.abs(found.estimate - truth).mean() < 0.6 * np.abs(raw - truth).mean()
