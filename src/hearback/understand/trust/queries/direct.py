"""Estimates from the answers themselves, under the sample's design: for everybody, for groups, for areas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from hearback.sentence import Sentence
from hearback.stats.estimate.estimates import ALONE, NO_DF, NOBODY, ONE_UNIT, SAME, Estimates
from hearback.stats.estimate.proportions import EXTREME, within_bounds
from hearback.stats.estimate.ratios import means
from hearback.understand.trust.enums import Method, Statistic
from hearback.understand.trust.queries.asked import Asked, Question
from hearback.understand.trust.queries.results import LEVEL, Estimated, known
from hearback.understand.trust.queries.weighting import Sample

NOTES = {
    NOBODY: Sentence("Cannot be estimated: nobody answered"),
    ALONE: Sentence("No error can be estimated: one answer only"),
    ONE_UNIT: Sentence("No error can be estimated: all answers come from one sampling unit"),
    SAME: Sentence("All answers are the same"),
    NO_DF: Sentence("No interval: too few sampling units"),
    EXTREME: Sentence("Nobody or everybody: the interval is that of a simple random sample"),
}


@dataclass(frozen=True, eq=False)
class Block:
    """One statistic of several items, side by side, for everybody or for the groups of one kind: `estimates` run group
    by group, items inside."""

    statistic: Statistic
    by: str
    groups: tuple[str, ...]
    items: tuple[str, ...]
    estimates: Estimates

    def place(self, group: str, item: str) -> int:
        """Where an estimate stands."""
        return self.groups.index(group) * len(self.items) + self.items.index(item)


def blocks(sample: Sample) -> Iterator[Block]:
    """Every statistic for everybody, for every kind of group, and for areas."""
    for statistic in Statistic:
        for by in ("", *sample.asked.members):
            found = block(sample, statistic, by)
            if found is not None:
                yield found


def block(
    sample: Sample,
    statistic: Statistic,
    by: str,
    *,
    items: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
) -> Block | None:
    """One statistic of these items (of all that somebody answered) in these groups of a kind (in all); None where
    there is nothing to estimate. Groups are parts of the sample: who is outside still counts as drawn."""
    asked = sample.asked
    taken = [one for one in _answered(asked, statistic) if items is None or one.item in items]
    members = asked.members[by] if by else None
    if members is not None and groups is not None:
        members = np.where(np.isin(members, list(groups)), members, "")
    if not taken or (members is not None and not (members != "").any()):
        return None
    values = np.column_stack([one.values(asked.people.answers[one.item], statistic) for one in taken])
    columns = tuple(one.item for one in taken)
    own_df = sample.design.replicates is None  # replicates bring the degrees of freedom of all, and no others
    found = means(sample.design, values, by=members, names=columns, level=LEVEL, domain_df=own_df)
    if statistic is Statistic.FAVOURABLE:
        found = within_bounds(found)
    names = ("",) if members is None else tuple(sorted(set(members.tolist()) - {""}))
    return Block(statistic, by, names, columns, found)


def as_found(block: Block, sample: Sample) -> Iterator[Estimated]:
    """Every estimate of a block as it goes on record."""
    estimates = block.estimates
    by_design = sample.method is not Method.ANSWERS  # taken for a simple random sample, it would be 1 by assumption
    order = {name: at for at, name in enumerate(sample.asked.groups.get(block.by, ()))}
    for group in sorted(block.groups, key=lambda name: order.get(name, len(order))):
        for item in block.items:
            at = block.place(group, item)
            lost = not estimates.df[at] > 0
            yield Estimated(
                item=item,
                statistic=block.statistic,
                by=block.by,
                group=group,
                method=sample.method,
                estimate=known(estimates.estimate[at]),
                se=None if lost else known(estimates.se[at]),
                low=None if lost else known(estimates.ci_low[at]),
                high=None if lost else known(estimates.ci_high[at]),
                df=None if lost else known(estimates.df[at]),
                deff=known(estimates.deff[at]) if by_design and not lost else None,
                n=int(estimates.n[at]),
                notes=_said(estimates.notes[at]),
            )


def unanswered(sample: Sample) -> Iterator[Estimated]:
    """What `blocks` leave out, as it cannot be estimated: items without an answer, and groups nobody belongs to."""
    asked = sample.asked
    for question in asked.questions:
        answered = np.isfinite(asked.people.answers[question.item]).any()
        silent = [] if answered else [("", "")]
        for by, names in asked.groups.items():
            present = set(asked.people.groups[by].tolist()) if answered else set()
            silent += [(by, name) for name in names if name not in present]
        for statistic in question.statistics:
            for by, group in silent:
                yield Estimated(
                    item=question.item,
                    statistic=statistic,
                    by=by,
                    group=group,
                    method=sample.method,
                    n=0,
                    notes=_said(NOBODY),
                )


def _answered(asked: Asked, statistic: Statistic) -> Iterator[Question]:
    """The questions with this statistic that somebody answered."""
    for one in asked.questions:
        if statistic in one.statistics and np.isfinite(asked.people.answers[one.item]).any():
            yield one


def _said(note: str) -> tuple[Sentence, ...]:
    """A note of the core as people read it, none where it is silent."""
    return (NOTES.get(note) or Sentence("{note}", note=note),) if note else ()
