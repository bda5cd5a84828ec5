"""Plays the invented city's forums, events and pulses: through the same actions as real ones, with earlier moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction

from hearback.demo.engagements import Engagements, Held, Meeting, Planned
from hearback.foundation.access.queries import all_desks, seats_at
from hearback.foundation.calendar.queries import agency_calendar
from hearback.foundation.people.enums import Role
from hearback.foundation.people.queries import everybody
from hearback.foundation.places.queries import areas
from hearback.listen.engagements import actions
from hearback.listen.engagements.enums import EngagementKind, Ground

if TYPE_CHECKING:
    from hearback.foundation.access.models import Desk
    from hearback.foundation.audit.enums import Actor
    from hearback.foundation.places.models import Area
    from hearback.listen.engagements.models import Engagement

DAY = timedelta(days=1)
"""How long it takes, too, until words are decided about, an objection is made, and people are counted."""


@dataclass(frozen=True)
class _Installation:
    """The desks, people and places among which it is played, at one moment."""

    desks: dict[str, Desk]
    seated: dict[str, list[Actor]]
    coordinator: Actor
    overseer: Actor
    area_of: list[Area | None]
    zone: ZoneInfo
    at: datetime

    def occasion(self, meeting: Meeting) -> actions.Occasion:
        """What was drawn, at its hour on the clocks of the place."""
        day = (self.at.astimezone(self.zone) + meeting.day * DAY).date()
        day += (meeting.weekday - day.weekday()) % 7 * DAY
        starts_at = datetime.combine(day, time.fromisoformat(meeting.begins), tzinfo=self.zone)
        return actions.Occasion(
            kind=EngagementKind(meeting.kind),
            title=meeting.title,
            text=meeting.text,
            language=meeting.language,
            spoken=meeting.spoken,
            place=meeting.place,
            area=None if meeting.area is None else self.area_of[meeting.area],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=meeting.hours),
        )

    def writer(self, meeting: Meeting, number: int) -> Actor:
        """Those of a desk take turns."""
        crew = self.seated[meeting.desk]
        return crew[number % len(crew)]

    def reader(self, writer: Actor) -> Actor:
        """The coordinator; oversight, where those are the coordinator's own words."""
        return self.overseer if writer == self.coordinator else self.coordinator


@transaction.atomic
def play(engagements: Engagements, *, keys_of_areas: Sequence[str], at: datetime) -> int:
    """Announces, decides, calls off and counts as it was drawn; returns how many engagements there are."""
    known = {area.key: area for area in areas()}
    desks = all_desks()
    there = _Installation(
        desks={desk.key: desk for desk in desks},
        seated={desk.key: [seat.person.actor for seat in seats_at(desk)] for desk in desks},
        coordinator=_first(Role.COORDINATOR),
        overseer=_first(Role.OVERSIGHT),
        area_of=[known.get(key) for key in keys_of_areas],
        zone=ZoneInfo(agency_calendar().timezone),
        at=at,
    )
    for number, held in enumerate(engagements.held):
        _hold(held, there, by=there.writer(held.meeting, number))
    for number, planned in enumerate(engagements.planned):
        _plan(planned, there, by=there.writer(planned.meeting, number))
    return len(engagements.held) + len(engagements.planned)


def _first(role: Role) -> Actor:
    return next(person.actor for person in everybody() if person.role == role)


def _hold(held: Held, there: _Installation, *, by: Actor) -> None:
    occasion, desk = there.occasion(held.meeting), there.desks[held.meeting.desk]
    counted = occasion.ends_at + DAY
    if held.notice is None:
        engagement = actions.record_held(desk, occasion, by=by, at=counted)
    else:
        announced = occasion.starts_at - held.notice * DAY
        engagement = actions.announce(desk, occasion, by=by, at=announced)
        _publish(engagement, by=there.reader(by), at=announced + DAY)
    actions.count(engagement, people=held.people, groups=held.groups, by=by, at=counted)


def _plan(planned: Planned, there: _Installation, *, by: Actor) -> None:
    occasion, desk = there.occasion(planned.meeting), there.desks[planned.meeting.desk]
    announced = there.at - planned.written * DAY
    engagement = actions.announce(desk, occasion, by=by, at=announced)
    reader, decided = there.reader(by), announced + DAY
    if planned.ground:
        ground = Ground(planned.ground)
        actions.send_back(
            engagement, ground=ground, remark=planned.remark, seen=engagement.version, by=reader, at=decided
        )
    elif planned.outcome != "waiting":
        _publish(engagement, by=reader, at=decided)
    if planned.outcome == "appealed":
        actions.appeal(engagement, by=by, at=decided + DAY)
    if planned.outcome == "called-off":
        actions.call_off(engagement, by=by, at=decided + DAY)


def _publish(engagement: Engagement, *, by: Actor, at: datetime) -> None:
    actions.publish(engagement, seen=engagement.version, by=by, at=at)
