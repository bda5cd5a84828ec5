"""Rank ranges in small cases that can be worked out in the head, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.rank_ranges import (
    RankRanges,
    Standing,
    cannot_separate,
    joint_rank_ranges,
    pairwise_rank_ranges,
    rank_ranges_from_draws,
    standing,
)
from hearback.stats.ranked_estimates import ImpossibleLevel, UnusableEstimates


def draws_around(x, se, *, R=99, seed=1):
    return x + np.random.default_rng(seed).normal(size=(R, len(x))) * se


def every_method(x, se, *, largest_first=False):
    rng = np.random.default_rng(1)
    draws = draws_around(np.asarray(x), se)
    return [
        joint_rank_ranges(x, se, largest_first=largest_first),
        pairwise_rank_ranges(x, se, rng=rng, draws=99, largest_first=largest_first),
        pairwise_rank_ranges(x, np.diag(np.square(se)), rng=rng, draws=99, largest_first=largest_first),
        pairwise_rank_ranges(x, se, method="bonferroni", largest_first=largest_first),
        rank_ranges_from_draws(x, draws, level=0.9, largest_first=largest_first),
    ]


def test_areas_far_apart_have_one_rank_each():
    for ranges in every_method([10.0, 30.0, 20.0], [0.1, 0.1, 0.1]):
        assert ranges.rank.tolist() == ranges.low.tolist() == ranges.high.tolist() == [1, 3, 2]


def test_the_largest_comes_first_when_asked():
    for ranges in every_method([10.0, 30.0, 20.0], [0.1, 0.1, 0.1], largest_first=True):
        assert ranges.rank.tolist() == ranges.low.tolist() == ranges.high.tolist() == [3, 1, 2]


def test_areas_close_together_may_hold_any_rank_though_their_estimates_are_ordered():
    for ranges in every_method([1.0, 1.2, 1.1, 1.3], [1.0, 1.0, 1.0, 1.0]):
        assert ranges.rank.tolist() == [1, 3, 2, 4]
        assert ranges.low.tolist() == [1, 1, 1, 1]
        assert ranges.high.tolist() == [4, 4, 4, 4]


def test_one_area_alone_has_rank_one():
    for ranges in every_method([5.0], [2.0]):
        assert (ranges.rank, ranges.low, ranges.high) == ([1], [1], [1])


def test_areas_known_without_error_are_compared_exactly_and_ties_stay_ties():
    for ranges in every_method([2.0, 1.0, 2.0, 3.0], [0.0, 0.0, 0.0, 0.0]):
        assert ranges.rank.tolist() == [2, 1, 2, 4]
        assert ranges.low.tolist() == [2, 1, 2, 4]
        assert ranges.high.tolist() == [3, 1, 3, 4]


def test_an_area_known_exactly_is_told_apart_only_beyond_the_error_of_the_other():
    for ranges in every_method([0.0, 0.5, 9.0], [0.0, 1.0, 0.0]):
        assert ranges.low.tolist() == [1, 1, 3]
        assert ranges.high.tolist() == [2, 2, 3]


def test_an_error_shared_by_all_areas_blurs_no_rank():
    rng = np.random.default_rng(2)
    x, shared = np.array([1.0, 2.0, 3.0]), 100 * rng.normal(size=(99, 1))
    assert rank_ranges_from_draws(x, x + shared, level=0.9, largest_first=False).high.tolist() == [1, 2, 3]
    covariance = 100.0 * np.ones((3, 3)) + 0.0001 * np.eye(3)
    assert pairwise_rank_ranges(x, covariance, rng=rng).high.tolist() == [1, 2, 3]


def test_errors_that_are_the_same_but_for_rounding_leave_a_difference_known_exactly():
    covariance = np.array([[1.0, 1 - 1e-15], [1 - 1e-15, 1.0]])
    assert pairwise_rank_ranges([0.0, 1e-9], covariance, method="bonferroni").high.tolist() == [1, 2]
    draws = np.random.default_rng(5).normal(size=(99, 1)) + np.array([0.1, 0.7])
    assert rank_ranges_from_draws([0.0, 1e-9], draws, level=0.9, largest_first=False).high.tolist() == [1, 2]


def test_where_the_draws_lie_does_not_matter_only_how_they_spread():
    x = np.linspace(0, 3, 8)
    draws = draws_around(x, 0.4)
    here, moved = (rank_ranges_from_draws(x, d, level=0.9, largest_first=False) for d in (draws, draws + 4 * x))
    assert (here.low.tolist(), here.high.tolist()) == (moved.low.tolist(), moved.high.tolist())


def test_step_down_narrows_ranges_and_never_widens_one():
    x, se = np.random.default_rng(4).normal(size=60) * 2, np.full(60, 0.4)
    single = pairwise_rank_ranges(x, se, rng=np.random.default_rng(3), step_down=False)
    stepped = pairwise_rank_ranges(x, se, rng=np.random.default_rng(3))
    assert stepped.critical_value < single.critical_value
    assert (stepped.low >= single.low).all()
    assert (stepped.high <= single.high).all()
    assert cannot_separate(stepped).sum() < cannot_separate(single).sum()


def test_the_same_seed_gives_the_same_ranges():
    x, se = np.linspace(0, 1, 10), np.full(10, 0.2)
    first, second = (pairwise_rank_ranges(x, se, rng=np.random.default_rng(8)) for _ in range(2))
    assert first.critical_value == second.critical_value


def ranges_of(low, high):
    return RankRanges(np.array(low), np.array(low), np.array(high), 3.0, 0.9, "by hand")


def test_standing_tells_a_half_only_where_the_whole_range_lies_in_it():
    expected = [Standing.FIRST_HALF, Standing.CANNOT_TELL, Standing.CANNOT_TELL, Standing.LAST_HALF]
    assert standing(ranges_of([1, 1, 2, 3], [2, 3, 4, 4])) == expected


def test_the_middle_of_an_odd_number_of_areas_is_in_neither_half():
    expected = [Standing.FIRST_HALF, Standing.CANNOT_TELL, Standing.LAST_HALF]
    assert standing(ranges_of([1, 2, 3], [1, 2, 3])) == expected


def test_cannot_separate_counts_the_other_areas_that_might_stand_on_either_side():
    ranges = joint_rank_ranges([0.0, 0.1, 9.0], [0.1, 0.1, 0.1])
    assert cannot_separate(ranges).tolist() == [1, 1, 0]


@pytest.mark.parametrize(
    ("estimates", "errors", "sentence"),
    [
        ([], [], "no area to rank"),
        ([1.0, np.nan], [1.0, 1.0], "area 2 of 2: The estimate is missing"),
        ([1.0, 2.0], [np.inf, 1.0], "area 1 of 2: The standard error is missing"),
        ([1.0, 2.0, 3.0], [1.0, 1.0, -999.0], "area 3 of 3: The standard error is negative"),
        ([1.0, 2.0], [[1.0, 0.3], [0.2, 1.0]], "not a covariance"),
        ([1.0, 2.0], [[1.0, 3.0], [3.0, 1.0]], "not a covariance"),
        ([1.0, 2.0], [[1.0, np.nan], [np.nan, 1.0]], "The covariance is missing"),
    ],
)
def test_estimates_that_cannot_be_ranked_are_refused_by_name(estimates, errors, sentence):
    with pytest.raises(UnusableEstimates, match=sentence):
        pairwise_rank_ranges(estimates, errors, method="bonferroni")


def test_a_matrix_with_a_negative_variance_in_it_is_refused():
    covariance = [[1.0, 0.9, 0.0], [0.9, 1.0, 0.9], [0.0, 0.9, 1.0]]
    with pytest.raises(UnusableEstimates, match="some mix of areas has a negative variance"):
        pairwise_rank_ranges([1.0, 2.0, 3.0], covariance, rng=np.random.default_rng(1))


def test_a_missing_draw_is_refused():
    draws = draws_around(np.zeros(3), 1.0)
    draws[7, 1] = np.nan
    with pytest.raises(UnusableEstimates, match="area 2 of 3: A draw is missing"):
        rank_ranges_from_draws([1.0, 2.0, 3.0], draws, level=0.9, largest_first=False)


@pytest.mark.parametrize("level", [0, 1, 95, -0.5])
def test_a_level_that_is_no_share_is_refused(level):
    with pytest.raises(ImpossibleLevel, match=r"between 0 and 1"):
        joint_rank_ranges([1.0, 2.0], [1.0, 1.0], level=level)


def test_too_few_draws_for_the_level_are_refused_and_enough_are_named():
    x = np.array([1.0, 2.0])
    with pytest.raises(ImpossibleLevel, match="at least 19 draws"):
        rank_ranges_from_draws(x, draws_around(x, 1.0, R=18), level=0.95, largest_first=False)
    rank_ranges_from_draws(x, draws_around(x, 1.0, R=19), level=0.95, largest_first=False)


def test_mistakes_of_the_caller_are_plain_errors():
    with pytest.raises(ValueError, match="rng"):
        pairwise_rank_ranges([1.0, 2.0], [1.0, 1.0])
    with pytest.raises(ValueError, match="shape"):
        joint_rank_ranges([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="shape"):
        rank_ranges_from_draws([1.0, 2.0], np.zeros((5, 3)), level=0.5, largest_first=False)
    with pytest.raises(ValueError, match="one dimension"):
        joint_rank_ranges([[1.0, 2.0]], [1.0, 2.0])
