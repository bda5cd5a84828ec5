"""The people of the invented city: how many of which community live where, and what they speak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hearback.demo import fields
from hearback.demo.conditions import Conditions
from hearback.demo.geography import Geography
from hearback.demo.recipes import recipe

Floats = NDArray[np.float64]

POPULATION = 300_000
HUB_REACH = 1.9
"""A community's part of town reaches about this far (km)."""
UNEVENNESS = 0.65
"""Standard deviation of what draws a community to a place beside its hubs."""
SETTLED_SHIFT = 0.5
"""How far (log odds) English spreads where families have been longer, per standard deviation."""
FITTING_ROUNDS = 100
NOBODY = 1e-9
"""Keeps an area without residents at zero instead of 0/0."""


@dataclass(frozen=True)
class People:
    """Counts and shares by area (first axis), community and language."""

    communities: tuple[str, ...]
    names: tuple[str, ...]
    languages: tuple[str, ...]
    count: NDArray[np.int64]
    """(areas, communities)."""
    speaks: Floats
    """(areas, communities, languages): shares of first languages, summing to 1."""
    newly_arrived: Floats
    """Standardised, by area: where more families have come lately."""
    trust_offset: Floats
    """(communities,): distance from the city's average trust."""

    @property
    def population(self) -> NDArray[np.int64]:
        """(areas,)."""
        return np.asarray(self.count.sum(axis=1))

    @property
    def language_share(self) -> Floats:
        """(areas, languages); zeros where nobody lives."""
        spoken = (self.count[:, :, None] * self.speaks).sum(axis=1)
        return np.asarray(spoken / np.maximum(self.population, 1)[:, None])


def draw(geography: Geography, conditions: Conditions, *, rng: np.random.Generator) -> People:
    """Communities concentrate around hubs, as history and housing made them; every area has some of most."""
    book = recipe("communities")
    communities = book["communities"]
    population = _population(geography, rng)
    pull = np.column_stack([_pull(entry, geography, conditions, rng) for entry in communities])
    shares = np.array([entry["share"] for entry in communities])
    newly_arrived = fields.smooth(geography.centres, reach=1.5, rng=rng)
    return People(
        communities=tuple(entry["id"] for entry in communities),
        names=tuple(entry["name"] for entry in communities),
        languages=tuple(book["languages"]),
        count=_fit(np.exp(pull) * shares, population, shares),
        speaks=_speaks(communities, book["languages"], newly_arrived),
        newly_arrived=newly_arrived,
        trust_offset=np.array([float(entry["trust"]) for entry in communities]),
    )


def _population(geography: Geography, rng: np.random.Generator) -> NDArray[np.int64]:
    """About POPULATION people by homes; what the census counted where next to nobody lives."""
    reserved = recipe("names")["reserved"]
    homes = geography.homes * rng.lognormal(0, 0.18, len(geography.homes))
    homes[geography.is_reserved] = 0
    people = np.rint(POPULATION * homes / homes.sum()).astype(np.int64)
    for area, kind in enumerate(geography.reserved):
        if kind:
            people[area] = reserved[kind]["people"]
    return np.asarray(people)


def _pull(entry: dict[str, Any], geography: Geography, conditions: Conditions, rng: np.random.Generator) -> Floats:
    """Log of how much more often than the city's average a community lives in each area."""
    homes = np.flatnonzero(~geography.is_reserved)
    hubs = geography.centres[rng.choice(homes, size=max(entry["hubs"], 1), replace=False)]
    own = UNEVENNESS * fields.smooth(geography.centres, reach=1.0, rng=rng)
    settled = entry["concentration"] * fields.around(geography.centres, hubs, reach=HUB_REACH)
    return np.asarray(settled + own + entry["disinvested"] * conditions.deprivation)


def _fit(start: Floats, population: NDArray[np.int64], shares: Floats) -> NDArray[np.int64]:
    """Whole people whose totals by area are exact and by community are as the shares say, to the rounding."""
    wanted = shares / shares.sum() * population.sum()
    table = start
    for _ in range(FITTING_ROUNDS):
        table = table * (wanted / table.sum(axis=0))
        table = table * (population / np.maximum(table.sum(axis=1), NOBODY))[:, None]
    whole = np.floor(table).astype(np.int64)
    for area, missing in enumerate(population - whole.sum(axis=1)):
        whole[area, np.argsort(whole[area] - table[area], kind="stable")[:missing]] += 1
    return whole


def _speaks(communities: list[dict[str, Any]], languages: list[str], newly_arrived: Floats) -> Floats:
    """(areas, communities, languages): fewer speak English first where more have come lately."""
    typical = np.array([[entry["languages"].get(code, 0.0) for code in languages] for entry in communities])
    english = typical[:, 0]
    odds = english / (1 - english) * np.exp(-SETTLED_SHIFT * newly_arrived)[:, None]
    shifted = odds / (1 + odds)
    others = typical[None, :, 1:] * ((1 - shifted) / (1 - english))[:, :, None]
    return np.concatenate([shifted[:, :, None], others], axis=2)
