"""Who took part: counts of each occasion by group, and the groups that can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Max

from hearback.foundation.populations.queries import community_kinds, group_names
from hearback.listen.engagements.enums import TOOK_PLACE, EngagementKind
from hearback.listen.engagements.models import Engagement
from hearback.listen.surveys.queries import group_titles


@dataclass(frozen=True)
class Counted:
    """One occasion: how many took part, and of which groups as far as they said."""

    people: int
    groups: dict[str, dict[str, int]]
    """Kind of group, group, people."""


@dataclass(frozen=True)
class KindAsked:
    """A kind of group, with its groups as a population names them and as they are called."""

    key: str
    title: str
    groups: tuple[tuple[str, str], ...]


BATCH = 3
"""Occasions whose counts are looked at together: one that came alone could be told from the edition before it."""


def counted(kind: EngagementKind, *, since: datetime, until: datetime) -> list[Counted]:
    """Occasions of this kind that were held and counted, in whole batches, the last of each over in this time."""
    whole = last_counted(kind) // BATCH * BATCH
    found = Engagement.objects.filter(kind=kind, counted_as__lte=whole, state__in=TOOK_PLACE, people__gt=0)
    ordered = found.order_by("counted_as").prefetch_related("head_counts")
    batches = [list(batch) for _, batch in groupby(ordered, key=lambda one: (one.counted_as - 1) // BATCH)]
    recent = [batch for batch in batches if since < max(one.ends_at for one in batch) <= until]
    return [Counted(one.people, _groups(one)) for batch in recent for one in batch]


def last_counted(kind: EngagementKind) -> int:
    """How many occasions of this kind were ever counted."""
    return Engagement.objects.filter(kind=kind).aggregate(last=Max("counted_as"))["last"] or 0


def kinds_asked() -> list[KindAsked]:
    """Kinds of group of which it is known how many people there are, since only they can be compared."""
    kinds, groups = group_titles()
    return [
        KindAsked(
            key=kind,
            title=kinds.get(kind, kind.replace("-", " ").capitalize()),
            groups=tuple((group, groups.get((kind, group), group)) for group in group_names(kind)),
        )
        for kind in community_kinds()
    ]


def _groups(engagement: Engagement) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for one in engagement.head_counts.all():
        found.setdefault(one.kind, {})[one.group] = one.people
    return found
