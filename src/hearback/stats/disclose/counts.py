"""A column of counts beside its published total, made safe to show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

UNBOUNDED = np.iinfo(np.int64).max


@dataclass(frozen=True)
class SafeCounts:
    """What may be shown: `hidden` cells (n,) are not, and `total` is None where even the total would tell.

    `low` and `high` (n,) are what a reader can work out about each cell from everything that is shown, and
    from knowing the rule: the certificate of the audit. Without a total nothing bounds a hidden cell from above,
    and its `high` is UNBOUNDED.
    """

    counts: Ints
    hidden: Bools
    total: int | None
    low: Ints
    high: Ints


def protect(counts: Ints, *, threshold: int = 5) -> SafeCounts:
    """Hide every count from 1 to `threshold` − 1, then as many of the smallest others as keep those secret.

    Zeros stay: nothing happened is no secret. Hidden cells all carry the same mark, so a reader knows of each
    only that it is at least 1 and, with the total, that the others are too. The answer is safe when that leaves
    every hidden cell a range of at least `threshold` values that reaches beyond the threshold. Where no cell is
    left to hide, the total is withheld.
    Source: complementary suppression with an audit of feasible intervals, Hundepool et al. 2012, ch. 4.
    """
    counts = np.asarray(counts, dtype=np.int64)
    if (counts < 0).any():
        raise ValueError("counts cannot be negative")
    hidden = (counts > 0) & (counts < threshold)
    smallest_first = iter(np.argsort(np.where(counts >= threshold, counts, np.iinfo(np.int64).max), kind="stable"))
    while not _safe(counts, hidden, threshold) and (counts[~hidden] > 0).any():
        hidden[next(smallest_first)] = True
    if not _safe(counts, hidden, threshold):
        return SafeCounts(counts, hidden, None, np.where(hidden, 1, counts), np.where(hidden, UNBOUNDED, counts))
    reach = counts[hidden].sum() - hidden.sum() + 1
    total = int(counts.sum())
    return SafeCounts(counts, hidden, total, np.where(hidden, 1, counts), np.where(hidden, reach, counts))


def _safe(counts: Ints, hidden: Bools, threshold: int) -> bool:
    """A hidden cell can be anything from 1 to (sum of hidden − number of the other hidden cells)."""
    cells = int(hidden.sum())
    return cells == 0 or (cells > 1 and int(counts[hidden].sum()) - cells >= threshold)
