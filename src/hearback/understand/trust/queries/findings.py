"""Everything that the waves of one survey say, computed from their rows and the populations on record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from hearback.evidence.populations import Cells
from hearback.listen.surveys.enums import Mode
from hearback.sentence import Sentence
from hearback.stats.response_rates import Dispositions, UnusableDispositions, response_rates
from hearback.understand.trust.queries import areas
from hearback.understand.trust.queries.areas import Ground, Modelled
from hearback.understand.trust.queries.asked import Asked
from hearback.understand.trust.queries.comparisons import between_groups, between_waves
from hearback.understand.trust.queries.direct import Block, as_found, blocks, unanswered
from hearback.understand.trust.queries.fit import models_checked
from hearback.understand.trust.queries.results import Contrasted, Estimated, Findings, ModelChecked
from hearback.understand.trust.queries.scales import checked
from hearback.understand.trust.queries.showing import contrasts_shown, shown
from hearback.understand.trust.queries.weighting import Sample, census_for, sample
from hearback.understand.trust.queries.without_margin import MODES, without_margin

OTHERWISE = Sentence(
    "These groups may not be compared on this scale: its questions do not mean the same to all of them"
)


@dataclass(frozen=True, eq=False)
class _Wave:
    """One wave with what is estimated of it."""

    sample: Sample
    blocks: tuple[Block, ...]
    modelled: tuple[Modelled, ...]
    checks: tuple[ModelChecked, ...]
    estimates: tuple[Estimated, ...]

    @property
    def drawn(self) -> bool:
        """Whether chance decided who was asked."""
        return self.sample.asked.mode is Mode.PROBABILITY


def find(waves: Sequence[Asked], populations: Sequence[Cells], *, ground: Ground, seed: int) -> list[Findings]:
    """What each wave says.

    waves: of one survey, earliest first. populations: best first. ground: of the layer in which respondents live.
    """
    estimated = [_estimated(one, populations, ground, seed=seed) for one in waves]
    drawn = [one for one in estimated if one.drawn]
    before = {later.sample.asked.wave: earlier for earlier, later in pairwise(drawn)}
    return [_found(one, before.get(one.sample.asked.wave)) for one in estimated]


def _found(one: _Wave, before: _Wave | None) -> Findings:
    scales = tuple(checked(one.sample.asked))
    otherwise = {(each.scale, each.by) for each in scales if each.comparable is False}
    contrasts = tuple(
        replace(row, notes=(*row.notes, OTHERWISE)) if row.other and (row.item, row.by) in otherwise else row
        for row in _contrasts(one, before)
    )
    return Findings(one.sample.asked.wave, one.estimates, contrasts, scales, one.checks)


def _estimated(asked: Asked, populations: Sequence[Cells], ground: Ground, *, seed: int) -> _Wave:
    of_wave = sample(asked, census_for(asked, populations))
    found = tuple(blocks(of_wave))
    models = tuple(areas.modelled(of_wave, ground, rng=np.random.default_rng([seed, *asked.wave.encode()])))
    checks = tuple(models_checked(models, rng=np.random.default_rng([seed, *f"{asked.wave} checked".encode()])))
    direct = [row for each in found for row in as_found(each, of_wave)] + list(unanswered(of_wave))
    if asked.mode in MODES:
        direct = list(without_margin(direct, of_wave))
    smoothed = [row for one in models for row in areas.as_found(one)]
    rows = [_with_notes(row, of_wave) for row in shown(direct)]
    return _Wave(of_wave, found, models, checks, (*rows, *smoothed))


def _contrasts(one: _Wave, before: _Wave | None) -> Iterator[Contrasted]:
    """Withheld where a side is, in this wave or in the one before."""
    if one.sample.asked.mode not in MODES:
        yield from contrasts_shown(between_groups(one.blocks, one.sample), one.estimates)
    if before is not None:
        moved = between_waves(before.sample, one.sample)
        yield from contrasts_shown(contrasts_shown(moved, before.estimates), one.estimates)
        earlier = {(each.question.item, each.statistic): each for each in before.modelled}
        for later in one.modelled:
            same = earlier.get((later.question.item, later.statistic))
            if same is not None and same.question == later.question:
                yield from areas.changes(same, later, wave=before.sample.asked.wave)


def _with_notes(row: Estimated, of_wave: Sample) -> Estimated:
    """What holds of the whole wave is said with its numbers for everybody."""
    if row.by:
        return row
    question = of_wave.asked.question(row.item)
    made_of = question.notes if question else ()
    return replace(row, notes=(*row.notes, *made_of, *of_wave.notes, *_response(of_wave.asked)))


def _response(asked: Asked) -> tuple[Sentence, ...]:
    if not asked.dispositions or asked.mode is Mode.OPT_IN:
        return ()
    try:
        rates = response_rates(Dispositions(**asked.dispositions))
    except UnusableDispositions:
        return ()
    return (Sentence("Response rate (AAPOR RR1): {rate} %", rate=f"{100 * rates.rr1:.1f}"),)
