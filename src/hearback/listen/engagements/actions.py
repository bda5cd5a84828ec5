"""What can be done with an engagement: announce, decide about its words, call off, count who took part."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hearback.foundation.audit import actions as audit
from hearback.foundation.people.enums import Role
from hearback.listen.engagements.enums import TOOK_PLACE, TRANSITIONS, EngagementKind, Ground, State
from hearback.listen.engagements.models import Decision, Engagement, HeadCount
from hearback.listen.engagements.permissions import may_announce, may_look_after, may_moderate
from hearback.listen.engagements.queries.counted import last_counted
from hearback.listen.engagements.queries.desk import oversight_decided, oversights_alone
from hearback.permission import demand
from hearback.refusal import Refusal

if TYPE_CHECKING:
    from hearback.foundation.access.models import Desk
    from hearback.foundation.audit.enums import Actor
    from hearback.foundation.places.models import Area

MOST_WAITING = 20
"""Announcements of one desk that may wait to be read: a flood of them would hide those of others."""
FEWEST_FOR_GROUPS = 10
"""Where fewer people took part, they could be told apart by their groups, so groups are not kept."""

Counts = Mapping[str, Mapping[str, int]]
"""Kind of group, group, people."""


class NotNow(Refusal):
    """The engagement stands where this is no longer, or not yet, possible."""


class Miscounted(Refusal):
    """Counts that cannot be."""


class TooManyWaiting(Refusal):
    """A desk announces faster than anybody can read."""


@dataclass(frozen=True)
class Occasion:
    """What is announced, or was held: when, where and in whose words."""

    kind: EngagementKind
    title: str
    language: str
    starts_at: datetime
    ends_at: datetime
    text: str = ""
    spoken: tuple[str, ...] = ()
    place: str = ""
    area: Area | None = None


@transaction.atomic
def announce(desk: Desk, occasion: Occasion, *, by: Actor, at: datetime) -> Engagement:
    """Have it read by a second person, who publishes it. The same words twice are a second click."""
    demand(may_announce, by, desk)
    _queue_at(desk)
    if known := _made_already(desk, occasion, State.WAITING, by):
        return known
    if desk.engagements.filter(state=State.WAITING).count() >= MOST_WAITING:
        raise TooManyWaiting(
            f"{MOST_WAITING} announcements of this desk wait to be read",
            remedy="Wait until they are decided, or take some of them back",
        )
    if occasion.starts_at <= at:
        raise NotNow("it has begun already", remedy="Record it as one that was held")
    engagement = _begin(desk, occasion, State.WAITING, by=by, at=at)
    _record("announce", engagement, by=by, at=at)
    return engagement


@transaction.atomic
def record_held(desk: Desk, occasion: Occasion, *, by: Actor, at: datetime) -> Engagement:
    """Put one on record that was held without an announcement here; nothing of it is published but counts."""
    demand(may_announce, by, desk)
    _queue_at(desk)
    if known := _made_already(desk, occasion, State.HELD, by):
        return known
    if occasion.ends_at > at:
        raise NotNow("it is not over yet", remedy="Announce it, or record it when it is over")
    engagement = _begin(desk, occasion, State.HELD, by=by, at=at)
    _record("record_held", engagement, by=by, at=at)
    return engagement


@transaction.atomic
def reword(engagement: Engagement, occasion: Occasion, *, by: Actor, at: datetime) -> Engagement:
    """Say it in other words, which are read again before they are published. The same words twice are a second
    click."""
    _lock(engagement)
    demand(may_look_after, by, engagement)
    if _says_just_this(engagement, occasion, by):
        return engagement
    if occasion.starts_at <= at:
        raise NotNow("it has begun already", remedy="Choose a moment that is still to come")
    _turn(engagement, State.WAITING)
    for name, value in _said(occasion, State.WAITING, by).items():
        setattr(engagement, name, value)
    engagement.version += 1
    engagement.written_at = engagement.waiting_since = at
    engagement.save()
    _record("reword", engagement, by=by, at=at)
    return engagement


@transaction.atomic
def withdraw(engagement: Engagement, *, by: Actor, at: datetime) -> Engagement:
    """Take back what is not published, or was recorded by mistake; its words and its count are erased."""
    _lock(engagement)
    demand(may_look_after, by, engagement)
    _turn(engagement, State.WITHDRAWN)
    engagement.title = engagement.text = engagement.place = ""
    engagement.people = engagement.counted_at = None
    engagement.head_counts.all().delete()
    engagement.decisions.update(remark="")
    engagement.save()
    _record("withdraw", engagement, by=by, at=at)
    return engagement


@transaction.atomic
def appeal(engagement: Engagement, *, by: Actor, at: datetime) -> Engagement:
    """Ask oversight to decide, once about the same words."""
    _lock(engagement)
    demand(may_look_after, by, engagement)
    if oversight_decided(engagement):
        raise NotNow("oversight has decided about these words", remedy="Say it in other words")
    _turn(engagement, State.APPEALED)
    engagement.waiting_since = at
    engagement.save()
    _record("appeal", engagement, by=by, at=at)
    return engagement


@transaction.atomic
def publish(engagement: Engagement, *, seen: int, by: Actor, at: datetime) -> Engagement:
    """Publish the wording that was read (`seen` is its version)."""
    _decide(engagement, State.PUBLISHED, seen=seen, by=by, at=at)
    _record("publish", engagement, by=by, at=at)
    return engagement


@transaction.atomic
def send_back(engagement: Engagement, *, ground: Ground, remark: str, seen: int, by: Actor, at: datetime) -> Engagement:
    """Not publish it, or take it off the page, on one of the grounds; the remark says to its writers what to change."""
    _decide(engagement, State.RETURNED, seen=seen, by=by, at=at, ground=ground, remark=remark)
    _record("send_back", engagement, by=by, at=at, detail={"ground": str(ground)})
    return engagement


@transaction.atomic
def call_off(engagement: Engagement, *, by: Actor, at: datetime) -> Engagement:
    """Say at once, on the page, that it does not take place; nobody has to read that first."""
    _lock(engagement)
    demand(may_look_after, by, engagement)
    if engagement.ends_at <= at:
        raise NotNow("it is over", remedy="Nothing needs to be called off")
    _turn(engagement, State.CALLED_OFF)
    engagement.save()
    _record("call_off", engagement, by=by, at=at)
    return engagement


@transaction.atomic
def count(engagement: Engagement, *, people: int, groups: Counts, by: Actor, at: datetime) -> Engagement:
    """Keep how many took part, and of which groups as they said themselves, in the place of an earlier count."""
    _lock(engagement)
    demand(may_look_after, by, engagement)
    if engagement.state not in TOOK_PLACE:
        raise NotNow("it was not held", remedy="Count only where people took part")
    if engagement.starts_at > at:
        raise NotNow("it has not begun", remedy="Count when it is over")
    _refuse_miscounted(people, groups)
    engagement.people, engagement.counted_at = people, at
    engagement.counted_as = engagement.counted_as or last_counted(EngagementKind(engagement.kind)) + 1
    engagement.save()
    engagement.head_counts.all().delete()
    HeadCount.objects.bulk_create(
        HeadCount(engagement=engagement, kind=kind, group=group, people=number)
        for kind, counted in groups.items()
        for group, number in counted.items()
        if number
    )
    _record("count", engagement, by=by, at=at, detail={"people": people})
    return engagement


def _queue_at(desk: Desk) -> None:
    """Whoever announces for the same desk in the same moment waits here, so that the second click sees the first."""
    desk.refresh_from_db(from_queryset=type(desk).objects.select_for_update(no_key=True))


def _made_already(desk: Desk, occasion: Occasion, state: State, by: Actor) -> Engagement | None:
    return desk.engagements.filter(**_said(occasion, state, by)).first()


def _says_just_this(engagement: Engagement, occasion: Occasion, by: Actor) -> bool:
    said = _said(occasion, State.WAITING, by)
    return all(getattr(engagement, name) == value for name, value in said.items())


def _begin(desk: Desk, occasion: Occasion, state: State, *, by: Actor, at: datetime) -> Engagement:
    said = _said(occasion, state, by)
    return Engagement.objects.create(reference=secrets.token_hex(5), desk=desk, written_at=at, waiting_since=at, **said)


def _said(occasion: Occasion, state: State, by: Actor) -> dict[str, Any]:
    """The fields that an occasion fills, and in whose words; an occasion that cannot be is refused."""
    if occasion.ends_at <= occasion.starts_at:
        raise NotNow("it ends before it begins", remedy="Correct one of the two moments")
    return {**vars(occasion), "spoken": list(occasion.spoken), "state": state, "written_by_id": by.person_id}


def _decide(
    engagement: Engagement,
    state: State,
    *,
    seen: int,
    by: Actor,
    at: datetime,
    ground: Ground | None = None,
    remark: str = "",
) -> None:
    _lock(engagement)
    demand(may_moderate, by, engagement)
    if engagement.version != seen:
        raise NotNow("the words were changed while you read them", remedy="Read them again, then decide")
    if by.role != Role.OVERSIGHT and oversights_alone(engagement):
        raise NotNow("oversight alone decides about these words now", remedy="Tell oversight what is wrong with them")
    if state == State.PUBLISHED and engagement.ends_at <= at:
        raise NotNow("it is over", remedy="Send it back; who took part can be recorded all the same")
    if engagement.state == State.PUBLISHED and engagement.ends_at <= at:
        raise NotNow("it is over, and on the page no more", remedy="Nothing needs to be decided")
    _turn(engagement, state)
    engagement.save()
    Decision.objects.create(
        engagement=engagement,
        version=seen,
        at=at,
        decided_by_id=by.person_id,
        role=by.role,
        ground=ground or "",
        remark=remark,
    )


def _turn(engagement: Engagement, state: State) -> None:
    now = State(engagement.state)
    if state not in TRANSITIONS[now]:
        raise NotNow(f"it stands at “{now.label}”, and cannot be “{state.label}” now", remedy="Look at it again")
    engagement.state = state


def _refuse_miscounted(people: int, groups: Counts) -> None:
    if people < FEWEST_FOR_GROUPS and any(any(counted.values()) for counted in groups.values()):
        raise Miscounted(
            f"with fewer than {FEWEST_FOR_GROUPS} people their groups would tell who they are",
            remedy="Give only how many took part",
        )
    for kind, counted in groups.items():
        if sum(counted.values()) > people:
            raise Miscounted(
                f"the groups add up to {sum(counted.values())}, and {people} took part",
                where=kind,
                remedy="Correct one of the two; whoever did not say is counted in none",
            )


def _lock(engagement: Engagement) -> None:
    engagement.refresh_from_db(from_queryset=Engagement.objects.select_for_update())


def _record(
    verb: str, engagement: Engagement, *, by: Actor, at: datetime, detail: dict[str, Any] | None = None
) -> None:
    audit.record(verb=f"engagements.{verb}", subject=f"engagement:{engagement.reference}", by=by, at=at, detail=detail)
