"""Surveys in the invented city: three waves drawn at random, with people who do not answer, and an open link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hearback.demo import opinions
from hearback.demo.adults import Adults
from hearback.demo.attitudes import Attitudes
from hearback.demo.geography import Geography
from hearback.demo.people import People
from hearback.demo.recipes import recipe

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DONT_KNOW, REFUSED = -1, -2
"""In the place of an answer's code."""


@dataclass(frozen=True)
class Sample:
    """The areas that were drawn, one entry each, and what became of those who were asked there."""

    area: Integers
    areas_drawn: Integers
    """In the area's district, as `areas_there` is: of how many."""
    areas_there: Integers
    adults: Integers
    asked: Integers
    answered: Integers
    refused: Integers

    @property
    def weight(self) -> Floats:
        """How many adults each person asked stands for."""
        return np.asarray(self.areas_there / self.areas_drawn * self.adults / self.asked)


@dataclass(frozen=True)
class Wave:
    """Those who answered, one entry each, as positions in the parts of the city."""

    year: int
    area: Integers
    community: Integers
    age: Integers
    sex: Integers
    language: Integers
    answers: dict[str, Integers]
    sample: Sample | None
    """None for the open link."""
    inattentive: NDArray[np.bool_]
    """Who clicks without reading."""

    def __len__(self) -> int:
        return len(self.area)


@dataclass(frozen=True)
class _Persons:
    """People who were asked, with what they think, as standard scores among their kind too."""

    cell: tuple[Integers, ...]
    """Area, community, age and sex."""
    language: Integers
    trust: Floats
    safety: Floats
    standing: Floats

    def __getitem__(self, chosen: NDArray[Any]) -> _Persons:
        cell = tuple(part[chosen] for part in self.cell)
        return _Persons(cell, *(each[chosen] for each in (self.language, self.trust, self.safety, self.standing)))


@dataclass(frozen=True)
class _City:
    """The parts that waves are drawn from."""

    geography: Geography
    people: People
    adults: Adults
    attitudes: Attitudes

    def persons(self, cells: Integers, *, year: int, rng: np.random.Generator) -> _Persons:
        """People of these cells (positions in the flat table of adults)."""
        cell = np.unravel_index(cells, self.adults.count.shape)
        first = self.people.speaks[cell[0], cell[1]].cumsum(axis=1)
        language = (rng.random(len(cells))[:, None] > first).sum(axis=1)
        standing = rng.normal(size=len(cells))
        means = opinions.means(self.attitudes, self.adults, self.geography, year=year)
        trust = means["trust"][cell] + opinions.spread() * standing
        related = 0.3 * standing + np.sqrt(1 - 0.3**2) * rng.normal(size=len(cells))
        return _Persons(cell, language, trust, means["safety"][cell] + opinions.spread() * related, standing)


def draw(
    geography: Geography, people: People, adults: Adults, attitudes: Attitudes, *, rng: np.random.Generator
) -> tuple[Wave, ...]:
    """The waves in the order of the recipe; the open link last."""
    city = _City(geography, people, adults, attitudes)
    drawn: dict[int, Integers] = {}
    waves = []
    for entry in recipe("surveys")["waves"]:
        year = entry["wave"]
        again = drawn.get(entry.get("same_areas_as"))
        drawn[year] = _areas(city, entry["areas"], rng) if again is None else again
        waves.append(_random_wave(city, drawn[year], year, entry["people"], rng))
    return (*waves, _open_link(city, waves[-1].year, rng))


def propensity(city_response: Floats, ages: Integers, other_language: NDArray[np.bool_], standing: Floats) -> Floats:
    """How likely people answer who were drawn, all arguments one entry per person."""
    book = recipe("surveys")["response"]
    of_age = np.array([*book["age"].values()], dtype=float)
    odds = np.log(city_response / (1 - city_response)) + of_age[ages]
    odds = odds + book["other_language"] * other_language + book["trust"] * standing
    return np.asarray(1 / (1 + np.exp(-odds)))


