"""Small areas in the corners: levels never seen, answers all alike, columns missing, areas with one respondent."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.rank_ranges import rank_ranges_from_draws
from hearback.stats.small_area.area_draws import AreaDraws, UnusableDraws
from hearback.stats.small_area.design import UnusableCovariates
from hearback.stats.small_area.laplace import Unsettled
from hearback.stats.small_area.mixed_model import fit_gaussian, fit_logistic
from hearback.stats.small_area.model_terms import UnusableColumns
from hearback.stats.small_area.outcomes import UnusableAnswers
from hearback.stats.small_area.population import UnusablePopulation
from hearback.stats.small_area.posterior import posterior_draws
from hearback.stats.small_area.poststratify import poststratify, poststratify_draws
from small_area_examples import invented

TERMS = ["area", "group"]


@pytest.fixture(scope="module")
def survey():
    return invented(1)


@pytest.fixture(scope="module")
def fitted(survey):
    sample, yes, _ = survey
    return fit_logistic(yes, sample, random=TERMS, covariates=["need"])


@pytest.fixture(scope="module")
def posterior(fitted):
    return posterior_draws(fitted, draws=400, rng=np.random.default_rng(3))


def drawn(posterior, cells, **options) -> AreaDraws:
    return poststratify_draws(posterior, cells, cells["people"], area="area", rng=np.random.default_rng(4), **options)


def test_draws_lie_about_the_modes_estimates_and_come_in_the_number_asked(survey, fitted, posterior) -> None:
    at_mode = poststratify(fitted, survey[2], survey[2]["people"], area="area")
    found = drawn(posterior, survey[2])
    assert found.draws.shape == (400, 20)
    assert np.abs(found.estimate - at_mode.estimate).max() < 0.1
    low, high = found.interval
    assert ((low < found.estimate) & (found.estimate < high)).all()


def test_the_same_seed_gives_the_same_draws(fitted) -> None:
    first, second = (posterior_draws(fitted, draws=20, rng=np.random.default_rng(8)) for _ in range(2))
    assert np.array_equal(first.effects["area"], second.effects["area"])


def test_respondents_and_counts_of_them_give_the_same_model() -> None:
    columns = {"area": ["n", "n", "n", "s", "s", "e", "e", "e"]}
    yes = [1, 0, 1, 0, 0, 1, 1, 1]
    one_by_one = fit_logistic(yes, columns, random=["area"])
    counted = fit_logistic([2, 0, 3], {"area": ["n", "s", "e"]}, random=["area"], asked=[3, 2, 3])
    assert counted.sd == pytest.approx(one_by_one.sd, abs=1e-4)
    assert counted.log_likelihood == pytest.approx(one_by_one.log_likelihood + np.log(3), abs=1e-6)


def test_an_area_the_sample_never_saw_has_an_estimate_and_a_wider_interval(survey) -> None:
    sample, yes, cells = survey
    seen = sample["area"] != 7
    model = fit_logistic(yes[seen], {k: v[seen] for k, v in sample.items()}, random=TERMS, covariates=["need"])
    at_mode = poststratify(model, cells, cells["people"], area="area")
    found = drawn(posterior_draws(model, rng=np.random.default_rng(1)), cells)
    assert at_mode.unseen == found.unseen == {"area": (7,), "group": ()}
    assert np.isfinite(found.draws).all()
    assert found.sd[7] > 1.3 * np.median(found.sd)


def test_an_area_with_one_respondent_has_a_wide_but_finite_interval(survey) -> None:
    sample, yes, cells = survey
    keep = (sample["area"] != 7) | (np.arange(yes.size) == np.flatnonzero(sample["area"] == 7)[0])
    model = fit_logistic(yes[keep], {k: v[keep] for k, v in sample.items()}, random=TERMS)
    found = drawn(posterior_draws(model, rng=np.random.default_rng(1)), cells)
    assert np.isfinite(found.sd).all()
    assert found.sd.argmax() == 7


def test_terms_that_explain_nothing_have_no_spread_at_the_mode_but_some_in_the_draws() -> None:
    area, yes = np.repeat(np.arange(10), 10), np.tile([0, 1], 50)
    model = fit_logistic(yes, {"area": area}, random=["area"])
    assert model.without_spread == ("area",)
    draws = posterior_draws(model, rng=np.random.default_rng(1))
    assert draws.sd["area"].mean() > 0.05
    assert draws.effective_points > 30


def test_a_covariate_that_separates_yes_from_no_still_has_finite_draws() -> None:
    need = np.linspace(-1, 1, 40)
    columns = {"area": np.arange(40) % 8, "need": need, "other": np.sin(np.arange(40))}
    model = fit_logistic((need > 0) | (np.arange(40) == 3), columns, random=["area"], covariates=["need", "other"])
    assert np.isfinite(posterior_draws(model, rng=np.random.default_rng(1)).coefficients).all()


def test_scores_have_means_in_their_own_units_wherever_these_lie(survey) -> None:
    sample, yes, cells = survey
    scores = 1e6 + 1e3 * yes + np.random.default_rng(1).normal(size=yes.size) * 100
    model = fit_gaussian(scores, sample, random=TERMS, covariates=["need"])
    shifted = fit_gaussian((scores - 1e6) / 1e3, sample, random=TERMS, covariates=["need"])
    assert model.residual_sd == pytest.approx(1e3 * shifted.residual_sd, rel=1e-3)
    found, small = (drawn(posterior_draws(m, rng=np.random.default_rng(2)), cells) for m in (model, shifted))
    assert found.estimate == pytest.approx(1e6 + 1e3 * small.estimate, abs=20)


def test_differences_pools_and_ranks_come_from_the_draws(survey, posterior) -> None:
    found = drawn(posterior, survey[2])
    first, last = found.areas[found.estimate.argmax()], found.areas[found.estimate.argmin()]
    apart = found.difference(first, last)
    assert apart.estimate == pytest.approx(found.estimate.max() - found.estimate.min())
    assert apart.low > 0
    assert apart.above_zero > 0.95
    assert found.difference(last, first).estimate == pytest.approx(-apart.estimate)
    everybody = found.together(found.areas)
    assert everybody.estimate == pytest.approx(np.average(found.estimate, weights=found.population))
    assert everybody.high - everybody.low < np.median(np.subtract(*found.interval[::-1]))
    ranks = rank_ranges_from_draws(found.estimate, found.draws, level=0.9, largest_first=True)
    assert ranks.rank[found.estimate.argmax()] == 1


def changed(columns, name, values):
    return {**columns, name: values}


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("area", [np.nan, 1, 1, 2, 2, 3], "row 1: The value of 'area' is missing. Leave out rows"),
        ("area", ["n", "", "n", "s", "s", "s"], "row 2: The value of 'area' is missing"),
        ("area", [None, "n", "n", "s", "s", "s"], "row 1: The value of 'area' is missing"),
        ("area", [1] * 6, "All rows have the same 'area'. Leave the term out"),
        ("need", [1, 2, np.nan, 4, 5, 6], "row 3: The value of 'need' is missing"),
    ],
)
def test_columns_that_cannot_be_used_are_refused(name, values, sentence) -> None:
    columns = {"area": [1, 1, 2, 2, 3, 3], "need": [1, 2, 4, 3, 5, 6]}
    with pytest.raises(UnusableColumns, match=sentence):
        fit_logistic([0, 1, 0, 1, 1, 0], changed(columns, name, values), random=["area"], covariates=["need"])


def test_a_column_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UnusableColumns, match="no column 'ward'. The columns are 'area'"):
        fit_logistic([0, 1, 0], {"area": [1, 2, 3]}, random=["ward"])


def test_a_constant_covariate_is_refused_by_name() -> None:
    with pytest.raises(UnusableCovariates, match="'need' is constant"):
        fit_logistic([0, 1, 0], {"area": [1, 2, 3], "need": [4, 4, 4]}, random=["area"], covariates=["need"])


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([1, 1, 1], "All answers are 1, so how areas differ cannot be estimated. Publish the overall count"),
        ([0, 0, 0], "All answers are 0"),
        ([0, 1, 9], "row 3: The answer is 9, neither 0 nor 1"),
        ([0, 1, np.nan], "row 3: The answer is missing"),
        ([0, 1, 0, 1], "There are 4 answers for 3 rows"),
    ],
)
def test_answers_that_cannot_be_used_are_refused(answers, sentence) -> None:
    columns = {"area": [1, 2, 3], "need": [1.0, 2.0, 4.0]}
    with pytest.raises(UnusableAnswers, match=sentence):
        fit_logistic(answers, columns, random=["area"])


def test_impossible_counts_and_scores_all_alike_are_refused() -> None:
    with pytest.raises(UnusableAnswers, match="row 2: 5 cannot be the number of yes among 4"):
        fit_logistic([1, 5], {"area": [1, 2]}, random=["area"], asked=[3, 4])
    with pytest.raises(UnusableAnswers, match="All answers are 7.1"):
        fit_gaussian([7.1, 7.1, 7.1], {"area": [1, 2, 3]}, random=["area"])


def test_scores_that_a_term_explains_without_any_scatter_are_refused() -> None:
    with pytest.raises(Unsettled, match="no top that could be found. Use fewer terms"):
        fit_gaussian([1.0, 1.0, 4.0, 4.0, 9.0, 9.0], {"area": [1, 1, 2, 2, 3, 3]}, random=["area"])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"people": -1.0}, "row 1: The number of people is -1"),
        ({"people": np.nan}, "row 1: The number of people is nan. Counts are 0 or more and none is missing"),
        ({"group": "z"}, "The sample has group a, which the population lacks. Spell levels alike"),
    ],
)
def test_a_population_that_does_not_fit_is_refused(survey, fitted, change, sentence) -> None:
    ((name, value),) = change.items()
    cells = {k: v.copy() for k, v in survey[2].items()}
    cells[name][cells["group"] == "a" if name == "group" else 0] = value
    with pytest.raises(UnusablePopulation, match=sentence):
        poststratify(fitted, cells, cells["people"], area="area")


def test_an_area_where_nobody_lives_cannot_be_estimated(survey, fitted) -> None:
    cells = changed(survey[2], "people", np.where(survey[2]["area"] == 3, 0.0, 5.0))
    with pytest.raises(UnusablePopulation, match="Nobody lives in area 3, so its mean cannot be estimated"):
        poststratify(fitted, cells, cells["people"], area="area")


def test_a_term_the_population_does_not_have_must_be_averaged_over_by_name(survey, posterior) -> None:
    cells = {name: column for name, column in survey[2].items() if name != "group"}
    with pytest.raises(UnusablePopulation, match="no column 'group'.*averaged_over"):
        drawn(posterior, cells)
    assert drawn(posterior, cells, averaged_over=["group"]).unseen == {"area": ()}


def test_impossible_levels_and_missing_draws_are_refused(survey, posterior) -> None:
    with pytest.raises(UnusableDraws, match="between 0 and 1, which 90 does not"):
        drawn(posterior, survey[2], level=90)
    with pytest.raises(UnusableDraws, match="A draw is missing"):
        AreaDraws(("a",), np.array([[0.1], [np.nan]]), np.ones(1))
