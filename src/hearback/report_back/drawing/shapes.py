"""The outlines of a city's areas: flat, simplified together, and short enough for an old phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hearback.report_back.payloads import Frame, Outline, ShapesPage

LONGER_SIDE = 1000
"""Map units along the longer side: on a phone one unit is a third of a pixel."""
MARGIN = 4
"""Units kept free around the city, so that its border line is not cut off."""
TOLERANCE = 2.0
"""Units; the corners that simplification takes away span about this much (squared, as an area)."""
BAND = LONGER_SIDE // 12
"""Units; areas this close in height are read from left to right."""

Flat = NDArray[np.int64]


@dataclass(frozen=True)
class Projection:
    """From longitude and latitude to map units; a degree east is shortened by the cosine of the middle latitude."""

    west: float
    north: float
    units_per_degree: float
    """Units for one degree of latitude."""
    squeeze: float
    """Cosine of the city's middle latitude."""

    @classmethod
    def over(cls, bounds: NDArray[np.float64]) -> Projection:
        """The projection that fits west, south, east, north into the map, with equal scales both ways."""
        west, south, east, north = (float(edge) for edge in bounds)
        squeeze = float(np.cos(np.radians((south + north) / 2)))
        return cls(
            west=west,
            north=north,
            units_per_degree=(LONGER_SIDE - 2 * MARGIN) / max((east - west) * squeeze, north - south),
            squeeze=squeeze,
        )

    def flat(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map units (x to the right, y down) of an (n, 2) array of longitudes and latitudes."""
        east = (places[:, 0] - self.west) * self.squeeze
        south = self.north - places[:, 1]
        return np.column_stack([east, south]) * self.units_per_degree + MARGIN

    def units(self, places: NDArray[np.float64]) -> Flat:
        """Whole map units of an (n, 2) array of longitudes and latitudes."""
        return np.rint(self.flat(places)).astype(np.int64)


@dataclass(frozen=True)
class CityShapes:
    """The outlines to publish, and the projection that puts organisations onto the same map."""

    page: ShapesPage
    projection: Projection


def outline_city(
    polygons: Sequence[shapely.Geometry],
    *,
    areas: Sequence[str],
    names: Sequence[str],
    where: Sequence[str] = (),
) -> CityShapes:
    """Draw the outlines of all areas: a border that two areas share stays one border.

    `polygons` are n polygons or multipolygons in longitude and latitude, `areas` their keys, `where` the
    neighbourhoods they lie in (left out where no other layer tells). All are simplified as one coverage
    (`shapely.coverage_simplify`, after Visvalingam & Whyatt 1993), then rounded to whole units. An area too small
    for that is drawn as a small diamond rather than lost.
    """
    shapes = np.array(polygons, dtype=object)
    bounds = shapely.total_bounds(shapes)
    projection = Projection.over(bounds)
    flat = shapely.transform(shapes, projection.flat)
    simple = shapely.coverage_simplify(flat, TOLERANCE)
    inside = np.rint(shapely.get_coordinates(shapely.point_on_surface(flat))).astype(np.int64)
    order = np.lexsort((inside[:, 0], inside[:, 1] // BAND))
    right, bottom = projection.flat(np.array([[bounds[2], bounds[1]]]))[0]
    outlines = (
        _outline(simple[i], inside[i], area=areas[i], name=names[i], where=where[i] if where else "") for i in order
    )
    page = ShapesPage(
        width=round(right) + MARGIN,
        height=round(bottom) + MARGIN,
        outlines=tuple(outlines),
        frame=Frame(projection.west, projection.north, projection.units_per_degree, projection.squeeze, MARGIN),
    )
    return CityShapes(page=page, projection=projection)


def _outline(shape: Any, inside: Flat, *, area: str, name: str, where: str) -> Outline:
    x, y = (int(unit) for unit in inside)
    path = "".join(_ring(shapely.get_coordinates(ring)) for ring in _rings(shape))
    return Outline(area=area, name=name, path=path or f"M{x} {y - 2}l2 2-2 2-2-2z", x=x, y=y, where=where)


def _rings(shape: Any) -> list[Any]:
    return list(shapely.get_rings(shapely.get_parts(shape)))


def _ring(places: NDArray[np.float64]) -> str:
    """SVG path data of one closed ring: an absolute start, then steps; empty where rounding left no surface."""
    corners = np.rint(places).astype(np.int64)[:-1]
    corners = corners[np.any(corners != np.roll(corners, 1, axis=0), axis=1)]
    if len(corners) < 3:
        return ""
    x, y = corners[0]
    steps = " ".join(map(str, np.diff(corners, axis=0).ravel().tolist()))
    return f"M{x} {y}l{steps}z".replace(" -", "-")