def _areas(city: _City, number: int, rng: np.random.Generator) -> Integers:
    """So many areas of each district, every one with the same chance; where nobody lives, nobody is asked."""
    inhabited = city.adults.count.sum(axis=(1, 2, 3)) > 0
    chosen = []
    for district in range(len(city.geography.districts)):
        there = np.flatnonzero(inhabited & (city.geography.district_of == district))
        chosen.append(np.sort(rng.choice(there, size=min(number, len(there)), replace=False)))
    return np.concatenate(chosen)


def _random_wave(city: _City, areas: Integers, year: int, number: int, rng: np.random.Generator) -> Wave:
    """Adults drawn in each area, of whom some answer."""
    cells = city.adults.count.reshape(len(city.adults.count), -1)
    adults = cells.sum(axis=1)
    asked = np.minimum(number, adults[areas])
    taken = np.stack(
        [rng.multivariate_hypergeometric(cells[area], size) for area, size in zip(areas, asked, strict=True)]
    )
    where, kind = np.nonzero(taken)
    flat = np.repeat(areas[where] * cells.shape[1] + kind, taken[where, kind])
    persons = city.persons(flat, year=year, rng=rng)
    chance = propensity(
        city.attitudes.response[persons.cell[:2]], persons.cell[2], _other(city, persons), persons.standing
    )
    answer = rng.random(len(flat)) < chance
    refuse = ~answer & (rng.random(len(flat)) < recipe("surveys")["response"]["refusal"])
    there = np.bincount(city.geography.district_of[adults > 0])
    drawn = np.bincount(city.geography.district_of[areas])
    size, district = len(adults), city.geography.district_of[areas]
    sample = Sample(
        area=areas,
        areas_drawn=drawn[district],
        areas_there=there[district],
        adults=adults[areas],
        asked=asked,
        answered=np.bincount(persons.cell[0][answer], minlength=size)[areas],
        refused=np.bincount(persons.cell[0][refuse], minlength=size)[areas],
    )
    return _wave(persons[answer], year, sample, np.zeros(int(answer.sum()), dtype=bool), rng)


def _open_link(city: _City, year: int, rng: np.random.Generator) -> Wave:
    """Those who followed the link: younger, English-speaking and critical more than others."""
    book = recipe("surveys")["link"]
    cells = city.adults.count.ravel()
    persons = city.persons(rng.choice(len(cells), 20 * book["answers"], p=cells / cells.sum()), year=year, rng=rng)
    of_age = np.array([*book["age"].values()], dtype=float)
    pull = of_age[persons.cell[2]] + book["other_language"] * _other(city, persons) + book["trust"] * persons.standing
    keys = np.log(rng.random(len(pull))) / np.exp(pull)
    chosen = np.sort(np.argpartition(-keys, book["answers"])[: book["answers"]])
    return _wave(persons[chosen], year, None, rng.random(len(chosen)) < book["inattentive"], rng)


def _other(city: _City, persons: _Persons) -> NDArray[np.bool_]:
    return np.asarray(persons.language != city.people.languages.index("en"))


def _wave(
    persons: _Persons, year: int, sample: Sample | None, inattentive: NDArray[np.bool_], rng: np.random.Generator
) -> Wave:
    refused = recipe("surveys")["refused"]
    answers = {}
    for item in opinions.items():
        said = item.answers(persons.trust if item.about == "trust" else persons.safety, rng=rng)
        said = np.where(inattentive, rng.choice(item.codes, len(said)), said)
        lot = rng.random(len(said))
        answers[item.id] = np.where(lot < refused, REFUSED, np.where(lot < refused + item.dont_know, DONT_KNOW, said))
    area, community, age, sex = persons.cell
    return Wave(year, area, community, age, sex, persons.language, answers, sample, inattentive)
