"""Scales: missing-item rules, reversed items, codes left in, and groups too small to check."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.scales.answers import UnusableItems, suspicious_codes
from hearback.stats.scales.index_scores import index_scores
from hearback.stats.scales.invariance import check_invariance
from hearback.stats.scales.one_factor import FactorNotFound, fit_one_factor
from hearback.stats.scales.reliability import alpha, alpha_bootstrap, item_analysis, omega

NONE = float("nan")


def answers(n: int, *, loadings=(0.8, 0.7, 0.6, 0.9), seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 1)) * np.array(loadings) + 0.6 * rng.normal(size=(n, len(loadings)))


def test_a_score_is_the_mean_of_the_items_answered_if_they_are_enough() -> None:
    found = index_scores([[1, 2, 3, 4], [5, 5, NONE, NONE], [5, NONE, NONE, NONE], [NONE] * 4], low=1, high=5)
    np.testing.assert_array_equal(found.scores, [2.5, 5, NONE, NONE])
    assert found.answered.tolist() == [4, 2, 1, 0]
    assert found.statement == "Mean of 4 items from 1 to 5; at least 50% of them answered"


def test_the_least_share_may_be_all_or_any() -> None:
    rows = [[1, 2, 3], [5, 5, NONE], [5, NONE, NONE]]
    assert np.isfinite(index_scores(rows, low=1, high=5, least_answered=1).scores).tolist() == [True, False, False]
    assert np.isfinite(index_scores(rows, low=1, high=5, least_answered=1 / 3).scores).all()


def test_reversed_items_are_turned_round_and_said() -> None:
    rows = np.array([[5.0, 1.0], [4.0, NONE]])
    found = index_scores(rows, low=1, high=5, reversed_items=[1])
    assert found.scores.tolist() == [5, 4]
    assert "1 of them reversed" in found.statement
    assert rows[0, 1] == 1


def test_scores_are_rescaled_only_when_asked_and_say_so() -> None:
    plain = index_scores([[1, 3], [5, 5]], low=1, high=5)
    rescaled = index_scores([[1, 3], [5, 5]], low=1, high=5, to_0_100=True)
    assert (plain.scores.tolist(), plain.low, plain.high) == ([2, 5], 1, 5)
    assert (rescaled.scores.tolist(), rescaled.low, rescaled.high) == ([25, 100], 0, 100)
    assert "rescaled so that 1 is 0 and 5 is 100" in rescaled.statement
    assert "rescaled" not in plain.statement


def test_an_answer_beyond_the_scale_is_refused_with_its_place() -> None:
    with pytest.raises(UnusableItems, match="item 2, row 1: 9 is no answer between 1 and 5") as refused:
        index_scores([[4, 9], [4, 4]], low=1, high=5)
    assert "missing" in refused.value.remedy


@pytest.mark.parametrize(
    ("rows", "options"),
    [
        ([[1, NONE], [2, NONE]], {"low": 1, "high": 5}),
        ([1, 2, 3], {"low": 1, "high": 5}),
        ([[1, 2]], {"low": 5, "high": 5}),
        ([[1, 2]], {"low": 1, "high": 5, "least_answered": 0}),
    ],
    ids=["an item nobody answered", "no table", "no room between the ends", "no share"],
)
def test_scales_that_cannot_be_scored_are_refused(rows, options) -> None:
    with pytest.raises(UnusableItems):
        index_scores(rows, **options)


@pytest.mark.parametrize("of", [alpha, item_analysis, lambda rows: alpha_bootstrap(rows, rng=np.random.default_rng(1))])
@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([[3, 1], [3, 2], [3, 3]], "item 1 of 2: Everybody gave the same answer"),
        ([[3, 1], [2, NONE], [1, 3]], "2 respondents answered all items"),
        ([[3], [2], [1]], "needs 2 items or more"),
        ([[1, NONE], [2, NONE], [3, NONE]], "item 2 of 2: Nobody answered it"),
    ],
)
def test_reliability_that_cannot_be_estimated_is_refused_by_item(of, rows, problem) -> None:
    with pytest.raises(UnusableItems, match=problem):
        of(rows)


def test_alpha_uses_complete_answers_and_says_how_many_and_which_interval() -> None:
    rows = answers(200)
    holed = np.vstack([rows, [[NONE, 1, 1, 1]]])
    assert alpha(holed) == alpha(rows)
    assert (alpha(holed).n, alpha(holed).interval) == (200, "Feldt")
    assert alpha_bootstrap(holed, rng=np.random.default_rng(2), draws=50).interval == "bootstrap"


def test_an_item_that_runs_the_other_way_is_named() -> None:
    rows = answers(300)
    rows[:, 2] *= -1
    found = item_analysis(rows)
    assert found.against_the_rest == (2,)
    assert found.alpha_if_dropped[2] > alpha(rows).alpha


def test_two_items_have_no_alpha_without_one() -> None:
    assert np.isnan(item_analysis(answers(50)[:, :2]).alpha_if_dropped).all()


def test_omega_needs_three_items_and_carries_the_fit_of_its_model() -> None:
    with pytest.raises(UnusableItems, match="needs 3 items"):
        omega(answers(100)[:, :2])
    two_things = np.hstack([answers(400), answers(400, seed=2)])
    assert omega(two_things).model.fit.cfi < 0.8
    assert omega(answers(400)).model.fit.cfi > 0.98


def test_an_item_that_is_the_factor_itself_is_named() -> None:
    rng = np.random.default_rng(6)
    factor = rng.normal(size=500)
    rows = np.column_stack([factor, *(0.5 * factor + 0.8 * rng.normal(size=500) for _ in range(2))])
    rows[:, 1] += 0.3 * rng.normal(size=500)
    rows[:, 0] = rows[:, 1] + rows[:, 2] + 0.01 * rng.normal(size=500)
    assert 0 in omega(rows).model.heywood


def test_items_that_follow_from_each_other_have_no_factor() -> None:
    rows = answers(100)
    with pytest.raises(FactorNotFound):
        fit_one_factor(np.column_stack([rows, rows[:, 0] + rows[:, 1]]))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3, 4, 5] * 20 + [9] * 4, [9]),
        ([1, 2, 3, 4, 5] * 20 + [8, 8, 9, 9], [8, 9]),
        ([1, 2, 3, 4, 5] * 20 + [-99] * 3 + [99] * 2, [-99, 99]),
        (list(range(11)) * 20 + [99] * 3, [99]),
        (list(range(11)) * 20, []),
        ([1, 2, 3, 4, 5] * 20, []),
        (list(range(18, 100)) * 2, []),
        (list(np.random.default_rng(0).lognormal(10, 1, 1000)), []),
        ([0, 1] * 50 + [55] * 5, [55]),
        ([1, 2] * 1000 + [9], []),
        ([NONE, NONE], []),
        ([], []),
    ],
)
def test_numbers_that_are_frequent_and_far_from_the_rest_are_suspected(values, expected) -> None:
    assert [found.value for found in suspicious_codes(values)] == expected


def test_suspicion_says_how_many_and_why() -> None:
    (found,) = suspicious_codes([1, 2, 3, 4, 5] * 9 + [9] * 5)
    assert (found.count, found.share) == (5, 0.1)
    assert found.reason == "frequent, and apart from all other values"


@pytest.mark.parametrize("label", ["Don't know", "DON’T KNOW / not sure", "Refused", "DK", "Missing"])
def test_a_value_whose_label_is_no_answer_is_suspected_wherever_it_lies(label) -> None:
    labels = {1: "bad", 2: "fair", 3: label, 4: "good"}
    (found,) = suspicious_codes([1, 2, 3, 4], labels=labels)
    assert (found.value, found.reason) == (3, f"its label is “{label}”")


def test_a_value_beyond_the_labelled_ones_is_suspected_but_none_between() -> None:
    (found,) = suspicious_codes([1, 2, 3, 6, 7], labels={1: "very bad", 6: "very good"})
    assert (found.value, found.reason) == (7, "beyond all values that have labels")


def groups_of(*sizes: int) -> np.ndarray:
    return np.repeat(["English", "Spanish", "Vietnamese"][: len(sizes)], sizes)


def test_groups_too_small_cannot_be_checked_and_are_named() -> None:
    found = check_invariance(answers(250), groups=groups_of(200, 50))
    assert (found.verdict, found.comparable, found.n) == ("cannot be checked", False, (200, 50))
    assert found.reason == "Fewer than 100 people answered all items in Spanish (50)"


def test_one_group_alone_cannot_be_checked() -> None:
    assert check_invariance(answers(200), groups=groups_of(200)).reason == "There is one group only"


def test_a_group_in_which_an_item_does_not_vary_cannot_be_checked() -> None:
    rows = answers(300)
    rows[150:, 1] = 3
    found = check_invariance(rows, groups=groups_of(150, 150), names=["help", "respect", "listen", "fair"])
    assert found.reason == "In Spanish everybody gave the same answer to respect"


def test_a_group_in_which_items_repeat_each_other_cannot_be_checked() -> None:
    rows = answers(300)
    rows[150:, 1] = rows[150:, 0]
    assert "one item follows" in check_invariance(rows, groups=groups_of(150, 150)).reason


def test_two_items_cannot_be_checked_for_invariance() -> None:
    with pytest.raises(UnusableItems):
        check_invariance(answers(300)[:, :2], groups=groups_of(150, 150))


def test_items_that_do_not_measure_one_thing_have_no_invariance() -> None:
    rows = np.hstack([answers(400), answers(400, seed=5)])
    found = check_invariance(rows, groups=groups_of(200, 200))
    assert (found.verdict, found.comparable, len(found.steps)) == ("none", False, 1)
    assert np.isnan(found.factor_mean).all()
