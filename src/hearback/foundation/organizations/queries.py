"""Reading the directory of organisations."""

from __future__ import annotations

from hearback.foundation.organizations.models import Organization


def directory() -> list[Organization]:
    """Every organisation that is not retired, with its area, by name."""
    return list(Organization.objects.filter(retired=False).select_related("area"))


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    return {"organizations": Organization.objects.filter(retired=False).count()}
