"""Poststratification: weights that meet the total of every cell of one table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.stats.design import Calibration
from hearback.stats.weight.base_weights import checked_weights
from hearback.stats.weight.targets import Margin, agreed

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Poststratified:
    """Weights in `calibration`; `factors` (k,) by which each category's weights were multiplied, in the order of
    the categories in which somebody lives."""

    calibration: Calibration
    factors: Floats

    @property
    def weights(self) -> Floats:
        """The weights (n,) after poststratification."""
        return self.calibration.weights_after


def poststratify(weights: ArrayLike, cells: Margin) -> Poststratified:
    """Weights (n,) multiplied by one factor per category so that all totals are met exactly.

    Errors: `checked_weights`' and `agreed`'s refusals.
    Source: Holt and Smith 1979, Journal of the Royal Statistical Society A 142:33.
    """
    before = checked_weights(weights)
    (met,) = agreed([cells], weights=before)
    factors = met.totals / met.sums(before)
    return Poststratified(Calibration(before, before * factors[met.codes], groups=(met.codes,)), factors)
