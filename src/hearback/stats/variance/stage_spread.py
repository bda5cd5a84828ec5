"""How much each stage of sampling adds to a variance, and what to do about strata with one unit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn, TypeVar

import numpy as np
from scipy import sparse

from hearback.stats.design import Bools, Codes, Design, Floats, Lonely, Stage, UnusableDesign

Values = TypeVar("Values", Floats, sparse.csr_array)

CERTAIN = 1e-7
"""A stratum of which all but this share was drawn adds nothing."""
JOIN = "Join it with a similar stratum, or say what it adds: lonely = certainty, adjust or average"
NO_AVERAGE = "No other stratum has an average to lend: join strata, or write lonely = adjust"


class LonelyUnit(UnusableDesign):
    """A stratum from which one unit was drawn: nothing in it shows how its units differ."""


@dataclass(frozen=True, eq=False)
class StageSpread:
    """A stage with the factor `scale` (strata,) of its squares, and the strata whose squares are about their mean."""

    stage: Stage
    scale: Floats
    centred: Bools

    def unit_totals(self, values: Values) -> Values:
        """Sums (units, k) of rows (n, k)."""
        if self.stage.unit_names is None:
            return values
        totals: Values = self._units @ values
        return totals

    def stratum_totals(self, units: Values) -> Values:
        """Sums (strata, k) over units (units, k)."""
        totals: Values = self._strata @ units
        return totals

    @cached_property
    def _units(self) -> sparse.csr_array:
        return summing(self.stage.unit, self.stage.stratum.size)

    @cached_property
    def _strata(self) -> sparse.csr_array:
        return summing(self.stage.stratum, self.stage.sample.size)


def stage_spreads(design: Design) -> list[StageSpread]:
    """The stages that add to variances: the first, and those after it inside finite populations.

    Errors: `LonelyUnit` where a stratum has one unit, was not drawn whole and the design does not say what then.
    """
    return [
        _spread(stage, lonely=design.lonely, number=number)
        for number, stage in enumerate(design.stages)
        if (stage.drawn_before > 0).any()
    ]


def _spread(stage: Stage, *, lonely: Lonely, number: int) -> StageSpread:
    n = stage.sample
    left = 1 - stage.fraction
    scale = stage.drawn_before * np.where(left < CERTAIN, 0.0, left) * n / np.maximum(n - 1, 1)
    alone = (n == 1) & (scale > 0)
    centred = np.ones(n.size, dtype=np.bool_)
    if alone.any():
        if lonely == "refuse":
            refuse_lonely(stage, alone, number=number)
        if lonely == "average" and alone[scale > 0].all():
            refuse_lonely(stage, alone, number=number, remedy=NO_AVERAGE)
        if lonely == "adjust":
            centred = ~alone
        else:
            scale = np.where(alone, 0.0, scale)
        if lonely == "average":
            scale *= n.size / max(1, n.size - alone.sum())
    return StageSpread(stage, scale, centred)


def refuse_lonely(stage: Stage, alone: Bools, *, number: int, remedy: str = JOIN) -> NoReturn:
    """Say which strata (strata,) have one unit."""
    names = stage.stratum_names[alone]
    named = ", ".join(names[:5]) + (f" and {names.size - 5:,} more" if names.size > 5 else "")
    strata = "stratum" if names.size == 1 else "strata"
    raise LonelyUnit(
        f"Only one sampling unit was drawn in {strata} {named}, so nothing shows how its units differ",
        where=f"stage {number + 1}",
        remedy=remedy,
    )


def summing(codes: Codes, size: int) -> sparse.csr_array:
    """The matrix (size, n) that sums rows by code."""
    n = codes.size
    by_row = sparse.csc_array((np.ones(n), codes, np.arange(n + 1)), shape=(size, n))
    return sparse.csr_array(by_row)
