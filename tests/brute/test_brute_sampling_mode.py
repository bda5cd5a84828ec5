"""Bias ranges against whole populations of which a part took part."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hearback.stats.sampling_mode import if_answering_depends, if_others_differ

pytestmark = pytest.mark.brute

populations = st.lists(st.tuples(st.floats(-10, 10), st.booleans()), min_size=3, max_size=40)


@given(populations)
def test_the_range_ends_at_the_truth_when_others_differ_by_exactly_so_much(people) -> None:
    answers, took = (np.array(column) for column in zip(*people, strict=True))
    assume(took.any() and not took.all())
    seen, unseen = answers[took].mean(), answers[~took].mean()
    found = if_others_differ(seen, part_taken=took.mean(), difference=abs(unseen - seen))
    end = found.high if unseen >= seen else found.low
    assert end == pytest.approx(answers.mean(), abs=1e-9)


@given(populations)
def test_the_range_ends_at_the_truth_when_taking_part_correlates_exactly_so_much(people) -> None:
    """Meng's identity holds for any population and any part of it."""
    answers, took = (np.array(column) for column in zip(*people, strict=True))
    assume(took.any() and not took.all() and np.ptp(answers) > 1e-3)
    correlation = float(np.corrcoef(answers, took)[0, 1])
    found = if_answering_depends(
        answers[took].mean(), deviation=answers.std(), part_taken=took.mean(), correlation=min(1, abs(correlation))
    )
    end = found.low if correlation >= 0 else found.high
    assert end == pytest.approx(answers.mean(), abs=1e-6)
