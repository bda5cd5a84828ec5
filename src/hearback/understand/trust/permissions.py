"""Who may put estimates on record, and who may read all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hearback.foundation.people.enums import Role
from hearback.permission import held_by

if TYPE_CHECKING:
    from hearback.foundation.audit.enums import Actor


@held_by(Role.ANALYST, Role.ADMINISTRATOR)
def may_record_estimates(actor: Actor) -> bool:
    """Put what was found about the waves of a survey on record, in the place of what was found before."""
    return True


@held_by(Role.ANALYST, Role.COORDINATOR, Role.OVERSIGHT)
def may_read_estimates(actor: Actor) -> bool:
    """Read and download everything that was estimated, of small groups too; never what one person answered."""
    return True
