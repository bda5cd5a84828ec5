"""From a wave to a weighted design: its sample's design, raked to the population where one is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from hearback.evidence.populations import Cells
from hearback.listen.surveys.enums import Mode
from hearback.refusal import Refusal
from hearback.sentence import Sentence
from hearback.stats.design import Design
from hearback.stats.survey_design import survey_design
from hearback.stats.variance.replicates import given_replicates
from hearback.stats.variance.stage_spread import LonelyUnit, stage_spreads
from hearback.stats.weight.rake import rake, rake_replicates
from hearback.stats.weight.targets import EmptyCategory, Margin, margin, refuse_empty
from hearback.understand.trust.enums import Method
from hearback.understand.trust.queries.asked import Asked

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]

LONELY = Sentence(
    "From some stratum one sampling unit was drawn, or answered; its distance from the whole sample stands for the "
    "spread that cannot be seen"
)
WITHOUT_SCALES = "JKn"
UNSCALED = Sentence(
    "Replicate weights of kind JKn are not used, because a codebook cannot give their scales; errors follow from "
    "strata and sampling units"
)
NOT_SAID = "not said"
"""The category of those of whom it is not known to which group they belong."""


class UnusableWave(Refusal):
    """A wave whose weights, strata, sampling units or population sizes cannot be."""


@dataclass(frozen=True, eq=False)
class Census:
    """A population as a wave sees it: its cells with the wave's names of groups."""

    area: Texts | None
    groups: Mapping[str, Texts]
    count: Floats
    strangers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By kind that cannot be used, the wave's groups of which the population has nobody."""

    @property
    def people(self) -> float:
        """How many there are."""
        return float(self.count.sum())

    def totals(self, kind: str) -> dict[str, float]:
        """How many people each group of a kind has."""
        names, place = np.unique(self.groups[kind].astype(str), return_inverse=True)
        return dict(zip(names.tolist(), np.bincount(place, self.count).tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Sample:
    """A wave with its weighted design, how that came about, and the population behind it."""

    asked: Asked
    method: Method
    design: Design
    census: Census | None = None
    raked_to: tuple[str, ...] = ()
    notes: tuple[Sentence, ...] = ()


def census_for(asked: Asked, candidates: Sequence[Cells]) -> Census | None:
    """Of populations, best first, the one that tells most of the wave's kinds of group apart; none if none does."""
    renamed = [_renamed(asked, cells) for cells in candidates]
    best = max(renamed, key=lambda one: len(one.groups), default=None)
    return best if best is not None and (best.groups or best.strangers) else None


def sample(asked: Asked, census: Census | None) -> Sample:
    """The weighted design of a wave.

    Probability samples with a design and open links are raked to every kind of group that the wave and the
    population both have; others are taken as they came. Errors: `UnusableWave`.
    """
    method = _method(asked)
    try:
        design, notes = _with_lonely_units(_answering_for_their_unit(_design(asked), asked))
    except Refusal as refusal:
        where = ", ".join(filter(None, (f"wave {asked.wave}", refusal.where)))
        raise UnusableWave(refusal.problem, where=where, remedy=refusal.remedy) from refusal
    if asked.replicates == WITHOUT_SCALES:
        notes = (*notes, UNSCALED)
    if method is Method.ANSWERS:
        return Sample(asked, method, design, census, notes=(*_as_they_came(asked, method), *notes))
    notes = (*notes, *(_strange(kind, names) for kind, names in (census.strangers.items() if census else ())))
    if census is None or not census.groups:
        return Sample(asked, method, design, census, notes=(*_as_they_came(asked, method), *notes))
    return _raked(Sample(asked, method, design, census, notes=notes), census)


def _method(asked: Asked) -> Method:
    if asked.mode is Mode.OPT_IN:
        return Method.OPT_IN
    return Method.DESIGN if asked.mode is Mode.PROBABILITY and _has_design(asked) else Method.ANSWERS


def _has_design(asked: Asked) -> bool:
    people = asked.people
    return people.weights is not None or people.strata is not None or bool(people.psu or people.fpc)


def _design(asked: Asked) -> Design:
    people = asked.people
    weights = people.weights
    if weights is None and not people.fpc:
        weights = np.ones(people.n)
    design = survey_design(
        weights,
        strata=[] if people.strata is None else [people.strata],
        psu=people.psu,
        fpc=people.fpc,
    )
    if people.replicates is None or asked.replicates in (None, WITHOUT_SCALES):
        return design
    return design.with_replicates(given_replicates(people.replicates, kind=asked.replicates, rho=asked.fay))


def _answering_for_their_unit(design: Design, asked: Asked) -> Design:
    """Those who answered stand for the others of their sampling unit too, where the file says how many it holds."""
    people = asked.people
    if design.replicates is not None or not 2 <= len(people.psu) == len(people.fpc):
        return design
    strata = [] if people.strata is None else [people.strata]
    whole = survey_design(None, strata=strata, psu=people.psu, fpc=people.fpc)
    unit = whole.stages[-2].unit
    factor = np.bincount(unit, whole.weights) / np.bincount(unit, design.weights)
    return replace(design, weights=design.weights * factor[unit])


def _with_lonely_units(design: Design) -> tuple[Design, tuple[Sentence, ...]]:
    """A stratum in which one unit was drawn or answered shows no spread: its distance from the whole stands for it."""
    if design.replicates is None:
        try:
            stage_spreads(design)
        except LonelyUnit:
            return replace(design, lonely="adjust"), (LONELY,)
    return design, ()


def _as_they_came(asked: Asked, method: Method) -> tuple[Sentence, ...]:
    if asked.mode is Mode.CENSUS:
        return ()
    if method is Method.ANSWERS and _has_design(asked):
        return (
            Sentence(
                "How people were found is not stated; intervals hold if they were drawn as the weights and the design "
                "in the file say"
            ),
        )
    if method is Method.ANSWERS:
        return (
            Sentence(
                "The source says too little about how people were found; intervals are those of a simple random sample"
            ),
        )
    return (Sentence("Not adjusted: no population on record tells the same groups apart"),)


def _renamed(asked: Asked, cells: Cells) -> Census:
    """The cells with the wave's names, and only those kinds in which every respondent's group has people."""
    groups, strangers = {}, {}
    for kind, words in cells.groups.items():
        if kind not in asked.groups or not (asked.people.groups[kind] != "").any():
            continue
        names = asked.codes.get(kind, {})
        named = np.array([names.get(word, word) for word in words.tolist()], dtype=object)
        strange = set(asked.people.groups[kind].tolist()) - {"", *named[cells.count > 0].tolist()}
        if strange:
            strangers[kind] = tuple(sorted(strange))
        else:
            groups[kind] = named
    return Census(cells.area, groups, cells.count, strangers)


def _strange(kind: str, names: tuple[str, ...]) -> Sentence:
    return Sentence(
        "Not adjusted by {kind}: the population on record has nobody of {groups}", kind=kind, groups=", ".join(names)
    )


def _raked(base: Sample, census: Census) -> Sample:
    """Raked to every kind of the census; the weights as they came, and a note, where that is impossible."""
    try:
        parts = [_margin(base, census, kind) for kind in census.groups]
        design = _calibrated(base.design, [one for one, _ in parts])
    except Refusal as refusal:
        why = Sentence("Not adjusted to the population: {problem}", problem=refusal.problem)
        return replace(base, notes=(why, *base.notes))
    kinds = tuple(census.groups)
    said = Sentence("Adjusted to the population by {kinds}", kinds=", ".join(kinds))
    merged = (note for _, notes in parts for note in notes)
    return replace(base, design=design, raked_to=kinds, notes=(said, *merged, *base.notes))


def _calibrated(design: Design, margins: Sequence[Margin]) -> Design:
    raked = rake(design.weights, margins)
    if design.replicates is None:
        return design.calibrated(raked.calibration)
    copies = rake_replicates(design.replicates.weights, margins).weights
    return replace(design, weights=raked.weights, replicates=replace(design.replicates, weights=copies))


def _margin(base: Sample, census: Census, kind: str) -> tuple[Margin, tuple[Sentence, ...]]:
    """The margin of one kind, groups without respondents counted with their neighbours; those of whom nobody knows
    the group keep their share of the weights."""
    names, weights = base.asked.people.groups[kind], base.design.weights
    said = names != ""
    counted = census.totals(kind)
    order = dict.fromkeys([*base.asked.groups[kind], *counted])
    totals = {name: counted[name] for name in order if counted.get(name, 0) > 0}
    into, notes = _merged(kind, names[said], weights[said], totals)
    merged: dict[str, float] = {}
    for name, people in totals.items():
        merged[into.get(name, name)] = merged.get(into.get(name, name), 0.0) + people
    silent = float(weights[~said].sum() / weights.sum())
    if silent > 0:
        everybody = sum(merged.values())
        merged = {name: people * (1 - silent) for name, people in merged.items()} | {NOT_SAID: everybody * silent}
    return margin(kind, np.where(said, names, NOT_SAID), totals=merged), notes


def _merged(
    kind: str, names: Texts, weights: Floats, totals: Mapping[str, float]
) -> tuple[dict[str, str], tuple[Sentence, ...]]:
    """From each group that nobody in the sample belongs to, the one it is counted with, as the core proposes."""
    try:
        refuse_empty([margin(kind, names, totals=totals)], weights=weights)
    except EmptyCategory as empty:
        return {str(one.category): str(one.into) for one in empty.proposals}, tuple(
            Sentence(
                "Nobody of “{group}” answered; they are counted with “{other}”",
                group=str(one.category),
                other=str(one.into),
            )
            for one in empty.proposals
        )
    return {}, ()
