"""What was kept as long as was promised is erased, what was withdrawn under a hold that has ended, and old secrets."""

from __future__ import annotations

from datetime import datetime, timedelta

from hearback.foundation.audit.enums import Actor
from hearback.listen.concerns.actions import upkeep
from hearback.listen.concerns.queries import day_secrets

EVERY = timedelta(days=1)


def erase_expired(*, by: Actor, at: datetime) -> int:
    """How many concerns were erased."""
    day_secrets.forget(today=at.date())
    return upkeep.erase_expired(by=by, at=at)
