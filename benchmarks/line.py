"""One line of the benchmark table, and the median of paired timings."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What was measured, in words: ours, the peer's, the ratio (peer / ours: above 1 is faster), the goal."""

    what: str
    ours: str
    peer: str = "none"
    ratio: str = ""
    goal: str = ""


def paired(ours: Callable[[], object], peer: Callable[[], object], *, runs: int = 3) -> tuple[float, float, float]:
    """Median seconds of both, run in turn, and the median of the ratios peer / ours pair by pair."""
    pairs = [(seconds(ours), seconds(peer)) for _ in range(runs)]
    return (
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(b / a for a, b in pairs),
    )


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
