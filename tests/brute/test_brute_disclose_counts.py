"""What a reader can work out about hidden counts, by trying every table that fits what is shown."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.stats.disclose.counts import protect

pytestmark = pytest.mark.brute
THRESHOLD = 3


def readers_guesses(counts: list[int], hidden: list[bool], total: int) -> list[tuple[int, ...]]:
    """Every table with the shown cells, the total, and at least 1 in each hidden cell."""
    places = [place for place, is_hidden in enumerate(hidden) if is_hidden]
    guesses = []
    for values in product(range(1, total + 1), repeat=len(places)):
        table = list(counts)
        for place, value in zip(places, values, strict=True):
            table[place] = value
        if sum(table) == total:
            guesses.append(tuple(table))
    return guesses


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5))
def test_the_certificate_is_what_trying_every_table_finds(counts: list[int]) -> None:
    safe = protect(np.array(counts), threshold=THRESHOLD)
    if safe.total is None or not safe.hidden.any():
        return
    guesses = np.array(readers_guesses(counts, list(safe.hidden), safe.total))
    assert guesses.min(axis=0).tolist() == safe.low.tolist()
    assert guesses.max(axis=0).tolist() == safe.high.tolist()


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5))
def test_no_small_count_can_be_worked_out(counts: list[int]) -> None:
    safe = protect(np.array(counts), threshold=THRESHOLD)
    for place, count in enumerate(counts):
        if 0 < count < THRESHOLD:
            assert safe.hidden[place]
            assert safe.total is None or safe.high[place] - safe.low[place] >= THRESHOLD


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5))
def test_zeros_and_large_counts_are_shown_where_nothing_small_needs_them(counts: list[int]) -> None:
    safe = protect(np.array(counts), threshold=THRESHOLD)
    assert not safe.hidden[np.array(counts) == 0].any()
    if all(count == 0 or count >= THRESHOLD for count in counts):
        assert not safe.hidden.any()
        assert safe.total == sum(counts)
