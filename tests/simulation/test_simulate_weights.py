"""Nonresponse with known propensities: how much of the bias weighting removes, and what is left."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.weight.calibrate import calibrate, from_margins
from hearback.stats.weight.nonresponse import adjust_for_nonresponse
from hearback.stats.weight.rake import rake
from hearback.stats.weight.targets import Margin, margin
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation

WORLDS = 400 if FULL_SIMULATIONS else 60
PEOPLE, SAMPLED = 40_000, 3_000
PROPENSITY = {"young": 0.2, "middle": 0.5, "old": 0.8}
TRUST = {"young": 0.35, "middle": 0.55, "old": 0.75}


def city(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Age, district, and whether people trust the police: more with age, and less in the south."""
    age = rng.choice(list(PROPENSITY), PEOPLE, p=[0.3, 0.4, 0.3])
    south = rng.random(PEOPLE) < 0.4
    trust = rng.random(PEOPLE) < np.vectorize(TRUST.get)(age) - 0.15 * south
    return age, np.where(south, "south", "north"), trust


@pytest.fixture(scope="module")
def errors() -> dict[str, np.ndarray]:
    """What each method is off by, world by world."""
    rng = np.random.default_rng(8)
    age, district, trust = city(rng)
    found: dict[str, list[float]] = {name: [] for name in ("raw", "classes", "raked", "linear", "wrong margin")}
    for _ in range(WORLDS):
        drawn = rng.choice(PEOPLE, SAMPLED, replace=False)
        chance = np.vectorize(PROPENSITY.get)(age[drawn]) * np.where(district[drawn] == "south", 0.6, 1.0)
        responded = rng.random(SAMPLED) < chance
        who = drawn[responded]
        base = np.full(SAMPLED, PEOPLE / SAMPLED)
        margins = [of(name, who, column) for name, column in (("age", age), ("district", district))]
        cells = np.char.add(age[drawn], district[drawn])
        weights = {
            "raw": base[responded],
            "classes": adjust_for_nonresponse(base, responded=responded, classes=cells).weights[responded],
            "raked": rake(base[responded], margins).weights,
            "linear": calibrate(base[responded], from_margins(margins, weights=base[responded])).weights,
            "wrong margin": rake(base[responded], margins[1:]).weights,
        }
        for name, each in weights.items():
            found[name].append(np.average(trust[who], weights=each) - trust.mean())
    return {name: np.array(each) for name, each in found.items()}


def of(name: str, who: np.ndarray, column: np.ndarray) -> Margin:
    categories, people = np.unique(column, return_counts=True)
    return margin(name, column[who], totals=dict(zip(categories.tolist(), people.tolist(), strict=True)))


def bias(errors: np.ndarray) -> tuple[float, float]:
    """Mean error, and three of its standard errors."""
    return float(errors.mean()), float(3 * errors.std(ddof=1) / np.sqrt(errors.size))


def test_without_weights_the_estimate_is_off_by_what_nonresponse_did(errors) -> None:
    assert bias(errors["raw"])[0] > 0.08


@pytest.mark.parametrize("method", ["classes", "raked", "linear"])
def test_bias_that_classes_or_margins_explain_is_removed(method, errors) -> None:
    off, noise = bias(errors[method])
    assert abs(off) < max(noise, 0.004)
    assert np.sqrt((errors[method] ** 2).mean()) < np.sqrt((errors["raw"] ** 2).mean()) / 4


def test_weighting_to_a_margin_that_explains_little_leaves_most_of_the_bias(errors) -> None:
    assert bias(errors["wrong margin"])[0] > bias(errors["raw"])[0] / 2
