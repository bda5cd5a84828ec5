"""How many concerns came from where and in which language: counts of everything, never of one resident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from hearback.listen.concerns.models import Concern


@dataclass(frozen=True)
class Voices:
    """Concerns received since some moment; `by_area` leaves out those without a place."""

    total: int
    by_area: dict[str, int]
    """By the area's key."""
    by_language: dict[str, int]


def voices(*, since: datetime) -> Voices:
    """Concerns received since then, withdrawn ones too: they were said."""
    found = Concern.objects.filter(received_at__gte=since).order_by()
    return Voices(
        total=found.count(),
        by_area=dict(found.exclude(area=None).values_list("area__key").annotate(Count("pk"))),
        by_language=dict(found.values_list("language").annotate(Count("pk"))),
    )
