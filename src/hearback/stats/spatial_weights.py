"""Who is whose neighbour: spatial weights as a sparse matrix, built from polygons, points or a list of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy import sparse, spatial
from shapely.geometry.base import BaseGeometry

from hearback.refusal import Refusal

Floats = NDArray[np.float64]
SNAP = 1e-6
"""Default snapping distance, as a share of the wider side of the map."""


class UnusableNeighbours(Refusal):
    """Polygons, points or pairs from which no neighbourhood can be built."""


class UnusableValues(Refusal):
    """Values that do not fit the areas, or are missing where a statistic needs them all."""


@dataclass(frozen=True, eq=False)
class SpatialWeights:
    """Spatial weights of n areas: row i of `matrix` (n, n) holds the weights of the neighbours of area i.

    Weights are finite and not negative; zeros are not stored. A weight on the diagonal makes an area its
    own neighbour, as Gi* needs.
    """

    matrix: sparse.csr_array

    def __post_init__(self) -> None:
        matrix = sparse.csr_array(self.matrix.astype(np.float64))
        if matrix.shape[0] != matrix.shape[1]:
            raise ValueError(f"spatial weights are square, not {matrix.shape}")
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        if not np.isfinite(matrix.data).all() or (matrix.data < 0).any():
            raise UnusableNeighbours("A spatial weight is negative or not a number")
        object.__setattr__(self, "matrix", matrix)

    @property
    def n(self) -> int:
        """Number of areas."""
        return int(self.matrix.shape[0])

    @property
    def islands(self) -> tuple[int, ...]:
        """Positions of the areas without any neighbour but themselves, to be reported with every result."""
        return tuple(int(i) for i in np.flatnonzero(self.neighbour_counts == 0))

    @property
    def neighbour_counts(self) -> NDArray[np.int64]:
        """How many other areas each area has as neighbours, shape (n,)."""
        on_diagonal = self.matrix.diagonal() != 0
        return np.asarray(np.diff(self.matrix.indptr) - on_diagonal, dtype=np.int64)

    def row_standardised(self) -> SpatialWeights:
        """The same neighbours, every row scaled to sum to 1 (style W); islands stay empty."""
        total = self.matrix.sum(axis=1)
        factor = np.divide(1, total, where=total > 0, out=np.zeros(self.n))
        return SpatialWeights(sparse.csr_array(sparse.diags_array(factor) @ self.matrix))

    def with_self(self) -> SpatialWeights:
        """The same weights with each area its own neighbour, weighing as much as its heaviest neighbour.

        So Gi* is the same for binary and for row-standardised weights. A self-weight already there is kept;
        an island gets 1.
        """
        heaviest = self.matrix.max(axis=1).toarray().ravel()
        diagonal = np.where(self.matrix.diagonal() > 0, 0.0, np.where(heaviest > 0, heaviest, 1.0))
        return SpatialWeights(sparse.csr_array(self.matrix + sparse.diags_array(diagonal)))

    def without_self(self) -> SpatialWeights:
        """The same weights with nothing on the diagonal."""
        return SpatialWeights(sparse.csr_array(self.matrix - sparse.diags_array(self.matrix.diagonal())))

    def among(self, chosen: NDArray[np.bool_]) -> SpatialWeights:
        """The weights between the areas marked in `chosen` (n,) alone; row-standardise again afterwards."""
        return SpatialWeights(self.matrix[chosen][:, chosen])


def contiguity(
    polygons: Sequence[BaseGeometry] | NDArray[np.object_],
    *,
    rule: Literal["queen", "rook"] = "queen",
    snap: float | None = None,
) -> SpatialWeights:
    """Binary weights of polygons that touch: at a point (queen) or along an edge (rook).

    Borders nearer than `snap` (units of the coordinates; default one millionth of the map's wider side,
    30 cm on a map of 300 km) count as touching, so that independently rounded borders still meet. A rook's
    edge runs within `snap` of the other polygon for more than ten times `snap`. Overlapping polygons touch.
    Islands stay without neighbours: see `SpatialWeights.islands`.
    """
    shapes = np.asarray(polygons, dtype=object)
    empty = np.flatnonzero(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if empty.size:
        raise UnusableNeighbours(
            "The polygon is missing or empty",
            where=f"area {empty[0] + 1} of {shapes.size}",
            remedy="Leave areas without a shape out before neighbours are sought",
        )
    west, south, east, north = shapely.total_bounds(shapes)
    reach = SNAP * max(east - west, north - south) if snap is None else snap
    pairs = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=reach)
    one, other = pairs[:, pairs[0] < pairs[1]]
    if rule == "rook":
        along = _length_within(shapes, one, other, reach=reach) > 10 * reach
        one, other = one[along], other[along]
    return _symmetric(one, other, n=shapes.size)


def from_edges(edges: ArrayLike, *, n: int) -> SpatialWeights:
    """Binary weights of n areas from directed pairs (m, 2): row 0 says that area `edges[0, 1]` is a neighbour
    of area `edges[0, 0]`, both counted from 0; repeated pairs count once."""
    pairs = np.asarray(edges, dtype=np.int64).reshape(-1, 2)
    wrong = np.flatnonzero(((pairs < 0) | (pairs >= n)).any(axis=1))
    if wrong.size:
        raise UnusableNeighbours(
            f"The pair {tuple(pairs[wrong[0]].tolist())} names an area outside 0 to {n - 1}",
            where=f"pair {wrong[0] + 1} of {len(pairs)}",
            remedy="Count areas from 0 in the order of the values",
        )
    pairs = np.unique(pairs, axis=0)
    return SpatialWeights(sparse.csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n)))


def k_nearest(points: ArrayLike, *, k: int) -> SpatialWeights:
    """Binary weights of the k nearest other points (n, 2), in projected units; not symmetric in general."""
    places = _points(points)
    n = len(places)
    if not 0 < k < n:
        raise UnusableNeighbours(f"{k} nearest neighbours cannot be found among {n - 1} other areas")
    found = np.asarray(spatial.KDTree(places).query(places, k=k + 1)[1])
    is_self = found == np.arange(n)[:, None]
    is_self[~is_self.any(axis=1), k] = True  # so many points in one place that a point is not among its own nearest
    edges = np.column_stack([np.repeat(np.arange(n), k), found[~is_self]])
    return from_edges(edges, n=n)


def distance_band(points: ArrayLike, *, distance: float) -> SpatialWeights:
    """Binary weights of all other points (n, 2) no farther than `distance`, in the units of the points."""
    places = _points(points)
    pairs = spatial.KDTree(places).query_pairs(distance, output_type="ndarray")
    return _symmetric(pairs[:, 0], pairs[:, 1], n=len(places))


def area_values(values: ArrayLike, weights: SpatialWeights) -> Floats:
    """The values (n,) as floats; refuses a number that differs from the areas', and missing values."""
    y = np.asarray(values, dtype=np.float64)
    if y.shape != (weights.n,) or y.size == 0:
        raise UnusableValues(
            f"There are {y.size} values for {weights.n} areas",
            remedy="Give one value for each area, in the order of the weights",
        )
    missing = np.flatnonzero(~np.isfinite(y))
    if missing.size:
        raise UnusableValues(
            "The value is missing or not finite",
            where=f"area {missing[0] + 1} of {y.size}",
            remedy="Leave such areas out of values and weights (SpatialWeights.among)",
        )
    return y


def _symmetric(one: NDArray[np.int64], other: NDArray[np.int64], *, n: int) -> SpatialWeights:
    return from_edges(np.column_stack([np.r_[one, other], np.r_[other, one]]), n=n)


def _length_within(
    shapes: NDArray[np.object_], one: NDArray[np.int64], other: NDArray[np.int64], *, reach: float
) -> Floats:
    """Length of the border of `other` that lies within `reach` of `one`, pair by pair."""
    widened = shapely.buffer(shapes, reach, quad_segs=2)
    return np.asarray(shapely.length(shapely.intersection(shapely.boundary(shapes)[other], widened[one])))


def _points(points: ArrayLike) -> Floats:
    places = np.asarray(points, dtype=np.float64)
    if places.ndim != 2 or places.shape[1] != 2 or not np.isfinite(places).all():
        raise UnusableNeighbours("Points need two finite coordinates each")
    return places
