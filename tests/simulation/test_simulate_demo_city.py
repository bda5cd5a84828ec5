"""What the invented city's survey and police record scatters around the truth as much as it says, in many cities."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.demo.city import DemoCity, generate
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation

CITIES = 60 if FULL_SIMULATIONS else 6


@pytest.fixture(scope="module")
def cities() -> list[DemoCity]:
    return [generate(seed) for seed in range(200, 200 + CITIES)]


def test_estimates_scatter_by_their_stated_error_without_bias(cities: list[DemoCity]) -> None:
    scaled = np.stack([(of.indicators.estimate - of.indicators.true) / of.indicators.standard_error for of in cities])
    z = scaled[~np.isnan(scaled)]
    assert abs(z.mean()) < 4 / np.sqrt(len(z))
    assert z.var() == pytest.approx(1, abs=5 * np.sqrt(2.6 / len(z)))


def test_nine_of_ten_margins_hold_the_truth(cities: list[DemoCity]) -> None:
    held = []
    for of in cities:
        sized = of.people.population > 1_000
        off = np.abs(of.indicators.estimate - of.indicators.true)[sized]
        held.append(off <= of.indicators.margin[sized])
    assert np.concatenate(held).mean() == pytest.approx(0.90, abs=0.015)


def test_margins_are_as_wide_as_in_real_tracts(cities: list[DemoCity]) -> None:
    for of in cities:
        poverty = of.indicators.ids.index("poverty")
        assert 0.04 < np.nanmedian(of.indicators.margin[:, poverty]) < 0.09


def test_what_happens_scatters_as_poisson_around_its_rate(cities: list[DemoCity]) -> None:
    for of in cities:
        expected, happened = of.truth.expected, of.truth.happened
        common = expected > 1
        dispersion = ((happened - expected) ** 2 / expected)[common]
        assert dispersion.mean() == pytest.approx(1, abs=5 * dispersion.std() / np.sqrt(dispersion.size))


def test_what_is_reported_scatters_as_binomial_around_its_probability(cities: list[DemoCity]) -> None:
    for of in cities:
        happened, chance = of.truth.happened, of.truth.reporting
        common = happened > 5
        happened, chance, reported = happened[common], chance[common], of.truth.reported[common]
        z = (reported - happened * chance) / np.sqrt(happened * chance * (1 - chance))
        assert abs(z.mean()) < 5 / np.sqrt(z.size)
        assert z.var() == pytest.approx(1, abs=5 * np.sqrt(2.5 / z.size))


def test_every_city_is_whole(cities: list[DemoCity]) -> None:
    for of in cities:
        assert len(of.geography.polygons) == 120
        assert abs(of.people.population.sum() - 300_000) < 1_000
        assert len({one.name for one in of.organizations}) == len(of.organizations)
        assert [int(areas.sum()) for areas in of.truth.clusters.values()] == [7, 6]
        assert of.truth.rupture.sum() == 9
