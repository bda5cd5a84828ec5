"""Voices that came in clumps: what the people heard on a few occasions are worth beside as many who came alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri
from scipy.stats import t

from hearback.refusal import Refusal
from hearback.stats.representation.relative_rates import UnusableCounts

Floats = NDArray[np.float64]

FEWEST_DF = 0.2
"""Degrees of freedom with which nothing is known; with fewer, numbers overflow."""


class OneOccasion(Refusal):
    """Voices of a single occasion, which tell nothing of how occasions differ."""


@dataclass(frozen=True)
class ClusteredCounts:
    """`voices` (k,) of groups, summed over the `occasions` on which anybody was counted.

    `deff` (k,) is how many times the variance of a group's share is that of people who came one by one, `mean_deff`
    the same of all shares together; neither is below 1. `design_effect` (k,) is what `participation` takes: the larger
    of the two, times Student's factor, since few occasions tell it badly.
    """

    voices: Floats
    occasions: int
    deff: Floats
    mean_deff: float
    design_effect: Floats


def clustered_counts(counts: ArrayLike, *, level: float = 0.9) -> ClusteredCounts:
    """Counts (m, k) of k groups on m occasions, for intervals at `level`; occasions without a count are left out.

    Occasions are taken for a sample of those there could have been. A group heard on none clumps as all do together;
    where one group alone was heard, an occasion says as much as one voice (their mean size, weighted by size), since
    nothing shows that it says more. Student's factor has as many degrees of freedom as there would be occasions, were
    they of one size, less one. Raises OneOccasion where one is left, and UnusableCounts where none is or a count
    is negative or missing.
    Source: Cochran 1977, section 3.12 (shares of clusters); Kish 1965, section 8.2 (design effect); Rao & Scott 1981
    (mean generalised design effect); Carter, Schnepel & Steigerwald 2017 (effective number of clusters).
    """
    y = np.asarray(counts, dtype=np.float64)
    if y.ndim != 2:
        raise ValueError("counts are a matrix, occasions by groups")
    if not (np.isfinite(y).all() and (y >= 0).all()):
        raise UnusableCounts("a count is negative or missing", remedy="Give whole numbers, and 0 where nobody came")
    y = y[y.sum(axis=1) > 0]
    m = len(y)
    if m == 0:
        raise UnusableCounts("there are no voices yet", remedy="Come back when somebody has spoken")
    if m == 1:
        raise OneOccasion(
            "all voices come from one occasion, which tells nothing of how occasions differ",
            remedy="Wait for a second one, or show the counts without intervals",
        )
    deff, mean = _design_effects(y)
    factor = student_factor(_occasions_like(y.sum(axis=1)) - 1, level=level)
    return ClusteredCounts(y.sum(axis=0), m, deff, mean, factor * np.maximum(deff, mean))


def student_factor(freedom: float, *, level: float) -> float:
    """How many times a variance that is known with so many degrees of freedom must be taken for an interval that is
    made as if it were known."""
    tail = (1 - level) / 2
    return float(t.isf(tail, max(freedom, FEWEST_DF)) / ndtri(tail)) ** 2


def _occasions_like(size: Floats) -> float:
    """How many occasions of one size would tell as much; one much larger than the rest stands almost alone."""
    return float(size.sum() ** 2 / (size**2).sum())


def _design_effects(y: Floats) -> tuple[Floats, float]:
    """Of each share (k,) and of all, from counts none of whose rows is empty."""
    m, size, voices = len(y), y.sum(axis=1), y.sum(axis=0)
    share = voices / voices.sum()
    inner = (share > 0) & (share < 1)
    if not inner.any():
        alone = float((size**2).sum() / size.sum())
        return np.full(share.size, alone), alone
    squares = m / (m - 1) * ((y - share * size[:, None]) ** 2).sum(axis=0)
    mean = max(1.0, float((squares[inner] / voices[inner]).sum() / (inner.sum() - 1)))
    deff = np.divide(squares, voices * (1 - share), out=np.full(share.size, mean), where=inner)
    return np.maximum(deff, 1.0), mean
