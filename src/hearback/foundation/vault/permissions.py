"""Who may have a key, and who may use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hearback.foundation.people.enums import Role
from hearback.permission import held_by

if TYPE_CHECKING:
    from hearback.foundation.audit.enums import Actor
    from hearback.foundation.people.models import User


@held_by(Role.LIAISON, Role.COORDINATOR, Role.PARTNER, Role.OVERSIGHT)
def may_make_key(actor: Actor, person: User) -> bool:
    """Make a key: everybody whose role can sit at a desk, for themselves."""
    return actor.person_id == person.pk


@held_by(Role.LIAISON, Role.COORDINATOR, Role.PARTNER, Role.OVERSIGHT)
def may_use_key(actor: Actor, person: User) -> bool:
    """Unlock a key, or change its passphrase or recovery key: only its owner."""
    return actor.person_id == person.pk
