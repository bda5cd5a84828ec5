"""What may be said of an estimate, by how people came to answer; and response rates from outcomes."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.response_rates import Dispositions, UnusableDispositions, response_rates
from hearback.stats.sampling_mode import (
    LABELS,
    NoMarginOfError,
    SamplingMode,
    UnusableSensitivity,
    if_answering_depends,
    if_others_differ,
    margin_of_error,
    opt_in_estimate,
)


def test_a_random_sample_has_a_margin_of_error() -> None:
    assert margin_of_error(0.02, mode=SamplingMode.PROBABILITY) == pytest.approx(0.0392, abs=1e-4)
    several = margin_of_error(np.array([1.0, 2.0]), mode=SamplingMode.PROBABILITY, level=0.9)
    assert several == pytest.approx([1.645, 3.29], abs=1e-3)


def test_volunteers_have_none_and_the_reason_is_given() -> None:
    with pytest.raises(NoMarginOfError, match="People chose themselves .* would mislead") as refused:
        margin_of_error(0.02, mode=SamplingMode.OPT_IN)
    assert "bias range" in refused.value.remedy


def test_a_census_has_none_either_for_another_reason() -> None:
    with pytest.raises(NoMarginOfError, match="Everybody was asked") as refused:
        margin_of_error(0.02, mode=SamplingMode.CENSUS)
    assert "response rate" in refused.value.remedy


def test_every_mode_has_a_label_and_a_word_that_files_use() -> None:
    assert set(LABELS) == set(SamplingMode)
    assert SamplingMode("opt-in") is SamplingMode.OPT_IN


def test_an_opt_in_estimate_cannot_be_made_without_its_range_and_label() -> None:
    spread = if_others_differ(0.6, part_taken=0.01, difference=0.1, lowest=0, highest=1)
    found = opt_in_estimate(0.6, n=412, sensitivity=spread)
    assert "chose to take part" in found.label
    assert found.sensitivity.low < 0.6 < found.sensitivity.high
    assert not hasattr(found, "margin_of_error")


def test_those_who_did_not_take_part_cannot_lie_beyond_the_scale() -> None:
    found = if_others_differ(0.95, part_taken=0.5, difference=0.2, lowest=0, highest=1)
    assert (found.low, found.high) == pytest.approx((0.85, 0.975))
    assert "by up to 0.2" in found.assumption


def test_when_everybody_took_part_there_is_nothing_to_be_wrong_about() -> None:
    for found in (
        if_others_differ(3, part_taken=1, difference=2),
        if_answering_depends(3, deviation=1, part_taken=1, correlation=0.1),
    ):
        assert (found.low, found.high) == (3, 3)


def test_a_tiny_correlation_moves_a_large_citys_estimate_far() -> None:
    found = if_answering_depends(0.5, deviation=0.5, part_taken=0.001, correlation=0.005)
    assert found.high - 0.5 == pytest.approx(0.079, abs=1e-3)
    assert found.method == "data defect correlation"


@pytest.mark.parametrize("part_taken", [0, 1.2, -0.1, np.nan])
def test_impossible_shares_are_refused(part_taken) -> None:
    with pytest.raises(UnusableSensitivity):
        if_others_differ(0.5, part_taken=part_taken, difference=0.1)
    with pytest.raises(UnusableSensitivity):
        if_answering_depends(0.5, deviation=0.5, part_taken=part_taken, correlation=0.1)


@pytest.mark.parametrize("wrong", [{"correlation": 2}, {"correlation": -0.1}, {"deviation": -1}])
def test_impossible_assumptions_are_refused(wrong) -> None:
    with pytest.raises(UnusableSensitivity):
        if_answering_depends(0.5, **{"deviation": 0.5, "part_taken": 0.1, "correlation": 0.1, **wrong})


CASES = Dispositions(
    complete=300, partial=20, refusal=200, non_contact=150, other=10, unknown_household=240, unknown_other=80
)


def test_rates_rise_the_fewer_unknown_cases_count() -> None:
    found = response_rates(CASES, eligible_share=0.5)
    assert found.rr1 == 300 / 1000
    assert found.rr1 < found.rr3 < found.rr5
    assert found.rr2 / found.rr1 == pytest.approx(320 / 300)


def test_without_a_stated_share_the_known_cases_give_it() -> None:
    screened = Dispositions(**{**vars(CASES), "ineligible": 170})
    assert response_rates(screened).eligible_share == 0.8
    assert response_rates(CASES).rr3 == response_rates(CASES).rr1


@pytest.mark.parametrize(
    ("cases", "share", "problem"),
    [
        (Dispositions(complete=5, non_contact=-1), None, "count of non contact is below 0"),
        (Dispositions(complete=0, unknown_other=9), None, "No case is known as eligible"),
        (CASES, 1.1, "1.1 is no share"),
    ],
)
def test_outcomes_without_a_rate_are_refused(cases, share, problem) -> None:
    with pytest.raises(UnusableDispositions, match=problem):
        response_rates(cases, eligible_share=share)
