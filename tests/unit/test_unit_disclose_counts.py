"""Counts made safe to show, case by case."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.disclose.counts import protect


def test_one_small_count_takes_the_smallest_other_with_it() -> None:
    safe = protect(np.array([40, 3, 12, 0, 25]))
    assert safe.hidden.tolist() == [False, True, True, False, False]
    assert safe.total == 80


def test_two_small_counts_that_give_each_other_away_take_a_third() -> None:
    safe = protect(np.array([40, 1, 1, 9]))
    assert safe.hidden.tolist() == [False, True, True, True]


def test_many_small_counts_protect_each_other() -> None:
    safe = protect(np.array([4, 4, 4, 30]))
    assert safe.hidden.tolist() == [True, True, True, False]
    assert safe.high.tolist() == [10, 10, 10, 30]


def test_a_lone_small_count_takes_the_total_with_it() -> None:
    safe = protect(np.array([0, 2, 0]))
    assert safe.total is None
    assert safe.hidden.tolist() == [False, True, False]


def test_large_counts_are_shown_with_their_total() -> None:
    safe = protect(np.array([5, 7, 0]))
    assert safe.total == 12
    assert not safe.hidden.any()


def test_a_negative_count_is_an_error() -> None:
    with pytest.raises(ValueError, match="negative"):
        protect(np.array([-1, 5]))
