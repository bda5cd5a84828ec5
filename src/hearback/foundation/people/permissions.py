"""Who may give and take sign-ins; nobody at the agency may from people seated at a partner's or oversight's desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hearback.foundation.access import queries as access
from hearback.foundation.people.enums import POLICE_SIDE, Role
from hearback.permission import held_by

if TYPE_CHECKING:
    from hearback.foundation.audit.enums import Actor
    from hearback.foundation.people.models import User


@held_by(Role.ADMINISTRATOR)
def may_see_everybody(actor: Actor) -> bool:
    """See who has a sign-in, with which role."""
    return True


@held_by(Role.ADMINISTRATOR)
def may_welcome(actor: Actor) -> bool:
    """Give somebody new a sign-in. With a sign-in alone nobody reads anything: that takes a seat, and a key."""
    return True


@held_by(Role.ADMINISTRATOR, Role.PARTNER, Role.OVERSIGHT)
def may_correct_names(actor: Actor, person: User) -> bool:
    """Correct somebody else's names and badge number, by which concerns about them are kept from them: an
    administrator, or for people seated at a partner's or oversight's desk a colleague seated there too."""
    return _may_look_after(actor, person)


@held_by(Role.ADMINISTRATOR)
def may_change_role(actor: Actor, person: User) -> bool:
    """Change somebody else's role, within the police side only: nobody crosses to partners or oversight."""
    return person.role in POLICE_SIDE and _may_look_after(actor, person)


@held_by(Role.ADMINISTRATOR, Role.PARTNER, Role.OVERSIGHT)
def may_start_again(actor: Actor, person: User) -> bool:
    """Give a new first sign-in to somebody who lost theirs: an administrator to anybody who has no seat at a partner's
    or oversight's desk; a colleague seated at the same desk to those who have."""
    return _may_look_after(actor, person)


@held_by(Role.ADMINISTRATOR, Role.PARTNER, Role.OVERSIGHT)
def may_say_goodbye(actor: Actor, person: User) -> bool:
    """End somebody else's sign-in: an administrator, or for people seated at a partner's or oversight's desk a
    colleague seated there too."""
    return _may_look_after(actor, person)


def _may_look_after(actor: Actor, person: User) -> bool:
    if actor.person_id == person.pk:
        return False
    own_desks = access.independent_desks_of(person)
    if own_desks:
        return any(access.is_seated(actor.person_id, desk) for desk in own_desks)
    return actor.role == Role.ADMINISTRATOR
