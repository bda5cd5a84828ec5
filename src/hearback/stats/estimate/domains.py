"""Domains: groups of respondents within a sample, whose sums are made all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from hearback.stats.design import Bools, Codes, Design, Floats, missing_labels
from hearback.stats.estimate.estimates import UnusableAnswers
from hearback.stats.variance.linearization import Influence


@dataclass(frozen=True, eq=False)
class Domains:
    """D groups: `codes` (n,) from 0, −1 for who is in none. Rows outside a group still count as drawn: their share
    in it is 0, which is what makes variances of domains right."""

    codes: Codes
    names: tuple[str, ...]

    @property
    def inside(self) -> Bools:
        """Who is in any group, (n,)."""
        return self.codes >= 0

    def sums(self, columns: Floats) -> Floats:
        """Sums (D, k) of columns (n, k) over each group."""
        size = len(self.names) + 1
        return np.stack([np.bincount(self.codes + 1, column, size)[1:] for column in columns.T], axis=1)

    def sums_of_copies(self, column: Floats, weights: Floats) -> Floats:
        """Sums (D, R) of one column (n,) with each column of replicate `weights` (n, R)."""
        rows = np.flatnonzero(self.inside)
        shape = (len(self.names), self.codes.size)
        return np.asarray(sparse.csr_array((column[rows], (self.codes[rows], rows)), shape=shape) @ weights)

    def of_rows(self, table: Floats) -> Floats:
        """The rows (n, k) of a table (D, k) that belong to each respondent; 0 for who is in no group."""
        return np.vstack([table, np.zeros(table.shape[1])])[self.codes]

    def influence(self, columns: Floats) -> Influence:
        """Influence values (n, D k): `columns` (n, k) in the columns of the respondent's group, 0 elsewhere."""
        if len(self.names) == 1:
            return np.where(self.inside[:, None], columns, 0.0)
        n, k = columns.shape
        kept = columns[self.inside]
        places = (self.codes[self.inside, None] * k + np.arange(k)).ravel()
        starts = np.concatenate([[0], np.cumsum(self.inside * k)])
        return sparse.csr_array((kept.ravel(), places, starts), shape=(n, len(self.names) * k))

    def labels(self, items: Sequence[str]) -> tuple[str, ...]:
        """Names of all estimates, group by group."""
        if self.names == ("",):
            return tuple(items)
        alone = len(items) == 1
        return tuple(group if alone else f"{group}: {item}" for group in self.names for item in items)

    def df(self, design: Design) -> Codes:
        """First-stage units less strata in each group (D,), as R's `degf` of a subset."""
        stage = design.stages[0]
        rows = np.flatnonzero(self.inside & (design.weights != 0))
        units = np.unique(np.stack([self.codes[rows], stage.unit[rows]]), axis=1)
        strata = np.unique(np.stack([units[0], stage.stratum[units[1]]]), axis=1)
        size = len(self.names)
        return np.bincount(units[0], minlength=size) - np.bincount(strata[0], minlength=size)


def domains(design: Design, by: ArrayLike | None) -> Domains:
    """One group per distinct label in `by` (n,), in sorted order; missing labels are in none; None is everybody.

    Errors: `UnusableAnswers` where labels do not fit the design or all are missing.
    """
    if by is None:
        return Domains(np.zeros(design.n, dtype=np.int64), ("",))
    labels = np.asarray(by)
    if labels.shape != (design.n,):
        raise UnusableAnswers(f"There are {labels.size:,} group labels for {design.n:,} respondents in the design")
    known = ~missing_labels(labels)
    if not known.any():
        raise UnusableAnswers("Nobody belongs to any group", remedy="Check the column that names the groups")
    kept = labels[known]
    distinct, inverse = np.unique(kept.astype(str) if kept.dtype == object else kept, return_inverse=True)
    codes = np.full(design.n, -1, dtype=np.int64)
    codes[known] = inverse
    return Domains(codes, tuple(str(one) for one in distinct))
