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
from hearback.evidence.surveys import Respondents, read_responses
from hearback.foundation.populations.queries import community, community_kinds
from hearback.listen.concerns.queries.voices import voices
from hearback.listen.engagements.enums import EngagementKind
from hearback.listen.engagements.queries.counted import counted
from hearback.listen.surveys.enums import Mode, WaveKind
from hearback.listen.surveys.queries import LANGUAGE, waves
from hearback.stats.design import Design
from hearback.stats.representation.clustered_counts import OneOccasion, clustered_counts
from hearback.stats.representation.drawn_shares import drawn_shares
from hearback.stats.representation.participation import Participation, participation
from hearback.stats.survey_design import survey_design
from hearback.understand.representation.enums import ChannelKind

if TYPE_CHECKING:
    from hearback.listen.surveys.models import GroupKind, Wave

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]
Counts = Mapping[str, int]
"""Voices by group; groups that the population does not have, and voices of no group, are unknown."""

LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True)
class ChannelCounts:
    """Voices of one channel by groups of one kind, as they came: occasion by occasion where people came together."""

    channel: ChannelKind
    kind: str
    by_occasion: tuple[Counts, ...]
    total: int
    """All voices, of whatever group."""
    wave: Wave | None = None
    drawn: tuple[Design, Texts] | None = None
    """How a random sample was drawn, and the group of each who answered, where that is known."""

    @property
    def together(self) -> bool:
        """Whether people came in company, so that one voice says little about how many others there would be."""
        return self.channel in CAME_TOGETHER


@dataclass(frozen=True)
class Channel:
    """The groups of one kind in one channel against the community."""

    counts: ChannelCounts
    groups: tuple[str, ...]
    came: tuple[int, ...]
    """People counted in each group; `found` may weigh them."""
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
    for counts in (_concerns(at), *_engagements(at), *_surveys(store)):
        channel = _channel(counts, store, rng)
        if channel:
            yield channel


def drawing(people: Respondents) -> Design | None:
    """How they were drawn; None where that is not known. Weights are those of drawing alone: weights in a file may make
    up for who did not answer, and who did not answer is the question."""
    if people.strata is None and not people.psu and not people.fpc:
        return None
    return survey_design(
        None if people.fpc else np.ones(people.n),
        strata=[] if people.strata is None else [people.strata],
        psu=people.psu,
        fpc=people.fpc,
        lonely="adjust",
    )


def _concerns(at: datetime) -> ChannelCounts:
    said = voices(since=at - LOOKED_BACK)
    return ChannelCounts(ChannelKind.CONCERNS, LANGUAGE, (said.by_language,), sum(said.by_language.values()))


def _engagements(at: datetime) -> Iterator[ChannelCounts]:
    kinds = community_kinds()
    for channel, kind_of_engagement in CAME_TOGETHER.items():
        held = counted(kind_of_engagement, since=at - LOOKED_BACK, until=at)
        for kind in kinds:
            counts = tuple(one.groups.get(kind, {}) for one in held)
            yield ChannelCounts(channel, kind, counts, sum(one.people for one in held))


def _surveys(store: EvidenceStore) -> Iterator[ChannelCounts]:
    for wave in _newest_waves():
        for kind in wave.group_kinds.all():
            people = read_responses(store.open(wave.stored), groups=[kind.key])
            words = _words(kind, people.groups[kind.key].tolist())
            design = drawing(people) if wave.mode == Mode.PROBABILITY else None
            drawn = (design, np.array(words, dtype=object)) if design else None
            yield ChannelCounts(ChannelKind.SURVEY, kind.key, (Counter(words),), people.n, wave, drawn)


def _words(kind: GroupKind, names: Sequence[str]) -> list[str]:
    """Populations count groups by the word that stands in the file, waves by the name that it was given."""
    word_of = {name: word for word, name in kind.codes.items()}
    return [word_of.get(name, name) for name in names]


def _newest_waves() -> list[Wave]:
    """Of each survey the newest wave in which people answered; waves of another sampling mode count apart."""
    newest = {(wave.survey_id, wave.mode): wave for wave in waves() if wave.kind == WaveKind.RESPONSES}
    return list(newest.values())


def _channel(counts: ChannelCounts, store: EvidenceStore, rng: np.random.Generator) -> Channel | None:
    """None where nobody spoke, or where it is not known how many people the groups have."""
    population = community(counts.kind)
    if population is None:
        return None
    cells = read_population(store.open(population.stored))
    people, errors = cells.living(counts.kind), cells.standard_errors(counts.kind)
    came = np.array([[one.get(group, 0) for group in people] for one in counts.by_occasion]).reshape(-1, len(people))
    if not came.sum():
        return None
    spoken, design_effect = _worth(counts, came, tuple(people))
    found = participation(
        spoken,
        [*people.values()],
        rng=rng,
        population_cv=[errors[group] / total for group, total in people.items()],
        unknown=counts.total - int(came.sum()),
        design_effect=design_effect,
    )
    occasions = int(came.any(axis=1).sum()) if counts.together else 0
    return Channel(counts, tuple(people), tuple(came.sum(axis=0).tolist()), found, population.dataset, occasions)


def _worth(counts: ChannelCounts, came: NDArray[np.int64], groups: Sequence[str]) -> tuple[Floats, Floats | float]:
    """Voices of groups, and how much less than one that came alone each of them says; of one occasion nobody knows,
    and `Channel.sure` says so."""
    alone = came.sum(axis=0).astype(np.float64), 1.0
    if counts.drawn:
        shares = drawn_shares(*counts.drawn, groups)
        return shares.voices, shares.design_effect
    try:
        return (alone[0], clustered_counts(came).design_effect) if counts.together else alone
    except OneOccasion:
        return alone
