"""The inbox: what waits at a desk, without a word of what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from hearback.foundation.access.enums import DeskKind
from hearback.foundation.calendar.queries import agency_calendar
from hearback.foundation.people.enums import Role
from hearback.listen.concerns.enums import State
from hearback.listen.concerns.models import Concern, SealedKey
from hearback.listen.concerns.queries.due import next_due, overdue
from hearback.listen.concerns.queries.threads import readable_keys

if TYPE_CHECKING:
    from hearback.foundation.people.models import User


@dataclass(frozen=True)
class Filter:
    """What an inbox shows; empty fields filter nothing."""

    state: str = ""
    kind: str = ""
    language: str = ""
    area: str = ""
    mine: bool = False
    late: bool = False


@dataclass(frozen=True)
class Late:
    """A concern that nobody answered or closed in time: enough to ask the desk about it, and nothing that tells whose
    it is."""

    reference: str
    desk: str
    due: date
    working_days: int
    answered: bool
    """Whether it was answered, and what is late is its end."""


def inbox(person: User, wanted: Filter, *, today: date) -> list[Concern]:
    """Concerns sealed to this person at desks they sit at, the one due first in front."""
    found = _readable(person).exclude(state=State.WITHDRAWN)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.language:
        found = found.filter(language=wanted.language)
    if wanted.area:
        found = found.filter(area__key=wanted.area)
    if wanted.mine:
        found = found.filter(assignee=person)
    if wanted.late:
        found = found.filter(overdue(today=today))
    return list(found.select_related("desk", "area", "assignee").defer("area__wkb"))


def concern_for(person: User, reference: str) -> Concern | None:
    """One concern, if it is sealed to this person at their desk; a withdrawn one only while the law holds it."""
    found = _readable(person).filter(~Q(state=State.WITHDRAWN) | Q(legal_hold=True), reference=reference)
    return found.select_related("desk", "area", "assignee", "handover_to").defer("area__wkb").first()


def late(person: User, *, today: date) -> list[Late]:
    """What was escalated to this person: for a coordinator at liaison desks at once, for oversight there once the
    coordinator did not help, and at once at desks that no coordinator sees."""
    levels = {Role.COORDINATOR: Q(desk__kind=DeskKind.LIAISON), Role.OVERSIGHT: Q(escalated__gte=2)}
    if person.role not in levels:
        return []
    calendar = agency_calendar()
    found = Concern.objects.filter(levels[Role(person.role)], overdue(today=today)).select_related("desk")
    return [
        Late(
            reference=one.reference,
            desk=one.desk.name,
            due=next_due(one),
            working_days=calendar.working_days_between(next_due(one), today),
            answered=one.state == State.ANSWERED,
        )
        for one in sorted(found, key=next_due)
    ]


def sharable_with(person: User, newcomer: User) -> list[Concern]:
    """What this person can read and a newcomer at the same desk cannot (whom some of it may name)."""
    theirs = readable_keys(SealedKey.Purpose.WORDS).filter(concern=OuterRef("pk"), reader=newcomer)
    return list(_readable(person).exclude(Exists(theirs)).exclude(state=State.WITHDRAWN).select_related("desk"))


def _readable(person: User) -> QuerySet[Concern]:
    ours = readable_keys(SealedKey.Purpose.WORDS).filter(concern=OuterRef("pk"), reader=person)
    return Concern.objects.filter(Exists(ours), desk__seats__person=person, desk__seats__left_at=None).distinct()
