"""What surveys say of trust, computed from the rows of every wave on record, and put on record itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hearback.evidence.populations import Cells, read_population
from hearback.evidence.surveys import read_scores
from hearback.foundation.audit.enums import Actor
from hearback.foundation.datasets.queries import evidence_store
from hearback.foundation.indicators.queries import definitions, values_by_area
from hearback.foundation.places.queries import areas
from hearback.foundation.populations.enums import Who
from hearback.foundation.populations.queries import populations
from hearback.listen.surveys.enums import WaveKind
from hearback.listen.surveys.queries import waves
from hearback.stats.spatial_weights import contiguity
from hearback.understand.trust import actions
from hearback.understand.trust.queries.areas import Ground
from hearback.understand.trust.queries.asked import asked
from hearback.understand.trust.queries.findings import find
from hearback.understand.trust.queries.published import as_published
from hearback.understand.trust.queries.results import Findings

if TYPE_CHECKING:
    from hearback.foundation.places.models import Area


def estimate_surveys(surveys: Iterable[str], *, seed: int, by: Actor, at: datetime) -> None:
    """Compute what these surveys say, wave by wave and between waves, in the caller's transaction."""
    people = _people()
    for survey in surveys:
        actions.record(survey, _found(survey, people, seed=seed), seed=seed, by=by, at=at)


def _found(survey: str, people: list[Cells], *, seed: int) -> list[Findings]:
    store = evidence_store()
    on_record = waves(survey)
    scores = [wave for wave in on_record if wave.kind == WaveKind.SCORES]
    answers = [asked(wave, store) for wave in on_record if wave.kind == WaveKind.RESPONSES]
    layer = next((one.layer for one in answers if one.layer), "")
    return [
        *(Findings(wave.key, tuple(as_published(read_scores(store.open(wave.stored))))) for wave in scores),
        *find(answers, people, ground=_ground(layer), seed=seed),
    ]


def _people() -> list[Cells]:
    """Populations of the community, adults before all residents."""
    store = evidence_store()
    whose = [population for who in (Who.ADULTS, Who.RESIDENTS) for population in populations(who)]
    return [read_population(store.open(one.stored)) for one in whose]


def _ground(layer: str) -> Ground:
    """Who borders on whom, and how much need each area has: the mean of its indicators as standard scores."""
    on_record = areas(layer) if layer else []
    if not on_record:
        return Ground({})
    keys = [area.key for area in on_record]
    touching = contiguity([area.geometry for area in on_record]).matrix
    near = {key: [keys[at] for at in touching[[row]].indices] for row, key in enumerate(keys)}
    return Ground(near, dict(zip(keys, _need(on_record).tolist(), strict=True)))


def _need(on_record: list[Area]) -> NDArray[np.float64]:
    """0 is the average, also where an area has no indicator."""
    total, known = np.zeros(len(on_record)), np.zeros(len(on_record))
    for indicator, values in values_by_area(on_record).estimates.items():
        there = np.isfinite(values)
        spread = values[there].std() if there.any() else 0.0
        if spread > 0:
            sign = 1 if definitions()[indicator].more_means_need else -1
            total[there] += sign * (values[there] - values[there].mean()) / spread
            known += there
    return np.divide(total, known, out=np.zeros_like(total), where=known > 0)
