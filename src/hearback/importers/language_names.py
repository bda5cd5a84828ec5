"""Finds the languages that free text says are spoken, and gives their BCP 47 tags."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CLAUSE = re.compile(r"[;,.:/&]|\band\b", re.IGNORECASE)
PARENTHESIS = re.compile(r"\(([^()]*)\)")
NOT_FULLY = re.compile(r"\b(limited|little|referred|directed|written|literature)\b|^\s*some\b|\(some\)", re.IGNORECASE)
TAG = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-[a-z]{2})?")
"""Language, script where it matters, region where it matters (RFC 5646, section 2.1), in small letters."""


@dataclass(frozen=True)
class Spoken:
    """Tags in the order of the text: languages one is served in, and those offered only in part, in writing
    or somewhere else."""

    tags: tuple[str, ...]
    in_part: tuple[str, ...]


def spoken(text: str) -> Spoken:
    """The languages named in `English; Spanish, limited French`; a tag on its own (`es`) counts as its name."""
    names, by_name = _names()
    apart = PARENTHESIS.sub(lambda inside: f";{inside[1]};" if names.search(inside[1]) else inside[0], text)
    fully: dict[str, None] = {}
    in_part: dict[str, None] = {}
    for clause in CLAUSE.split(apart):
        found = in_part if NOT_FULLY.search(clause) else fully
        words = [clause.strip().casefold(), *names.findall(clause)]
        found.update(dict.fromkeys(by_name[word.casefold()] for word in words if word.casefold() in by_name))
    return Spoken(tags=tuple(fully), in_part=tuple(tag for tag in in_part if tag not in fully))


@cache
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern of all names, longest first, and the tag of each name and of each tag."""
    written = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    by_name = {name: tag for tag, names in written.items() for name in names}
    longest_first = sorted(by_name, key=len, reverse=True)
    pattern = re.compile(rf"(?<!non-)\b(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
    return pattern, by_name | {tag: tag for tag in written}
