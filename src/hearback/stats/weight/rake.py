"""Raking: weights that meet several margins at once, changed as little as that allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from hearback.refusal import Refusal
from hearback.stats.design import Calibration
from hearback.stats.weight.base_weights import MissingWeight, NegativeWeight, checked_weights
from hearback.stats.weight.targets import EmptyCategory, Margin, agreed, refuse_empty

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TIGHT = 1e-10
"""Largest relative distance from any total that counts as meeting it."""
MOST_ROUNDS = 1000


class RakingDiverged(Refusal):
    """Margins that this sample cannot meet together."""


@dataclass(frozen=True)
class Raked:
    """Raked weights in `calibration`; `rounds` over all margins were made, and the worst category is off its
    total by `misfit` (a share of it)."""

    calibration: Calibration
    rounds: int
    misfit: float

    @property
    def weights(self) -> Floats:
        """The raked weights (n,)."""
        return self.calibration.weights_after


@dataclass(frozen=True)
class RakedReplicates:
    """Replicate weights (n, R), each column raked by itself; rounds and misfit of the worst column."""

    weights: Floats
    rounds: int
    misfit: float


def rake(weights: ArrayLike, margins: Sequence[Margin], *, most_rounds: int = MOST_ROUNDS) -> Raked:
    """Weights (n,) multiplied by one factor per category of each margin so that all totals are met.

    Goes on until every category is within 1e-10 of its total; R's `rake` stops within one person by default.
    Errors: `checked_weights`' and `agreed`'s refusals, `RakingDiverged`.
    Source: Deming and Stephan 1940, Annals of Mathematical Statistics 11:427.
    """
    before = checked_weights(weights)
    met = agreed(margins, weights=before)
    cells = _Cells.of(met)
    factors, rounds, misfit = cells.fit(cells.sums(before[:, None]), most_rounds=most_rounds)
    groups = tuple(one.codes for one in met)
    return Raked(Calibration(before, before * factors[cells.cell, 0], groups=groups), rounds, misfit)


def rake_replicates(
    replicates: ArrayLike, margins: Sequence[Margin], *, most_rounds: int = MOST_ROUNDS
) -> RakedReplicates:
    """Replicate weights (n, R), zeros allowed, each raked to the same margins; all at once, over cells not people.

    Errors: as `rake`; `EmptyCategory` where a category has nobody left in some replicate.
    """
    before = np.asarray(replicates, dtype=np.float64)
    _refuse_unusable(before)
    met = agreed(margins, weights=before.sum(axis=1))
    cells = _Cells.of(met)
    sums = cells.sums(before)
    cells.refuse_thin(sums)
    factors, rounds, misfit = cells.fit(sums, most_rounds=most_rounds)
    after = factors[cells.cell]
    after *= before
    return RakedReplicates(after, rounds, misfit)


def _refuse_unusable(replicates: Floats) -> None:
    least = replicates.min(initial=0)
    if np.isnan(least) or np.isinf(replicates.max(initial=0)):
        raise MissingWeight("A replicate weight is missing", remedy="Make the replicates again")
    if least < 0:
        raise NegativeWeight("A replicate weight is negative", remedy="Make the replicates again, by the bootstrap")


@dataclass(frozen=True)
class _Cells:
    """The table of categories that occur together: people of one cell share one factor.

    `cell` (n,) is each person's cell, `codes` one array (C,) per margin.
    """

    margins: tuple[Margin, ...]
    cell: Ints
    codes: tuple[Ints, ...]

    @classmethod
    def of(cls, margins: tuple[Margin, ...]) -> _Cells:
        cell = np.zeros(margins[0].codes.size, dtype=np.int64)
        for one in margins:
            cell = np.unique_inverse(cell * len(one.categories) + one.codes).inverse_indices
        first = np.unique(cell, return_index=True)[1]
        return cls(margins, cell, tuple(one.codes[first] for one in margins))

    def sums(self, weights: Floats) -> Floats:
        """The weights (n, R) added up by cell, (C, R)."""
        return _added(_indicators(self.cell, self.codes[0].size), weights)

    def fit(self, sums: Floats, *, most_rounds: int) -> tuple[Floats, int, float]:
        """Factors (C, R) with which the cells meet the margins, the rounds it took, and the misfit left."""
        tables = [_indicators(codes, len(one.categories)) for codes, one in zip(self.codes, self.margins, strict=True)]
        totals = [one.totals[:, None] for one in self.margins]
        current = sums.copy()
        for rounds in range(most_rounds + 1):
            off = [_added(table, current) / total for table, total in zip(tables, totals, strict=True)]
            misfit = max(float(np.abs(each - 1).max()) for each in off)
            if misfit <= TIGHT:
                return np.divide(current, sums, out=np.ones_like(sums), where=sums > 0), rounds, misfit
            for table, total, codes in zip(tables, totals, self.codes, strict=True):
                current *= (total / _added(table, current))[codes]
        raise _diverged(self.margins, off, most_rounds)

    def refuse_thin(self, sums: Floats) -> None:
        """Stop where a replicate has lost a whole category."""
        for one, codes in zip(self.margins, self.codes, strict=True):
            lost = np.flatnonzero((_added(_indicators(codes, len(one.categories)), sums) == 0).any(axis=0))
            if lost.size:
                try:
                    refuse_empty([Margin(one.name, one.categories, codes, one.totals)], weights=sums[:, lost[0]])
                except EmptyCategory as empty:
                    raise EmptyCategory(
                        f"{lost.size:,} of {sums.shape[1]:,} replicates lack a whole category",
                        where=f"replicate {lost[0] + 1}",
                        proposals=empty.proposals,
                    ) from empty


def _indicators(codes: Ints, k: int) -> sparse.csr_array[np.float64]:
    """(k, C), 1 where the cell is of the category; sparse, for most categories are not a cell's."""
    return sparse.csr_array((np.ones(codes.size), (codes, np.arange(codes.size))), shape=(k, codes.size))


def _added(table: sparse.csr_array[np.float64], weights: Floats) -> Floats:
    """What lies in each category (k, R), of weights (C, R)."""
    return np.asarray(table @ weights, dtype=np.float64)


def _diverged(margins: tuple[Margin, ...], off: list[Floats], rounds: int) -> RakingDiverged:
    worst = int(np.argmax([np.abs(each - 1).max() for each in off]))
    at = int(np.abs(off[worst] - 1).max(axis=1).argmax())
    share = float(np.abs(off[worst][at] - 1).max())
    return RakingDiverged(
        f"After {rounds:,} rounds “{margins[worst].categories[at]}” is still {share:.2%} off its total: the margins "
        "contradict each other in the combinations of categories that this sample has",
        where=f"margin {margins[worst].name}",
        remedy="Merge categories with their neighbours, in this margin or another, or rake to fewer margins",
    )
