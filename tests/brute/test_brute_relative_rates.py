"""Relative rates against plain numerical integration over spread, expectation and ratio."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import gamma, halfcauchy, lognorm, nbinom, poisson

from hearback.stats.representation.relative_rates import CENTRE_SD, UNLIKE, UNLIKE_SPREAD, relative_rates

pytestmark = pytest.mark.brute

RATIOS = np.geomspace(1e-14, 2000, 3000)
SPREADS = np.geomspace(0.02, 3.0, 96)


def patient(counted: list[int], expected: list[float]) -> list[float]:
    """Posterior means, the spread integrated on a fine grid, each unit's ratio on another."""
    shapes = 1 / SPREADS**2
    belief = halfcauchy.pdf(SPREADS) * SPREADS
    for y, e in zip(counted, expected, strict=True):
        belief = belief * nbinom.pmf(y, shapes, shapes / (shapes + e))
    belief[[0, -1]] /= 2
    belief /= belief.sum()
    means = []
    for y, e in zip(counted, expected, strict=True):
        density = np.zeros_like(RATIOS)
        for shape, weight in zip(shapes, belief, strict=True):
            inside = gamma.pdf(RATIOS, shape, scale=1 / shape) * poisson.pmf(y, e * RATIOS) * RATIOS
            density += weight * inside / max(inside.sum(), 1e-300)
        means.append(float(density @ RATIOS))
    return means


@settings(deadline=None, max_examples=8)
@given(
    units=st.lists(st.tuples(st.integers(0, 40), st.floats(0.5, 30)), min_size=1, max_size=6),
)
def test_shrunk_ratios_are_what_integration_gives(units: list[tuple[int, float]]) -> None:
    counted, expected = [list(one) for one in zip(*units, strict=True)]
    assert relative_rates(counted, expected).ratio == pytest.approx(patient(counted, expected), rel=0.005)


def patient_of_groups(counted: list[int], expected: list[float]) -> list[float]:
    """The same where the mean is not known and any unit may be unlike all others: every belief in its turn."""
    total, means = 0.0, np.zeros(len(counted))
    for spread in np.geomspace(0.02, 3.0, 40):
        for centre in np.geomspace(0.1, 10.0, 30):
            belief = halfcauchy.pdf(spread) * spread * np.exp(-(np.log(centre) ** 2) / (2 * CENTRE_SD**2))
            belief /= 2 if spread in {0.02, 3.0} else 1
            found = []
            for y, e in zip(counted, expected, strict=True):
                of_unit = [
                    (
                        part * nbinom.pmf(y, 1 / s**2, 1 / (1 + s**2 * e * centre)),
                        (y + 1 / s**2) / (e + 1 / (s**2 * centre)),
                    )
                    for part, s in ((1 - UNLIKE, spread), (UNLIKE, UNLIKE_SPREAD))
                ]
                likely = sum(part for part, _ in of_unit)
                belief *= likely
                found.append(sum(part * mean for part, mean in of_unit) / likely)
            total, means = total + belief, means + belief * np.array(found)
    return list(means / total)


@settings(deadline=None, max_examples=6)
@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0.5, 30)), min_size=1, max_size=5))
def test_ratios_of_groups_are_what_summing_over_every_belief_gives(units: list[tuple[int, float]]) -> None:
    counted, expected = [list(one) for one in zip(*units, strict=True)]
    found = relative_rates(counted, expected, alike=False).ratio
    assert found == pytest.approx(patient_of_groups(counted, expected), rel=0.01)


def test_an_uncertain_expectation_widens_the_interval_as_drawing_it_does() -> None:
    cv, y, e = 0.4, 12, 10.0
    found = relative_rates([y] * 3, [e] * 3, expected_cv=cv)
    rng = np.random.default_rng(4)
    sigma = np.sqrt(np.log1p(cv**2))
    drawn = lognorm.rvs(sigma, scale=e * np.exp(-(sigma**2) / 2), size=400, random_state=rng)
    many = [relative_rates([y] * 3, [one] * 3) for one in drawn]
    shares = np.mean([[poisson.pmf(y, one.expected[0])] for one in many])
    assert shares > 0
    sure = relative_rates([y] * 3, [e] * 3)
    assert found.high[0] - found.low[0] > sure.high[0] - sure.low[0]
    below = np.mean([one.p_below[0] for one in many])
    assert found.p_below[0] == pytest.approx(below, abs=0.1)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 300), st.floats(0.2, 200)), min_size=1, max_size=30))
def test_quantiles_invert_probabilities(units: list[tuple[int, float]]) -> None:
    counted, expected = [list(one) for one in zip(*units, strict=True)]
    found = relative_rates(counted, expected, level=0.8)
    assert found.posterior.below(found.low) == pytest.approx(0.1, abs=1e-6)
    assert found.posterior.below(found.high) == pytest.approx(0.9, abs=1e-6)
    assert (found.low < found.ratio).all()
    drawn = found.posterior.draw(4000, rng=np.random.default_rng(1))
    assert np.median(drawn, axis=0) == pytest.approx(found.posterior.quantile(0.5), rel=0.25, abs=0.02)
