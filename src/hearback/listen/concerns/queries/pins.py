"""A place on the map, made coarse: no finer than a square of about 250 m, whatever the browser sent."""

from __future__ import annotations

from math import cos, floor, isfinite, radians

GRID_METRES = 250
METRES_PER_DEGREE = 111_320
"""Of latitude; a degree of longitude is shortened by the cosine of the latitude."""


def coarsened(longitude: float, latitude: float) -> tuple[float, float]:
    """The middle of the grid square; the same wherever in the square the place is, and if it is made coarse twice."""
    step = GRID_METRES / METRES_PER_DEGREE
    north = (floor(latitude / step) + 0.5) * step
    east_step = step / cos(radians(north))
    return round((floor(longitude / east_step) + 0.5) * east_step, 5), round(north, 5)


def read_pin(text: str) -> tuple[float, float] | None:
    """Longitude and latitude from `-77.03,38.9`, made coarse; nothing where that is no place."""
    try:
        longitude, latitude = (float(part) for part in text.split(","))
    except ValueError:
        return None
    if not (isfinite(longitude) and isfinite(latitude) and abs(longitude) <= 180 and abs(latitude) <= 85):
        return None
    return coarsened(longitude, latitude)
