"""Weights as they come in: numbers above zero, one for each respondent."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.stats.design import UnusableWeights

Floats = NDArray[np.float64]


class MissingWeight(UnusableWeights):
    """A respondent without a weight."""


class NegativeWeight(UnusableWeights):
    """A respondent who would count against those like them."""


class ZeroWeight(UnusableWeights):
    """A respondent who would count for nobody."""


def checked_weights(weights: ArrayLike) -> Floats:
    """The weights (n,) as numbers, each finite and above zero.

    Errors: `MissingWeight`, `NegativeWeight`, `ZeroWeight`, each naming the first row and how many there are.
    """
    numbers = np.asarray(weights, dtype=np.float64)
    if numbers.ndim != 1 or numbers.size == 0:
        raise UnusableWeights("There is no weight at all", remedy="Give each respondent one weight")
    _refuse_where(
        ~np.isfinite(numbers),
        MissingWeight,
        "has no weight",
        "Find the weight in the source, or leave the row out and say so; a guess would be an estimate of its own",
    )
    _refuse_where(
        numbers < 0,
        NegativeWeight,
        "has a negative weight",
        "Calibrate again within bounds above 0, or take the base weights",
    )
    _refuse_where(
        numbers == 0,
        ZeroWeight,
        "has the weight 0",
        "Leave out people who did not respond, and study a part of the sample as a domain, not by zero weights",
    )
    return numbers


def _refuse_where(wrong: NDArray[np.bool_], refusal: type[UnusableWeights], what: str, remedy: str) -> None:
    rows = np.flatnonzero(wrong)
    if rows.size:
        others = f", and so have {rows.size - 1} more" if rows.size > 1 else ""
        raise refusal(f"A respondent {what}{others}", where=f"row {rows[0] + 1} of {wrong.size}", remedy=remedy)
