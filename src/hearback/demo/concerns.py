"""What residents of the invented city said to its desks, and how long each language truly waits for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hearback.demo.geography import Geography
from hearback.demo.people import People
from hearback.demo.recipes import recipe

HOW_MANY = 320
DAYS = 180
"""From how many days before today they come."""
NEVER_ANSWERED = 0.05
KINDS = {"concern": 0.5, "idea": 0.12, "thanks": 0.1, "question": 0.16, "complaint": 0.12}
DESKS = {"liaison": 0.62, "partner": 0.2, "oversight": 0.18}
COMPLAINTS_TO_OVERSIGHT = 0.7
SPEAKS_UP = 6.0
"""How much likelier others are to write than English speakers: being heard in any language is what is shown."""
HELPED = {"yes": 0.55, "partly": 0.25, "no": 0.2}


@dataclass(frozen=True)
class Told:
    """One concern: what is said to which kind of desk and when, and what comes of it."""

    language: str
    kind: str
    desk: str
    area: int
    minutes_ago: int
    text: str
    wait: int | None
    """Working days until the answer; None where nobody ever answers."""
    answer: str
    reply: str
    """What the resident says after the answer; mostly nothing."""
    helped: str
    closed: bool


@dataclass(frozen=True)
class Concerns:
    """Everything that was said, oldest first, and the truth about waiting."""

    told: tuple[Told, ...]
    mean_wait: dict[str, float]
    """Working days by language, of those who are answered (1 + Poisson)."""


def draw(geography: Geography, people: People, *, rng: np.random.Generator) -> Concerns:
    """A few hundred, from areas and in languages as people live and speak there."""
    book = recipe("concerns")
    waits: dict[str, float] = book["wait"]
    homes = np.where(geography.is_reserved, 0, people.population)
    areas = rng.choice(len(homes), HOW_MANY, p=homes / homes.sum())
    moments = np.sort(rng.integers(0, DAYS * 24 * 60, HOW_MANY))[::-1]
    told = (
        _one(area, moment, book, _language(people, area, list(waits), rng), geography, rng)
        for area, moment in zip(areas.tolist(), moments.tolist(), strict=True)
    )
    return Concerns(tuple(told), waits)


def _language(people: People, area: int, known: list[str], rng: np.random.Generator) -> str:
    share = dict(zip(people.languages, people.language_share[area], strict=True))
    weights = np.array([share[code] * (1 if code == "en" else SPEAKS_UP) for code in known])
    return str(rng.choice(known, p=weights / weights.sum()))


def _one(
    area: int, minutes_ago: int, book: dict[str, Any], language: str, geography: Geography, rng: np.random.Generator
) -> Told:
    words = book[language]
    kind = _chosen(KINDS, rng)
    to_oversight = kind == "complaint" and rng.random() < COMPLAINTS_TO_OVERSIGHT
    answered, replies = rng.random() >= NEVER_ANSWERED, rng.random() < 0.1
    return Told(
        language=language,
        kind=kind,
        desk="oversight" if to_oversight else _chosen(DESKS, rng),
        area=area,
        minutes_ago=minutes_ago,
        text=str(rng.choice(words[kind])).format(area=geography.names[area]),
        wait=1 + int(rng.poisson(book["wait"][language] - 1)) if answered else None,
        answer=str(rng.choice(words["answers"])),
        reply=words["reply"] if replies else "",
        helped=_chosen(HELPED, rng) if rng.random() < 0.4 else "",
        closed=not replies and bool(rng.random() < 0.9),
    )


def _chosen(chances: dict[str, float], rng: np.random.Generator) -> str:
    return str(rng.choice(list(chances), p=list(chances.values())))
