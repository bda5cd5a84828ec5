"""Indicators of the invented city: the true value in each area, and what a survey like the ACS says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hearback.demo import fields
from hearback.demo.conditions import Conditions
from hearback.demo.geography import Geography
from hearback.demo.people import People
from hearback.demo.recipes import recipe

Floats = NDArray[np.float64]

Z_90 = 1.645
"""Published margins of error are 90 % margins: margin = 1.645 × standard error."""
SAMPLED = 0.09
"""Share of a city that answers the American Community Survey in five years."""
FEWEST_ANSWERS = 2.0
INCOME_SPREAD = 0.85
"""Standard deviation of the logarithm of household income."""
DECIMALS = {"share": 4, "dollars": 0}


@dataclass(frozen=True)
class Indicators:
    """Rows are areas, columns indicators; NaN where nobody lives."""

    ids: tuple[str, ...]
    units: tuple[str, ...]
    """`share` (0 to 1) or `dollars`."""
    true: Floats
    standard_error: Floats
    """Of the estimate; the published margin is 1.645 times this."""
    estimate: Floats

    @property
    def margin(self) -> Floats:
        """90 % margins of error."""
        return Z_90 * self.standard_error


def draw(geography: Geography, conditions: Conditions, people: People, *, rng: np.random.Generator) -> Indicators:
    """True values from the conditions of places, estimates scattered around them with a known error."""
    book: dict[str, dict[str, Any]] = recipe("indicators")
    units = tuple("dollars" if entry.get("dollars") else "share" for entry in book.values())
    true = np.column_stack([_true(ind, book[ind], geography, conditions, people, rng) for ind in book])
    errors = np.column_stack(
        [
            _standard_error(true[:, column], entry, people.population, dollars=unit == "dollars")
            for column, (entry, unit) in enumerate(zip(book.values(), units, strict=True))
        ]
    )
    estimate = np.column_stack(
        [
            _estimate(true[:, column], errors[:, column], dollars=unit == "dollars", rng=rng)
            for column, unit in enumerate(units)
        ]
    )
    unknown = people.population == 0
    for table in (true, errors, estimate):
        table[unknown] = np.nan
    return Indicators(ids=tuple(book), units=units, true=true, standard_error=errors, estimate=estimate)


def _true(
    indicator: str,
    entry: dict[str, Any],
    geography: Geography,
    conditions: Conditions,
    people: People,
    rng: np.random.Generator,
) -> Floats:
    effect = (
        entry["deprivation"] * conditions.deprivation
        + entry["newly_arrived"] * people.newly_arrived
        + entry["centrality"] * (conditions.centrality - conditions.centrality.mean())
        + entry["own"] * fields.smooth(geography.centres, reach=0.9, rng=rng)
    )
    if entry.get("dollars"):
        return np.asarray(entry["typical"] * np.exp(effect))
    odds = entry["typical"] / (1 - entry["typical"]) * np.exp(effect)
    share = odds / (1 + odds)
    if indicator == "limited-english":
        share = share * (1 - people.language_share[:, people.languages.index("en")])
    return np.asarray(share)


def _standard_error(true: Floats, entry: dict[str, Any], population: NDArray[np.int64], *, dollars: bool) -> Floats:
    """As large as in the ACS: from the answers that an area of this size gives in five years.

    For a median: √(π/2) / √n times the spread of log income, as a share of the median.
    """
    answers = np.maximum(SAMPLED * population * entry["per_resident"] / entry["design_effect"], FEWEST_ANSWERS)
    if dollars:
        return np.asarray(true * INCOME_SPREAD * np.sqrt(np.pi / 2 / answers))
    return np.asarray(np.sqrt(true * (1 - true) / answers))


def _estimate(true: Floats, error: Floats, *, dollars: bool, rng: np.random.Generator) -> Floats:
    """Around the truth with exactly this standard error, and never outside what is possible.

    Shares are beta, dollars lognormal, both by their first two moments, for a normal error around a small share
    would fall below zero.
    """
    if dollars:
        variance = np.log1p(np.square(error / true))
        return np.asarray(true * np.exp(np.sqrt(variance) * rng.normal(size=len(true)) - variance / 2))
    total = true * (1 - true) / np.square(error) - 1
    return np.asarray(rng.beta(true * total, (1 - true) * total))
