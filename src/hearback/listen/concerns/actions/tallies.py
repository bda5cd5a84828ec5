"""Counting what happens in an hour, so that a flood is noticed although nobody's address is known."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from hearback.foundation.audit.enums import Actor
from hearback.listen.concerns.enums import Tallied
from hearback.listen.concerns.models import Tally
from hearback.listen.concerns.queries.thresholds import hour_of

KEPT_FOR = timedelta(days=2)


@transaction.atomic
def record(what: Tallied, *, by: Actor, at: datetime) -> None:
    """Count one more in this hour; counts of days gone by are dropped."""
    _, first = Tally.objects.get_or_create(what=what, hour=hour_of(at))
    Tally.objects.filter(what=what, hour=hour_of(at)).update(count=F("count") + 1)
    if first:
        Tally.objects.filter(hour__lt=at - KEPT_FOR).delete()
