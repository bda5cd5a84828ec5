"""The grid and its borders against one call of `shapely.covers` per point and polygon."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import affine_transform

from hearback.evidence import point_in_polygon
from hearback.evidence.point_in_polygon import OUTSIDE, PolygonLocator

pytestmark = pytest.mark.brute

LATTICE = 8
WASHINGTON = (0.1, 0.013, -0.007, 0.1, -77.0364, 38.8951)
"""An affine map to degrees that no binary fraction holds exactly: corners and edges fall between the numbers."""
PROJECTED = (317.3, 0.0, 0.0, 317.3, 1_296_000.7, 449_000.3)
TINY = (1e-7, 0.0, 0.0, 1e-7, -77.0364, 38.8951)

at_lattice = st.integers(0, LATTICE)
corner = st.tuples(at_lattice, at_lattice)


def covered_by(polygons: list[shapely.Geometry], x: float, y: float) -> int:
    """The slow, obvious answer."""
    for index, polygon in enumerate(polygons):
        if shapely.covers(polygon, shapely.Point(x, y)):
            return index
    return OUTSIDE


def box(a: tuple[int, int], b: tuple[int, int]) -> shapely.Geometry:
    return shapely.box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))


boxes = st.builds(box, corner, corner)
triangles = st.builds(lambda *corners: shapely.Polygon(corners), corner, corner, corner)
hulls = st.lists(corner, min_size=3, max_size=7).map(lambda corners: shapely.MultiPoint(corners).convex_hull)
simple = st.one_of(boxes, triangles, hulls)
with_holes = st.builds(shapely.difference, simple, simple)
in_parts = st.lists(simple, min_size=2, max_size=4).map(shapely.union_all)
polygons_of_all_sorts = (
    st.one_of(simple, with_holes, in_parts)
    .map(lambda shape: shapely.union_all([part for part in shapely.get_parts(shape) if part.area > 0]))
    .filter(lambda shape: shape.geom_type in ("Polygon", "MultiPolygon") and shape.is_valid)
)


@settings(max_examples=150, deadline=None)
@given(
    shapes=st.lists(polygons_of_all_sorts, min_size=1, max_size=6),
    map_to=st.sampled_from([(1, 0, 0, 1, 0, 0), WASHINGTON, PROJECTED, TINY]),
    cells=st.sampled_from([1, 7, 64, 5_000]),
    free=st.lists(st.tuples(st.floats(-1, LATTICE + 1), st.floats(-1, LATTICE + 1)), max_size=20),
)
def test_every_point_is_where_covers_says_even_on_corners_and_shared_edges(
    shapes: list[shapely.Geometry], map_to: tuple[float, ...], cells: int, free: list[tuple[float, float]]
) -> None:
    polygons = [affine_transform(shape, map_to) for shape in shapes]
    half_steps = np.mgrid[-1 : 2 * LATTICE + 2, -1 : 2 * LATTICE + 2].reshape(2, -1).T / 2
    grid = shapely.get_coordinates(affine_transform(shapely.MultiPoint([*half_steps, *free]), map_to))
    points = np.concatenate([grid, shapely.get_coordinates(polygons), *(between(polygon) for polygon in polygons)])
    with patch.multiple(point_in_polygon, FEWEST_CELLS=cells, MOST_CELLS=cells):
        found = PolygonLocator(polygons).locate(points[:, 0], points[:, 1])
    assert found.tolist() == [covered_by(polygons, x, y) for x, y in points]


def between(polygon: shapely.Geometry) -> np.ndarray:
    """Points one third along each edge and a hair's breadth beside each corner."""
    corners = shapely.get_coordinates(polygon)
    along = corners[:-1] + (corners[1:] - corners[:-1]) / 3
    return np.concatenate([along, np.nextafter(corners, np.inf), np.nextafter(corners, -np.inf)])


def test_a_tessellation_with_wiggling_shared_borders_agrees_with_covers() -> None:
    rng = np.random.default_rng(20)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(rng.random((60, 2)))))
    polygons = shapely.transform(
        shapely.segmentize(cells, 0.01),
        lambda xy: xy + 0.004 * np.column_stack([np.sin(90 * xy[:, 1]), np.cos(70 * xy[:, 0])]),
    )
    x, y = rng.uniform(-1.5, 2.5, (2, 3_000))
    expected = [covered_by(list(polygons), *point) for point in zip(x, y, strict=True)]
    assert PolygonLocator(polygons).locate(x, y).tolist() == expected
    assert OUTSIDE in expected
