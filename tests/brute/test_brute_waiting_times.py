"""Waiting times against an independent implementation and against counting by hand."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from hearback.stats.waiting_times import UnusableWaits, waiting_times

pytestmark = pytest.mark.brute
waits = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=40)


def share_waiting_by_hand(data: list[tuple[int, bool]], time: int) -> float:
    """Kaplan–Meier as one would do it with a pencil."""
    share = 1.0
    for moment in sorted({t for t, ended in data if ended and t <= time}):
        at_risk = sum(t >= moment for t, _ in data)
        share *= 1 - sum(ended and t == moment for t, ended in data) / at_risk
    return share


@given(waits)
def test_the_median_is_the_first_time_at_which_half_are_answered(data: list[tuple[int, bool]]) -> None:
    found = waiting_times(*zip(*data, strict=True)).median.time
    reached = [t for t, ended in sorted(data) if ended and share_waiting_by_hand(data, t) <= 0.5 + 1e-12]
    assert found == (reached[0] if reached else np.inf)


@given(waits)
def test_intervals_are_those_of_statsmodels_where_it_has_one(data: list[tuple[int, bool]]) -> None:
    times, ended = (np.array(column) for column in zip(*data, strict=True))
    if not ended.any():
        return
    found = waiting_times(times, ended)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        oracle = SurvfuncRight(times.astype(float), ended.astype(int))
        for quantile in (found.median, found.ninetieth):
            low, high = oracle.quantile_ci(quantile.share, method="cloglog")
            if not np.isnan(low):
                assert quantile.low == low
                assert quantile.high == high


@given(waits)
def test_an_interval_holds_its_time(data: list[tuple[int, bool]]) -> None:
    found = waiting_times(*zip(*data, strict=True))
    for quantile in (found.median, found.ninetieth):
        assert quantile.low <= quantile.time <= quantile.high


def test_where_one_day_steps_over_every_possible_share_the_interval_is_that_day() -> None:
    times = np.repeat([1, 2, 3, 5, 60], [60, 100, 30, 2, 6])
    median = waiting_times(times, times < 60).median
    assert (median.low, median.time, median.high) == (2, 2, 2)


def test_leaving_out_those_who_wait_would_flatter() -> None:
    answered_only = waiting_times([1, 2, 3, 4], [True] * 4).median.time
    with_waiting = waiting_times([1, 2, 3, 4, 30, 30, 30, 30], [True] * 4 + [False] * 4).median.time
    assert (answered_only, with_waiting) == (2, 4)


def test_nobody_gives_no_number() -> None:
    found = waiting_times([], [])
    assert found.n == 0
    assert np.isnan(found.median.time)


def test_a_negative_wait_is_refused() -> None:
    with pytest.raises(UnusableWaits, match="Check the times"):
        waiting_times([-1.0], [True])


def test_vectors_of_two_lengths_are_an_error() -> None:
    with pytest.raises(ValueError, match="one length"):
        waiting_times([1.0, 2.0], [True])
