"""Who may bring surveys in and take them out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hearback.foundation.people.enums import Role
from hearback.permission import held_by

if TYPE_CHECKING:
    from hearback.foundation.audit.enums import Actor


@held_by(Role.ANALYST, Role.ADMINISTRATOR)
def may_record_wave(actor: Actor) -> bool:
    """Put a wave of a survey on record, in the place of the one that had its name."""
    return True


@held_by(Role.ADMINISTRATOR)
def may_remove_waves(actor: Actor) -> bool:
    """Take waves off record."""
    return True
