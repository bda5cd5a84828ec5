"""Which steps a person can take with an engagement, by who they are and where it stands."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hearback.foundation.people.enums import Role
from hearback.listen.engagements.enums import TOOK_PLACE, TRANSITIONS, State
from hearback.listen.engagements.permissions import may_look_after, may_moderate
from hearback.listen.engagements.queries.desk import oversight_decided, oversights_alone

if TYPE_CHECKING:
    from hearback.foundation.people.models import User
    from hearback.listen.engagements.models import Engagement


def possible(person: User, engagement: Engagement, *, at: datetime) -> set[str]:
    """What this person can do with it now: what actions would allow, so that a page offers nothing else."""
    states, published = TRANSITIONS[State(engagement.state)], engagement.state == State.PUBLISHED
    begun, over = engagement.starts_at <= at, engagement.ends_at <= at
    steps = {
        "reword": State.WAITING in states,
        "withdraw": State.WITHDRAWN in states,
        "appeal": State.APPEALED in states and not oversight_decided(engagement),
        "call_off": State.CALLED_OFF in states and not over,
        "count": engagement.state in TOOK_PLACE and begun,
    }
    decisions = {
        "publish": State.PUBLISHED in states and not over,
        "send_back": State.RETURNED in states and not (published and over),
    }
    if person.role != Role.OVERSIGHT and oversights_alone(engagement):
        decisions = {}
    allowed = steps if may_look_after(person.actor, engagement) else {}
    allowed |= decisions if may_moderate(person.actor, engagement) else {}
    return {step for step, now in allowed.items() if now}
