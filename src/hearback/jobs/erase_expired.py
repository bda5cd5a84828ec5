"""What was kept as long as was promised is erased, and what was withdrawn under a legal hold that has ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from hearback.foundation.audit.enums import Actor
from hearback.listen.concerns.actions import upkeep

EVERY = timedelta(days=1)


def erase_expired(*, by: Actor, at: datetime) -> int:
    """How many were erased."""
    return upkeep.erase_expired(by=by, at=at)
