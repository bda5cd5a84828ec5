"""Late concerns are shown to the coordinator, and some days later to oversight."""

from __future__ import annotations

from datetime import datetime, timedelta

from hearback.foundation.audit.enums import Actor
from hearback.listen.concerns.actions import upkeep

EVERY = timedelta(hours=1)


def escalate(*, by: Actor, at: datetime) -> int:
    """How many moved up."""
    return upkeep.escalate(by=by, at=at)
