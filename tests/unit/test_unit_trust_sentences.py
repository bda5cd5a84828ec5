"""Every sentence about a survey agrees with its numbers: in direction, in certainty, and in what it says they are."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from hearback.design.templatetags.say import say
from hearback.report_back.composing import trust_sentences
from hearback.report_back.composing.trust_sentences import SMALL, Difference, Unit, change, pair, said_by_everybody
from hearback.report_back.opinions import Finding, Reading, Verdict
from hearback.report_back.payloads import Message

SHARE, TEN = Unit(share=True), Unit(share=False, least=0, most=10)
UP = {Verdict.MORE_VERY_LIKELY, Verdict.MORE_PROBABLY}
DOWN = {Verdict.LESS_VERY_LIKELY, Verdict.LESS_PROBABLY}
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def numbers(text: str) -> list[float]:
    """The numbers of a sentence, in their order."""
    return [float(found.replace(",", "")) for found in NUMBER.findall(text)]


def normal(difference: float, se: float, *, level: int = 95) -> Difference:
    """A difference whose uncertainty is normal."""
    half = se * float(stats.norm.isf((1 - level / 100) / 2))
    chance = float(stats.norm.cdf(difference / se))
    return Difference(difference, difference - half, difference + half, level, chance)


def changed(found: Difference, unit: Unit = SHARE) -> Finding:
    return change(found, unit, earlier="spring", later="autumn")


shares = st.builds(
    normal,
    st.floats(-0.9, 0.9, allow_subnormal=False),
    st.floats(0.0005, 0.3),
    level=st.sampled_from([80, 90, 95]),
)
means = st.builds(normal, st.floats(-9, 9, allow_subnormal=False), st.floats(0.005, 3), level=st.sampled_from([90, 95]))


@given(shares)
def test_a_rise_or_fall_is_said_only_with_its_sign_and_its_certainty(found: Difference) -> None:
    said = changed(found)
    text = say(said.sentence)
    assert (" rose" in text) == (said.verdict in UP or said.verdict is Verdict.CANNOT_TELL)
    assert (" fell" in text) == (said.verdict in DOWN or said.verdict is Verdict.CANNOT_TELL)
    assert ("very likely" in text) == (said.verdict in {Verdict.MORE_VERY_LIKELY, Verdict.LESS_VERY_LIKELY})
    assert ("probably" in text) == (said.verdict in {Verdict.MORE_PROBABLY, Verdict.LESS_PROBABLY})
    if said.verdict in UP:
        assert found.difference > 0
        assert found.p_more >= (0.95 if "very likely" in text else 0.90)
    if said.verdict in DOWN:
        assert found.difference < 0
        assert found.p_more <= (0.05 if "very likely" in text else 0.10) + 1e-12


@given(shares)
def test_whoever_is_sure_of_a_visible_difference_says_so(found: Difference) -> None:
    assume(abs(found.difference) >= 0.01)
    if max(found.p_more, 1 - found.p_more) >= 0.951:
        assert changed(found).verdict in {Verdict.MORE_VERY_LIKELY, Verdict.LESS_VERY_LIKELY}


@given(shares)
def test_hardly_changed_needs_a_precise_interval_and_we_cannot_tell_a_wide_one(found: Difference) -> None:
    said = changed(found).verdict
    precise = found.low >= -SMALL and found.high <= SMALL
    if said is Verdict.HARDLY:
        assert precise
    if said is Verdict.CANNOT_TELL:
        assert not precise
        assert found.low < 0 < found.high


@given(shares)
def test_the_numbers_of_a_sentence_are_those_of_the_difference(found: Difference) -> None:
    said = changed(found)
    stated = numbers(say(said.sentence))
    if said.verdict is Verdict.CANNOT_TELL:
        assert stated == []
    else:
        of = max(abs(found.low), abs(found.high)) if said.verdict is Verdict.HARDLY else abs(found.difference)
        assert stated == [pytest.approx(100 * of, abs=0.5)]
        assert stated[0] > 0
    low, high, level = numbers(say(said.detail[0]))
    assert level == found.level_percent
    assert sorted((low, high)) == pytest.approx(sorted((100 * abs(found.low), 100 * abs(found.high))), abs=0.51)


@given(shares)
def test_the_range_says_on_which_side_of_nothing_it_lies(found: Difference) -> None:
    text = say(changed(found).detail[0])
    assert ("less to" in text) == (found.low < 0 < found.high)
    assert text.endswith(f"({found.level_percent} % confidence).")
    if found.low >= 0:
        assert "more" in text
        assert "less" not in text
    elif found.high <= 0:
        assert "less" in text
        assert "more" not in text


@given(means)
def test_means_are_told_in_points_of_their_scale(found: Difference) -> None:
    said = pair(found, TEN, group="Young", other="Old")
    text = say(said.sentence)
    assert "favourably" not in text
    if said.verdict in UP | DOWN:
        assert ("higher on the scale" in text) == (found.difference > 0)
        assert numbers(text) == [pytest.approx(abs(found.difference), abs=0.005)]
        assert "point" in text


@given(shares)
def test_the_mirror_image_of_a_difference_has_the_mirrored_sentence(found: Difference) -> None:
    assume(all(abs(found.p_more - edge) > 1e-9 for edge in (0.05, 0.1, 0.9, 0.95)))
    mirrored = Difference(-found.difference, -found.high, -found.low, found.level_percent, 1 - found.p_more)
    there, back = (pair(one, SHARE, group="A", other="B").verdict for one in (found, mirrored))
    turned = {Verdict.MORE_VERY_LIKELY: Verdict.LESS_VERY_LIKELY, Verdict.MORE_PROBABLY: Verdict.LESS_PROBABLY}
    turned |= {after: before for before, after in turned.items()}
    assert back is turned.get(there, there)


@given(shares)
def test_among_other_comparisons_a_chance_is_told_only_of_a_direction_that_is_stated(found: Difference) -> None:
    among_others = replace(found, allows_for_others=True)
    alone, counted = (pair(one, SHARE, group="A", other="B") for one in (found, among_others))
    assert counted.sentence == alone.sentence
    assert counted.detail == (alone.detail if counted.verdict in UP | DOWN else alone.detail[:1])


@given(shares)
def test_nobody_is_told_a_chance_of_nought_or_of_a_hundred(found: Difference) -> None:
    text = say(changed(found).detail[1])
    assert ("truly more" in text) == (found.p_more >= 0.5)
    stated = numbers(text)[0]
    assert 50 <= stated <= 99


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (normal(0.07, 0.02), "From spring to autumn it rose by 7 percentage points: very likely."),
        (normal(-0.01, 0.003), "From spring to autumn it fell by 1 percentage point: very likely."),
        (normal(0.042, 0.03), "From spring to autumn it probably rose, by 4 percentage points."),
        (
            normal(0.0, 0.01),
            "From spring to autumn it hardly changed: by no more than 2 percentage points, up or down.",
        ),
        (normal(0.02, 0.04), "Whether it rose or fell from spring to autumn, we cannot tell."),
    ],
)
def test_the_scale_of_certainty_in_words(found: Difference, text: str) -> None:
    assert say(changed(found).sentence) == text


def test_a_difference_across_nothing_is_told_both_ways() -> None:
    assert say(changed(normal(0.02, 0.04)).detail[0]) == (
        "Anything from 6 less to 10 percentage points more (95 % confidence)."
    )


def test_groups_are_named_on_their_side_of_the_comparison() -> None:
    said = say(pair(normal(-0.12, 0.03), SHARE, group="Black", other="White").sentence)
    assert said == "“Black” answer favourably less often than “White”, by 12 percentage points: very likely."


def _reading(basis: str, **more: Any) -> Reading:
    given: dict[str, Any] = {"value": 0.45, "low": 0.4, "high": 0.5, "level_percent": 95, "basis": basis, "n": 900}
    return Reading(**given | more)


def _said(reading: Reading, unit: Unit = SHARE) -> str:
    return " ".join(say(message) for message in said_by_everybody(reading, unit, wave="2025"))


def test_a_random_sample_has_an_interval() -> None:
    assert _said(_reading("design")) == (
        "In 2025, 45 of 100 people answered favourably. "
        "If everybody had been asked: between 40 and 50 of 100 (95 % confidence)."
    )


@given(st.floats(0, 1), st.floats(0, 0.3), st.floats(0, 0.3))
def test_an_open_link_never_has_a_margin_of_error_and_says_why(value: float, below: float, above: float) -> None:
    text = _said(_reading("opt-in", value=value, low=max(0.0, value - below), high=min(1.0, value + above)))
    assert "no margin of error" in text
    assert "confidence" not in text
    assert "whoever wished could take part" in text


def test_scores_without_sizes_or_errors_are_shown_as_such() -> None:
    text = _said(_reading("published", value=61.4, low=None, high=None, n=None), Unit(share=False, least=0, most=100))
    assert text == (
        "For 2025, others published a score of 61.4 (0 to 100). "
        "How many people answered and how sure the score is, was not published."
    )


def test_answers_of_unknown_origin_carry_their_condition() -> None:
    assert "That holds only if those who answered are like everybody else." in _said(_reading("answers"))


def test_everybody_asked_has_no_margin_of_error() -> None:
    text = _said(_reading("census"))
    assert "no margin of error" in text
    assert "confidence" not in text


def test_what_cannot_be_said_is_said_with_its_reason() -> None:
    text = _said(_reading("design", value=None, why=(Message("All answers are equal.", {}),)))
    assert text == "For 2025 it cannot be said. All answers are equal."


@given(st.floats(0, 1))
def test_a_share_that_is_not_quite_nothing_is_not_rounded_to_nothing(share: float) -> None:
    said = trust_sentences.percent(share)
    assert said == pytest.approx(100 * share, abs=0.5)
    if 0.0005 < share < 0.9994:
        assert 0 < said < 100


def test_every_verdict_has_a_sentence_of_each_sort() -> None:
    for templates in (trust_sentences.CHANGES, trust_sentences.PAIRS_OF_SHARES, trust_sentences.PAIRS_OF_MEANS):
        assert set(templates) == set(Verdict) - {Verdict.NOT_COMPARED}
