"""Ordinal classes for a map: breaks at round numbers, the same for all years, and the class of each value."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LEVELS = 5
"""Colours in the style sheet: `level-1` (least) to `level-5` (most)."""


def round_breaks(values: NDArray[np.float64]) -> tuple[float, ...]:
    """Up to four rising breaks near the fifths of these values, each rounded to two digits at most.

    `values` are those of every year and area together (NaN left out), so that a colour means the same in each year.
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return ()
    fifths = np.quantile(known, np.arange(1, LEVELS) / LEVELS)
    return tuple(sorted({_two_digits(float(cut)) for cut in fifths if cut > 0}))


def level_class(value: float | None, breaks: Sequence[float]) -> str:
    """`level-1` below the first break to `level-5` from the fourth on; `unknown` where there is no value."""
    return "unknown" if value is None else f"level-{bisect_right(breaks, value) + 1}"


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")
