"""Ordinal classes for a map: breaks at round numbers around the mean, and the class of each value."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEVELS = 5
"""Colours in the style sheet: `level-1` (least) to `level-5` (most)."""

AROUND_THE_MEAN = (0.5, 0.8, 1.25, 2.0)


def round_breaks(values: NDArray[np.float64]) -> tuple[float, ...]:
    """Four rising breaks at half, four fifths, five quarters and twice the mean of these values, in two digits.

    `values` are those of every year and area together (NaN left out), so that a colour means the same in each year.
    Breaks at quantiles would give areas that hardly differ the palest and the darkest colour.
    """
    import numpy as np  # for composing; a page only asks for the class

    known = values[np.isfinite(values)]
    mean = float(known.mean()) if known.size else 0.0
    return tuple(float(f"{share * mean:.2g}") for share in AROUND_THE_MEAN) if mean > 0 else ()


def level_class(value: float | None, breaks: Sequence[float]) -> str:
    """`level-1` below the first break to `level-5` from the fourth on; `unknown` where there is no value."""
    return "unknown" if value is None else f"level-{bisect_right(breaks, value) + 1}"
