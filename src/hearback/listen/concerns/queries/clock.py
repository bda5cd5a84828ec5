"""The clock: how long people wait for a human answer, by desk, area and language, with its uncertainty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hearback.foundation.calendar.queries import WorkCalendar, agency_calendar
from hearback.listen.concerns.enums import ConcernKind, State
from hearback.listen.concerns.models import Concern
from hearback.stats.waiting_times import WaitingTimes, waiting_times


@dataclass(frozen=True)
class Waits:
    """Waiting times of one group, in working days."""

    group: str
    times: WaitingTimes
    helped: int
    judged: int


def first_answers(*, by: Callable[[Concern], str], at: datetime, kind: ConcernKind | None = None) -> list[Waits]:
    """Working days until a first human answer, for every group that `by` names; those still waiting count as such.

    Withdrawn concerns without an answer waited until they were withdrawn.
    """
    calendar = agency_calendar()
    groups: dict[str, list[Concern]] = {}
    found = Concern.objects.filter(kind=kind) if kind else Concern.objects.all()
    for concern in found.select_related("area", "desk"):
        groups.setdefault(by(concern), []).append(concern)
    return [_waits(group, concerns, calendar, at) for group, concerns in sorted(groups.items())]


def everybody(concern: Concern) -> str:
    """All concerns as one group."""
    return ""


def by_area(concern: Concern) -> str:
    """The area's key, or nothing."""
    return concern.area.key if concern.area else ""


def by_language(concern: Concern) -> str:
    """The language it was written in."""
    return concern.language


def by_desk(concern: Concern) -> str:
    """The desk that reads it."""
    return concern.desk.key


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    waiting = Concern.objects.filter(state__in=[State.RECEIVED, State.BEING_READ])
    return {"concerns": Concern.objects.count(), "concerns_waiting": waiting.count()}


def _waits(group: str, concerns: list[Concern], calendar: WorkCalendar, at: datetime) -> Waits:
    ends = [concern.first_answer_at or concern.closed_at or at for concern in concerns]
    days = [
        calendar.working_days_between(calendar.day_of(concern.received_at), calendar.day_of(end))
        for concern, end in zip(concerns, ends, strict=True)
    ]
    judged = [concern.helped for concern in concerns if concern.helped]
    return Waits(
        group=group,
        times=waiting_times(days, [concern.first_answer_at is not None for concern in concerns]),
        helped=judged.count("yes"),
        judged=len(judged),
    )
