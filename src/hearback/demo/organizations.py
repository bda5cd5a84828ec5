"""Local organisations and sites of the invented city, with the languages they serve and a contact to keep apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from hearback.demo.conditions import Conditions
from hearback.demo.geography import Geography
from hearback.demo.people import People
from hearback.demo.recipes import recipe

Floats = NDArray[np.float64]

LANGUAGE_NAMES = {
    "en": "English",
    "es": "Spanish",
    "zh-hans": "Simplified Chinese",
    "vi": "Vietnamese",
    "ar": "Arabic",
    "ht": "Haitian Creole",
    "ru": "Russian",
    "ko": "Korean",
    "so": "Somali",
    "fr": "French",
}
AT_THE_ADDRESS = 0.6
"""How far from the middle of its area a place may lie, as a share of the way to the border."""


@dataclass(frozen=True)
class Organization:
    """One organisation or site."""

    name: str
    kind: str
    languages: tuple[str, ...]
    """Codes, English first."""
    area: int
    longitude: float
    latitude: float
    contact: str
    """Must never be published."""


def draw(
    geography: Geography, conditions: Conditions, people: People, *, rng: np.random.Generator
) -> tuple[Organization, ...]:
    """About 150 of them, each kind where such places tend to be."""
    tendencies = {
        "homes": people.population / people.population.mean(),
        "centrality": 0.2 + conditions.centrality,
        "deprivation": np.exp(0.8 * conditions.deprivation),
        "newly_arrived": np.exp(0.8 * people.newly_arrived),
    }
    founded: list[Organization] = []
    for kind, entry in recipe("organizations").items():
        chance = np.where(geography.is_reserved, 0, tendencies[entry["where"]])
        areas = rng.choice(len(chance), entry["count"], replace=False, p=chance / chance.sum())
        for area in areas.tolist():
            founded.append(_found_one(kind, entry, area, len(founded) + 1, geography, people, rng))
    return tuple(founded)


def _found_one(
    kind: str,
    entry: dict[str, Any],
    area: int,
    number: int,
    geography: Geography,
    people: People,
    rng: np.random.Generator,
) -> Organization:
    shares = dict(zip(people.languages, people.language_share[area], strict=True))
    heard = (code for code in LANGUAGE_NAMES if code != "en")
    served = [code for code in heard if rng.random() < 1 - (1 - entry["languages"]) ** (10 * shares[code])]
    longitude, latitude = _address(geography.polygons[area], rng)
    return Organization(
        name=str(rng.choice(entry["names"])).format(geography.names[area]),
        kind=kind,
        languages=("en", *served),
        area=area,
        longitude=longitude,
        latitude=latitude,
        contact=f"Front desk, 555-{100 + number % 100:04d}, desk{number}@linnet-bay.example",
    )


def _address(polygon: Polygon, rng: np.random.Generator) -> tuple[float, float]:
    """Between the middle of the area and its border."""
    middle = polygon.representative_point()
    border = polygon.exterior.interpolate(rng.random(), normalized=True)
    way = AT_THE_ADDRESS * np.sqrt(rng.random())
    point = middle.x + way * (border.x - middle.x), middle.y + way * (border.y - middle.y)
    if not polygon.contains(shapely.Point(point)):
        point = middle.x, middle.y
    return round(point[0], 5), round(point[1], 5)
