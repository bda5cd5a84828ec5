"""Computes participation by channel, quiet areas and the workforce from what is on record now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from hearback.evidence.populations import Cells, read_population
from hearback.evidence.store import EvidenceStore
from hearback.evidence.surveys import read_responses
from hearback.foundation.places import queries as places
from hearback.foundation.populations.enums import Who
from hearback.foundation.populations.queries import populations
from hearback.listen.concerns.queries.voices import Voices, voices
from hearback.listen.surveys.enums import WaveKind
from hearback.listen.surveys.queries import waves
from hearback.stats.representation.participation import Participation, participation
from hearback.stats.representation.relative_rates import UnusableCounts
from hearback.stats.representation.silence import Silence, silence
from hearback.stats.representation.workforce import Workforce, workforce

if TYPE_CHECKING:
    from hearback.foundation.places.models import Area, Layer
    from hearback.foundation.populations.models import Population
    from hearback.listen.surveys.models import Wave

LOOKED_BACK = timedelta(days=365)
LANGUAGE = "language"
NINE_OF_TEN = 1.645


@dataclass(frozen=True)
class Channel:
    """The groups of one kind in one channel: concerns (then `wave` is empty), or a wave of a survey."""

    wave: Wave | None
    kind: str
    groups: tuple[str, ...]
    found: Participation
    population: str
    """The dataset that says how many people there are."""


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


def channels(*, store: EvidenceStore, rng: np.random.Generator, at: datetime) -> Iterator[Channel]:
    """Every channel with every kind of group that a population tells apart too."""
    yield from _concerns(store, rng, at)
    for wave in _newest_waves():
        for kind in wave.group_kinds.all():
            for population in _community(kind.key):
                answered = Counter(read_responses(store.open(wave.stored), groups=[kind.key]).groups[kind.key].tolist())
                word_of = {name: word for word, name in kind.codes.items()}
                counted = {word_of.get(name, name): count for name, count in answered.items()}
                yield from _channel(wave, kind.key, counted, population, store, rng)


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
        compared = [(kind, people) for kind in staff.groups for people in _community(kind)]
        alone = [kind for kind in staff.groups if not _community(kind)]
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


def _concerns(store: EvidenceStore, rng: np.random.Generator, at: datetime) -> Iterator[Channel]:
    heard = voices(since=at - LOOKED_BACK)
    for population in _community(LANGUAGE):
        yield from _channel(None, LANGUAGE, heard.by_language, population, store, rng)


def _newest_waves() -> list[Wave]:
    """Of each survey the newest wave in which people answered; waves of another sampling mode count apart."""
    newest = {(wave.survey_id, wave.mode): wave for wave in waves() if wave.kind == WaveKind.RESPONSES}
    return list(newest.values())


def _community(kind: str) -> list[Population]:
    """The population that tells this kind of group apart, if there is one; adults rather than all residents."""
    return sorted(populations(Who.ADULTS, Who.RESIDENTS, groups=(kind,)), key=lambda one: one.who)[:1]


def _channel(
    wave: Wave | None,
    kind: str,
    counted: Mapping[str, int],
    population: Population,
    store: EvidenceStore,
    rng: np.random.Generator,
) -> Iterator[Channel]:
    """Nothing where nobody spoke; voices of groups that the population does not name count as unknown."""
    cells = read_population(store.open(population.stored))
    people = {group: total for group, total in cells.totals(kind).items() if total > 0}
    known = [counted.get(group, 0) for group in people]
    if not sum(known):
        return
    margins = np.sqrt([cells.squared_margins(kind)[group] for group in people])
    totals = np.array([*people.values()])
    found = participation(
        known,
        totals,
        rng=rng,
        population_cv=margins / NINE_OF_TEN / totals,
        unknown=sum(counted.values()) - sum(known),
    )
    yield Channel(wave, kind, tuple(people), found, population.dataset)


def _compared(
    cells: Cells,
    kind: str,
    community: Population,
    store: EvidenceStore,
    *,
    within: str = "",
    part: str = "",
) -> Iterator[StaffComparison]:
    there = read_population(store.open(community.stored))
    people = {group: total for group, total in there.totals(kind).items() if total > 0}
    chosen = cells.groups[within] == part if within else np.full(len(cells.count), True)
    held: Counter[str] = Counter()
    for group, count in zip(cells.groups[kind][chosen].tolist(), cells.count[chosen].tolist(), strict=True):
        held[group] += int(count)
    counts = [held[group] for group in people]
    if not sum(counts):
        return
    se = np.sqrt([there.squared_margins(kind)[group] for group in people]) / NINE_OF_TEN
    found = workforce(counts, [*people.values()], community_se=se)
    yield StaffComparison(within, part, kind, tuple(people), tuple(counts), found, community.dataset)
