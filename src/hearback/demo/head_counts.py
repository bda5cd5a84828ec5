"""Writes how many people of the invented city speak which language first, and who works for its police."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hearback.demo import tables

if TYPE_CHECKING:
    from hearback.demo.city import DemoCity

ASKED = 0.13
"""The share of residents whose language the invented census asked: the source of its margins of error."""


def write_head_counts(city: DemoCity, folder: Path) -> None:
    """census-languages.csv, by neighbourhood with margins of error, and police-staff.csv."""
    tables.write_csv(folder / "census-languages.csv", _languages(city))
    tables.write_csv(folder / "police-staff.csv", _staff(city))


def write_staff_truth(city: DemoCity, folder: Path) -> None:
    """The chances from which the staff was drawn."""
    ranks, communities = np.indices(city.staff.chance.shape)
    tables.write_csv(
        folder / "staff.csv",
        {
            "rank": np.array(city.staff.ranks)[ranks.ravel()],
            "community": np.array(city.people.communities)[communities.ravel()],
            "chance": city.staff.chance.ravel(),
        },
        decimals={"chance": 6},
    )


def _languages(city: DemoCity) -> dict[str, tables.Column]:
    people = city.people
    spoken = np.rint(people.population[:, None] * people.language_share)
    share = people.language_share
    margin = 1.645 * np.sqrt(people.population[:, None] * share * (1 - share) * (1 - ASKED) / ASKED)
    area, language = (mesh.ravel() for mesh in np.indices(spoken.shape))
    lives = people.population[area] > 0
    return {
        "area": np.array(city.geography.keys)[area[lives]],
        "language": np.array(people.languages)[language[lives]],
        "people": spoken.ravel()[lives].astype(np.int64),
        "margin": np.ceil(margin.ravel()[lives]).astype(np.int64),
    }


def _staff(city: DemoCity) -> dict[str, tables.Column]:
    staff = city.staff
    cells = np.argwhere(staff.count > 0)
    rank, unit, community, language = cells.T
    return {
        "rank": np.array(staff.ranks)[rank],
        "unit": np.array(staff.units)[unit],
        "community": np.array(city.people.communities)[community],
        "language": np.array(city.people.languages)[language],
        "staff": staff.count[tuple(cells.T)],
    }
