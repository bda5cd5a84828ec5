"""What the people of a desk and those who moderate see of engagements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from hearback.foundation.access.queries import desks_of
from hearback.foundation.calendar.queries import agency_calendar
from hearback.foundation.people.enums import Role
from hearback.listen.engagements.enums import TOOK_PLACE, UNDECIDED, State
from hearback.listen.engagements.models import Decision, Engagement
from hearback.listen.engagements.permissions import MODERATORS

if TYPE_CHECKING:
    from hearback.foundation.people.models import User

DECIDE_WITHIN = 2
"""Working days in which words are to be read; then oversight sees that they wait."""


@dataclass(frozen=True)
class Overview:
    """The engagements a person has to do with, each in one list."""

    to_decide: tuple[Engagement, ...]
    returned: tuple[Engagement, ...]
    to_count: tuple[Engagement, ...]
    waiting: tuple[Engagement, ...]
    coming: tuple[Engagement, ...]
    over: tuple[Engagement, ...]


def overview(person: User, *, at: datetime) -> Overview:
    """What waits for this person's decision; and of the person's desks everything, what asks for something first."""
    own = list(_of(person))
    held = [one for one in own if one.state in TOOK_PLACE and one.ends_at <= at]
    return Overview(
        to_decide=tuple(to_decide(person)),
        returned=tuple(one for one in own if one.state == State.RETURNED),
        to_count=tuple(one for one in held if one.people is None),
        waiting=tuple(one for one in own if one.state in UNDECIDED),
        coming=tuple(one for one in own if one.state in {State.PUBLISHED, State.CALLED_OFF} and one.ends_at > at),
        over=tuple(one for one in reversed(held) if one.people is not None),
    )


def to_decide(person: User) -> list[Engagement]:
    """What this person may publish or send back now, the longest wait first."""
    if person.role not in MODERATORS:
        return []
    states = UNDECIDED if person.role == Role.OVERSIGHT else (State.WAITING,)
    found = Engagement.objects.filter(state__in=states).exclude(written_by=person)
    return list(found.select_related("desk", "area").order_by("waiting_since", "pk"))


def engagement_called(reference: str) -> Engagement | None:
    """The engagement with this reference."""
    return Engagement.objects.filter(reference=reference).select_related("desk", "area", "written_by").first()


def last_decision(engagement: Engagement) -> Decision | None:
    """What was last decided about it."""
    return engagement.decisions.last()


def oversight_decided(engagement: Engagement) -> bool:
    """Whether oversight has had the last word about these words."""
    return engagement.decisions.filter(version=engagement.version, role=Role.OVERSIGHT).exists()


def read_by(engagement: Engagement) -> date:
    """The day on which its words are to be read at the latest."""
    calendar = agency_calendar()
    return calendar.due(calendar.day_of(engagement.waiting_since), working_days=DECIDE_WITHIN)


def oversights_alone(engagement: Engagement) -> bool:
    """Whether nobody but oversight decides now: it has decided before, or a partner's words are on the page."""
    of_partner = engagement.state == State.PUBLISHED and engagement.desk.independent
    return of_partner or oversight_decided(engagement)


def is_late(engagement: Engagement, *, at: datetime) -> bool:
    """Whether its words wait longer to be read than they should."""
    return engagement.state in UNDECIDED and agency_calendar().day_of(at) > read_by(engagement)


def _of(person: User) -> QuerySet[Engagement]:
    """Of the person's desks, but what was taken back."""
    mine = Engagement.objects.filter(desk__in=desks_of(person)).exclude(state=State.WITHDRAWN)
    return mine.select_related("desk", "area")
