"""Reading finished estimates and contrasts; nothing is computed here, so that pages stay light."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from hearback.understand.trust.enums import Method, Showing, Statistic
from hearback.understand.trust.models import Contrast, Estimate, ScaleCheck

if TYPE_CHECKING:
    from hearback.listen.surveys.models import Wave

EVERY = "*"
"""Chooses every kind of group, and everybody."""

PREFERRED = (Method.SMALL_AREA, Method.DESIGN, Method.OPT_IN, Method.ANSWERS, Method.PUBLISHED)
"""Which method speaks where several do: for areas the one that borrows strength; the others never meet."""

Finished = TypeVar("Finished", Estimate, Contrast)


def estimates_of(wave: Wave) -> list[Estimate]:
    """Every estimate from a wave, everybody first, groups in the order in which they were put on record."""
    return list(Estimate.objects.filter(wave=wave).select_related("wave").order_by("pk"))


def contrasts_of(wave: Wave) -> list[Contrast]:
    """Every contrast that may be shown whose later (or only) wave this is."""
    return list(
        Contrast.objects.filter(wave=wave).exclude(showing=Showing.WITHHELD).select_related("earlier").order_by("pk")
    )


def not_comparable(wave: Wave) -> set[tuple[str, str]]:
    """Scales and kinds of group whose scores may not be compared, because the questions do not mean the same to all."""
    found = ScaleCheck.objects.filter(wave=wave, comparable=False).exclude(by="")
    return set(found.values_list("scale", "by"))


def statistic_to_show(statistics: Iterable[str]) -> Statistic:
    """The share of favourable answers where there is one, for it needs no explaining; else the mean."""
    return Statistic.FAVOURABLE if Statistic.FAVOURABLE in set(statistics) else Statistic.MEAN


def best(rows: Iterable[Finished]) -> list[Finished]:
    """One row for each wave, item, statistic, group (and group compared with): that of the preferred method."""
    found: dict[tuple[object, ...], Finished] = {}
    for row in rows:
        compared = (row.earlier_id, row.other) if isinstance(row, Contrast) else ()
        key = (row.wave_id, row.item, row.statistic, row.by, row.group, *compared)
        if key not in found or _rank(row) < _rank(found[key]):
            found[key] = row
    return list(found.values())


@dataclass(frozen=True)
class Choice:
    """What an analyst chose to look at; empty fields choose everything."""

    item: str = ""
    statistic: str = ""
    by: str = EVERY
    group: str = ""


@dataclass(frozen=True)
class Table:
    """The estimates and contrasts that were chosen, every method, also those that the public does not see."""

    estimates: list[Estimate]
    contrasts: list[Contrast]


def table(wave: Wave, chosen: Choice) -> Table:
    """What is on record of a wave, in the order in which it was put there."""
    fields = {"item": chosen.item, "statistic": chosen.statistic, "group": chosen.group}
    wanted = {name: value for name, value in fields.items() if value}
    wanted |= {} if chosen.by == EVERY else {"by": chosen.by}
    return Table(
        list(Estimate.objects.filter(wave=wave, **wanted).select_related("wave").order_by("pk")),
        list(Contrast.objects.filter(wave=wave, **wanted).select_related("wave", "earlier").order_by("pk")),
    )


def kinds_estimated(wave: Wave) -> list[str]:
    """The kinds of group of which something is estimated; nothing stands for everybody."""
    return list(Estimate.objects.filter(wave=wave).order_by("by").values_list("by", flat=True).distinct())


def groups_estimated(wave: Wave, by: str) -> list[str]:
    """The groups of a kind of which something is estimated."""
    return sorted(set(Estimate.objects.filter(wave=wave, by=by).order_by().values_list("group", flat=True).distinct()))


def _rank(row: Estimate | Contrast) -> int:
    return PREFERRED.index(Method(row.method))
