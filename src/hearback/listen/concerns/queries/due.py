"""When an answer is due, told in working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hearback.foundation.calendar.queries import WorkCalendar
from hearback.listen.concerns.enums import WAITING
from hearback.listen.concerns.models import Concern


@dataclass(frozen=True)
class Due:
    """The day by which the resident hears back, and how many working days that is from today, whichever way."""

    day: date
    working_days: int
    waiting: bool
    """Whether the resident still waits; if not, nothing is due."""
    late: bool


def due(concern: Concern, *, calendar: WorkCalendar, today: date) -> Due:
    """When this concern's answer is or was due, seen from today."""
    first, last = sorted((today, concern.answer_due))
    waiting = concern.state in WAITING
    return Due(
        day=concern.answer_due,
        working_days=calendar.working_days_between(first, last),
        waiting=waiting,
        late=waiting and concern.answer_due < today,
    )
