"""Getis-Ord Gi and Gi*: is the sum over an area's neighbourhood larger or smaller than chance would make it?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, stats

from hearback.stats.multiplicity import Correction, largest_p_for_one_discovery
from hearback.stats.spatial_weights import Floats, SpatialWeights, UnusableValues, area_values

Ids = NDArray[np.int32]
Integers = NDArray[np.int64]
POOL = 8_000_000
"""Most area numbers shuffled at once: bounds the memory of a permutation test to some 100 MB."""
ROUNDING = 1e-12
"""Sums nearer than this share of the largest deviation are ties; smaller variances are none."""


@dataclass(frozen=True)
class GetisOrd:
    """The neighbourhood sum of every area with its mean and variance under random arrangement, each (n,).

    `z` is NaN for an area without a neighbourhood and 0 where no arrangement could change the sum.
    """

    total: Floats
    expected: Floats
    variance: Floats

    @property
    def z(self) -> Floats:
        """The standardised sum: positive among high values, negative among low ones."""
        spread = np.sqrt(self.variance)
        far = self.total - self.expected
        return np.asarray(np.where(spread == 0, 0.0, far / np.where(spread == 0, 1.0, spread)))

    @property
    def p_two_sided(self) -> Floats:
        """P-values of `z` by the normal distribution, both tails; too small far out when values are skewed."""
        return np.asarray(2 * stats.norm.sf(np.abs(self.z)))


@dataclass(frozen=True)
class PermutationP:
    """P-values from random arrangements, each (n,): (1 + arrangements at least as extreme) / (1 + all).

    Areas without a neighbourhood have NaN.
    """

    p_upper: Floats
    p_lower: Floats
    permutations: int

    @property
    def p_two_sided(self) -> Floats:
        """Twice the smaller of the two tails, at most 1."""
        return np.asarray(np.minimum(1.0, 2 * np.minimum(self.p_upper, self.p_lower)))

    @property
    def floor_p(self) -> float:
        """The smallest two-sided p-value that so many permutations can give."""
        return 2 / (self.permutations + 1)

    def enough_for_fdr(self, *, level: float = 0.05) -> bool:
        """Whether one area alone could survive Benjamini-Hochberg at `level` among all areas tested.

        When False, "nothing survived" may only mean too few permutations: draw `permutations_needed`, or
        use the exact moments of `gi_star`.
        """
        tested = int(np.isfinite(self.p_upper).sum())
        return self.permutations >= permutations_needed(tested, level=level)


def gi_star(values: ArrayLike, weights: SpatialWeights) -> GetisOrd:
    """Gi*: the sum over each area and its neighbours, with its exact moments when all values are shuffled.

    values (n,). Areas without a self-weight get one by `SpatialWeights.with_self`. Right for any scale of a
    row, unlike formulas written for 0/1 weights. Source: Ord and Getis 1995, Geographical Analysis 27,
    286-306, the standardised Gi* for any weights.
    """
    y = area_values(values, weights)
    matrix = weights.with_self().matrix
    sample_variance = (_deviation(y) ** 2).sum() / max(y.size - 1, 1)
    return GetisOrd(
        total=matrix @ y,
        expected=matrix.sum(axis=1) * y.mean(),
        variance=sample_variance * _spread(matrix, y.size),
    )


def gi(values: ArrayLike, weights: SpatialWeights) -> GetisOrd:
    """Gi: the sum over each area's neighbours without itself, with its exact moments when the area keeps its
    own value and all others are shuffled.

    values (n,), n of at least 3; self-weights are left out. Source: as `gi_star`.
    """
    y = area_values(values, weights)
    if y.size < 3:
        raise UnusableValues(f"{y.size} areas are too few to compare one with the others")
    matrix = weights.without_self().matrix
    deviation, others = _deviation(y), y.size - 1
    all_squares = (deviation**2).sum()
    squares = all_squares - deviation**2 * (1 + 1 / others)
    return GetisOrd(
        total=matrix @ y,
        expected=matrix.sum(axis=1) * (y.mean() - deviation / others),
        variance=_without_rounding(squares, all_squares) / (others - 1) * _spread(matrix, others),
    )


def permutations_needed(n: int, *, level: float = 0.05, correction: Correction = "benjamini-hochberg") -> int:
    """The fewest permutations with which one of n areas alone can survive the correction at `level`."""
    smallest = largest_p_for_one_discovery(max(n, 1), level=level, correction=correction)
    return int(np.ceil(round(2 / smallest, 6))) - 1


def permutation_p(
    values: ArrayLike,
    weights: SpatialWeights,
    *,
    rng: np.random.Generator,
    permutations: int = 9_999,
    conditional: bool = True,
) -> PermutationP:
    """P-values of the neighbourhood sum over random arrangements of the values, exact for any distribution.

    values (n,). Conditional (the default): every area keeps its own value and the others are shuffled, so
    that its self-weight does not matter: Gi, Gi* and local Moran (up to sign) share these p-values.
    Unconditional: all values are shuffled, with self-weights as given; over `weights.with_self()` this is
    the arrangement whose moments `gi_star` uses.

    The areas share the draws. An area that turns up among its own drawn neighbours is exchanged for one
    drawn in addition, which leaves a uniformly random set of the others. Sources: Anselin 1995, Geographical
    Analysis 27, 93-115 (conditional permutation); Phipson and Smyth 2010 (the 1 added above and below).
    """
    if permutations < 1:
        raise UnusableValues("A permutation test needs at least one permutation")
    y = _deviation(area_values(values, weights))
    groups = list(_groups(y, (weights.without_self() if conditional else weights).matrix))
    drawn_areas = max((group.size for group in groups), default=0) + conditional
    tails = np.full((2, y.size), np.nan)
    for group in groups:
        tails[:, group.areas] = 1
    for ids in _draws(y.size, drawn_areas, count=permutations, rng=rng):
        for group in groups:
            count = _tails_alike if (group.shares == 1).all() else _tails
            tails[:, group.areas] += count(group, y, ids, conditional=conditional)
    upper, lower = tails / (1 + permutations)
    return PermutationP(p_upper=upper, p_lower=lower, permutations=permutations)


@dataclass(frozen=True)
class _Group:
    """Areas with equally many neighbours: one draw of that many values serves them all.

    `areas` (m,); `shares` (m, size) are the weights of each row over its heaviest; a sum of at least `low`
    is as extreme as the observed above, one of at most `high` as extreme below (m,).
    """

    areas: Integers
    shares: Floats
    low: Floats
    high: Floats

    @property
    def size(self) -> int:
        """How many neighbours each of the areas has."""
        return int(self.shares.shape[1])

    def drawn_themselves(self, ids: Ids, *, n: int) -> tuple[Integers, Integers, Integers]:
        """Where an area of the group is among the first `size` ids: draw, place and its row in the group."""
        row_of = np.full(n, -1, dtype=np.int64)
        row_of[self.areas] = np.arange(self.areas.size)
        rows = row_of[ids[:, : self.size]]
        draw, place = np.nonzero(rows >= 0)
        return draw, place, rows[draw, place]


def _groups(y: Floats, matrix: sparse.csr_array) -> Iterator[_Group]:
    """The areas by number of neighbours, those that weigh all neighbours alike apart from the others."""
    sizes = np.diff(matrix.indptr)
    even = matrix.min(axis=1, explicit=True).toarray().ravel() == matrix.max(axis=1).toarray().ravel()
    tie = ROUNDING * np.abs(y).max(initial=0)
    for size, alike in np.unique(np.column_stack([sizes, even])[sizes > 0], axis=0):
        areas = np.flatnonzero((sizes == size) & (even == alike))
        stored = matrix.indptr[areas][:, None] + np.arange(size)
        shares = matrix.data[stored] / matrix.data[stored].max(axis=1, keepdims=True)
        observed = (shares * y[matrix.indices[stored]]).sum(axis=1)
        yield _Group(areas, shares, low=observed - tie, high=observed + tie)


def _draws(n: int, size: int, *, count: int, rng: np.random.Generator) -> Iterator[Ids]:
    """`count` ordered draws of `size` different areas out of n, in blocks (draws, size): Fisher-Yates, cut short.

    The pool a block leaves behind serves the next as well as a fresh one: it is shuffled from any order.
    """
    rows = min(count, max(1, POOL // n))
    pool = np.tile(np.arange(n, dtype=np.int32), (rows, 1))
    row = np.arange(rows)
    for done in range(0, count, rows):
        for place in range(size):
            other = rng.integers(place, n, size=rows)
            pool[row, place], pool[row, other] = pool[row, other], pool[row, place]
        yield pool[: count - done, :size]


def _tails(group: _Group, y: Floats, ids: Ids, *, conditional: bool) -> Integers:
    """How many draws give each area of the group at least, and at most, its observed sum: (2, m)."""
    values = y[ids]
    sums = values[:, : group.size] @ group.shares.T
    if conditional:
        draw, place, row = group.drawn_themselves(ids, n=y.size)
        sums[draw, row] += group.shares[row, place] * (values[draw, group.size] - y[group.areas[row]])
    return np.array([(sums >= group.low).sum(axis=0), (sums <= group.high).sum(axis=0)])


def _tails_alike(group: _Group, y: Floats, ids: Ids, *, conditional: bool) -> Integers:
    """The same where all neighbours weigh alike: the areas share one sum per draw, sorted once."""
    values = y[ids]
    sums = values[:, : group.size].sum(axis=1)
    ordered = np.sort(sums)
    tails = np.array(
        [sums.size - np.searchsorted(ordered, group.low), np.searchsorted(ordered, group.high, side="right")]
    )
    if conditional:
        draw, _, row = group.drawn_themselves(ids, n=y.size)
        before = sums[draw]
        after = before + values[draw, group.size] - y[group.areas[row]]
        low, high = group.low[row], group.high[row]
        np.add.at(tails[0], row, (after >= low).astype(np.int64) - (before >= low))
        np.add.at(tails[1], row, (after <= high).astype(np.int64) - (before <= high))
    return tails


def _deviation(y: Floats) -> Floats:
    """The values less their mean; exactly 0 where all are equal, whatever the rounding of the mean."""
    return y - y.mean() if np.ptp(y) > 0 else np.zeros(y.size)


def _spread(matrix: sparse.csr_array, n: int) -> Floats:
    """Variance of a row's weighted sum of n shuffled values of variance 1; NaN for an empty row."""
    squares = np.asarray(matrix.power(2).sum(axis=1), dtype=np.float64)
    spread = _without_rounding(squares - matrix.sum(axis=1) ** 2 / n, squares)
    return np.where(squares > 0, spread, np.nan)


def _without_rounding(difference: Floats, whole: Floats | np.float64) -> Floats:
    """A difference that cannot be negative, 0 where only rounding is left of the whole."""
    return np.where(difference > ROUNDING * whole, difference, 0.0)
