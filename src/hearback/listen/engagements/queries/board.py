"""What everybody may see: the engagements to come, and how many announcements were published or sent back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from hearback.listen.engagements.enums import Ground, State
from hearback.listen.engagements.models import Decision, Engagement

LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True)
class Moderation:
    """How often announcements were published, and sent back on which grounds, in the last twelve months."""

    published: int
    returned: tuple[tuple[Ground, int], ...]
    """Every ground, those that were never given too."""


def board(*, at: datetime) -> list[Engagement]:
    """What is published and not over, the soonest first; what was called off stays until it would have been over."""
    return list(_shown(at).select_related("desk", "area").defer("area__wkb"))


def announced(*, at: datetime) -> tuple[tuple[int, int, str], ...]:
    """Number, version and state of everything on the board: the page is another when this is."""
    return tuple(_shown(at).values_list("pk", "version", "state"))


def moderation(*, at: datetime) -> Moderation:
    """The decisions since a year ago, whoever made them."""
    made = Counter(Decision.objects.filter(at__gt=at - LOOKED_BACK, at__lte=at).values_list("ground", flat=True))
    return Moderation(made[""], tuple((ground, made[ground]) for ground in Ground))


def _shown(at: datetime) -> QuerySet[Engagement]:
    return Engagement.objects.filter(state__in=[State.PUBLISHED, State.CALLED_OFF], ends_at__gt=at)
