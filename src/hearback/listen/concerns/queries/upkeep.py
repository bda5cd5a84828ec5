"""What the software should notice by itself about concerns."""

from __future__ import annotations

from hearback.listen.concerns.enums import WAITING
from hearback.listen.concerns.models import Concern
from hearback.listen.concerns.queries import thresholds
from hearback.listen.concerns.queries.threads import words_readers


def ailments() -> list[str]:
    """Desks at which concerns wait that nobody there can read any more, and hours full of wrong receipts."""
    waiting = Concern.objects.filter(state__in=WAITING).select_related("desk")
    closed = [concern.desk.name for concern in waiting if not words_readers(concern)]
    unread = [
        f"Concerns that nobody at {desk} can read any more: {closed.count(desk)}. Their residents can still open them."
        for desk in sorted(set(closed))
    ]
    return [*unread, *thresholds.ailments()]
