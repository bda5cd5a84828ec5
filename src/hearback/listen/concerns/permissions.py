"""Who may do what with a concern. What was not sealed to a person stays closed to them whatever stands here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from hearback.foundation.access.queries import is_seated
from hearback.foundation.people.enums import Role
from hearback.listen.concerns.models import Concern, SealedKey
from hearback.permission import held_by

if TYPE_CHECKING:
    from hearback.foundation.audit.enums import Actor
    from hearback.foundation.people.models import User

READERS = (Role.LIAISON, Role.COORDINATOR, Role.PARTNER, Role.OVERSIGHT)


@held_by(*READERS)
def may_open_inbox(actor: Actor) -> bool:
    """Open an inbox: it shows what was sealed to whoever looks, and nothing else."""
    return True


@held_by(*READERS)
def may_read(actor: Actor, concern: Concern) -> bool:
    """Open a concern: whoever sits at its desk and had it sealed to them."""
    sealed = SealedKey.objects.filter(
        concern=concern,
        reader_id=actor.person_id,
        purpose=SealedKey.Purpose.WORDS,
        sealed_to=F("reader__key__public_key"),
    )
    return is_seated(actor.person_id, concern.desk) and sealed.exists()


@held_by(*READERS)
def may_work_on(actor: Actor, concern: Concern) -> bool:
    """Take, answer, note, merge, take apart, close, propose a handover: whoever may read it."""
    return may_read(actor, concern)


@held_by(*READERS)
def may_share(actor: Actor, concern: Concern, colleague: User) -> bool:
    """Share a concern with a colleague who sits at the same desk: whoever may read it."""
    return may_read(actor, concern) and is_seated(colleague.pk, concern.desk)


@held_by(Role.COORDINATOR, Role.OVERSIGHT)
def may_see_late(actor: Actor) -> bool:
    """See that concerns are late, and at which desk; never what they say. A coordinator sees those of liaison desks."""
    return True


@held_by(Role.COORDINATOR, Role.OVERSIGHT)
def may_see_holds(actor: Actor) -> bool:
    """See what is kept because the law asks for it, since when and why; a coordinator at liaison desks."""
    return True


@held_by(Role.OVERSIGHT)
def may_hold(actor: Actor, concern: Concern) -> bool:
    """Place and end a legal hold on any concern. It opens no word of it."""
    return True


@held_by(Role.LIAISON, Role.PARTNER, Role.COORDINATOR)
def may_record_for_others(actor: Actor) -> bool:
    """Write a concern down on somebody's behalf."""
    return True
