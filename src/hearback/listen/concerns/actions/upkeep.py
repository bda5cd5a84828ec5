"""What the timetable does: late concerns go up, old ones go away, and holds stop that."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.foundation.calendar.queries import agency_calendar
from hearback.listen.concerns.actions._writing import NotNow, erase, lock
from hearback.listen.concerns.enums import State
from hearback.listen.concerns.models import Concern
from hearback.listen.concerns.permissions import may_hold
from hearback.listen.concerns.queries.due import next_due, overdue
from hearback.listen.concerns.queries.holds import HOLD, RELEASE
from hearback.permission import demand

TO_OVERSIGHT_AFTER = 3
"""Working days after the first escalation until oversight sees that nobody answers."""


@transaction.atomic
def escalate(*, by: Actor, at: datetime) -> int:
    """Show concerns that were not answered, or not closed, in time to the coordinator, and some days later to
    oversight; returns how many moved up.

    What is late at a desk that no coordinator sees, a partner's or oversight's own, comes to oversight at once.
    """
    calendar = agency_calendar()
    today = calendar.day_of(at)
    late = Concern.objects.filter(overdue(today=today), escalated__lt=2)
    moved = 0
    for concern in late.order_by("pk").select_related("desk").select_for_update(of=("self",)):
        days = calendar.working_days_between(next_due(concern), today)
        level = 2 if days > (0 if concern.desk.independent else TO_OVERSIGHT_AFTER) else int(days > 0)
        if level > concern.escalated:
            concern.escalated = level
            concern.save(update_fields=["escalated"])
            audit.record(
                verb="concerns.escalate",
                subject=f"concern:{concern.reference}",
                by=by,
                at=at,
                detail={"level": level},
            )
            moved += 1
    return moved


@transaction.atomic
def erase_expired(*, by: Actor, at: datetime) -> int:
    """Erase what was kept as long as was promised, and what was withdrawn under a hold that has ended.

    Concerns that wait for an answer stay, because nobody's silence may make them vanish, and so do held ones.
    """
    today = agency_calendar().day_of(at)
    over = Q(erase_after__lt=today, state__in=[State.ANSWERED, State.CLOSED])
    withdrawn = Q(state=State.WITHDRAWN) & ~Q(resident_key=b"")
    expired = Concern.objects.filter(over | withdrawn, legal_hold=False)
    count = 0
    for concern in expired.order_by("pk").select_for_update():
        erase(concern, at=at)
        concern.save()
        audit.record(verb="concerns.erase_expired", subject=f"concern:{concern.reference}", by=by, at=at)
        count += 1
    return count


@transaction.atomic
def hold(concern: Concern, *, reason: str, by: Actor, at: datetime) -> Concern:
    """Keep it although its time is over or its resident takes it back, because a court or the law asks for it.

    What is held already gets one more reason; ending the hold ends them all.
    """
    demand(may_hold, by, concern)
    lock(concern)
    _need(reason, concern)
    if not concern.resident_key:
        raise NotNow("this was erased", where=concern.reference, remedy="There is nothing left to keep")
    concern.legal_hold = True
    concern.save()
    audit.record(verb=HOLD, subject=f"concern:{concern.reference}", by=by, at=at, detail={"reason": reason})
    return concern


@transaction.atomic
def release_hold(concern: Concern, *, reason: str, by: Actor, at: datetime) -> Concern:
    """End a hold. What its resident took back meanwhile is erased at once, what is overdue the next night."""
    demand(may_hold, by, concern)
    lock(concern)
    _need(reason, concern)
    if not concern.legal_hold:
        raise NotNow("no hold is on this", where=concern.reference, remedy="There is nothing to end")
    concern.legal_hold = False
    if concern.state == State.WITHDRAWN:
        erase(concern, at=at)
    concern.save()
    audit.record(
        verb=RELEASE,
        subject=f"concern:{concern.reference}",
        by=by,
        at=at,
        detail={"reason": reason, "erased": concern.state == State.WITHDRAWN},
    )
    return concern


def _need(reason: str, concern: Concern) -> None:
    if not reason.strip():
        raise NotNow("a hold needs its reason", where=concern.reference, remedy="Name the order or the law")
