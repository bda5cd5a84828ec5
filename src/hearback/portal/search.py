"""Finding an area by its name, its neighbourhood, or an organisation in it: few people know their tract's number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hearback.portal.tables import natural
from hearback.report_back.payloads import OrganizationRow, Outline


@dataclass(frozen=True)
class Match:
    """An area that fits, and the organisations by which it was found."""

    outline: Outline
    organizations: tuple[str, ...] = ()


def find_areas(wanted: str, *, outlines: Iterable[Outline], organizations: Iterable[OrganizationRow]) -> list[Match]:
    """The areas in which every wanted word occurs (in name, code or neighbourhood), then those of organisations."""
    words = wanted.casefold().split()
    known = sorted(outlines, key=lambda outline: natural(outline.name))
    fitting = [Match(outline) for outline in known if _fits(words, outline.name, outline.area, outline.where)]
    if not words:
        return fitting
    by_area: dict[str, list[str]] = {}
    for row in organizations:
        if row.area and _fits(words, row.name):
            by_area.setdefault(row.area, []).append(row.name)
    already = {match.outline.area for match in fitting}
    return fitting + [
        Match(outline, tuple(by_area[outline.area]))
        for outline in known
        if outline.area in by_area and outline.area not in already
    ]


def _fits(words: list[str], *texts: str) -> bool:
    text = " ".join(texts).casefold()
    return all(word in text for word in words)
