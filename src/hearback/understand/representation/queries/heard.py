"""Computes which areas are quiet, and how the workforce compares, from what is on record now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from hearback.evidence.populations import Cells, read_population
from hearback.evidence.store import EvidenceStore
from hearback.foundation.places import queries as places
from hearback.foundation.populations.enums import Who
from hearback.foundation.populations.queries import community, populations
from hearback.listen.concerns.queries.voices import Voices, voices
from hearback.stats.representation.relative_rates import UnusableCounts
from hearback.stats.representation.silence import Silence, silence
from hearback.stats.representation.workforce import Workforce, workforce
from hearback.understand.representation.queries.channels import LOOKED_BACK
from hearback.understand.representation.queries.response import LEVEL

if TYPE_CHECKING:
    from hearback.foundation.places.models import Area, Layer
    from hearback.foundation.populations.models import Population


@dataclass(frozen=True)
class QuietAreas:
    """Concerns of the last year by area of one layer; `nowhere` came without a place in it."""

    layer: Layer
    areas: tuple[Area, ...]
    counts: tuple[int, ...]
    nowhere: int
    found: Silence


@dataclass(frozen=True)
class StaffComparison:
    """The agency's staff, or those of one rank or unit (`part` of kind `within`), by groups of one kind."""

    within: str
    part: str
    kind: str
    groups: tuple[str, ...]
    counts: tuple[int, ...]
    found: Workforce
    community: str
    """The dataset that says how many people there are."""


def quiet_areas(*, at: datetime) -> Iterator[QuietAreas]:
    """Which areas speak less than was to be expected, layer by layer, the primary one first; nothing without voices.

    Voices and people of a larger area are those of the primary areas whose middle lies in it.
    """
    heard, whole = voices(since=at - LOOKED_BACK), places.areas()
    counts = np.array([heard.by_area.get(area.key, 0) for area in whole])
    people = np.array([np.nan if area.population is None else float(area.population) for area in whole])
    middles = shapely.point_on_surface([area.geometry for area in whole]) if whole else []
    primary, *others = places.layers()
    yield from _quiet(primary, whole, counts, people, heard)
    for layer in others:
        larger = places.areas(layer.key)
        inside, lies_in = shapely.STRtree([area.geometry for area in larger]).query(middles, predicate="within")
        summed = [np.bincount(lies_in, values[inside], minlength=len(larger)) for values in (counts, people)]
        yield from _quiet(layer, larger, summed[0].astype(np.int64), summed[1], heard)


def staff_comparisons(*, store: EvidenceStore) -> Iterator[StaffComparison]:
    """The whole staff by every kind of group that the community's population has too; then rank by rank, and so on."""
    for staff in populations(Who.STAFF):
        cells = read_population(store.open(staff.stored))
        compared = [(kind, people) for kind in staff.groups if (people := community(kind))]
        alone = [kind for kind in staff.groups if not community(kind)]
        for kind, people in compared:
            yield from _compared(cells, kind, people, store)
            for within in alone:
                for part in dict.fromkeys(cells.groups[within].tolist()):
                    yield from _compared(cells, kind, people, store, within=within, part=part)


def _quiet(
    layer: Layer, areas: list[Area], counts: NDArray[np.int64], people: NDArray[np.float64], heard: Voices
) -> Iterator[QuietAreas]:
    try:
        found = silence(counts, people)
    except UnusableCounts:
        return
    yield QuietAreas(layer, tuple(areas), tuple(counts.tolist()), heard.total - int(counts.sum()), found)


def _compared(
    cells: Cells,
    kind: str,
    whole: Population,
    store: EvidenceStore,
    *,
    within: str = "",
    part: str = "",
) -> Iterator[StaffComparison]:
    there = read_population(store.open(whole.stored))
    people, errors = there.living(kind), there.standard_errors(kind)
    chosen = cells.groups[within] == part if within else np.full(len(cells.count), True)
    held: Counter[str] = Counter()
    for group, count in zip(cells.groups[kind][chosen].tolist(), cells.count[chosen].tolist(), strict=True):
        held[group] += int(count)
    counts = [held[group] for group in people]
    if not sum(counts):
        return
    found = workforce(counts, [*people.values()], community_se=[errors[group] for group in people], level=LEVEL)
    yield StaffComparison(within, part, kind, tuple(people), tuple(counts), found, whole.dataset)
