"""Who may make desks and fill seats.

The agency makes desks and invites the first person of a partner or of oversight; from then on that desk's own people
decide. Residents are protected by this: what they wrote is never sealed to a newcomer, a newcomer's seat is in the
audit log, and everybody at the desk and oversight see it on their start page for a month.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hearback.foundation.access.enums import SEATED, DeskKind
from hearback.foundation.people.enums import Role
from hearback.permission import held_by

if TYPE_CHECKING:
    from hearback.foundation.access.models import Desk, Invitation
    from hearback.foundation.audit.enums import Actor
    from hearback.foundation.people.models import User


@held_by(Role.ADMINISTRATOR)
def may_open_desk(actor: Actor) -> bool:
    """Make a desk, or change its name and languages. Residents are offered it only once somebody can read there."""
    return True


@held_by(Role.COORDINATOR, Role.PARTNER, Role.OVERSIGHT)
def may_close_desk(actor: Actor, desk: Desk) -> bool:
    """Close a desk to new concerns, or open it again: a coordinator any liaison desk, a partner or oversight the desk
    they sit at."""
    if desk.kind == DeskKind.LIAISON:
        return actor.role == Role.COORDINATOR
    return desk.seats_person(actor.person_id)


@held_by(Role.LIAISON, Role.COORDINATOR, Role.PARTNER, Role.OVERSIGHT, Role.ADMINISTRATOR)
def may_see_seats(actor: Actor, desk: Desk) -> bool:
    """See who sits at a desk: those who sit there, coordinators and liaisons for liaison desks, and oversight and
    administrators for all."""
    if actor.role in {Role.OVERSIGHT, Role.ADMINISTRATOR}:
        return True
    if desk.kind == DeskKind.LIAISON and actor.role in SEATED[DeskKind.LIAISON]:
        return True
    return desk.seats_person(actor.person_id)


@held_by(Role.COORDINATOR, Role.PARTNER, Role.OVERSIGHT)
def may_give_seat(actor: Actor, desk: Desk) -> bool:
    """Give somebody a seat: a coordinator at liaison desks; at a partner's or oversight's desk whoever sits there
    already, and no administrator ever."""
    return may_close_desk(actor, desk)


@held_by(Role.LIAISON, Role.COORDINATOR, Role.PARTNER, Role.OVERSIGHT)
def may_end_seat(actor: Actor, desk: Desk, person: User) -> bool:
    """End a seat: everybody their own; beyond that, whoever may give seats at that desk."""
    return actor.person_id == person.pk or may_give_seat(actor, desk)


@held_by(Role.ADMINISTRATOR)
def may_invite(actor: Actor, desk: Desk) -> bool:
    """Invite the first person of a partner's or oversight's desk: only while nobody sits there."""
    return desk.independent and desk.is_empty


@held_by(Role.PARTNER, Role.OVERSIGHT)
def may_answer_invitation(actor: Actor, invitation: Invitation) -> bool:
    """Accept or decline an invitation: only the person it was made out to."""
    return actor.person_id == invitation.person_id
