"""Which estimates the public does not see: those of few people, and those that would give these away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from hearback.sentence import Sentence
from hearback.understand.trust.enums import Showing
from hearback.understand.trust.queries.results import Contrasted, Estimated

FEWEST = 10
"""Respondents whose answers may be shown together."""
Key = tuple[str, str, str, str]
FEW = Sentence("Fewer than {fewest} people answered", fewest=FEWEST)
COMPLEMENT = Sentence("Withheld so that a smaller group cannot be worked out from the others")


def shown(estimates: Iterable[Estimated]) -> list[Estimated]:
    """The same estimates, those of fewer than ten respondents withheld; where these are one group of a kind only,
    its smallest companion too, because everybody less the others would tell. Published scores have no sizes."""
    rows = list(estimates)
    beside: dict[Key, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        if row.n is not None and row.by:
            beside[(row.item, row.statistic, row.by, row.method)].append(at)
    for places in beside.values():
        for at, why in _withheld(rows, places).items():
            rows[at] = replace(rows[at], showing=Showing.WITHHELD, notes=(*rows[at].notes, why))
    return [
        replace(row, showing=Showing.WITHHELD, notes=(*row.notes, FEW)) if not row.by and _few(row) else row
        for row in rows
    ]


def contrasts_shown(contrasts: Iterable[Contrasted], estimates: Iterable[Estimated]) -> list[Contrasted]:
    """The same contrasts, withheld where a side is: the side that is shown would give the other away."""
    hidden = {
        (row.item, row.statistic, row.by, row.group, row.method) for row in estimates if row.showing is Showing.WITHHELD
    }
    return [
        replace(one, showing=Showing.WITHHELD)
        if {(one.item, one.statistic, one.by, side, one.method) for side in (one.group, one.other)} & hidden
        else one
        for one in contrasts
    ]


def _few(row: Estimated) -> bool:
    return row.n is not None and row.n < FEWEST


def _withheld(rows: list[Estimated], places: list[int]) -> dict[int, Sentence]:
    """The places of what is withheld, and why; those that nobody answered tell nothing about anybody."""
    few = [at for at in places if _few(rows[at])]
    found = dict.fromkeys(few, FEW)
    speaking = [at for at in few if rows[at].n]
    others = [at for at in places if at not in found]
    if len(speaking) == 1 and others:
        found[min(others, key=lambda at: rows[at].n or 0)] = COMPLEMENT
    return found
