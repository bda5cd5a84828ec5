"""What the adults of the invented city think in each wave of its surveys, and how thinking turns into answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from hearback.demo.adults import Adults
from hearback.demo.attitudes import Attitudes
from hearback.demo.geography import Geography
from hearback.demo.offences import YEARS
from hearback.demo.recipes import recipe

Floats = NDArray[np.float64]
About = Literal["trust", "safety"]


@dataclass(frozen=True)
class Item:
    """How the answers to one question follow from an opinion between 0 and 100."""

    id: str
    about: About
    noise: float
    first: int
    thresholds: Floats
    dont_know: float
    turned: bool

    def answers(self, opinion: Floats, *, rng: np.random.Generator) -> NDArray[np.int64]:
        """What people with these opinions say."""
        place = np.searchsorted(self.thresholds, opinion + self.noise * rng.normal(size=opinion.shape))
        return np.asarray(self.first + (len(self.thresholds) - place if self.turned else place))

    def probabilities(self, mean: Floats, *, spread: float) -> Floats:
        """How likely each answer is, lowest code first on a new last axis, where opinions have this mean and spread."""
        above = ndtr((mean[..., None] - self.thresholds) / np.hypot(spread, self.noise))
        ends = np.ones((*mean.shape, 1)), np.zeros((*mean.shape, 1))
        steps = -np.diff(np.concatenate([ends[0], above, ends[1]], axis=-1), axis=-1)
        return np.asarray(steps[..., ::-1] if self.turned else steps)

    @property
    def codes(self) -> NDArray[np.int64]:
        """Every answer."""
        return self.first + np.arange(len(self.thresholds) + 1)


def items() -> tuple[Item, ...]:
    """Every question, in the order of the recipe."""
    return tuple(
        Item(
            id=id_,
            about=entry["about"],
            noise=float(entry["noise"]),
            first=entry["first"],
            thresholds=np.array(entry["thresholds"], dtype=float),
            dont_know=entry["dont_know"],
            turned=entry.get("turned", False),
        )
        for id_, entry in recipe("surveys")["items"].items()
    )


def spread() -> float:
    """Standard deviation of opinions between people of one area, community, age and sex."""
    return float(recipe("surveys")["opinions"]["people"])


def means(attitudes: Attitudes, adults: Adults, geography: Geography, *, year: int) -> dict[About, Floats]:
    """Mean opinions, (areas, communities, ages, sexes), by what they are about."""
    book: dict[str, Any] = recipe("surveys")["opinions"]
    age = np.array([book["age"][age] for age in adults.ages], dtype=float)[:, None]
    at = YEARS.index(year)
    trust = attitudes.trust[:, :, at] + changes(geography, year=year)[:, None]
    return {
        "trust": trust[:, :, None, None] + age + _of_sex(book["sex"], adults),
        "safety": attitudes.safety[:, :, at, None, None] + age + _of_sex(book["sex_safety"], adults),
    }


def changes(geography: Geography, *, year: int) -> Floats:
    """Points of trust won or lost in each area since its district's police changed, (areas,)."""
    by_district = recipe("surveys")["opinions"]["changes"].get(year, {})
    points = np.array([by_district.get(district, 0) for district in geography.districts], dtype=float)
    return np.asarray(points[geography.district_of])


def _of_sex(points: dict[str, float], adults: Adults) -> Floats:
    return np.array([points[sex] for sex in adults.sexes], dtype=float)
