"""Who takes part: each group's voices against its part of the community, and one score for all groups together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.stats.representation.relative_rates import RelativeRates, UnusableCounts, relative_rates

Floats = NDArray[np.float64]


class Heard(StrEnum):
    """What can be said of a group."""

    LESS = "less"
    """Surely less than its part of the community."""
    MORE = "more"
    """Surely more."""
    UNCERTAIN = "uncertain"
    """The interval holds 1: nobody can tell."""


@dataclass(frozen=True)
class Participation:
    """k groups' voices in one channel.

    `share` is a group's part of the voices whose group is known; `share_lowest` and `share_highest` are what it could
    be if none or all of the `unknown` voices were its. `rates` compares with what was to be expected from its part of
    the community; where voices came together, its ratios and intervals rest on fewer voices than it shows. `parity`
    with its interval is 1 where every group is heard at least as its part, and the mean over groups of how much of that
    part is heard otherwise.
    """

    voices: Floats
    population_share: Floats
    share: Floats
    share_lowest: Floats
    share_highest: Floats
    unknown: int
    rates: RelativeRates
    heard: tuple[Heard, ...]
    parity: float
    parity_low: float
    parity_high: float


def participation(
    voices: ArrayLike,
    population: ArrayLike,
    *,
    rng: np.random.Generator,
    population_cv: ArrayLike = 0.0,
    unknown: int = 0,
    design_effect: ArrayLike = 1.0,
    level: float = 0.9,
    draws: int = 4000,
) -> Participation:
    """Voices (k,) of groups against their population (k,), with the relative standard error of the latter.

    A group's expectation is its part of the community times all voices. Where voices came together, counts and
    expectations speak with the weight of their quotients by the `design_effect` of `clustered_counts`, one or (k,).
    The parity score weighs every group alike and takes each ratio from its posterior, so that a small group neither
    drowns in the larger ones nor, with no voice where half a voice was to be expected, brings the score down to 0 on
    its own.
    Raises UnusableCounts where there is no voice, a group without people, or a negative number.
    """
    y, people = np.asarray(voices, dtype=np.float64), np.asarray(population, dtype=np.float64)
    if y.shape != people.shape or y.ndim != 1:
        raise ValueError("voices and population are vectors of one length")
    if not y.sum() > 0:
        raise UnusableCounts("there are no voices yet", remedy="Come back when somebody has spoken")
    if not (people > 0).all():
        raise UnusableCounts("a group has no people", remedy="Leave it out, or join it with another")
    effect = np.asarray(design_effect, dtype=np.float64)
    if not (np.isfinite(effect).all() and (effect >= 1).all()):
        raise ValueError("a design effect is 1 or more")
    total = y.sum()
    part = people / people.sum()
    expected = part * total
    effective = relative_rates(y / effect, expected / effect, expected_cv=population_cv, level=level, alike=False)
    rates = replace(effective, counted=y, expected=expected, raw=y / expected)
    parity = np.minimum(rates.posterior.draw(draws, rng=rng), 1.0).mean(axis=1)
    low, high = np.quantile(parity, [(1 - level) / 2, (1 + level) / 2])
    return Participation(
        voices=y,
        population_share=part,
        share=y / total,
        share_lowest=y / (total + unknown),
        share_highest=(y + unknown) / (total + unknown),
        unknown=unknown,
        rates=rates,
        heard=tuple(map(_heard, rates.low, rates.high)),
        parity=float(parity.mean()),
        parity_low=float(low),
        parity_high=float(high),
    )


def _heard(low: float, high: float) -> Heard:
    if high < 1:
        return Heard.LESS
    return Heard.MORE if low > 1 else Heard.UNCERTAIN
