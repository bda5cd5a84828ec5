"""Reading which populations are on record."""

from __future__ import annotations

from hearback.foundation.populations.enums import Who
from hearback.foundation.populations.models import Population


def populations(*whose: Who, groups: tuple[str, ...] = ()) -> list[Population]:
    """Those that count one of these (or anybody) and tell all these kinds of group apart."""
    found = Population.objects.filter(who__in=whose) if whose else Population.objects.all()
    return [one for one in found if set(groups) <= set(one.groups)]


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    return {"populations": Population.objects.count()}
