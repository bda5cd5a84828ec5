"""Spatial autocorrelation: do neighbouring areas resemble each other (Moran, Geary), and where (local Moran)?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, stats

from hearback.stats.getis_ord import gi
from hearback.stats.spatial_weights import Floats, SpatialWeights, UnusableValues, area_values

NO_VARIANCE = 1e-12
"""Variance of a global statistic below which only rounding is left: every area neighbours every other."""


@dataclass(frozen=True)
class Autocorrelation:
    """A global statistic with its mean and variance under random arrangement of the values.

    `likeness` is 1 where a large statistic means that neighbours resemble each other (Moran's I), -1 where a
    small one does (Geary's C).
    """

    statistic: float
    expected: float
    variance: float
    likeness: Literal[1, -1]

    @property
    def z(self) -> float:
        """The standardised statistic, positive when neighbours resemble each other; 0 if it cannot vary."""
        if self.variance < NO_VARIANCE:
            return 0.0
        return self.likeness * (self.statistic - self.expected) / math.sqrt(self.variance)

    @property
    def p_clustered(self) -> float:
        """One-sided p-value, by the normal distribution, that neighbours resemble each other."""
        return float(stats.norm.sf(self.z))

    @property
    def p_two_sided(self) -> float:
        """Two-sided p-value by the normal distribution."""
        return float(2 * stats.norm.sf(abs(self.z)))


@dataclass(frozen=True)
class LocalMoran:
    """Local Moran's I of every area with its conditional mean and variance, each (n,); islands have NaN.

    `quadrant` says how an area and its neighbours stand to the overall mean: "high-high", "low-low",
    "high-low" (a high area among low ones) or "low-high"; "" for an island.
    """

    statistic: Floats
    expected: Floats
    variance: Floats
    z: Floats
    quadrant: NDArray[np.str_]

    @property
    def p_two_sided(self) -> Floats:
        """Two-sided p-values by the normal distribution; `permutation_p` gives them without it."""
        return np.asarray(2 * stats.norm.sf(np.abs(self.z)))


def moran(values: ArrayLike, weights: SpatialWeights) -> Autocorrelation:
    """Moran's I with its moments under randomisation.

    values (n,), n of at least 4, not all equal. Islands count as areas with an empty row.
    Source: Cliff and Ord 1981, Spatial Processes, pp. 17 and 21.
    """
    deviation, matrix = _usable(values, weights)
    n, squares = deviation.size, (deviation**2).sum()
    s0, s1, s2 = _weight_sums(matrix)
    kurtosis = n * (deviation**4).sum() / squares**2
    expected = -1 / (n - 1)
    second_moment = (
        n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2) - kurtosis * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    ) / ((n - 1) * (n - 2) * (n - 3) * s0**2)
    statistic = n / s0 * (deviation @ (matrix @ deviation)) / squares
    return Autocorrelation(
        statistic=float(statistic), expected=expected, variance=float(second_moment - expected**2), likeness=1
    )


def geary(values: ArrayLike, weights: SpatialWeights) -> Autocorrelation:
    """Geary's C with its moments under randomisation: below 1 when neighbours resemble each other.

    values (n,), n of at least 4, not all equal. Source: Cliff and Ord 1981, pp. 17 and 21.
    """
    deviation, matrix = _usable(values, weights)
    n, squares = deviation.size, (deviation**2).sum()
    s0, s1, s2 = _weight_sums(matrix)
    kurtosis = n * (deviation**4).sum() / squares**2
    pairs = matrix.tocoo()
    differences = (pairs.data * (deviation[pairs.coords[0]] - deviation[pairs.coords[1]]) ** 2).sum()
    statistic = (n - 1) * differences / (2 * s0 * squares)
    variance = (
        (n - 1) * s1 * (n**2 - 3 * n + 3 - (n - 1) * kurtosis)
        - (n - 1) * s2 * (n**2 + 3 * n - 6 - (n**2 - n + 2) * kurtosis) / 4
        + s0**2 * (n**2 - 3 - (n - 1) ** 2 * kurtosis)
    ) / (n * (n - 2) * (n - 3) * s0**2)
    return Autocorrelation(statistic=float(statistic), expected=1.0, variance=float(variance), likeness=-1)


def local_moran(values: ArrayLike, weights: SpatialWeights) -> LocalMoran:
    """Local Moran's I, scaled by the mean square of all n deviations, with the moments it has when each area
    keeps its own value and the others are shuffled.

    values (n,), n of at least 4, not all equal. Sources: Anselin 1995, Geographical Analysis 27, 93-115;
    Sokal, Oden and Thomson 1998, Geographical Analysis 30, 331-354 (conditional moments).
    """
    deviation, _ = _usable(values, weights)
    neighbours = gi(deviation, weights)
    own = deviation / (deviation**2).mean()
    around = np.where(np.isnan(neighbours.variance), np.nan, neighbours.total)
    names = np.where(deviation > 0, "high-", "low-").astype("U9")
    names = np.char.add(names, np.where(around > 0, "high", "low"))
    return LocalMoran(
        statistic=own * around,
        expected=own * neighbours.expected,
        variance=own**2 * neighbours.variance,
        z=np.sign(own) * neighbours.z,
        quadrant=np.where(np.isnan(around), "", names),
    )


def _usable(values: ArrayLike, weights: SpatialWeights) -> tuple[Floats, sparse.csr_array]:
    """Deviations from the mean, and the weights without self-weights."""
    y = area_values(values, weights)
    if y.size < 4:
        raise UnusableValues(f"{y.size} areas are too few for a statement about neighbours; 4 are the least")
    if np.ptp(y) == 0:
        raise UnusableValues("All values are equal, so neighbours cannot resemble each other more than others do")
    matrix = weights.without_self().matrix
    if matrix.nnz == 0:
        raise UnusableValues("No area has a neighbour", remedy="Check the weights: all areas are islands")
    return y - y.mean(), matrix


def _weight_sums(matrix: sparse.csr_array) -> tuple[float, float, float]:
    """S0, S1 and S2 of Cliff and Ord: all weights, their symmetric squares, the squares of row plus column."""
    both = matrix + matrix.T
    s2 = ((matrix.sum(axis=1) + matrix.sum(axis=0)) ** 2).sum()
    return float(matrix.sum()), float(both.power(2).sum() / 2), float(s2)
