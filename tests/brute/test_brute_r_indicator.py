"""What chance adds to an R-indicator, and ranges of partial ones, against sums over persons and areas by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ncx2, t

from hearback.stats.representation.r_indicator import partial_ranges, r_indicator, r_interval

pytestmark = pytest.mark.brute


def _survey(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Who responded, traits, areas and groups of areas, one entry per person."""
    rng = np.random.default_rng(seed)
    asked = rng.integers(20, 60, 24)
    area = np.repeat(np.arange(24), asked)
    group = (np.arange(24) % 3)[area]
    traits = np.column_stack([group == 1, group == 2, rng.normal(size=24)[area]]).astype(float)
    return (rng.random(area.size) < rng.uniform(0.2, 0.5, 24)[area]).astype(float), traits, area, group


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_the_adjustment_is_the_mean_variance_of_what_is_estimated_of_each_person(seed: int) -> None:
    """Var(ρ_i − ρ̄), averaged over persons, from the coefficients' covariance."""
    responded, traits, area, _ = _survey(seed)
    model = r_indicator(responded, traits)
    found = r_interval(model, responded, traits, areas=area)
    information = np.zeros((4, 4))
    slopes = []
    for trait, rho in zip(traits, model.propensities, strict=True):
        x = np.array([1.0, *trait])
        information += rho * (1 - rho) * np.outer(x, x)
        slopes.append(rho * (1 - rho) * x)
    pearson = 0.0
    for one in range(24):
        here = area == one
        rho = model.propensities[here]
        pearson += (responded[here] - rho).sum() ** 2 / (rho * (1 - rho)).sum()
    inflation = max(1.0, pearson / (24 - 4))
    covariance = inflation * np.linalg.inv(information)
    centre = np.mean(slopes, axis=0)
    noise = np.mean([(slope - centre) @ covariance @ (slope - centre) for slope in slopes])

    assert found.overdispersion == pytest.approx(inflation)
    assert ((1 - found.r) / 2) ** 2 == pytest.approx(max(0.0, model.s_rho**2 - noise), abs=1e-12)
    assert found.largest_bias == pytest.approx((1 - found.r) / 2 / responded.mean())


def test_the_ends_are_those_at_which_the_finding_becomes_out_of_the_ordinary() -> None:
    """With a trait of two values everything is known: one degree of freedom, and a unit that is the variance itself."""
    area = np.repeat(np.arange(40), 25)
    trait = (area % 2).astype(float)
    rng = np.random.default_rng(3)
    responded = (rng.random(area.size) < 0.3 + 0.2 * trait).astype(float)
    model = r_indicator(responded, trait[:, None])
    found = r_interval(model, responded, trait[:, None], areas=area, level=0.8)
    unit = model.s_rho**2 - ((1 - found.r) / 2) ** 2
    for end, chance in ((found.high, 0.9), (found.low, 0.1)):
        assert ncx2.cdf(model.s_rho**2 / unit, 1, ((1 - end) / 2) ** 2 / unit) == pytest.approx(chance, abs=1e-6)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_ranges_of_partial_indicators_are_those_of_ratios_of_area_totals(seed: int) -> None:
    responded, _, area, group = _survey(seed)
    ranges = partial_ranges(responded, group, areas=area, level=0.9)
    variance, part, rate = {}, {}, {}
    for name in (0, 1, 2):
        here = group == name
        rate[name], part[name] = responded[here].mean(), here.mean()
        beyond = [responded[area == one].sum() - rate[name] * (area == one).sum() for one in set(area[here].tolist())]
        variance[name] = len(beyond) / (len(beyond) - 1) * np.square(beyond).sum() / here.sum() ** 2
    for name in (0, 1, 2):
        others = sum(part[other] ** 2 * variance[other] for other in (0, 1, 2) if other != name)
        error = np.sqrt((1 - part[name]) ** 2 * variance[name] + others)
        middle = rate[name] - responded.mean()
        reach = t.ppf(0.95, 7) * error
        expected = np.sqrt(part[name]) * np.array([middle - reach, middle + reach])
        assert ranges[str(name)] == pytest.approx(tuple(expected))
