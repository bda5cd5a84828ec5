"""What happens where and when in the invented city, and how much of it the police hear of: rates, not rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hearback.demo.conditions import Conditions
from hearback.demo.geography import Geography
from hearback.demo.people import People
from hearback.demo.recipes import recipe

Floats = NDArray[np.float64]

YEARS = tuple(range(2016, 2026))
TURN = 2020
"""The year from which some trends change pace."""
MILLS_CLOSING = np.clip(0.35 + 0.13 * (np.array(YEARS) - YEARS[0]), 0, 1)
"""How much of the vacancy's effect is felt in each year: the mills closed one after the other."""
PECULIARITY = 0.1
"""Standard deviation (log) of what is peculiar to an area and an offence and stays so."""
VISITORS_NIGHTLIFE, VISITORS_CENTRE, VISITORS_PER_RESERVED_KM2 = 800, 200, 15
AVERAGE_TRUST = 55.0


@dataclass(frozen=True)
class Offences:
    """The recipe as arrays, one entry per offence word."""

    words: tuple[str, ...]
    nibrs: tuple[str, ...]
    peak: Floats
    season: Floats
    reported: Floats
    trust: Floats


@dataclass(frozen=True)
class Rates:
    """Expected true incidents, (areas, years, offences)."""

    offences: Offences
    expected: Floats
    exposed: Floats
    """Residents and visitors, (areas,)."""


def draw(geography: Geography, conditions: Conditions, people: People, *, rng: np.random.Generator) -> Rates:
    """Rates from the conditions of places and the passing of years; who lives there plays no part."""
    book = recipe("offences")

    def column(name: str) -> Floats:
        return np.array([entry[name] for entry in book.values()], dtype=float)

    years = np.array(YEARS) - YEARS[0]
    after_turn = np.clip(np.array(YEARS) - TURN + 1, 0, None)
    trend = np.outer(years, column("trend")) + np.outer(after_turn, column("turn"))
    place = np.outer(conditions.deprivation, column("deprivation")) + np.outer(
        conditions.nightlife, column("nightlife")
    )
    place += PECULIARITY * rng.normal(size=place.shape)
    closing = conditions.vacancy[:, None, None] * MILLS_CLOSING[None, :, None] * column("vacancy")
    exposed = _exposed(geography, conditions, people)
    return Rates(
        offences=Offences(
            words=tuple(book),
            nibrs=tuple(entry["nibrs"] for entry in book.values()),
            peak=column("peak"),
            season=column("season"),
            reported=column("reported"),
            trust=column("trust"),
        ),
        expected=exposed[:, None, None]
        * column("yearly")
        / 1000
        * np.exp(place[:, None, :] + trend[None, :, :] + closing),
        exposed=exposed,
    )


def reporting(offences: Offences, trust: Floats) -> Floats:
    """Probability that an incident is reported, (areas, years, offences), from trust (areas, years) on 0–100."""
    typical = np.log(offences.reported / (1 - offences.reported))
    logit = typical + offences.trust * ((trust - AVERAGE_TRUST) / 10)[:, :, None]
    return np.asarray(1 / (1 + np.exp(-logit)))


def _exposed(geography: Geography, conditions: Conditions, people: People) -> Floats:
    """Residents, and those who come to go out, to work or to fly."""
    visitors = VISITORS_NIGHTLIFE * conditions.nightlife + VISITORS_CENTRE * conditions.centrality
    visitors = np.where(geography.is_reserved, VISITORS_PER_RESERVED_KM2 * geography.square_km, visitors)
    return np.asarray(people.population + visitors)
