"""Nonresponse adjustment: within classes, those who answered also stand for those who were asked and did not."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.stats.design import UnusableWeights
from hearback.stats.weight.base_weights import checked_weights
from hearback.stats.weight.targets import margin, refuse_empty

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FEWEST_RESPONDENTS, LARGEST_FACTOR = 20, 3.0
"""Beyond these a class rests on too few people: its factor is more noise than correction."""


@dataclass(frozen=True)
class NonresponseAdjusted:
    """Weights (n,) of everybody sampled, 0 for those who did not respond, and by class (k,): the weighted response
    rate, the factor (its inverse), the number of respondents, and whether it is `thin`."""

    weights: Floats
    classes: tuple[Hashable, ...]
    response_rate: Floats
    factor: Floats
    respondents: NDArray[np.int64]
    thin: Bools


def adjust_for_nonresponse(weights: ArrayLike, *, responded: ArrayLike, classes: ArrayLike) -> NonresponseAdjusted:
    """Base weights (n,) of those who responded, multiplied by everybody's weight over respondents' weight in their
    class; removes the bias that the classes explain, and no other.

    responded (n,) is true or false, classes (n,) any labels, in their sorted order for proposals. Afterwards the
    adjusted weights are taken as base weights: what is met are the sample's own totals, which are not known without
    error, so there is no calibration whose residuals would make the variance smaller.

    Errors: `checked_weights`' refusals; `UnusableWeights` where nobody responded at all, `EmptyCategory` naming
    classes in which nobody did.
    Source: Little and Rubin 2002, Statistical Analysis with Missing Data, section 3.3.
    """
    before = checked_weights(weights)
    answered = np.asarray(responded, dtype=np.bool_)
    if not answered.any():
        raise UnusableWeights("Nobody responded", remedy="Check the column that says who did")
    labels = np.unique(np.asarray(classes)).tolist()
    everybody = margin("nonresponse classes", np.asarray(classes), totals=dict.fromkeys(labels, 1.0))
    refuse_empty([everybody], weights=before * answered, nobody="Nobody responded in")
    rate = everybody.sums(before * answered) / everybody.sums(before)
    respondents = np.bincount(everybody.codes, weights=answered, minlength=len(labels)).astype(np.int64)
    return NonresponseAdjusted(
        weights=np.where(answered, before / rate[everybody.codes], 0),
        classes=tuple(labels),
        response_rate=rate,
        factor=1 / rate,
        respondents=respondents,
        thin=np.asarray((respondents < FEWEST_RESPONDENTS) | (1 / rate > LARGEST_FACTOR)),
    )
