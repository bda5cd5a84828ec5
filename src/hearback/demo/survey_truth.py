"""What is true of every question of the surveys: shares and means by wave, over areas, groups and the whole city."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hearback.demo import opinions
from hearback.demo.adults import Adults
from hearback.demo.attitudes import Attitudes
from hearback.demo.geography import Geography
from hearback.demo.people import People

Floats = NDArray[np.float64]

FAVOURABLE = {
    "respect": (4, 5),
    "fair": (4, 5),
    "listen": (4, 5),
    "worse": (1, 2),
    "trust": (7, 8, 9, 10),
    "safe": (3, 4),
    "officer": (1,),
}
"""As in questionnaire.toml."""


@dataclass(frozen=True)
class TrueValue:
    """The share of favourable answers, and the mean of the codes, among all adults of one part of the city."""

    wave: int
    item: str
    level: str
    key: str
    adults: int
    favourable: float
    mean: float


def true_values(
    geography: Geography, people: People, adults: Adults, attitudes: Attitudes, *, years: tuple[int, ...]
) -> Iterator[TrueValue]:
    """Exact values, not draws: how likely each answer is among people of one kind, added up over the kinds."""
    levels = list(_levels(geography, people, adults))
    for year in years:
        means = opinions.means(attitudes, adults, geography, year=year)
        for item in opinions.items():
            chances = item.probabilities(means[item.about], spread=opinions.spread())
            favourable = chances[..., np.isin(item.codes, FAVOURABLE[item.id])].sum(axis=-1)
            average = chances @ item.codes
            for level, keys, weights in levels:
                total = weights.sum(axis=1)
                shares, averages = weights @ favourable.ravel(), weights @ average.ravel()
                for key, people_there, share, mean in zip(keys, total, shares, averages, strict=True):
                    if people_there:
                        yield TrueValue(
                            year, item.id, level, key, round(people_there), share / people_there, mean / people_there
                        )


def _levels(geography: Geography, people: People, adults: Adults) -> Iterator[tuple[str, tuple[str, ...], Floats]]:
    """For each way of dividing the city the keys of its parts, and (parts, kinds) how many adults of each kind."""
    count = adults.count.astype(float)
    yield "city", ("",), count.reshape(1, -1)
    yield "district", geography.districts, _split(count, np.eye(len(geography.districts))[geography.district_of], 0)
    for axis, (level, keys) in enumerate(
        (("area", geography.keys), ("community", people.communities), ("age", adults.ages), ("sex", adults.sexes))
    ):
        yield level, keys, _split(count, np.eye(len(keys)), axis)
    spoken = people.speaks.transpose(2, 0, 1)[..., None, None] * count
    yield "language", people.languages, spoken.reshape(len(people.languages), -1)


def _split(count: Floats, belongs: Floats, axis: int) -> Floats:
    """(parts, kinds): the adults of each part, where `belongs` (entries of the axis, parts) says who is in which."""
    shape = [1] * count.ndim
    shape[axis] = -1
    return np.stack([(count * part.reshape(shape)).ravel() for part in belongs.T])
