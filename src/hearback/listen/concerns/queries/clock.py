"""The clock: how long people wait for an answer and for an end, by desk, area and language, with its uncertainty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from hearback.foundation.calendar.queries import WorkCalendar, agency_calendar
from hearback.listen.concerns.enums import WAITING, ConcernKind, Helped
from hearback.listen.concerns.models import Concern

if TYPE_CHECKING:
    from hearback.stats.waiting_times import WaitingTimes


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
    return _by_group(lambda concern: concern.first_answer_at, by=by, at=at, kind=kind)


def resolutions(*, by: Callable[[Concern], str], at: datetime, kind: ConcernKind | None = None) -> list[Waits]:
    """The same until the desk closed it, and its resident did not reopen it."""
    return _by_group(lambda concern: concern.closed_at, by=by, at=at, kind=kind)


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
    waiting = Concern.objects.filter(state__in=WAITING)
    return {"concerns": Concern.objects.count(), "concerns_waiting": waiting.count()}


def _by_group(
    ended: Callable[[Concern], datetime | None],
    *,
    by: Callable[[Concern], str],
    at: datetime,
    kind: ConcernKind | None,
) -> list[Waits]:
    groups: dict[str, list[Concern]] = {}
    found = Concern.objects.filter(kind=kind) if kind else Concern.objects.all()
    for concern in found.select_related("area", "desk").defer("area__wkb"):
        groups.setdefault(by(concern), []).append(concern)
    calendar = agency_calendar()
    return [_waits(group, groups[group], ended, calendar, at) for group in sorted(groups)]


def _waits(
    group: str,
    concerns: list[Concern],
    ended: Callable[[Concern], datetime | None],
    calendar: WorkCalendar,
    at: datetime,
) -> Waits:
    from hearback.stats.waiting_times import waiting_times  # loads scipy, which residents' pages do without

    days = [
        calendar.working_days_between(
            calendar.day_of(concern.received_at), calendar.day_of(ended(concern) or concern.withdrawn_at or at)
        )
        for concern in concerns
    ]
    judged = [concern.helped for concern in concerns if concern.helped]
    return Waits(
        group=group,
        times=waiting_times(days, [ended(concern) is not None for concern in concerns]),
        helped=judged.count(Helped.YES),
        judged=len(judged),
    )
