"""The silence map: where fewer voices came than were to be expected, which is no sign that nothing is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.stats.representation.relative_rates import RelativeRates, UnusableCounts, relative_rates

Floats = NDArray[np.float64]

SURE = 0.95
"""The probability from which on an area is called quiet or loud; so at most one call in twenty is wrong, however many
areas are looked at."""


FEWEST_EXPECTED = 3.0
"""Where fewer voices were to be expected, silence is no news: an area is not called quiet for being like others."""


class Voice(StrEnum):
    """What can be said of an area."""

    QUIET = "quiet"
    LOUD = "loud"
    UNCERTAIN = "uncertain"
    UNKNOWN = "unknown"
    """Nobody lives here, or nobody knows how many."""


@dataclass(frozen=True)
class Silence:
    """Voices of n areas against expectation; `rates` holds the areas where something is expected (`known`, n)."""

    known: NDArray[np.bool_]
    rates: RelativeRates
    voices: tuple[Voice, ...]
    missing: Floats
    """How many more voices (n,) an area would have, did it speak as the city does; NaN where unknown."""


def silence(voices: ArrayLike, population: ArrayLike, *, level: float = 0.9) -> Silence:
    """Voices (n,) of areas against their part of the population (n,); NaN or 0 people make an area unknown.

    Each call is right with a probability of at least 19 in 20 given all areas' voices, so that many areas looked at at
    once give no more false alarms than one. Volume is not need: quiet is a place to go to and ask.
    Source: Efron 2008 (local false discovery rate).
    """
    y, people = np.asarray(voices, dtype=np.float64), np.asarray(population, dtype=np.float64)
    known = np.isfinite(people) & (people > 0)
    if not (known.any() and y[known].sum() > 0):
        raise UnusableCounts("there are no voices yet", remedy="Come back when somebody has spoken")
    expected = people[known] / people[known].sum() * y[known].sum()
    rates = relative_rates(y[known], expected, level=level)
    called = np.full(y.size, Voice.UNKNOWN, dtype=object)
    called[known] = np.where(
        (rates.p_below >= SURE) & (expected >= FEWEST_EXPECTED),
        Voice.QUIET,
        np.where(rates.p_below <= 1 - SURE, Voice.LOUD, Voice.UNCERTAIN),
    )
    missing = np.full(y.size, np.nan)
    missing[known] = np.maximum(expected * (1 - rates.ratio), 0.0)
    return Silence(known, rates, tuple(called), missing)
