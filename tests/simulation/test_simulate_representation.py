"""Intervals of participation hold as often as they say; calm cities raise no alarm."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from hearback.stats.representation.participation import participation
from hearback.stats.representation.relative_rates import relative_rates
from hearback.stats.representation.silence import Voice, silence
from hearback.stats.representation.workforce import workforce
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation

CITIES = 2000 if FULL_SIMULATIONS else 150


def test_intervals_of_ratios_cover_nine_times_in_ten_where_the_spread_is_as_believed() -> None:
    rng = np.random.default_rng(11)
    covered = []
    for _ in range(CITIES):
        spread = np.clip(np.abs(rng.standard_cauchy()), 0.02, 3.0)
        covered.append(_covered(spread, rng))
    assert np.mean(covered) == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize("spread", [0.1, 0.4, 1.0])
def test_intervals_of_ratios_are_never_too_narrow_for_one_spread(spread: float) -> None:
    rng = np.random.default_rng(16)
    assert np.mean([_covered(spread, rng) for _ in range(CITIES)]) > 0.885


def _covered(spread: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    expected = rng.uniform(1, 40, 25)
    truth = rng.gamma(1 / spread**2, spread**2, 25)
    found = relative_rates(rng.poisson(expected * truth), expected)
    return (found.low <= truth) & (truth <= found.high)


def test_a_city_in_which_all_areas_speak_alike_has_hardly_a_quiet_or_loud_one() -> None:
    rng = np.random.default_rng(12)
    called = 0
    for _ in range(CITIES):
        people = rng.integers(500, 5000, 100)
        found = silence(rng.poisson(people / 400), people)
        called += sum(one in (Voice.QUIET, Voice.LOUD) for one in found.voices)
    assert called / CITIES < 1.0


def test_quiet_areas_are_found_and_few_calls_are_wrong() -> None:
    rng = np.random.default_rng(13)
    right = wrong = missed = 0
    for _ in range(CITIES // 3):
        people = np.full(100, 2500)
        truth = np.where(np.arange(100) < 15, 0.15, 1.15)
        found = silence(rng.poisson(people / 150 * truth), people)
        quiet = np.array([one == Voice.QUIET for one in found.voices])
        right, wrong, missed = right + quiet[:15].sum(), wrong + quiet[15:].sum(), missed + (~quiet[:15]).sum()
    assert right > 0.9 * (right + missed)
    assert wrong < 0.15 * (right + wrong)


def test_the_parity_score_falls_with_exclusion_and_not_with_smallness() -> None:
    rng = np.random.default_rng(14)
    people = [70_000, 25_000, 4_900, 100]
    fair = participation([700, 250, 49, 0], people, rng=rng)
    unfair = participation([900, 95, 4, 1], people, rng=rng)
    assert fair.parity > 0.85
    assert unfair.parity_high < fair.parity_low
    assert fair.rates.low[3] < 1 < fair.rates.high[3]


@pytest.mark.parametrize("voices", [60, 200, 1000])
@pytest.mark.parametrize(
    "ratios", [(1.25, 0.23, 0.3, 0.25, 0.4), (1.13, 0.72, 0.5, 0.5, 0.66), (0.6, 1.7, 2.6, 3.1, 5.0)]
)
def test_parity_and_ranges_hold_where_one_large_group_is_unlike_all_small_ones(
    voices: int, ratios: tuple[float, ...]
) -> None:
    rng = np.random.default_rng(17)
    people = np.array([0.76, 0.12, 0.06, 0.04, 0.02])
    truth = np.array(ratios) / (people @ ratios)
    parity, ranges, off = [], [], []
    for _ in range(CITIES // 3):
        found = participation(rng.multinomial(voices, people * truth), people, rng=rng, draws=1000)
        parity.append(found.parity_low <= np.minimum(truth, 1).mean() <= found.parity_high)
        ranges.append((found.rates.low <= truth) & (truth <= found.rates.high))
        off.append(found.parity - np.minimum(truth, 1).mean())
    assert np.mean(ranges) > 0.86
    assert np.mean(parity) > 0.8
    assert abs(np.mean(off)) < 0.1


def test_workforce_intervals_hold_when_the_community_is_itself_estimated() -> None:
    rng = np.random.default_rng(15)
    truth = np.array([0.5, 0.3, 0.2])
    staff_truth = np.array([0.6, 0.25, 0.15])
    covered = []
    for _ in range(CITIES):
        community = truth * 10_000 + rng.normal(0, [200, 200, 200])
        found = workforce(rng.multinomial(300, staff_truth), community, community_se=[200] * 3)
        ratio = staff_truth / truth
        covered.append((found.ratio_low <= ratio) & (ratio <= found.ratio_high))
    assert np.mean(covered) == pytest.approx(0.95, abs=0.025)
