"""Putting an assessment of need on record."""

from __future__ import annotations

from datetime import datetime

import msgspec
import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.foundation.places.queries import areas as areas_on_record
from hearback.understand.need.models import Assessment, Score
from hearback.understand.need.queries import Need


@transaction.atomic
def record(need: Need, *, by: Actor, at: datetime) -> Assessment:
    """Put an assessment of the primary layer's areas on record, in the place of the former one."""
    assessment = Assessment.objects.create(
        definition=msgspec.json.encode(need.index.definition).decode(),
        title=need.index.definition.title,
        indicator_titles=[indicator.title for indicator in need.index.definition.indicators],
        level=need.level,
        draws=need.draws,
        seed=need.seed,
        has_margins=bool(np.isfinite(need.uncertainty.rank_low).any()),
        made_at=at,
    )
    Assessment.objects.exclude(pk=assessment.pk).delete()
    by_key = {area.key: area for area in areas_on_record()}
    Score.objects.bulk_create(
        Score(
            assessment=assessment,
            area=by_key[key],
            score=_known(need.index.overall_rank, i),
            rank=_whole(need.uncertainty.rank, i),
            rank_low=_whole(need.uncertainty.rank_low, i),
            rank_high=_whole(need.uncertainty.rank_high, i),
            p_top_tenth=_known(need.uncertainty.p_top_tenth, i),
            other_low=_whole(need.sensitivity.rank_low, i),
            other_high=_whole(need.sensitivity.rank_high, i),
            why_missing=need.index.out.get(i, ""),
        )
        for i, key in enumerate(need.areas)
    )
    audit.record(
        verb="need.record",
        subject=f"assessment:{assessment.pk}",
        by=by,
        at=at,
        detail={"definition": need.index.definition.id, "seed": need.seed, "draws": need.draws},
    )
    return assessment


def _known(values: NDArray[np.float64], i: int) -> float | None:
    return None if np.isnan(values[i]) else float(values[i])


def _whole(values: NDArray[np.float64], i: int) -> int | None:
    return None if np.isnan(values[i]) else int(values[i])
