"""Reading who has a sign-in."""

from __future__ import annotations

from hearback.foundation.people.models import User


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    return {"people": User.objects.filter(is_active=True).count()}
