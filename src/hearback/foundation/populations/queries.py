"""Reading which populations are on record."""

from __future__ import annotations

from hearback.foundation.populations.enums import Who
from hearback.foundation.populations.models import Population


def populations(*whose: Who, groups: tuple[str, ...] = ()) -> list[Population]:
    """Those that count one of these (or anybody) and tell all these kinds of group apart."""
    found = Population.objects.filter(who__in=whose) if whose else Population.objects.all()
    return [one for one in found if set(groups) <= set(one.groups)]


def community(kind: str) -> Population | None:
    """The population that tells this kind of group apart, if there is one; adults rather than all residents."""
    return min(populations(Who.ADULTS, Who.RESIDENTS, groups=(kind,)), key=lambda one: one.who, default=None)


def community_kinds() -> list[str]:
    """Every kind of group of which it is known how many people there are."""
    return sorted({kind for one in populations(Who.ADULTS, Who.RESIDENTS) for kind in one.groups})


def group_names(kind: str) -> list[str]:
    """The groups of a kind that have people in the community."""
    population = community(kind)
    return list(population.names.get(kind, [])) if population else []


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    return {"populations": Population.objects.count()}
