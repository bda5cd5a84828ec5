"""Hot, cold or uncertain: where values stand out from chance, said only when it survives all tests together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.refusal import Refusal
from hearback.stats.getis_ord import gi_star, permutation_p, permutations_needed
from hearback.stats.multiplicity import Correction, adjust
from hearback.stats.rates import LEAST_POPULATION, ebi_deviates
from hearback.stats.spatial_weights import Floats, SpatialWeights, area_values

BEYOND_NEED, AT_LEAST = 4, 99_999
"""Default permutations: with the fewest possible, one unlucky draw would lose a clear hot spot, and with
fewer than 100,000 areas near the level would change their name from seed to seed."""
FARTHEST, WILD = 3.0, 6.0
"""Standard deviations that an area's rate may count, and those beyond which it says nothing of how much areas
differ: one museum mile of 33 residents and 151 robberies would otherwise hide every hot spot of Washington, DC."""


class TooFewPermutations(Refusal):
    """A number of permutations with which no area could ever be named."""


@dataclass(frozen=True)
class Hotspots:
    """What can be said of every area, each (n,): "hot", "cold", "uncertain", or "unknown" without a value or
    without a neighbour that has one.

    `z` is Gi*; `p` its two-sided p-value, NaN where unknown; `p_adjusted` the same for all areas together.
    An area is hot or cold when `p_adjusted` is at most `level`.
    """

    label: NDArray[np.str_]
    z: Floats
    p: Floats
    p_adjusted: Floats
    level: float
    correction: Correction
    permutations: int

    @property
    def floor_p(self) -> float:
        """The smallest `p` that so many permutations can give."""
        return 2 / (self.permutations + 1)

    @property
    def tested(self) -> int:
        """How many areas could be tested."""
        return int(np.isfinite(self.p).sum())

    @property
    def raw_hits(self) -> int:
        """How many areas would be named if each were the only one looked at; by chance alone level x tested."""
        return int((self.p <= self.level).sum())

    @property
    def surviving(self) -> int:
        """How many areas are named after the correction for looking at all of them."""
        return int((self.p_adjusted <= self.level).sum())


def classify(
    values: ArrayLike,
    weights: SpatialWeights,
    *,
    rng: np.random.Generator,
    level: float = 0.05,
    correction: Correction = "benjamini-hochberg",
    permutations: int | None = None,
) -> Hotspots:
    """Name the areas whose neighbourhood is higher (hot) or lower (cold) than random arrangement explains.

    values (n,), NaN where unknown, of areas that one could exchange if nothing were going on: for counts over
    unequal populations use `classify_rates`. The p-value of an area is the larger of two, so that neither a
    skewed distribution nor a lucky draw makes a pattern: the normal tail of Gi* with its exact moments, and
    the share of random arrangements of all values. Unless given, the number of permutations is
    `BEYOND_NEED` times the fewest with which one area alone could survive the correction, or `AT_LEAST`.
    """
    y = np.asarray(values, dtype=np.float64)
    known = ~np.isnan(y)
    y = area_values(np.where(known, y, 0), weights)[known]
    among = weights.among(known)
    tested = among.neighbour_counts > 0
    draws = _enough_permutations(int(tested.sum()), level=level, correction=correction, asked=permutations)
    z, p = (np.full(known.size, np.nan) for _ in range(2))
    if tested.any():
        moments = gi_star(y, among)
        shuffled = permutation_p(y, among.with_self(), rng=rng, permutations=draws, conditional=False)
        z[known] = np.where(tested, moments.z, np.nan)
        p[known] = np.where(tested, np.maximum(moments.p_two_sided, shuffled.p_two_sided), np.nan)
    adjusted = adjust(p, correction=correction)
    named = np.where(z > 0, "hot", "cold").astype("U9")
    label = np.where(np.isnan(p), "unknown", np.where(adjusted <= level, named, "uncertain"))
    return Hotspots(label, z, p, adjusted, level=level, correction=correction, permutations=draws)


def classify_rates(
    counts: ArrayLike,
    population: ArrayLike,
    weights: SpatialWeights,
    *,
    rng: np.random.Generator,
    level: float = 0.05,
    correction: Correction = "benjamini-hochberg",
    permutations: int | None = None,
    least_population: float = LEAST_POPULATION,
) -> Hotspots:
    """Name the areas in whose neighbourhood events are more or less frequent than random arrangement explains.

    counts, population (n,), NaN where unknown; fewer people than `least_population` are unknown too. Each area
    counts by its empirical Bayes index deviate, at most `FARTHEST`, so that neither a small population's wild
    rate nor a single extraordinary area speaks for its neighbourhood; otherwise as `classify`. Gi* of raw
    rates, or of rates smoothed before the test, does not hold the level.
    """
    people = np.asarray(population, dtype=np.float64)
    people = np.where(people >= least_population, people, np.nan)
    deviates = ebi_deviates(counts, people)
    deviates = ebi_deviates(counts, people, prior_of=np.abs(deviates) <= WILD)
    return classify(
        deviates.clip(-FARTHEST, FARTHEST),
        weights,
        rng=rng,
        level=level,
        correction=correction,
        permutations=permutations,
    )


def _enough_permutations(tested: int, *, level: float, correction: Correction, asked: int | None) -> int:
    needed = permutations_needed(tested, level=level, correction=correction)
    if asked is None:
        return max(AT_LEAST, BEYOND_NEED * needed)
    if asked < needed:
        raise TooFewPermutations(
            f"{asked} permutations give no p-value below {2 / (asked + 1):.2g}, so that no single one of "
            f"{tested} areas could survive the correction",
            remedy=f"Use at least {needed} permutations, or leave the number out",
        )
    return asked
