"""The conditions of places: disinvestment, nightlife and vacancy, from which incidents follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hearback.demo import fields
from hearback.demo.geography import DOWNTOWN, Geography

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]

NIGHTLIFE_AREAS = 7
VACANT_AREAS = 6
DECLINE_REACH = 2.2
"""Kilometres from the yards or the port at which the marks of decline are down to 1/e."""


@dataclass(frozen=True)
class Conditions:
    """One value per area."""

    deprivation: Floats
    """Standardised: mean 0, standard deviation 1."""
    nightlife: Floats
    """About 1 in the entertainment quarter, near 0 elsewhere."""
    vacancy: Floats
    """About 1 around the closed mills, near 0 elsewhere."""
    centrality: Floats
    """1 downtown, near 0 at the city limit."""
    nightlife_cluster: Marks
    """The areas of the entertainment quarter: next to each other."""
    vacancy_cluster: Marks
    """The areas around the closed mills: next to each other."""


def draw(geography: Geography, *, rng: np.random.Generator) -> Conditions:
    """Decline spread from the yards and the port; two compact quarters have a condition of their own."""
    centres = geography.centres
    lived_in = ~geography.is_reserved
    industry = centres[[kind in ("yards", "port") for kind in geography.reserved]]
    decline = fields.around(centres, industry, reach=DECLINE_REACH)
    deprivation = fields.standardize(1.1 * fields.standardize(decline) + fields.smooth(centres, reach=1.6, rng=rng))
    nightlife = _compact(centres, lived_in, DOWNTOWN, NIGHTLIFE_AREAS)
    mills = _mills(centres, lived_in & ~nightlife, deprivation)
    vacancy = _compact(centres, lived_in & ~nightlife, mills, VACANT_AREAS)
    return Conditions(
        deprivation=deprivation,
        nightlife=_felt(nightlife, rng),
        vacancy=_felt(vacancy, rng),
        centrality=fields.around(centres, DOWNTOWN[None, :], reach=3.0),
        nightlife_cluster=nightlife,
        vacancy_cluster=vacancy,
    )


def _compact(centres: Floats, eligible: Marks, middle: Floats, areas: int) -> Marks:
    """The eligible areas nearest to a point."""
    distance = np.where(eligible, fields.distances(centres, middle[None, :])[:, 0], np.inf)
    marks = np.zeros(len(centres), dtype=bool)
    marks[np.argsort(distance)[:areas]] = True
    return marks


def _mills(centres: Floats, eligible: Marks, deprivation: Floats) -> Floats:
    """The most deprived eligible area that is well away from downtown."""
    away = fields.distances(centres, DOWNTOWN[None, :])[:, 0] > 3.0
    return np.asarray(centres[np.argmax(np.where(eligible & away, deprivation, -np.inf))])


def _felt(quarter: Marks, rng: np.random.Generator) -> Floats:
    return np.where(quarter, rng.uniform(0.85, 1.15, len(quarter)), rng.uniform(0.0, 0.12, len(quarter)))
