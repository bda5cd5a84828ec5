"""Which polygon holds each of many points: a grid answers most of them, exact geometry the rest."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

OUTSIDE = -1
"""The answer for a point that no polygon covers."""

CHUNK_POINTS = 1 << 17
CELLS_PER_POLYGON = 1024
FEWEST_CELLS, MOST_CELLS = 1 << 16, 1 << 22
ROUNDING = 1e-6
"""How far, in cells, a border is thickened: far above rounding error, far below anything that costs time."""

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


class PolygonLocator:
    """Finds the polygon that covers a point, borders included; of several polygons, the lowest index.

    A square grid is laid over the polygons once. A cell that no border touches has one answer, looked up; only
    points in cells with a border are tested against the polygons whose border is there, in order of index, by
    GEOS. The answers are therefore those of `shapely.covers`, point by point.
    """

    def __init__(self, polygons: Sequence[shapely.Geometry]) -> None:
        """Lay the grid over polygons and multipolygons; ValueError for anything else that is not empty."""
        self._polygons = np.array(list(polygons), dtype=object)
        filled = ~(shapely.is_missing(self._polygons) | shapely.is_empty(self._polygons))
        if np.any(shapely.get_dimensions(self._polygons[filled]) != 2):
            raise ValueError("only polygons and multipolygons can hold points")
        shapely.prepare(self._polygons)
        self._index_before_threads_do()
        self._grid = _Grid.over(self._polygons[filled])
        self._default, self._first, self._candidates = _classify(self._polygons, np.flatnonzero(filled), self._grid)

    def locate(self, longitude: Floats, latitude: Floats) -> Ints:
        """Index of the polygon covering each point, OUTSIDE (-1) where none does or a coordinate is not a number."""
        x, y = (np.ascontiguousarray(values, dtype=np.float64) for values in (longitude, latitude))
        if x.shape != y.shape or x.ndim != 1:
            raise ValueError(f"longitude {x.shape} and latitude {y.shape} must be equally long vectors")
        answer = np.empty(len(x), np.int32)
        chunks = [slice(start, start + CHUNK_POINTS) for start in range(0, len(x), CHUNK_POINTS)]

        def fill(chunk: slice) -> None:
            answer[chunk] = self._locate_chunk(x[chunk], y[chunk])

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(fill, chunks))
        return answer

    def _index_before_threads_do(self) -> None:
        """GEOS indexes a prepared polygon's borders at the first question, and must not do so twice at once."""
        west, south, _, _ = shapely.bounds(self._polygons).T
        shapely.intersects_xy(self._polygons, west, south)

    def _locate_chunk(self, x: Floats, y: Floats) -> Ints:
        cell = self._grid.cells(x, y)
        answer = self._default[cell]
        point = np.flatnonzero(self._first[cell + 1] > self._first[cell])
        point = point[np.argsort(cell[point], kind="stable")]
        pair, last = self._first[cell[point]], self._first[cell[point] + 1]
        while len(point):
            polygon = self._candidates[pair]
            covered = shapely.intersects_xy(self._polygons[polygon], x[point], y[point])
            answer[point[covered]] = polygon[covered]
            pair += 1
            left = ~covered & (pair < last)
            point, pair, last = point[left], pair[left], last[left]
        return answer


@dataclass(frozen=True)
class _Grid:
    """Square cells over the extent of all polygons, numbered row by row; one more number means "off the grid"."""

    west: float
    south: float
    size: float
    columns: int
    rows: int

    @classmethod
    def over(cls, polygons: NDArray[np.object_]) -> _Grid:
        """As many cells as the polygons are worth, never finer than the coordinates can tell apart."""
        if not len(polygons):
            return cls(0.0, 0.0, 1.0, 1, 1)
        west, south, east, north = shapely.total_bounds(polygons)
        wanted = min(max(len(polygons) * CELLS_PER_POLYGON, FEWEST_CELLS), MOST_CELLS)
        finest = max(abs(west), abs(south), abs(east), abs(north)) * np.finfo(float).eps / ROUNDING * 8
        width, height = east - west, north - south
        size = max(np.sqrt(width * height / wanted), (width + height) / wanted, finest) or 1.0
        return cls(west, south, size, int(width / size) + 1, int(height / size) + 1)

    @property
    def off(self) -> int:
        """The number of the cell that stands for everywhere else."""
        return self.rows * self.columns

    def cells(self, x: Floats, y: Floats) -> NDArray[np.int64]:
        """The cell of each point, `off` beyond the grid and for coordinates that are not numbers."""
        with np.errstate(over="ignore"):
            column, row = (x - self.west) / self.size, (y - self.south) / self.size
        on_grid = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        cell = np.full(x.shape, self.off)
        cell[on_grid] = row[on_grid].astype(np.int64) * self.columns + column[on_grid].astype(np.int64)
        return cell


