"""The FBI's incident-based categories of offences, as a mapping for local words and never as the words of residents."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hearback.importers.nearest import advice
from hearback.refusal import Refusal

ALIKE = 0.75
"""Likeness (0 to 1) from which a category is suggested; below it, "Stolen Auto" would become stolen property."""


class UnknownCategory(Refusal):
    """An id that is no category of nibrs.toml."""


@dataclass(frozen=True)
class Offence:
    """One offence code, what it is a crime against, and whether the FBI has withdrawn the code."""

    code: str
    title: str
    against: str
    withdrawn: bool = False


@dataclass(frozen=True)
class Category:
    """Offences counted together; a sensitive category is never shown for small areas."""

    id: str
    title: str
    group: str
    offences: tuple[Offence, ...]
    sensitive: bool = False


@dataclass(frozen=True)
class Nibrs:
    """All categories of one version of the FBI's manual."""

    version: str
    categories: tuple[Category, ...]


@cache
def load() -> Nibrs:
    """The categories written in nibrs.toml, in the order of the file."""
    written = tomllib.loads(Path(__file__).with_name("nibrs.toml").read_text(encoding="utf-8"))
    categories = tuple(
        Category(
            id=entry["id"],
            title=entry["title"],
            group=entry["group"],
            offences=tuple(Offence(**offence) for offence in entry["offences"]),
            sensitive=entry.get("sensitive", False),
        )
        for entry in written["category"]
    )
    return Nibrs(version=written["version"], categories=categories)


def category(category_id: str, *, where: str = "") -> Category:
    """The category of this id; an unknown id is refused with the nearest one as suggestion."""
    by_id = {entry.id: entry for entry in load().categories}
    if category_id not in by_id:
        raise UnknownCategory(f"there is no category {category_id!r}", where=where, remedy=advice(category_id, by_id))
    return by_id[category_id]


def nearest(word: str) -> str:
    """The id of the category whose id, title or offence is most like this word; empty where none is."""
    spellings = {
        spelling.lower(): entry.id
        for entry in reversed(load().categories)
        for spelling in (*(offence.title for offence in entry.offences), entry.title, entry.id)
    }
    near = difflib.get_close_matches(word.lower(), spellings, n=1, cutoff=ALIKE)
    return spellings[near[0]] if near else ""
