"""Forums, events and pulses in the invented city: who comes to each, and how likely every group truly is to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hearback.demo.adults import Adults
from hearback.demo.geography import Geography
from hearback.demo.organizations import Organization
from hearback.demo.people import People
from hearback.demo.recipes import recipe

Floats = NDArray[np.float64]
Groups = dict[str, dict[str, int]]
Ratios = dict[str, dict[str, float]]
"""By kind of group and group."""

EARLIEST, LATEST = 330, 10
"""From how many days ago to how many they were held."""
NOTICE = (9, 22)
"""Between how many days before it one is announced."""
FEWEST_FOR_GROUPS = 10
FEWEST, MOST = 15, 180
"""How many come, but to the small ones."""


@dataclass(frozen=True)
class Meeting:
    """What is announced: in which words and languages, where, and on the first such weekday from `day` on."""

    kind: str
    desk: str
    language: str
    spoken: tuple[str, ...]
    title: str
    text: str
    place: str
    area: int | None
    day: int
    """Counted from today; below 0 in the past."""
    weekday: int
    begins: str
    hours: int


@dataclass(frozen=True)
class Held:
    """One that took place. Where fewer than ten came, nobody counted their groups."""

    meeting: Meeting
    notice: int | None
    """Days between its announcement and its day; None where it was put on record afterwards."""
    people: int
    groups: Groups
    """Kind of group, group, people; whoever did not say is counted in none."""


@dataclass(frozen=True)
class Planned:
    """One to come, or just over and not counted, and what became of its words."""

    meeting: Meeting
    written: int
    """Days ago."""
    outcome: str
    """`published`, `called-off`, `waiting`, `returned` or `appealed`."""
    ground: str
    remark: str


@dataclass(frozen=True)
class Engagements:
    """All of them, the oldest first, and the truth about who comes."""

    held: tuple[Held, ...]
    planned: tuple[Planned, ...]
    participation: dict[str, Ratios]
    """Kind of engagement, kind of group, group: its share of those who come by its share of the population, as it would
    be at ever so many engagements."""


@dataclass(frozen=True)
class _City:
    geography: Geography
    people: People
    adults: Adults
    organizations: Sequence[Organization]

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """By kind, as the files of populations call them."""
        return {
            "community": self.people.communities,
            "language": self.people.languages,
            "district": self.geography.districts,
            "age": self.adults.ages,
            "sex": self.adults.sexes,
        }


@dataclass(frozen=True)
class _Crowd:
    """From which homes people come, (areas, communities, languages), and which of each home, (areas, communities,
    ages, sexes), as chances."""

    homes: Floats
    who: Floats

    def shares(self, district_of: NDArray[np.int64]) -> dict[str, Floats]:
        """Chances of groups by kind."""
        of_kind = self.homes.sum(axis=2)
        persons = np.einsum("ac,acgs->gs", of_kind, self.who)
        return {
            "community": of_kind.sum(axis=0),
            "language": self.homes.sum(axis=(0, 1)),
            "district": np.bincount(district_of, weights=of_kind.sum(axis=1)),
            "age": persons.sum(axis=1),
            "sex": persons.sum(axis=0),
        }


@dataclass(frozen=True)
class _Possible:
    """A type of engagement at a place, how likely one is to be it, and who then comes."""

    chance: float
    entry: dict[str, Any]
    venue: Organization | None
    crowd: _Crowd


def draw(
    geography: Geography,
    people: People,
    adults: Adults,
    organizations: Sequence[Organization],
    *,
    rng: np.random.Generator,
) -> Engagements:
    """About three dozen held in the last year, and some to come."""
    city, book = _City(geography, people, adults, organizations), recipe("engagements")
    possible = {kind: list(_possible(entry, city)) for kind, entry in book["held"].items()}
    held = [one for kind, entry in book["held"].items() for one in _held(kind, entry, possible[kind], city, rng)]
    return Engagements(
        held=tuple(sorted(held, key=lambda one: one.meeting.day)),
        planned=tuple(_planned(entry, city, rng) for entry in book["planned"]),
        participation={kind: _participation(places, city) for kind, places in possible.items()},
    )


def _possible(book: dict[str, Any], city: _City) -> Iterator[_Possible]:
    """Every type at every place where it could be; likelier where those live for whom it is held."""
    often = sum(entry["often"] for entry in book["types"])
    for entry in book["types"]:
        pull = {kind: _pull(kind, groups, book, entry) for kind, groups in city.groups.items()}
        who = city.adults.count * pull["age"][:, None] * pull["sex"]
        who = who / np.maximum(who.sum(axis=(2, 3), keepdims=True), 1e-9)
        lived_in = city.adults.count.sum(axis=(2, 3)) * pull["community"]
        homes = lived_in[:, :, None] * city.people.speaks * pull["language"]
        venues = _venues(entry, city)
        fitting = np.array([homes[one.area].sum() if one else 1.0 for one in venues])
        for venue, chance in zip(venues, entry["often"] / often * fitting / fitting.sum(), strict=True):
            reached = homes * _nearness(venue, book["near"], city)[:, None, None]
            yield _Possible(float(chance), entry, venue, _Crowd(reached / reached.sum(), who))


def _pull(kind: str, groups: tuple[str, ...], *books: dict[str, Any]) -> Floats:
    """How much likelier each group is to come than if nothing drew it."""
    log_odds = (book.get("pull", {}).get(kind, {}) for book in books)
    return np.exp(sum(np.array([float(pull.get(group, 0)) for group in groups]) for pull in log_odds))


def _venues(entry: dict[str, Any], city: _City) -> list[Organization] | list[None]:
    """Organisations of the kind, or whose name ends in the word, that is asked for; any if there is none."""
    if "at" not in entry:
        return [None]
    fitting = [one for one in city.organizations if entry["at"] == one.kind or one.name.endswith(f" {entry['at']}")]
    return fitting or list(city.organizations)


def _nearness(venue: Organization | None, near: dict[str, float], city: _City) -> Floats:
    """How likely people of each area are to come, beside those who live there."""
    centres = city.geography.centres
    if venue is None:
        return np.ones(len(centres))
    distance = np.hypot(*(centres - centres[venue.area]).T)
    return np.asarray(near["elsewhere"] + np.exp(-((distance / near["reach"]) ** 2) / 2))


def _participation(possible: list[_Possible], city: _City) -> Ratios:
    """The mean over all possible engagements, by the population. Turnout does not depend on which one it is."""
    district_of = city.geography.district_of
    each = [(one.chance, one.crowd.shares(district_of)) for one in possible]
    adults = city.adults.count
    everybody = {
        "community": adults.sum(axis=(0, 2, 3)),
        "language": (city.people.count[:, :, None] * city.people.speaks).sum(axis=(0, 1)),
        "district": np.bincount(district_of, weights=adults.sum(axis=(1, 2, 3))),
        "age": adults.sum(axis=(0, 1, 3)),
        "sex": adults.sum(axis=(0, 1, 2)),
    }
    truth = {}
    for kind, groups in city.groups.items():
        expected = sum(chance * shares[kind] for chance, shares in each)
        ratio = expected / (everybody[kind] / everybody[kind].sum())
        truth[kind] = dict(zip(groups, ratio.tolist(), strict=True))
    return truth


def _held(
    kind: str, book: dict[str, Any], possible: list[_Possible], city: _City, rng: np.random.Generator
) -> Iterator[Held]:
    count = book["how_many"]
    turnout = book["turnout"]["typical"] * np.exp(book["turnout"]["spread"] * rng.normal(size=count))
    people = np.clip(np.rint(turnout), FEWEST, MOST).astype(int)
    people[rng.choice(count, book["small"], replace=False)] = rng.integers(4, FEWEST_FOR_GROUPS, book["small"])
    chosen = rng.choice(len(possible), count, p=[one.chance for one in possible])
    days = -rng.integers(LATEST, EARLIEST + 1, count)
    for number, day, came in zip(chosen.tolist(), days.tolist(), people.tolist(), strict=True):
        one = possible[number]
        groups = _groups(one.crowd, came, book, city, rng)
        notice = None if rng.random() < book["unannounced"] else int(rng.integers(NOTICE[0], NOTICE[1] + 1))
        meeting = _meeting(kind, one.entry, one.venue, day, city)
        yield Held(meeting, notice, came, groups if came >= FEWEST_FOR_GROUPS else {})


def _groups(crowd: _Crowd, came: int, book: dict[str, Any], city: _City, rng: np.random.Generator) -> Groups:
    """Parties from one home until all are there; then what each person says of themselves, or does not."""
    first = rng.choice(crowd.homes.size, came, p=crowd.homes.ravel())
    parties = 1 + rng.poisson(book["party"] - 1, came)
    area, community, language = np.unravel_index(np.repeat(first, parties)[:came], crowd.homes.shape)
    chances = crowd.who[area, community].reshape(came, -1).cumsum(axis=1)[:, :-1]
    age, sex = np.divmod((rng.random(came)[:, None] > chances).sum(axis=1), len(city.adults.sexes))
    persons = {
        "community": community,
        "language": language,
        "district": city.geography.district_of[area],
        "age": age,
        "sex": sex,
    }
    counted = {}
    for kind, groups in city.groups.items():
        says = rng.random(came) >= rng.uniform(*book["unsaid"])
        counts = np.bincount(persons[kind][says], minlength=len(groups)).tolist()
        counted[kind] = {group: count for group, count in zip(groups, counts, strict=True) if count}
    return counted


def _planned(entry: dict[str, Any], city: _City, rng: np.random.Generator) -> Planned:
    venues = _venues(entry, city)
    speaks = city.people.languages.index(entry["language"])
    fitting = np.array([city.people.language_share[one.area, speaks] if one else 1.0 for one in venues])
    venue = venues[int(rng.choice(len(venues), p=fitting / fitting.sum()))]
    return Planned(
        meeting=_meeting(entry["kind"], entry, venue, entry["day"], city),
        written=entry["written"],
        outcome=entry["outcome"],
        ground=entry.get("ground", ""),
        remark=entry.get("remark", ""),
    )


def _meeting(kind: str, entry: dict[str, Any], venue: Organization | None, day: int, city: _City) -> Meeting:
    area = venue.area if venue else None
    named = city.geography.names[area] if area is not None else ""
    return Meeting(
        kind=kind,
        desk=entry["desk"],
        language=entry["language"],
        spoken=tuple(entry["spoken"]),
        title=entry["title"].format(area=named),
        text=entry["text"],
        place=venue.name if venue else "",
        area=area,
        day=day,
        weekday=entry["weekday"],
        begins=entry["begins"],
        hours=entry["hours"],
    )