def _classify(polygons: NDArray[np.object_], filled: NDArray[np.intp], grid: _Grid) -> tuple[Ints, Ints, Ints]:
    """Per cell: its answer where no candidate covers the point; where its candidates begin; the candidates.

    The answer is the lowest polygon that holds the whole cell. Candidates are the polygons of lower index whose
    border touches the cell, lowest first.
    """
    border = _border_cells(polygons[filled], grid)
    owner, cell = filled[border // grid.off], border % grid.off
    default = _inner_cells(polygons, owner, cell, grid)
    keep = (default[cell] == OUTSIDE) | (owner < default[cell])
    owner, cell = owner[keep], cell[keep]
    order = np.argsort(cell, kind="stable")
    first = np.zeros(grid.off + 2, np.int32)
    np.cumsum(np.bincount(cell, minlength=grid.off + 1), out=first[1:])
    return default, first, owner[order].astype(np.int32)


def _border_cells(polygons: NDArray[np.object_], grid: _Grid) -> NDArray[np.int64]:
    """Each polygon's cells touched by a border, as position * grid.off + cell, sorted, each once.

    Borders are cut into pieces of at most half a cell each way, so that the cells of a piece are its corners'.
    """
    parts, owner = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    at = (xy - (grid.west, grid.south)) / grid.size
    edge = np.flatnonzero(ring[1:] == ring[:-1])
    pieces = np.ceil(2 * np.abs(at[edge + 1] - at[edge]).max(axis=1, initial=0.5)).astype(np.int64)
    step, edge, pieces = _counting_up(pieces), np.repeat(edge, pieces), np.repeat(pieces, pieces)
    move = (at[edge + 1] - at[edge]) / pieces[:, None]
    start = at[edge] + move * step[:, None]
    most = (grid.columns - 1, grid.rows - 1)
    low = np.clip(np.floor(np.minimum(start, start + move) - ROUNDING), 0, most).astype(np.int64)
    high = np.clip(np.floor(np.maximum(start, start + move) + ROUNDING), 0, most).astype(np.int64)
    base = owner[part[ring[edge]]] * grid.off
    corners = [row * grid.columns + column for row in (low[:, 1], high[:, 1]) for column in (low[:, 0], high[:, 0])]
    return np.unique(np.concatenate([base + corner for corner in corners]))


def _inner_cells(polygons: NDArray[np.object_], owner: NDArray[np.intp], cell: NDArray[np.int64], grid: _Grid) -> Ints:
    """Per cell, and for the one off the grid, the lowest polygon that holds all of it.

    Between two border cells in a row of the grid no border passes, so one point tells for the whole run.
    """
    default = np.full(grid.off + 1, OUTSIDE, np.int32)
    row, column = np.divmod(cell, grid.columns)
    length = np.diff(cell) - 1
    run = np.flatnonzero((owner[1:] == owner[:-1]) & (row[1:] == row[:-1]) & (length > 0))
    x, y = grid.west + (column[run] + 1.5) * grid.size, grid.south + (row[run] + 0.5) * grid.size
    run = run[shapely.intersects_xy(polygons[owner[run]], x, y)][::-1]  # the lowest polygon writes last
    length = length[run]
    default[np.repeat(cell[run] + 1, length) + _counting_up(length)] = np.repeat(owner[run], length)
    return default


def _counting_up(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, …, length - 1 for each length, one after the other."""
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
