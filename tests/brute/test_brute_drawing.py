"""The simplified outlines against the polygons they came from: areas, shared borders, nothing lost between."""

from __future__ import annotations

import json
import re
from collections import Counter

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hearback.report_back.drawing.levels import level_class
from hearback.report_back.drawing.shapes import TOLERANCE, CityShapes, outline_city
from places import SHARED, needs_shared

pytestmark = pytest.mark.brute


def rings(path: str) -> list[NDArray[np.int64]]:
    """The closed rings of SVG path data, as corners; written apart from the code that writes the path."""
    found = []
    for part in re.findall(r"M([^z]*)z", path):
        numbers = [int(number) for number in re.findall(r"-?\d+", part)]
        found.append(np.cumsum(np.array(numbers).reshape(-1, 2), axis=0))
    return found


def surface(path: str) -> float:
    """The surface of a path by the shoelace rule; a hole runs the other way round."""
    return abs(sum(float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2 for x, y in (r.T for r in rings(path))))


def borders(path: str) -> Counter[frozenset[tuple[int, int]]]:
    """How often each straight piece of border occurs, whichever way it runs."""
    pieces: Counter[frozenset[tuple[int, int]]] = Counter()
    for ring in rings(path):
        corners = [(int(x), int(y)) for x, y in ring]
        pieces.update(frozenset(piece) for piece in zip(corners, corners[1:] + corners[:1], strict=True))
    return pieces


def city(polygons: list[shapely.Geometry]) -> CityShapes:
    keys = [str(i) for i in range(len(polygons))]
    return outline_city(polygons, areas=keys, names=keys)


@st.composite
def divided_cities(draw: st.DrawFn) -> list[shapely.Geometry]:
    """A square near 40° north cut into cells around random places that keep some distance."""
    places = draw(st.lists(st.tuples(*[st.integers(0, 12)] * 2), min_size=3, max_size=25, unique=True))
    points = shapely.multipoints(np.array(places) / 100 + (-77, 39))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=shapely.box(-77.02, 38.98, -76.86, 39.14)))
    return list(cells)


@given(divided_cities())
@settings(max_examples=40, deadline=None)
def test_a_border_that_two_areas_share_stays_one_border(polygons: list[shapely.Geometry]) -> None:
    page = city(polygons).page
    pieces = sum((borders(outline.path) for outline in page.outlines), Counter())
    outside = {piece for piece, times in pieces.items() if times == 1}
    ends = Counter(corner for piece in outside for corner in piece)
    assert set(pieces.values()) <= {1, 2}
    assert set(ends.values()) == {2}, "the pieces without a partner form the city's own border, which is closed"


@given(divided_cities())
@settings(max_examples=40, deadline=None)
def test_the_surface_of_a_path_is_that_of_its_polygon(polygons: list[shapely.Geometry]) -> None:
    drawn = city(polygons)
    for outline in drawn.page.outlines:
        flat = shapely.transform(polygons[int(outline.area)], drawn.projection.flat)
        corners = shapely.get_num_coordinates(flat)
        allowed = corners * TOLERANCE**2 + flat.length  # corners taken away, and half a unit each side by rounding
        assert abs(surface(outline.path) - flat.area) <= allowed


@needs_shared
def test_the_tracts_of_a_real_city_keep_their_borders_and_surfaces() -> None:
    file = SHARED / "data/washington-dc/census-tracts-2010.geojson"
    polygons = [shapely.from_geojson(json.dumps(f["geometry"])) for f in json.loads(file.read_text())["features"]]
    drawn = city(polygons)
    pieces = sum((borders(outline.path) for outline in drawn.page.outlines), Counter())
    flat = [shapely.transform(polygon, drawn.projection.flat) for polygon in polygons]
    surfaces = {outline.area: surface(outline.path) for outline in drawn.page.outlines}
    assert set(pieces.values()) == {1, 2}
    assert sum(surfaces.values()) == pytest.approx(sum(polygon.area for polygon in flat), rel=0.002)
    for i, polygon in enumerate(flat):
        assert surfaces[str(i)] == pytest.approx(polygon.area, rel=0.1, abs=60)


@needs_shared
def test_the_point_of_an_area_lies_inside_it() -> None:
    file = SHARED / "data/washington-dc/census-tracts-2010.geojson"
    polygons = [shapely.from_geojson(json.dumps(f["geometry"])) for f in json.loads(file.read_text())["features"]]
    drawn = city(polygons)
    for outline in drawn.page.outlines:
        flat = shapely.transform(polygons[int(outline.area)], drawn.projection.flat)
        assert flat.distance(shapely.Point(outline.x, outline.y)) < 1


@given(st.floats(-200, 200), st.floats(-5, 5), st.floats(0.001, 3))
def test_a_unit_is_as_long_eastwards_as_southwards(west: float, south: float, size: float) -> None:
    projection = city([shapely.box(west / 2, south, west / 2 + size, south + size)]).projection
    middle = np.array([[west / 2, south + size / 2]])
    east, north = (projection.flat(middle + step) - projection.flat(middle) for step in ([size, 0], [0, size]))
    ground = np.cos(np.radians(south + size / 2))
    assert abs(east[0, 0]) / abs(north[0, 1]) == pytest.approx(ground, rel=1e-6)


@given(st.floats(-10, 10), st.lists(st.floats(-10, 10), max_size=4, unique=True))
def test_the_class_of_a_value_counts_the_breaks_it_has_reached(value: float, breaks: list[float]) -> None:
    assert level_class(value, sorted(breaks)) == f"level-{1 + sum(value >= cut for cut in breaks)}"
