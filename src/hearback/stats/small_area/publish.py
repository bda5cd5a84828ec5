"""Which areas may be shown: alone where the interval is useful, else pooled with neighbours, else not at all."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from hearback.refusal import Refusal
from hearback.stats.small_area.area_draws import AreaDraws, Interval


class UnusableNeighbourhood(Refusal):
    """Neighbours that do not fit the areas."""


class Showing(StrEnum):
    """How an area appears."""

    ALONE = "alone"
    POOLED = "pooled"
    WITHHELD = "withheld"


class Reason(StrEnum):
    """Why an area's own interval is not useful."""

    TOO_WIDE = "too_wide"
    TOO_VARIABLE = "too_variable"


@dataclass(frozen=True)
class Rule:
    """When an interval is useful: no wider than `widest`, in the units of the estimate, and with a standard error of
    at most `largest_cv` times the estimate where that is given; at most `largest_pool` areas are pooled."""

    widest: float
    largest_cv: float | None = None
    largest_pool: int = 4


@dataclass(frozen=True)
class PublishedArea:
    """An area as it may be shown: `members` are the areas its numbers stand for, itself among them, `interval` is
    None where it is withheld, `reasons` say what was wrong with its own interval, `own_width` wide."""

    area: Hashable
    showing: Showing
    members: tuple[Hashable, ...]
    interval: Interval | None
    reasons: tuple[Reason, ...]
    own_width: float


def publish(
    estimates: AreaDraws, *, neighbours: Mapping[Hashable, Sequence[Hashable]], rule: Rule
) -> tuple[PublishedArea, ...]:
    """Every area by the rule, in the order of the estimates.

    The area with the widest interval looks for a pool first. A pool grows by the neighbour that narrows its interval
    most, areas that cannot be shown alone before those that can (which go on being shown alone as well), until the
    interval is useful; who finds no one joins the pool of a neighbour that has room. No area is in two pools, so that
    pools cannot be subtracted from each other.
    """
    _refuse_strangers(estimates, neighbours)
    own = {area: estimates.together([area]) for area in estimates.areas}
    reasons = {area: _reasons(estimates, [area], rule) for area in estimates.areas}
    unfit = sorted((area for area in own if reasons[area]), key=lambda area: -_width(own[area]))
    pool_of: dict[Hashable, tuple[Hashable, ...]] = {}
    for area in unfit:
        if area not in pool_of:
            pool = _grown(area, estimates, neighbours, rule, taken=set(pool_of), unfit=set(unfit))
            pool_of.update(dict.fromkeys(pool, pool))
    for area in unfit:
        for pool in [pool_of.get(other, ()) for other in neighbours.get(area, ())]:
            wider = (*pool, area)
            if area not in pool_of and 0 < len(pool) < rule.largest_pool and not _reasons(estimates, wider, rule):
                pool_of.update(dict.fromkeys(wider, wider))
    return tuple(_published(area, own[area], reasons[area], pool_of.get(area), estimates) for area in estimates.areas)


def _published(
    area: Hashable,
    own: Interval,
    reasons: tuple[Reason, ...],
    pool: tuple[Hashable, ...] | None,
    estimates: AreaDraws,
) -> PublishedArea:
    if not reasons:
        return PublishedArea(area, Showing.ALONE, (area,), own, reasons, _width(own))
    if pool is None:
        return PublishedArea(area, Showing.WITHHELD, (area,), None, reasons, _width(own))
    return PublishedArea(area, Showing.POOLED, pool, estimates.together(pool), reasons, _width(own))


def _grown(
    area: Hashable,
    estimates: AreaDraws,
    neighbours: Mapping[Hashable, Sequence[Hashable]],
    rule: Rule,
    *,
    taken: set[Hashable],
    unfit: set[Hashable],
) -> tuple[Hashable, ...]:
    """The pool of an area, empty if none of the largest size allowed is useful."""
    pool = [area]
    while len(pool) < rule.largest_pool:
        near = [other for member in pool for other in neighbours.get(member, ()) if other not in {*pool, *taken}]
        if not near:
            return ()
        widths = {other: _width(estimates.together([*pool, other])) for other in near}
        pool.append(min(widths, key=lambda other: (other not in unfit, widths[other])))
        if not _reasons(estimates, pool, rule):
            return tuple(pool)
    return ()


def _reasons(estimates: AreaDraws, members: Sequence[Hashable], rule: Rule) -> tuple[Reason, ...]:
    interval = estimates.together(members)
    found = []
    if not _width(interval) <= rule.widest:
        found.append(Reason.TOO_WIDE)
    if rule.largest_cv is not None and interval.sd > rule.largest_cv * np.abs(interval.estimate):
        found.append(Reason.TOO_VARIABLE)
    return tuple(found)


def _width(interval: Interval) -> float:
    return interval.high - interval.low


def _refuse_strangers(estimates: AreaDraws, neighbours: Mapping[Hashable, Sequence[Hashable]]) -> None:
    known = set(estimates.areas)
    named = [area for one, others in neighbours.items() for area in (one, *others)]
    stranger = next((area for area in named if area not in known), None)
    if stranger is not None:
        raise UnusableNeighbourhood(
            f"The neighbours name {stranger}, for which there is no estimate",
            remedy="Name areas alike in estimates and neighbours, and leave out areas without people",
        )
