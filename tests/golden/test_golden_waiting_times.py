"""The leukaemia data of R's survival package: medians as printed there, limits on the log(−log) scale."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.waiting_times import waiting_times

pytestmark = pytest.mark.golden
MAINTAINED = ([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
NOT_MAINTAINED = ([5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1])


@pytest.mark.parametrize(("data", "median", "low"), [(MAINTAINED, 31, 13), (NOT_MAINTAINED, 23, 5)])
def test_medians_of_the_leukaemia_trial(data: tuple[list[int], list[int]], median: int, low: int) -> None:
    found = waiting_times(*data)
    assert found.median.time == median
    assert found.median.low == low


def test_the_ninetieth_percentile_is_not_reached_while_some_wait_on() -> None:
    assert waiting_times(*MAINTAINED).ninetieth.time == np.inf
