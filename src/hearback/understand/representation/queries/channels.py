"""Computes who takes part in each channel: concerns, forums, events, pulses and surveys, from what is on record now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hearback.evidence.populations import read_population
from hearback.evidence.store import EvidenceStore
from hearback.evidence.surveys import read_responses
from hearback.foundation.populations.queries import community, community_kinds
from hearback.listen.concerns.queries.voices import voices
from hearback.listen.engagements.enums import EngagementKind
from hearback.listen.engagements.queries.counted import counted
from hearback.listen.surveys.enums import WaveKind
from hearback.listen.surveys.queries import LANGUAGE, waves
from hearback.stats.representation.clustered_counts import OneOccasion, clustered_counts
from hearback.stats.representation.participation import Participation, participation
from hearback.understand.representation.enums import ChannelKind

if TYPE_CHECKING:
    from hearback.listen.surveys.models import GroupKind, Wave

Floats = NDArray[np.float64]
Counts = Mapping[str, int]
"""Voices by group; groups that the population does not have, and voices of no group, are unknown."""

LOOKED_BACK = timedelta(days=365)
NINE_OF_TEN = 1.645


@dataclass(frozen=True)
class ChannelCounts:
    """Voices of one channel by groups of one kind, as they came: occasion by occasion where people came together."""

    channel: ChannelKind
    kind: str
    by_occasion: tuple[Counts, ...]
    total: int
    """All voices, of whatever group."""
    wave: Wave | None = None

    @property
    def together(self) -> bool:
        """Whether people came in company, so that one voice says little about how many others there would be."""
        return self.channel in CAME_TOGETHER


@dataclass(frozen=True)
class Channel:
    """The groups of one kind in one channel against the community."""

    counts: ChannelCounts
    groups: tuple[str, ...]
    found: Participation
    population: str
    """The dataset that says how many people there are."""
    occasions: int
    """At how many of them somebody said of which group they are; 0 where voices came one by one."""

    @property
    def sure(self) -> bool:
        """Whether ratios and ranges say anything: one occasion does not tell what another would have shown."""
        return self.occasions != 1


CAME_TOGETHER = {ChannelKind(kind.value): kind for kind in EngagementKind}


def channels(*, store: EvidenceStore, rng: np.random.Generator, at: datetime) -> Iterator[Channel]:
    """Every channel with every kind of group that a population tells apart too."""
    for counts in (*_concerns(at), *_engagements(at), *_surveys(store)):
        yield from _channel(counts, store, rng)


def _concerns(at: datetime) -> Iterator[ChannelCounts]:
    said = voices(since=at - LOOKED_BACK)
    yield ChannelCounts(ChannelKind.CONCERNS, LANGUAGE, (said.by_language,), sum(said.by_language.values()))


def _engagements(at: datetime) -> Iterator[ChannelCounts]:
    for channel, kind_of_engagement in CAME_TOGETHER.items():
        held = counted(kind_of_engagement, since=at - LOOKED_BACK, until=at)
        for kind in community_kinds():
            counts = tuple(one.groups.get(kind, {}) for one in held)
            yield ChannelCounts(channel, kind, counts, sum(one.people for one in held))


def _surveys(store: EvidenceStore) -> Iterator[ChannelCounts]:
    for wave in _newest_waves():
        for kind in wave.group_kinds.all():
            answered = read_responses(store.open(wave.stored), groups=[kind.key]).groups[kind.key].tolist()
            yield ChannelCounts(ChannelKind.SURVEY, kind.key, (_by_word(kind, answered),), len(answered), wave)


def _by_word(kind: GroupKind, names: Sequence[str]) -> Counts:
    """Populations count groups by the word that stands in the file, waves by the name that it was given."""
    word_of = {name: word for word, name in kind.codes.items()}
    return {word_of.get(name, name): count for name, count in Counter(names).items()}


def _newest_waves() -> list[Wave]:
    """Of each survey the newest wave in which people answered; waves of another sampling mode count apart."""
    newest = {(wave.survey_id, wave.mode): wave for wave in waves() if wave.kind == WaveKind.RESPONSES}
    return list(newest.values())


def _channel(counts: ChannelCounts, store: EvidenceStore, rng: np.random.Generator) -> Iterator[Channel]:
    """Nothing where nobody spoke, or where it is not known how many people the groups have."""
    population = community(counts.kind)
    if population is None:
        return
    cells = read_population(store.open(population.stored))
    people = {group: total for group, total in cells.totals(counts.kind).items() if total > 0}
    came = np.array([[one.get(group, 0) for group in people] for one in counts.by_occasion]).reshape(-1, len(people))
    if not came.sum():
        return
    margins = np.sqrt([cells.squared_margins(counts.kind)[group] for group in people])
    totals = np.array([*people.values()])
    found = participation(
        came.sum(axis=0),
        totals,
        rng=rng,
        population_cv=margins / NINE_OF_TEN / totals,
        unknown=counts.total - int(came.sum()),
        design_effect=_design_effect(came) if counts.together else 1.0,
    )
    occasions = int(came.any(axis=1).sum()) if counts.together else 0
    yield Channel(counts, tuple(people), found, population.dataset, occasions)


def _design_effect(came: NDArray[np.int64]) -> Floats | float:
    """How much less a voice says that came with others; of one occasion `Channel.sure` says that nobody knows."""
    try:
        return clustered_counts(came).design_effect
    except OneOccasion:
        return 1.0
