"""Sessions that ended are deleted: a key that was unlocked in one lies there, under a cookie that is gone."""

from __future__ import annotations

from datetime import datetime, timedelta

from hearback.foundation.audit.enums import Actor
from hearback.foundation.people import actions as people

EVERY = timedelta(days=1)


def forget_sessions(*, by: Actor, at: datetime) -> int:
    """How many were deleted."""
    return people.forget_sessions(by=by, at=at)
