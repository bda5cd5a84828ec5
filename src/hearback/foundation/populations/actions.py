"""Putting populations on record."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.foundation.populations.enums import Who
from hearback.foundation.populations.models import Population
from hearback.importers import populations


@transaction.atomic
def record(
    found: populations.Population, *, dataset: str, stored: str, who: Who, areas: str, by: Actor, at: datetime
) -> Population:
    """Say that this population is in use from now on, in the place of the one that had its dataset's name."""
    population, _ = Population.objects.update_or_create(
        dataset=dataset,
        defaults={
            "stored": stored,
            "who": who,
            "areas": areas,
            "groups": list(found.groups),
            "names": {kind: _with_people(found, kind) for kind in found.groups},
            "people": float(found.count.sum()),
        },
    )
    audit.record(
        verb="populations.record",
        subject=f"population:{dataset}",
        by=by,
        at=at,
        detail={"who": who, "cells": len(found)},
    )
    return population


@transaction.atomic
def keep_only(datasets: Collection[str], *, by: Actor, at: datetime) -> None:
    """Take every other population out of use: the city's description no longer names it."""
    gone = Population.objects.exclude(dataset__in=datasets)
    audit.record(
        verb="populations.keep_only",
        subject="populations",
        by=by,
        at=at,
        detail={"gone": sorted(gone.values_list("dataset", flat=True))},
    )
    gone.delete()


def _with_people(found: populations.Population, kind: str) -> list[str]:
    living = (group for group, people in zip(found.groups[kind], found.count.tolist(), strict=True) if people > 0)
    return list(dict.fromkeys(living))
