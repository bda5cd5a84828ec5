"""Trust in the police, the feeling of safety and the will to answer, by area, community and year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hearback.demo import fields
from hearback.demo.conditions import Conditions
from hearback.demo.geography import Geography
from hearback.demo.offences import AVERAGE_TRUST, YEARS, Rates
from hearback.demo.people import People

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]

RUPTURE_AREAS = 9
RUPTURE = {2020: -17.0, 2021: -14.0, 2022: -10.0, 2023: -7.0, 2024: -5.0, 2025: -4.0}
"""Points of trust lost in the areas where a death in custody became known in 2020, and slowly regained."""
FELT_ELSEWHERE = 0.2
"""Share of the rupture felt in the rest of the city."""
LESS_TRUST_PER_DEPRIVATION = 2.5
AREA_SPREAD, GROUP_SPREAD, YEAR_SPREAD = 3.5, 2.0, 0.8
POSSIBLE = (3.0, 97.0)
TYPICAL_SAFETY = 68.0
SAFETY_PER_TRUST = 0.2
LESS_SAFETY_PER_LOG_VIOLENCE = 9.0
VIOLENT = ("HOMICIDE", "ROBBERY", "AGGRAVATED ASSAULT", "SIMPLE ASSAULT")
TYPICAL_RESPONSE = 0.3


@dataclass(frozen=True)
class Attitudes:
    """Means of what people of a community in an area would say, on 0–100; axes areas, communities, years."""

    trust: Floats
    safety: Floats
    response: Floats
    """(areas, communities): probability of answering a survey. It rises with trust, so that answers mislead."""
    rupture: Marks
    """The areas where trust broke in 2020."""

    def trust_of_area(self, people: People) -> Floats:
        """Mean trust of all residents, (areas, years); the plain mean of communities where nobody lives."""
        weights = np.where(people.population[:, None] > 0, people.count, 1)
        return np.asarray((weights[:, :, None] * self.trust).sum(axis=1) / weights.sum(axis=1)[:, None])


def draw(
    geography: Geography, conditions: Conditions, people: People, rates: Rates, *, rng: np.random.Generator
) -> Attitudes:
    """Trust from history, place and one rupture; safety from violence and trust."""
    rupture = _rupture_areas(geography, conditions)
    trust = _trust(geography, conditions, people, rupture, rng)
    safety = TYPICAL_SAFETY - _worry(rates)[:, None, :] + SAFETY_PER_TRUST * (trust - AVERAGE_TRUST)
    safety += GROUP_SPREAD * rng.normal(size=people.count.shape)[:, :, None]
    return Attitudes(
        trust=trust,
        safety=np.clip(safety, *POSSIBLE),
        response=_response(conditions, people, trust, rng),
        rupture=rupture,
    )


def _trust(
    geography: Geography, conditions: Conditions, people: People, rupture: Marks, rng: np.random.Generator
) -> Floats:
    of_area = AREA_SPREAD * fields.smooth(geography.centres, reach=1.3, rng=rng)
    of_area -= LESS_TRUST_PER_DEPRIVATION * conditions.deprivation
    of_kind = people.trust_offset + GROUP_SPREAD * rng.normal(size=people.count.shape)
    of_year = np.cumsum(YEAR_SPREAD * rng.normal(size=(len(of_area), len(YEARS))), axis=1)
    of_year += np.outer(np.where(rupture, 1.0, FELT_ELSEWHERE), [RUPTURE.get(year, 0.0) for year in YEARS])
    trust = AVERAGE_TRUST + of_area[:, None, None] + of_kind[:, :, None] + of_year[:, None, :]
    return np.clip(trust, *POSSIBLE)


def _rupture_areas(geography: Geography, conditions: Conditions) -> Marks:
    """A part of town where incidents are like elsewhere: away from both clusters and from reserved land."""
    centres = geography.centres
    taken = conditions.nightlife_cluster | conditions.vacancy_cluster
    distance = fields.distances(centres, centres[taken]).min(axis=1)
    eligible = ~geography.is_reserved & ~taken & (distance > 1.0)
    crowded = np.where(eligible & (distance > 2.5), geography.homes / geography.square_km, 0)
    middle = centres[np.argmax(crowded)]
    nearest = np.argsort(np.where(eligible, fields.distances(centres, middle[None, :])[:, 0], np.inf))
    marks = np.zeros(len(centres), dtype=bool)
    marks[nearest[:RUPTURE_AREAS]] = True
    return marks


def _worry(rates: Rates) -> Floats:
    """Points of safety that violence takes, (areas, years): by its rate among those who are there."""
    violent = [word in VIOLENT for word in rates.offences.words]
    rate = rates.expected[:, :, violent].sum(axis=2) / rates.exposed[:, None]
    return np.asarray(LESS_SAFETY_PER_LOG_VIOLENCE * np.log(rate / np.median(rate)))


def _response(conditions: Conditions, people: People, trust: Floats, rng: np.random.Generator) -> Floats:
    """Who trusts more answers more; fewer answer in a second language and in deprived areas."""
    other_language = 1 - people.speaks[:, :, people.languages.index("en")]
    logit = (
        np.log(TYPICAL_RESPONSE / (1 - TYPICAL_RESPONSE))
        + 0.3 * (trust.mean(axis=2) - AVERAGE_TRUST) / 10
        - 0.6 * other_language
        - 0.15 * conditions.deprivation[:, None]
        + 0.1 * rng.normal(size=other_language.shape)
    )
    return np.asarray(1 / (1 + np.exp(-logit)))
