"""How much is going on this hour, all people together, and what that asks of whoever writes next."""

from __future__ import annotations

from datetime import datetime, timedelta

from hearback.listen.concerns.enums import Source, Tallied
from hearback.listen.concerns.models import Concern, Tally
from hearback.sealing.work import USUAL_DIFFICULTY

WITHOUT_WORK_AN_HOUR = 60
"""Concerns taken in an hour from browsers without JavaScript. More than any city's residents write; what comes after
that waits for the next hour, in the sender's browser."""

BUSY_HOUR = 600
"""Concerns in an hour from which on each costs its sender's device four times the work."""
BUSY_DIFFICULTY = USUAL_DIFFICULTY + 2

WRONG_RECEIPTS_AN_HOUR = 200
"""Beyond this, somebody is guessing: a mistyped receipt is noticed by its check word, and is not counted."""


def difficulty(*, at: datetime) -> int:
    """How hard the proof of work of a form is that is handed out now."""
    lately = Concern.objects.filter(source=Source.RESIDENT, received_at__gt=at - timedelta(hours=1)).order_by()
    return BUSY_DIFFICULTY if lately[BUSY_HOUR - 1 : BUSY_HOUR].exists() else USUAL_DIFFICULTY


def has_room_without_work(*, at: datetime) -> bool:
    """Whether a concern without a proof of work can be taken in this hour."""
    return count(Tallied.WITHOUT_WORK, at=at) < WITHOUT_WORK_AN_HOUR


def count(what: Tallied, *, at: datetime) -> int:
    """How often it happened in the hour of `at`."""
    return Tally.objects.filter(what=what, hour=hour_of(at)).values_list("count", flat=True).first() or 0


def ailments() -> list[str]:
    """Hours in which somebody seems to have guessed at receipts."""
    hours = Tally.objects.filter(what=Tallied.WRONG_RECEIPT, count__gt=WRONG_RECEIPTS_AN_HOUR).order_by("hour")
    return [
        f"{tally.count} receipts that do not exist were tried in the hour from {tally.hour:%Y-%m-%d %H:%M} UTC: "
        "somebody may be guessing. It would take them longer than the world is old (SECURITY.md)."
        for tally in hours
    ]


def hour_of(at: datetime) -> datetime:
    """The beginning of the hour."""
    return at.replace(minute=0, second=0, microsecond=0)
