"""Joint rank ranges of many areas, against R's csranks as measured elsewhere and a plain numpy twin in this run."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np

from benchmarks.line import Line, paired, seconds
from hearback.stats.rank_ranges import pairwise_rank_ranges, rank_ranges_from_draws

DRAWS = 1000
CSRANKS_SECONDS_FOR_300 = 73


def run() -> list[Line]:
    """1,000 areas are the goal; 300 are what csranks can do; 3,000 are a large state's tracts."""
    return [_against_csranks(), _against_numpy(), _alone(3000), _from_correlated_draws()]


def _against_csranks() -> Line:
    ours = seconds(_step_down(300))
    return Line(
        "rank ranges, 300 areas, step-down",
        f"{ours:.2f} s",
        f"R csranks, measured elsewhere: {CSRANKS_SECONDS_FOR_300} s",
        f"{CSRANKS_SECONDS_FOR_300 / ours:.0f}",
    )


def _against_numpy() -> Line:
    ours, peer, ratio = paired(_step_down(1000), _single_step_numpy(1000), runs=1)
    return Line(
        "rank ranges, 1,000 areas, step-down",
        f"{ours:.2f} s, {_peak(_step_down(1000))}",
        f"plain numpy, single step: {peer:.1f} s",
        f"{ratio:.1f}",
        "under 3 s (csranks: over 10 min)",
    )


def _alone(n: int) -> Line:
    work = _step_down(n)
    return Line(f"rank ranges, {n:,} areas, step-down", f"{seconds(work):.2f} s, {_peak(work)}", goal="under 500 MB")


def _from_correlated_draws() -> Line:
    x, se, rng = _areas(1000)
    draws = rng.normal(size=(DRAWS, 1000)) * se + 0.3 * rng.normal(size=(DRAWS, 3)) @ rng.normal(size=(3, 1000))
    ours = seconds(lambda: rank_ranges_from_draws(x, draws, level=0.9, largest_first=False))
    return Line("rank ranges, 1,000 areas, errors with three common factors", f"{ours:.2f} s")


def _areas(n: int) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(11)
    return rng.normal(size=n), rng.uniform(0.05, 0.3, n), rng


def _step_down(n: int) -> Callable[[], object]:
    x, se, rng = _areas(n)
    return lambda: pairwise_rank_ranges(x, se, draws=DRAWS, rng=rng)


def _single_step_numpy(n: int) -> Callable[[], object]:
    x, se, rng = _areas(n)

    def work() -> np.ndarray:
        sd = np.hypot(se[:, None], se)
        errors = rng.normal(size=(DRAWS, n)) * se
        critical = np.quantile([(np.subtract.outer(e, e) / sd).max() for e in errors], 0.9)
        return 1 + (np.subtract.outer(x, x) > critical * sd).sum(axis=1)

    return work


def _peak(work: Callable[[], object]) -> str:
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return f"peak {peak / 1e6:.0f} MB"
