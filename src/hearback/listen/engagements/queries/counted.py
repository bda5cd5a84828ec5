"""Who took part: counts of each occasion by group, and the groups that can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hearback.foundation.populations.queries import community_kinds, group_names
from hearback.listen.engagements.enums import EngagementKind, State
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


def counted(kind: EngagementKind, *, since: datetime, until: datetime) -> list[Counted]:
    """Every occasion of this kind that was over in this time, and counted."""
    over = Engagement.objects.filter(kind=kind, ends_at__gt=since, ends_at__lte=until, people__gt=0)
    held = over.exclude(state=State.CALLED_OFF).prefetch_related("head_counts")
    return [Counted(one.people, _groups(one)) for one in held]


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
