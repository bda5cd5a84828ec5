"""Surveys of the invented city, drawn again and again: what is said of chances to answer against how people answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray

from hearback.demo import surveys
from hearback.demo.city import DemoCity, generate
from hearback.demo.surveys import Sample
from hearback.stats.representation.r_indicator import partial_ranges, r_indicator, r_interval
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation

CITIES = 60 if FULL_SIMULATIONS else 8
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Told:
    """What was said of one wave, and what is true of the areas that were drawn."""

    r_held: bool
    ranges: list[tuple[float, float, float]]
    """Low, high and truth of every district."""


@pytest.fixture(scope="module")
def told() -> list[Told]:
    city = generate()
    chance, rng = _chances(city), np.random.default_rng(41)
    return [
        _told(wave.sample, chance[wave.sample.area], city.geography.district_of[wave.sample.area])
        for _ in range(CITIES)
        for wave in surveys.draw(city.geography, city.people, city.adults, city.attitudes, rng=rng)
        if wave.sample
    ]


def _chances(city: DemoCity) -> Floats:
    """How likely an adult of each area is to answer, over communities, ages, languages and opinions."""
    count = city.adults.count.sum(axis=3)
    english = city.people.speaks[:, :, city.people.languages.index("en")]
    at, weight = hermegauss(15)
    chance = np.zeros(count.shape)
    for age in range(count.shape[2]):
        for other, share in ((False, english), (True, 1 - english)):
            for standing, part in zip(at, weight / weight.sum(), strict=True):
                likely = surveys.propensity(city.attitudes.response, np.array(age), np.array(other), standing)
                chance[:, :, age] += part * share * likely
    return np.asarray((chance * count).sum(axis=(1, 2)) / np.maximum(count.sum(axis=(1, 2)), 1))


def _told(sample: Sample, chance: Floats, district: NDArray[np.int64]) -> Told:
    responded = np.repeat(
        np.tile([1.0, 0.0], len(chance)), np.column_stack([sample.answered, sample.asked - sample.answered]).ravel()
    )
    area = np.repeat(np.arange(len(chance)), sample.asked)
    parts = np.unique(district)
    traits = (district[:, None] == parts[1:]).astype(float)
    found = r_interval(r_indicator(responded, traits[area]), responded, traits[area], areas=area)
    share = np.array([sample.asked[district == one].sum() for one in parts]) / sample.asked.sum()
    of_part = np.array([np.average(chance[district == one], weights=sample.asked[district == one]) for one in parts])
    beyond = of_part - share @ of_part
    truth = 1 - 2 * float(np.sqrt(share @ beyond**2))
    ranges = partial_ranges(responded, district[area], areas=area)
    ends = [(*ranges[str(one)], float(true)) for one, true in zip(parts, np.sqrt(share) * beyond, strict=True)]
    return Told(found.low <= truth <= found.high, ends)


def test_the_true_indicator_lies_in_at_least_nine_of_ten_intervals(told: list[Told]) -> None:
    assert np.mean([one.r_held for one in told]) >= 0.9


def test_the_truth_of_districts_lies_in_at_least_nine_of_ten_ranges(told: list[Told]) -> None:
    assert np.mean([low <= true <= high for one in told for low, high, true in one.ranges]) >= 0.9


def test_hardly_a_district_is_said_to_answer_less_or_more_where_the_opposite_is_true(told: list[Told]) -> None:
    said = [(low > 0, true > 0) for one in told for low, high, true in one.ranges if low > 0 or high < 0]
    assert len(said) > 0.1 * 6 * len(told)
    assert np.mean([more != truly for more, truly in said]) <= 0.05
