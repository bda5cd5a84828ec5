"""The cells of a population as a model sees them, and the means of areas over them for many draws at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hearback.refusal import Refusal
from hearback.stats.small_area.mixed_model import MixedModel
from hearback.stats.small_area.model_terms import (
    Columns,
    Floats,
    Ints,
    codes_of,
    covariate_matrix,
    labels_of,
    ordered_levels,
    rows_of,
)
from hearback.stats.small_area.outcomes import YesCounts

LARGEST_BLOCK = 500
"""Cells worked on at once, few enough for the processor's cache."""
CERTAIN = 200.0
"""Log-odds at which a share is 0 or 1 to the last digit; three parts of that size still multiply without overflow."""


class UnusablePopulation(Refusal):
    """A population table that the model cannot be applied to."""


@dataclass(frozen=True)
class Part:
    """A part of the predictor: a table (rows, R) and which of its rows each cell has."""

    table: Floats
    row: Ints


@dataclass(frozen=True)
class Population:
    """Cells in the order of their areas: the code of each in every term that counts, covariates, and shares.

    Codes of levels that the sample never saw follow those of the sample.
    """

    area: str
    areas: tuple[Hashable, ...]
    starts: Ints
    """(n + 1,): where the cells of each area begin, and the end."""
    share: Floats
    """(cells,): of the area's people."""
    people: Floats
    codes: Mapping[str, Ints]
    fixed: Floats
    unseen: Mapping[str, tuple[Hashable, ...]]
    logistic: bool

    @classmethod
    def of(
        cls, model: MixedModel, cells: Columns, counts: ArrayLike, *, area: str, averaged_over: Sequence[str]
    ) -> Population:
        """The population of a model, checked against its sample; arguments as for `poststratify`."""
        terms = [term for term in model.terms.random if term not in averaged_over]
        _refuse_absent(cells, terms)
        rows = rows_of(cells, (area, *terms, *model.terms.covariates))
        names = labels_of(cells, area)
        areas = ordered_levels(names)
        of_area = codes_of(names, areas)
        number = _checked_counts(counts, of_area, areas)
        people = np.bincount(of_area, number).astype(np.float64)
        order = np.argsort(of_area, kind="stable")
        codes, unseen = {}, {}
        for term in terms:
            unseen[term], found = _population_codes(model, cells, term)
            codes[term] = found[order]
        return cls(
            area=area,
            areas=areas,
            starts=np.searchsorted(of_area[order], np.arange(len(areas) + 1)),
            share=(number / people[of_area])[order],
            people=people,
            codes=codes,
            fixed=covariate_matrix(cells, model.terms.covariates, rows=rows)[order],
            unseen=unseen,
            logistic=isinstance(model.outcome, YesCounts),
        )

    def means(self, effects: Mapping[str, Floats], coefficients: Floats) -> Floats:
        """Means of areas (R, n) from effects (levels, R) of each term and coefficients (R, 1 + covariates).

        There are few areas and few kinds of people, so that what an area has to itself and what a kind of people has
        is summed once, and a cell costs one operation however many terms there are. In a logistic model the sum of
        log-odds becomes a product of odds, and no cell needs an exponential of its own.
        """
        own, kinds, *crossed = self._parts(effects, coefficients)
        result = np.zeros((len(self.areas), len(coefficients)))
        combine = np.multiply if self.logistic else np.add
        for area, block in self._blocks():
            cell = kinds.table[kinds.row[block]]
            combine(cell, own.table[own.row[block.start]], out=cell)
            for part in crossed:
                combine(cell, part.table[part.row[block]], out=cell)
            if self.logistic:
                np.reciprocal(np.add(cell, 1, out=cell), out=cell)
            result[area] += self.share[block] @ cell
        return result.T

    def _blocks(self) -> Iterator[tuple[int, slice]]:
        for area, (start, stop) in enumerate(zip(self.starts[:-1], self.starts[1:], strict=True)):
            for first in range(start, stop, LARGEST_BLOCK):
                yield area, slice(first, min(first + LARGEST_BLOCK, stop))

    def _parts(self, effects: Mapping[str, Floats], coefficients: Floats) -> list[Part]:
        """What an area has to itself, what a kind of people has everywhere, and each term that crosses the two."""
        covariates = [np.unique(column, return_inverse=True) for column in self.fixed.T]
        members = [("", Part(np.outer(v, c), at)) for (v, at), c in zip(covariates, coefficients.T, strict=True)]
        members += [(term, Part(effects[term], at)) for term, at in self.codes.items()]
        own, kinds, crossed = [], [], []
        for term, part in members:
            if np.array_equal(part.row, np.repeat(part.row[self.starts[:-1]], np.diff(self.starts))):
                own.append(part)
            elif self.area in term.split(":"):
                crossed.append(part)
            else:
                kinds.append(part)
        parts = [self._merged(own, coefficients), self._merged(kinds, coefficients), *crossed]
        if not self.logistic:
            return parts
        return [Part(np.exp(-np.clip(part.table, -CERTAIN, CERTAIN)), part.row) for part in parts]

    def _merged(self, parts: Sequence[Part], coefficients: Floats) -> Part:
        """One part that is the sum of several."""
        row = np.zeros(self.share.size, dtype=np.int64)
        for part in parts:
            row = np.unique(row * len(part.table) + part.row, return_inverse=True)[1]
        first = np.unique(row, return_index=True)[1]
        table = np.zeros((first.size, len(coefficients)))
        for part in parts:
            table += part.table[part.row[first]]
        return Part(table, row)


def _refuse_absent(cells: Columns, terms: Sequence[str]) -> None:
    for term in terms:
        absent = [name for name in term.split(":") if name not in cells]
        if absent:
            raise UnusablePopulation(
                f"The population has no column {absent[0]!r}, on which the model's term {term!r} rests",
                remedy="Add the column, or name the term in averaged_over if it is not a trait of people or places",
            )


def _population_codes(model: MixedModel, cells: Columns, term: str) -> tuple[tuple[Hashable, ...], Ints]:
    """The levels that only the population has, and the code of each cell."""
    known = model.terms.levels[term]
    labels = labels_of(cells, term)
    present = set(labels)
    lacking = [level for level in known if level not in present]
    if lacking:
        raise UnusablePopulation(
            f"The sample has {term} {_shown(lacking[0])}, which the population lacks",
            where=f"column {term!r}",
            remedy="Spell levels alike in both; where nobody lives in such a cell, add it with the count 0",
        )
    unseen = ordered_levels(list(present.difference(known)))
    return unseen, codes_of(labels, (*known, *unseen))


def _checked_counts(counts: ArrayLike, of_area: Ints, areas: Sequence[Hashable]) -> Floats:
    number = np.asarray(counts, dtype=np.float64)
    if number.shape != of_area.shape:
        raise UnusablePopulation(f"There are {number.size} counts for {of_area.size} cells of the population")
    wrong = np.flatnonzero(~np.isfinite(number) | (number < 0))
    if wrong.size:
        raise UnusablePopulation(
            f"The number of people is {number[wrong[0]]:g}",
            where=f"row {wrong[0] + 1}",
            remedy="Counts are 0 or more and none is missing",
        )
    empty = np.flatnonzero(np.bincount(of_area, number) == 0)
    if empty.size:
        raise UnusablePopulation(
            f"Nobody lives in area {_shown(areas[empty[0]])}, so its mean cannot be estimated",
            remedy="Leave out areas without people",
        )
    return number


def _shown(level: Hashable) -> str:
    return " × ".join(map(str, level)) if isinstance(level, tuple) else str(level)
