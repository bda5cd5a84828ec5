"""Intervals of small areas hold the truth as often as they say, in the invented city and where areas hardly differ."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.demo.city import generate
from hearback.stats.small_area.fay_herriot import fay_herriot_draws
from hearback.stats.small_area.mixed_model import fit_gaussian, fit_logistic
from hearback.stats.small_area.posterior import posterior_draws
from hearback.stats.small_area.poststratify import poststratify_draws
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation

REPETITIONS = 200 if FULL_SIMULATIONS else 20
RESPONDENTS = 2400
TERMS = ["area", "community"]


@pytest.fixture(scope="module")
def city():
    """Kinds of people in the invented city: where they live, how many, their trust (0 to 1) and will to answer."""
    truth = generate().truth
    area, community = np.nonzero(truth.people)
    return {
        "area": area,
        "community": community,
        "poverty": truth.indicator[area, truth.indicators.index("poverty")],
        "people": truth.people[area, community].astype(float),
        "trust": truth.trust[area, community, -1] / 100,
        "response": truth.response[area, community],
    }


def surveyed(city, rng: np.random.Generator):
    """Rows of who answers: everybody may be asked, and who trusts more answers more."""
    chance = city["people"] * city["response"]
    chosen = rng.choice(chance.size, RESPONDENTS, p=chance / chance.sum())
    return chosen, {name: city[name][chosen] for name in ("area", "community", "poverty")}


def held(model, city, trust, rng: np.random.Generator) -> float:
    """The share of areas whose 90 % interval holds the truth."""
    draws = posterior_draws(model, rng=rng)
    found = poststratify_draws(draws, city, city["people"], area="area", rng=rng)
    at = np.searchsorted(found.areas, city["area"])
    truth = np.bincount(at, city["people"] * trust) / found.population
    low, high = found.interval
    return float(((low <= truth) & (truth <= high)).mean())


def within(shares: list[float], low: float, high: float) -> bool:
    """Whether the mean lies between the limits, give or take three of its standard errors when repetitions are few."""
    slack = 0.0 if FULL_SIMULATIONS else 3 * np.std(shares) / np.sqrt(len(shares))
    return bool(low - slack <= np.mean(shares) <= high + slack)


def test_shares_of_yes_in_areas_of_the_city_are_held_88_to_93_times_in_100(city) -> None:
    shares = []
    for seed in range(REPETITIONS):
        rng = np.random.default_rng(seed)
        chosen, sample = surveyed(city, rng)
        yes = (rng.random(RESPONDENTS) < city["trust"][chosen]).astype(float)
        model = fit_logistic(yes, sample, random=TERMS, covariates=["poverty"])
        shares.append(held(model, city, city["trust"], rng))
    assert within(shares, 0.88, 0.93)


def test_mean_scores_in_areas_of_the_city_are_held_88_to_93_times_in_100(city) -> None:
    shares = []
    for seed in range(REPETITIONS):
        rng = np.random.default_rng(seed)
        chosen, sample = surveyed(city, rng)
        score = city["trust"][chosen] + 0.2 * rng.normal(size=RESPONDENTS)
        model = fit_gaussian(score, sample, random=TERMS, covariates=["poverty"])
        shares.append(held(model, city, city["trust"], rng))
    assert within(shares, 0.88, 0.93)


@pytest.mark.parametrize("spread", [0.25, 0.5])
def test_areas_drawn_from_the_model_itself_are_held_88_to_93_times_in_100(city, spread) -> None:
    """A posterior flat in the standard deviation instead of the variance holds 85 of 100 at 0.25."""
    shares = []
    for seed in range(REPETITIONS):
        rng = np.random.default_rng(seed)
        effects = spread * rng.normal(size=city["area"].max() + 1), 0.25 * rng.normal(size=9)
        odds = 0.2 - 0.8 * city["poverty"] + effects[0][city["area"]] + effects[1][city["community"]]
        trust = 1 / (1 + np.exp(-odds))
        chosen, sample = surveyed(city, rng)
        yes = (rng.random(RESPONDENTS) < trust[chosen]).astype(float)
        shares.append(held(fit_logistic(yes, sample, random=TERMS, covariates=["poverty"]), city, trust, rng))
    assert within(shares, 0.88, 0.93)


@pytest.mark.parametrize("between", [0.05, 0.5, 3.0])
def test_fay_herriot_draws_hold_the_truth_at_least_88_times_in_100(between) -> None:
    """Where areas hardly differ, a flat prior of the variance errs on the wide side."""
    shares = []
    for seed in range(5 * REPETITIONS):
        rng = np.random.default_rng(seed)
        noise, need = rng.uniform(0.3, 2, 40), rng.normal(size=40)
        truth = 2 + need + np.sqrt(between) * rng.normal(size=40)
        direct = truth + np.sqrt(noise) * rng.normal(size=40)
        low, high = np.quantile(fay_herriot_draws(direct, noise, covariates=need, rng=rng), [0.05, 0.95], axis=0)
        shares.append(float(((low <= truth) & (truth <= high)).mean()))
    assert within(shares, 0.88, 0.99 if between < 0.1 else 0.93)
