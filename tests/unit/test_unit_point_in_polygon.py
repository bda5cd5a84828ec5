"""What PolygonLocator promises at the edges of its input."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
import shapely

from hearback.evidence import point_in_polygon
from hearback.evidence.point_in_polygon import PolygonLocator

WEST, EAST = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)


def locate(polygons: list[shapely.Geometry], *points: tuple[float, float]) -> list[int]:
    x, y = np.array(points, dtype=float).reshape(-1, 2).T
    return PolygonLocator(polygons).locate(x, y).tolist()


def test_a_point_on_a_shared_border_belongs_to_the_lowest_index() -> None:
    assert locate([WEST, EAST], (1, 0.5)) == [0]
    assert locate([EAST, WEST], (1, 0.5)) == [0]


def test_of_overlapping_polygons_the_lowest_index_wins_deep_inside_and_near_the_border() -> None:
    small, large = shapely.box(4, 4, 6, 6), shapely.box(0, 0, 10, 10)
    points = ((5, 5), (6, 6), (4.001, 5), (3.999, 5), (9.5, 9.5))
    assert locate([small, large], *points) == [0, 0, 0, 1, 1]
    assert locate([large, small], *points) == [0] * 5


def test_a_point_in_a_hole_is_outside_and_its_rim_inside() -> None:
    ring = shapely.difference(shapely.box(0, 0, 9, 9), shapely.box(3, 3, 6, 6))
    assert locate([ring], (4.5, 4.5), (3, 4.5), (1, 1)) == [-1, 0, 0]


def test_points_off_the_map_and_without_coordinates_are_outside() -> None:
    assert locate([WEST, EAST], (np.nan, 0.5), (0.5, np.nan), (np.inf, 0), (-1e300, 0), (2.1, 0.5)) == [-1] * 5


def test_the_outermost_corners_of_the_map_are_inside() -> None:
    assert locate([WEST, EAST], (0, 0), (2, 1), (2, 0), (0, 1)) == [0, 1, 1, 0]


def test_no_polygons_and_no_points_give_no_answers() -> None:
    assert locate([], (0, 0)) == [-1]
    assert locate([WEST]) == []


def test_missing_and_empty_polygons_keep_their_place() -> None:
    assert locate([shapely.Polygon(), None, WEST], (0.5, 0.5)) == [2]


def test_a_polygon_without_width_is_only_its_border() -> None:
    assert locate([shapely.Polygon([(0, 0), (0, 0), (0, 0)])], (1, 1)) == [-1]
    assert locate([shapely.Polygon([(5, 0), (5, 3), (5, 0)])], (5.1, 1), (4.9, 1)) == [-1, -1]


def test_lines_and_points_cannot_hold_points() -> None:
    with pytest.raises(ValueError, match="only polygons"):
        PolygonLocator([WEST, shapely.Point(0, 0)])


def test_longitudes_and_latitudes_must_pair() -> None:
    with pytest.raises(ValueError, match="equally long"):
        PolygonLocator([WEST]).locate(np.zeros(2), np.zeros(3))


def test_chunks_do_not_change_the_answer() -> None:
    x, y = np.random.default_rng(3).uniform(-0.5, 2.5, (2, 5_000))
    whole = PolygonLocator([WEST, EAST]).locate(x, y)
    with patch.object(point_in_polygon, "CHUNK_POINTS", 97):
        assert (PolygonLocator([WEST, EAST]).locate(x, y) == whole).all()


def test_most_points_are_answered_by_the_grid_alone() -> None:
    x, y = np.random.default_rng(4).uniform(0, 2, (2, 10_000))
    with patch.object(shapely, "intersects_xy", wraps=shapely.intersects_xy) as exact:
        locator = PolygonLocator([WEST, EAST])
        exact.reset_mock()
        locator.locate(x, y)
    tested = sum(len(call.args[1]) for call in exact.call_args_list)
    assert 0 < tested < 500
