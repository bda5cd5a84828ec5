"""Do intervals for waiting times hold the truth as often as they say?"""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.waiting_times import waiting_times
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation
WORLDS = 4000 if FULL_SIMULATIONS else 400


@pytest.mark.parametrize("n", [40, 150])
def test_intervals_for_the_median_cover_it(n: int) -> None:
    rng = np.random.default_rng(1982)
    truth, held = 4 * np.log(2), 0
    for _ in range(WORLDS):
        answer, now = rng.exponential(4, n), rng.uniform(0, 20, n)
        found = waiting_times(np.minimum(answer, now), answer <= now).median
        held += found.low <= truth <= found.high
    # 95 % nominal; Brookmeyer-Crowley is slightly conservative in small samples; 3.5 Monte-Carlo errors either way.
    assert abs(held / WORLDS - 0.955) < 3.5 * np.sqrt(0.05 * 0.95 / WORLDS)
