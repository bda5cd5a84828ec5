"""What representation says of small groups, unknown voices and impossible input."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.representation.participation import Heard, participation
from hearback.stats.representation.r_indicator import NoResponseModel, partial_ranges, r_indicator, r_interval
from hearback.stats.representation.relative_rates import UnusableCounts, relative_rates, wilson
from hearback.stats.representation.silence import Voice, silence
from hearback.stats.representation.workforce import workforce


def _rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_a_group_of_forty_without_a_voice_proves_nothing_and_one_of_forty_thousand_does() -> None:
    found = participation([600, 0, 400, 0], [60_000, 40, 39_960, 40_000], rng=_rng())
    assert found.heard == (Heard.MORE, Heard.UNCERTAIN, Heard.MORE, Heard.LESS)
    assert 0 < found.parity < 1


def test_voices_of_unknown_groups_leave_open_what_they_leave_open() -> None:
    found = participation([30, 10], [500, 500], rng=_rng(), unknown=40)
    assert found.share_lowest == pytest.approx([30 / 80, 10 / 80])
    assert found.share_highest == pytest.approx([70 / 80, 50 / 80])


def test_what_voices_add_moves_the_picture() -> None:
    before = participation([30, 1], [500, 500], rng=_rng())
    after = participation([30, 25], [500, 500], rng=_rng())
    assert after.parity > before.parity
    assert after.rates.ratio[1] > before.rates.ratio[1]


def test_an_area_without_people_or_with_unknown_people_is_neither_quiet_nor_loud() -> None:
    found = silence([5, 0, 3], [1000, 0, np.nan])
    assert found.voices[1:] == (Voice.UNKNOWN, Voice.UNKNOWN)
    assert np.isnan(found.missing[1:]).all()


def test_two_reports_where_one_was_expected_prove_nothing() -> None:
    found = relative_rates([2, 10, 11, 9], [1, 10, 10, 10])
    assert found.raw[0] == 2
    assert found.ratio[0] < 1.5
    assert found.low[0] < 1 < found.high[0]


def test_wilson_gives_no_point_where_nobody_was_counted() -> None:
    low, high = wilson([0, 20], 20)
    assert low[0] == 0
    assert high[0] > 0.1
    assert high[1] == 1
    assert low[1] < 0.9


def test_no_staff_of_a_group_still_has_an_upper_end() -> None:
    found = workforce([20, 0], [50, 50])
    assert found.ratio[1] == found.ratio_low[1] == 0
    assert 0 < found.ratio_high[1] < 1


@pytest.mark.parametrize(
    ("voices", "people"),
    [([0, 0], [1, 1]), ([1, 2], [1, 0]), ([-1, 2], [1, 1]), ([np.nan, 2], [1, 1])],
)
def test_impossible_participation_is_refused(voices: list[float], people: list[float]) -> None:
    with pytest.raises(UnusableCounts):
        participation(voices, people, rng=_rng())


def test_impossible_rates_silence_and_staff_are_refused() -> None:
    with pytest.raises(UnusableCounts):
        relative_rates([1], [1], expected_cv=-1)
    with pytest.raises(UnusableCounts):
        silence([0, 0], [10, 10])
    with pytest.raises(UnusableCounts):
        workforce([0, 0], [1, 1])
    with pytest.raises(UnusableCounts):
        workforce([1, -1], [1, 1])


def test_a_response_model_that_cannot_be_is_refused() -> None:
    with pytest.raises(NoResponseModel, match="everybody"):
        r_indicator([1, 1, 1], [[0.0], [1.0], [2.0]])
    with pytest.raises(NoResponseModel, match="missing"):
        r_indicator([0, 1, 1], [[0.0], [np.nan], [2.0]])
    with pytest.raises(NoResponseModel, match="certain"):
        r_indicator([0, 0, 1, 1], [[0.0], [0.0], [1.0], [1.0]])
    with pytest.raises(NoResponseModel):
        r_indicator([0, 1, 0, 1], [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [1.5, 1.5]])


def test_the_same_chance_for_all_gives_an_r_near_one() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(20_000, 2))
    found = r_indicator(rng.random(20_000) < 0.4, x, weights=rng.uniform(1, 3, 20_000))
    assert found.r > 0.97
    assert found.mean_propensity == pytest.approx(0.4, abs=0.02)


def test_a_response_model_without_a_trait_or_with_more_coefficients_than_areas_is_refused() -> None:
    with pytest.raises(NoResponseModel, match="no trait"):
        r_indicator([0, 1, 1], np.empty((3, 0)))
    responded, trait = np.array([0, 1, 0, 1, 1, 0]), np.array([[0.0], [0.0], [0.0], [1.0], [1.0], [1.0]])
    found = r_indicator(responded, trait)
    with pytest.raises(NoResponseModel, match="2 areas, which cannot tell 2 coefficients"):
        r_interval(found, responded, trait, areas=trait[:, 0])


def test_a_group_of_one_area_has_no_range_and_the_others_have() -> None:
    area = np.repeat(np.arange(5), 40)
    responded = np.arange(200) % 4 == 0
    ranges = partial_ranges(responded, np.where(area < 4, "many", "one"), areas=area)
    assert np.isnan(ranges["one"]).all()
    assert np.isfinite(ranges["many"]).all()
