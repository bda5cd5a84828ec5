"""What is due next, an answer or after it an end, told in working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from hearback.foundation.calendar.queries import WorkCalendar
from hearback.listen.concerns.enums import OPEN, WAITING, State
from hearback.listen.concerns.models import Concern


@dataclass(frozen=True)
class Due:
    """The day by which the resident hears back, or the desk closes it, and how many working days that is from today,
    whichever way."""

    day: date
    working_days: int
    waiting: bool
    """Whether the resident still waits for an answer."""
    open: bool
    """Whether it waits, or was answered and not closed; if neither, nothing is due."""
    late: bool


def due(concern: Concern, *, calendar: WorkCalendar, today: date) -> Due:
    """What of this concern is or was due next, seen from today."""
    day, is_open = next_due(concern), concern.state in OPEN
    first, last = sorted((today, day))
    return Due(
        day=day,
        working_days=calendar.working_days_between(first, last),
        waiting=concern.state in WAITING,
        open=is_open,
        late=is_open and day < today,
    )


def next_due(concern: Concern) -> date:
    """The day of its answer while the resident waits, after that the day of its end."""
    return concern.answer_due if concern.state in WAITING else concern.resolution_due


def overdue(*, today: date) -> Q:
    """Concerns that were not answered in time, or answered and not closed in time."""
    return Q(state__in=WAITING, answer_due__lt=today) | Q(state=State.ANSWERED, resolution_due__lt=today)
