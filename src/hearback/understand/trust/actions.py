"""Putting on record what surveys say of trust and safety."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.listen.surveys.queries import waves
from hearback.permission import demand
from hearback.sentence import kept
from hearback.understand.trust.models import Contrast, Estimate, ModelCheck, ScaleCheck
from hearback.understand.trust.permissions import may_record_estimates
from hearback.understand.trust.queries.results import Findings


@transaction.atomic
def record(survey: str, found: Sequence[Findings], *, seed: int, by: Actor, at: datetime) -> None:
    """Put what was found about the waves of a survey on record, in the place of all that was found before.

    seed: of the simulations, so that they can be repeated.
    """
    demand(may_record_estimates, by)
    on_record = {wave.key: wave for wave in waves(survey)}
    for model in (Estimate, Contrast, ScaleCheck, ModelCheck):
        model.objects.filter(wave__in=on_record.values()).delete()
    for one in found:
        wave = on_record[one.wave]
        Estimate.objects.bulk_create(Estimate(wave=wave, **_fields(row)) for row in one.estimates)
        Contrast.objects.bulk_create(
            Contrast(wave=wave, **_fields(row) | {"earlier": on_record.get(row.earlier)}) for row in one.contrasts
        )
        ScaleCheck.objects.bulk_create(ScaleCheck(wave=wave, **_fields(row)) for row in one.scales)
        ModelCheck.objects.bulk_create(
            ModelCheck(wave=wave, **vars(row) | {"areas": [vars(area) for area in row.areas]}) for row in one.models
        )
    audit.record(
        verb="trust.record",
        subject=f"survey:{survey}",
        by=by,
        at=at,
        detail={
            "seed": seed,
            "waves": [one.wave for one in found],
            "estimates": sum(len(one.estimates) for one in found),
            "contrasts": sum(len(one.contrasts) for one in found),
        },
    )


def _fields(row: Any) -> dict[str, Any]:
    return vars(row) | {"notes": [kept(note) for note in row.notes]}
