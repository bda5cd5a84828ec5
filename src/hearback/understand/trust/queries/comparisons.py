"""Differences with their tests: of groups within a wave, and of everybody and every group between two waves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from hearback.sentence import Sentence
from hearback.stats.estimate.contrasts import contrasts
from hearback.stats.estimate.estimates import Estimates, t_quantile
from hearback.stats.estimate.waves import IncomparableWaves, change
from hearback.stats.multiplicity import benjamini_hochberg
from hearback.understand.trust.enums import AREA, Statistic
from hearback.understand.trust.queries.direct import Block, block
from hearback.understand.trust.queries.results import Contrasted, known
from hearback.understand.trust.queries.weighting import Sample

Floats = NDArray[np.float64]

MOST_GROUPS = 12
"""Groups of a kind that are compared each with each; of more, such as 300 areas, the pairs would drown everybody."""


def between_groups(blocks: Iterable[Block], sample: Sample) -> Iterator[Contrasted]:
    """Each group less each other group of its kind, item by item."""
    for one in blocks:
        if one.by and len(one.groups) <= MOST_GROUPS:
            for item in one.items:
                yield from counted(_pairs(one, item, sample))


def between_waves(earlier: Sample, later: Sample) -> Iterator[Contrasted]:
    """Each group of the later wave less the same group in the earlier one, for items asked alike in both."""
    alike = [one.item for one in later.asked.questions if one == earlier.asked.question(one.item)]
    for statistic in Statistic:
        for by in ("", *later.asked.members):
            groups = _in_both(earlier, later, by)
            if alike and (groups or not by):
                yield from counted(_changes(earlier, later, statistic, by, alike, groups))


def counted(rows: Iterable[Contrasted]) -> list[Contrasted]:
    """The same contrasts, each item's p-values adjusted for all comparisons made of it here."""
    made: dict[str, list[Contrasted]] = defaultdict(list)
    for row in rows:
        made[row.item].append(row)
    found = []
    for family in made.values():
        raw = np.array([np.nan if row.p_value is None else row.p_value for row in family])
        count = int(np.isfinite(raw).sum())
        note = Sentence("One of {count} comparisons, for which the adjusted p-value allows", count=count)
        found += [
            replace(row, p_adjusted=known(adjusted), notes=(*row.notes, note) if count > 1 else row.notes)
            for row, adjusted in zip(family, benjamini_hochberg(raw).tolist(), strict=True)
        ]
    return found


def _pairs(one: Block, item: str, sample: Sample) -> Iterator[Contrasted]:
    places = {group: one.place(group, item) for group in one.groups}
    speaking = [group for group in one.groups if _has_error(one.estimates, places[group])]
    pairs = list(combinations(speaking, 2))
    if not pairs:
        return
    rows = np.zeros((len(pairs), len(one.estimates.names)))
    for row, (first, second) in zip(rows, pairs, strict=True):
        row[[places[first], places[second]]] = 1, -1
    found = contrasts(one.estimates, rows, names=["–".join(pair) for pair in pairs])
    for at, (first, second) in enumerate(pairs):
        blank = Contrasted(
            item=item, statistic=one.statistic, method=sample.method, by=one.by, group=first, other=second
        )
        yield _measured(blank, found, at)


def _changes(
    earlier: Sample, later: Sample, statistic: Statistic, by: str, items: list[str], groups: list[str]
) -> Iterator[Contrasted]:
    sides = [block(one, statistic, by, items=items, groups=groups if by else None) for one in (earlier, later)]
    before, after = sides
    if before is None or after is None or before.items != after.items:
        return
    try:
        found = change(before.estimates, after.estimates)
    except IncomparableWaves:
        return
    df = np.minimum(found.df, np.maximum(before.estimates.df, after.estimates.df))
    found = _with_df(found, df)
    for group in after.groups:
        for item in after.items:
            at = after.place(group, item)
            if _has_error(before.estimates, before.place(group, item)) and _has_error(after.estimates, at):
                blank = Contrasted(
                    earlier=earlier.asked.wave,
                    item=item,
                    statistic=statistic,
                    method=later.method,
                    by=by,
                    group=group,
                )
                yield _measured(blank, found, at)


def _in_both(earlier: Sample, later: Sample, by: str) -> list[str]:
    if not by or (by == AREA and earlier.asked.layer != later.asked.layer) or by not in earlier.asked.members:
        return []
    before, after = (set(one.asked.members[by].tolist()) - {""} for one in (earlier, later))
    return sorted(before & after)


def _has_error(estimates: Estimates, at: int) -> bool:
    """Whether units of the group differ in any stratum; a group in one unit shows nothing of how units differ."""
    return bool(np.isfinite(estimates.se[at]) and estimates.df[at] > 0)


def _with_df(found: Estimates, df: Floats) -> Estimates:
    """The same differences with intervals by as many degrees of freedom as the groups have, not the whole sample."""
    half = t_quantile(found.level, df) * found.se
    return replace(found, df=df, ci_low=found.estimate - half, ci_high=found.estimate + half)


def _measured(blank: Contrasted, found: Estimates, at: int) -> Contrasted:
    difference, se, df = found.estimate[at], found.se[at], found.df[at]
    moved = bool(se > 0 and df > 0)
    most = 1.0 if blank.statistic is Statistic.FAVOURABLE else np.inf
    return replace(
        blank,
        difference=known(difference),
        se=known(se),
        low=known(max(found.ci_low[at], -most)),
        high=known(min(found.ci_high[at], most)),
        level=found.level,
        p_more=known(stats.t.cdf(difference / se, df)) if moved else None,
        p_value=known(found.p[at]) if moved else None,
    )
