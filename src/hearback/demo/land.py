"""The land the invented city stands on: its limit, bay and river, in kilometres from the centre."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]

ORIGIN_LONGITUDE, ORIGIN_LATITUDE = -70.0, 40.0
"""Open sea, 140 km south of the nearest coast: nobody lives on the map of an invented city."""

RADIUS = 6.8
METRE = 0.001
LIMIT_STEP = 1.3
"""City limits follow section lines: they go in steps of this size."""
KM_PER_LATITUDE = 111.035
KM_PER_LONGITUDE = 85.394
"""At 40 degrees north."""


@dataclass(frozen=True)
class Land:
    """What is dry and inside the city limit: one polygon per bank of the river."""

    bay: Polygon
    river: Polygon
    banks: tuple[Polygon, ...]
    reserved: tuple[tuple[str, Polygon], ...]
    """Port, airfield, parks and yards: carved out of the banks, each with its name in the recipe."""


def lay_out(*, rng: np.random.Generator) -> Land:
    """Limit, minus the bay, minus the river, minus the places where next to nobody lives."""
    limit, bay, river = _limit(rng), _bay(rng), _river(rng)
    dry = shapely.difference(limit, shapely.union(bay, river))
    banks = sorted(shapely.get_parts(dry), key=lambda bank: -bank.area)[:2]
    reserved: list[tuple[str, Polygon]] = []
    taken: BaseGeometry = Polygon()
    for kind, shape in _reservations(shapely.difference(limit, bay), rng).items():
        reserved.append((kind, _on_land(shapely.difference(shape, taken), banks)))
        taken = shapely.union(taken, reserved[-1][1])
    return Land(
        bay=bay,
        river=river,
        banks=tuple(_biggest_part(shapely.difference(bank, taken)) for bank in banks),
        reserved=tuple(reserved),
    )


def to_degrees(polygons: list[Polygon]) -> list[Polygon]:
    """From kilometres to longitude and latitude, to the nearest 0.1 m."""
    scale, origin = np.array([KM_PER_LONGITUDE, KM_PER_LATITUDE]), np.array([ORIGIN_LONGITUDE, ORIGIN_LATITUDE])
    return [shapely.transform(polygon, lambda xy: np.round(origin + xy / scale, 6)) for polygon in polygons]


def _limit(rng: np.random.Generator) -> Polygon:
    """A blob in steps, as annexation by annexation makes it."""
    angles = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    lobes = zip((2, 3, 5), (0.08, 0.07, 0.06), rng.uniform(0, 2 * np.pi, 3), strict=True)
    radius = RADIUS * (1 + sum(size * np.sin(k * angles + phase) for k, size, phase in lobes))
    blob = Polygon(np.column_stack([1.12 * radius * np.cos(angles), radius * np.sin(angles) + 1.0]))
    west, south = np.meshgrid(np.arange(-13, 13, LIMIT_STEP), np.arange(-13, 13, 0.6 * LIMIT_STEP))
    sections = shapely.box(west, south, west + LIMIT_STEP, south + 0.6 * LIMIT_STEP)
    inside = sections[shapely.contains(blob, shapely.centroid(sections))]
    return _biggest_part(shapely.union_all(inside, grid_size=METRE))


def _bay(rng: np.random.Generator) -> Polygon:
    x = np.linspace(-13, 13, 261)
    coast = -3.3 + 0.1 * x + _wiggle(x, rng, lengths=(4.8, 1.9, 0.7, 0.35), size=0.3)
    coast += 1.5 * np.exp(-(((x - 1.2) / 0.8) ** 2)) - 0.9 * np.exp(-(((x - 3.9) / 1.2) ** 2))
    return Polygon([(-13, -15), *zip(x, coast, strict=True), (13, -15)])


def _river(rng: np.random.Generator) -> Polygon:
    y = np.linspace(13, -6, 190)
    bends = _wiggle(y, rng, lengths=(6.6, 2.4, 1.1), size=0.5) * np.clip((y + 3) / 4, 0, 1)
    x = -1.7 + 2.8 / (1 + np.exp((y - 1.2) / 1.5)) + bends
    width = 0.08 + 0.26 / (1 + np.exp((y + 0.6) / 0.8)) + 0.02 * _wiggle(y, rng, lengths=(0.9, 0.5), size=1)
    course = np.column_stack([x, y])
    reaches = shapely.linestrings(np.stack([course[:-1], course[1:]], axis=1))
    return _biggest_part(shapely.union_all(shapely.buffer(reaches, width[1:])))


def _wiggle(along: Floats, rng: np.random.Generator, *, lengths: tuple[float, ...], size: float) -> Floats:
    """Waves of these lengths, each as high as it is long, the longest of height `size`."""
    phases = rng.uniform(0, 2 * np.pi, len(lengths))
    waves = [
        size * length / max(lengths) * np.sin(2 * np.pi * along / length + phase)
        for length, phase in zip(lengths, phases, strict=True)
    ]
    return np.asarray(np.sum(waves, axis=0))


def _reservations(land: BaseGeometry, rng: np.random.Generator) -> dict[str, Polygon]:
    """Where next to nobody lives, drawn over water and limit: only what is land is taken."""
    return {
        "port": shapely.box(1.6, -5.4, 4.2, -2.3),
        "airfield": Polygon([(4.3, -2.1), (9.5, -1.3), (9.5, 0.5), (4.7, 0.2)]),
        "forest": _grove(_corner(land, -1, 1), 2.2, rng),
        "marsh": _grove(_corner(land, -1, -1), 1.9, rng),
        "park": Polygon([(-3.4, 0.4), (-1.95, 0.6), (-2.0, 2.0), (-3.3, 1.9)]),
        "yards": Polygon([(1.3, 1.5), (1.7, 1.2), (3.7, 4.6), (3.1, 4.9)]),
    }


def _corner(land: BaseGeometry, east: float, north: float) -> Floats:
    """The point of the land that lies farthest in this direction."""
    points: Floats = shapely.get_coordinates(land)
    return np.asarray(points[np.argmax(points @ np.array([east, north]))])


def _grove(centre: Floats, radius: float, rng: np.random.Generator) -> Polygon:
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    edge = radius + 0.22 * np.sin(3 * angles + rng.uniform(0, 6)) + 0.12 * np.sin(7 * angles + rng.uniform(0, 6))
    return Polygon(centre + np.column_stack([edge * np.cos(angles), edge * np.sin(angles)]))


def _on_land(shape: BaseGeometry, banks: list[Polygon]) -> Polygon:
    return _biggest_part(shapely.intersection(shape, max(banks, key=lambda bank: bank.intersection(shape).area)))


def _biggest_part(geometry: BaseGeometry) -> Polygon:
    parts: list[Polygon] = list(shapely.get_parts(geometry))
    return max(parts, key=lambda part: part.area)
