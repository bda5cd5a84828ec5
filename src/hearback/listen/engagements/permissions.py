"""Who may announce, count and moderate. Nobody publishes their own words alone, and oversight has the last word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hearback.foundation.access.queries import is_seated
from hearback.foundation.people.enums import Role
from hearback.listen.engagements.enums import State
from hearback.permission import held_by

if TYPE_CHECKING:
    from hearback.foundation.access.models import Desk
    from hearback.foundation.audit.enums import Actor
    from hearback.listen.engagements.models import Engagement

HOSTS = (Role.PARTNER, Role.LIAISON, Role.COORDINATOR)
MODERATORS = (Role.COORDINATOR, Role.OVERSIGHT)


@held_by(*HOSTS, Role.OVERSIGHT)
def may_see_engagements(actor: Actor) -> bool:
    """See the forums, events and pulses of one's own desks; coordinators and oversight those of all desks."""
    return True


@held_by(*HOSTS)
def may_announce(actor: Actor, desk: Desk) -> bool:
    """Announce a forum, an event or a pulse in the name of a desk, or record one that was held: whoever sits there."""
    return is_seated(actor.person_id, desk)


@held_by(*HOSTS)
def may_look_after(actor: Actor, engagement: Engagement) -> bool:
    """Reword, take back, call off and count it, and ask oversight to decide: whoever sits at its desk."""
    return is_seated(actor.person_id, engagement.desk)


@held_by(*HOSTS, Role.OVERSIGHT)
def may_see(actor: Actor, engagement: Engagement) -> bool:
    """See an announcement before it is published: whoever sits at its desk, and those who moderate."""
    return actor.role in MODERATORS or is_seated(actor.person_id, engagement.desk)


@held_by(*MODERATORS)
def may_moderate(actor: Actor, engagement: Engagement) -> bool:
    """Publish an announcement, send it back, or take it off the page: never the person who wrote it. Oversight alone
    where it was asked to decide, and to take off what a partner has published."""
    if engagement.state == State.APPEALED and actor.role != Role.OVERSIGHT:
        return False
    return actor.person_id != engagement.written_by_id
