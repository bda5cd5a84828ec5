"""What is known of the population: margins with their totals, and which respondent belongs to which category."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from hearback.refusal import Refusal

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Category = TypeVar("Category", bound=Hashable)

SAME_TOTAL = 1e-6
"""Totals of margins that differ by less than one in a million differ by rounding, and are scaled to the first."""


class UnusableMargin(Refusal):
    """Totals that cannot be those of a population."""


class MissingCategory(Refusal):
    """Respondents of whom it is not known to which category they belong."""


class UnknownCategory(Refusal):
    """Respondents in a category that the population does not have."""


class TotalsDisagree(Refusal):
    """Margins of one population that add up to different numbers of people."""


@dataclass(frozen=True)
class Collapse:
    """A proposal to count the people of an empty category with a neighbour's."""

    margin: str
    category: Hashable
    into: Hashable

    @property
    def sentence(self) -> str:
        """The proposal in words."""
        return f"merge {_said(self.category)} of {self.margin} with {_said(self.into)}"


class EmptyCategory(Refusal):
    """Categories that the population has and the sample lacks; `proposals` say with whom to merge them."""

    def __init__(self, problem: str, *, proposals: tuple[Collapse, ...], where: str = "") -> None:
        self.proposals = proposals
        remedy = "; ".join(proposal.sentence for proposal in proposals)
        super().__init__(problem, where=where, remedy=remedy[:1].upper() + remedy[1:])


@dataclass(frozen=True)
class Margin:
    """One way of dividing people: `codes` (n,) say the place of each respondent's category among `categories`,
    `totals` (k,) how many people of the population each has. The order of categories says who are neighbours."""

    name: str
    categories: tuple[Hashable, ...]
    codes: Ints
    totals: Floats

    def sums(self, weights: Floats) -> Floats:
        """The weights (n,) of each category's respondents added up, (k,)."""
        return np.bincount(self.codes, weights=weights, minlength=len(self.categories)).astype(np.float64)

    def collapsed(self, category: Hashable, *, into: Hashable) -> Margin:
        """The margin with one category counted as part of another."""
        gone, kept = self.categories.index(category), self.categories.index(into)
        totals = self.totals.copy()
        totals[kept] += totals[gone]
        codes = np.where(self.codes == gone, kept, self.codes)
        return Margin(
            self.name,
            self.categories[:gone] + self.categories[gone + 1 :],
            np.asarray(codes - (codes > gone)),
            np.delete(totals, gone),
        )

    def scaled_to(self, total: float) -> Margin:
        """The margin with totals in the same proportions that add up to `total`, for shares or another year."""
        return replace(self, totals=self.totals * (total / self.totals.sum()))


def margin(name: str, values: Iterable[object], *, totals: Mapping[Category, float]) -> Margin:
    """A margin from each respondent's category (n) and the population's totals by category, neighbours in order.

    A category is whatever the totals use as keys; cells of a cross table are tuples such as ("18-29", "women").
    Errors: `UnusableMargin`, `MissingCategory`, `UnknownCategory`.
    """
    numbers = np.array(list(totals.values()), dtype=np.float64)
    if numbers.size == 0 or not np.isfinite(numbers).all() or (numbers < 0).any() or numbers.sum() == 0:
        raise UnusableMargin("Totals must be numbers of people, 0 or more, and not all 0", where=f"margin {name}")
    place: dict[object, int] = {category: at for at, category in enumerate(totals)}
    given = values.tolist() if isinstance(values, np.ndarray) else list(values)
    codes = np.array([place.get(value, -1) for value in given], dtype=np.int64)
    _refuse_strangers(name, [value for value, code in zip(given, codes, strict=True) if code < 0])
    return Margin(name, tuple(totals), codes, numbers)


def agreed(margins: Sequence[Margin], *, weights: Floats) -> tuple[Margin, ...]:
    """The margins, fit to be met together by the weights (n,): of equal total, and with no category empty.

    Categories with neither people nor respondents are left out.
    Errors: `TotalsDisagree`, `EmptyCategory`, `UnknownCategory`.
    """
    if not margins:
        raise UnusableMargin("There is no margin to weight to", remedy="Name at least one, with its totals")
    for one, other in pairwise(margins):
        if abs(one.totals.sum() - other.totals.sum()) > SAME_TOTAL * one.totals.sum():
            raise TotalsDisagree(
                f"The totals of {one.name} add up to {one.totals.sum():,.10g}, those of {other.name} to "
                f"{other.totals.sum():,.10g}",
                remedy="Take all totals from one source and year, or scale one margin to the total of the other",
            )
    refuse_empty(margins, weights=weights)
    return tuple(_of_people(one).scaled_to(margins[0].totals.sum()) for one in margins)


def refuse_empty(margins: Sequence[Margin], *, weights: Floats, nobody: str = "Nobody in the sample is in") -> None:
    """Stop where a category of the population has no respondent, or one of the sample no people.

    Errors: `EmptyCategory` with proposals, `UnknownCategory`.
    """
    found: list[Collapse] = []
    for one in margins:
        people = one.sums(weights)
        none_known = np.flatnonzero((people > 0) & (one.totals == 0))
        if none_known.size:
            _refuse_strangers(one.name, [one.categories[at] for at in one.codes if at in none_known])
        found += [_proposal(one, int(at), people) for at in np.flatnonzero((people == 0) & (one.totals > 0))]
    if found:
        names = ", ".join(f"{_said(each.category)} of {each.margin}" for each in found)
        raise EmptyCategory(f"{nobody} {names}", proposals=tuple(found))


def _refuse_strangers(name: str, strangers: Sequence[object]) -> None:
    missing = [value for value in strangers if value is None or value != value or value == ""]
    if missing:
        raise MissingCategory(
            f"{len(missing):,} respondents have no answer",
            where=f"margin {name}",
            remedy="Impute them and say so, or give them a category of their own with its total",
        )
    if strangers:
        names = ", ".join(sorted({_said(value) for value in strangers}))
        raise UnknownCategory(
            f"{len(strangers):,} respondents are in {names}, of whom the population has none",
            where=f"margin {name}",
            remedy="Add the category with its total, or count these respondents in one that the population has",
        )


def _proposal(of: Margin, empty: int, people: Floats) -> Collapse:
    """The nearest category with respondents; of two as near, the one with less weight, which is blurred less."""
    steps = _distances(of.categories, empty)
    nearest = min(np.flatnonzero(people > 0), key=lambda at: (steps[at], people[at]))
    return Collapse(of.name, of.categories[empty], of.categories[nearest])


def _distances(categories: Sequence[Hashable], start: int) -> list[int]:
    """Steps to every category from one, added up over the dimensions of a cross table."""
    cells = [each if isinstance(each, tuple) else (each,) for each in categories]
    orders = [{value: at for at, value in enumerate(dict.fromkeys(column))} for column in zip(*cells, strict=True)]
    places = np.array([[order[part] for order, part in zip(orders, cell, strict=True)] for cell in cells])
    return [int(steps) for steps in np.abs(places - places[start]).sum(axis=1)]


def _of_people(one: Margin) -> Margin:
    """The margin without categories in which nobody lives."""
    kept = np.flatnonzero(one.totals > 0)
    place = np.cumsum(one.totals > 0) - 1
    return Margin(one.name, tuple(one.categories[at] for at in kept), place[one.codes], one.totals[kept])


def _said(category: object) -> str:
    return " × ".join(map(str, category)) if isinstance(category, tuple) else f"“{category}”"
