"""The map of the invented city: about 120 areas, six police districts made of whole areas, and their names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from hearback.demo.blocks import partition, wind_borders
from hearback.demo.land import Land, lay_out, to_degrees
from hearback.demo.recipes import recipe

Floats = NDArray[np.float64]

AREAS = 120
DISTRICTS = 6
HOMES = 9_000
HOME_REACH = 2.8
"""Homes thin out to 1/e every so many kilometres from the centre."""
RURAL_HOMES = 0.03
DOWNTOWN = np.array([-0.5, -0.2])
DOWNTOWN_AREAS = 9
AT_THE_WATER = 0.06
ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth")


@dataclass(frozen=True)
class Geography:
    """Areas in the order of their keys; every array's first axis is the area."""

    keys: tuple[str, ...]
    """District and number: text, for they start with zero."""
    names: tuple[str, ...]
    polygons: tuple[Polygon, ...]
    """Longitude and latitude; neighbours share every vertex of their border."""
    centres: Floats
    """(areas, 2) kilometres from the city's centre."""
    square_km: Floats
    homes: Floats
    """Relative number of homes."""
    reserved: tuple[str, ...]
    """`port`, `park`, … where next to nobody lives; empty elsewhere."""
    district_of: NDArray[np.int64]
    """Position in `districts`."""
    districts: tuple[str, ...]
    district_names: tuple[str, ...]
    district_polygons: tuple[BaseGeometry, ...]

    @property
    def is_reserved(self) -> NDArray[np.bool_]:
        """Where next to nobody lives."""
        return np.array([kind != "" for kind in self.reserved])


@dataclass(frozen=True)
class _Plan:
    """Areas before their borders wind and before they have names."""

    polygons: list[Polygon]
    reserved: list[str]
    district: list[int]
    homes: list[int]


def draw(*, rng: np.random.Generator) -> Geography:
    """The whole map, from the city limit down to the names."""
    land = lay_out(rng=rng)
    plan = _divide(land, rng)
    wound = wind_borders(plan.polygons, rng=rng)
    order, keys = _number(wound, plan.district)
    polygons = [wound[index] for index in order]
    reserved = tuple(plan.reserved[index] for index in order)
    district_of = np.array([plan.district[index] for index in order])
    degrees = to_degrees(polygons)
    return Geography(
        keys=keys,
        names=_name(polygons, reserved, land, rng),
        polygons=tuple(degrees),
        centres=shapely.get_coordinates(shapely.centroid(polygons)),
        square_km=shapely.area(polygons),
        homes=np.array([plan.homes[index] for index in order], dtype=float),
        reserved=reserved,
        district_of=district_of,
        districts=tuple(f"{number + 1:02d}" for number in range(DISTRICTS)),
        district_names=tuple(f"{ordinal} District" for ordinal in ORDINALS),
        district_polygons=tuple(
            shapely.coverage_union_all(np.array(degrees)[district_of == number]) for number in range(DISTRICTS)
        ),
    )


def _divide(land: Land, rng: np.random.Generator) -> _Plan:
    """Banks into districts, districts into areas; reserved land goes to the district around it."""
    homes = _homes(rng)
    districts = _share_out(list(land.banks), homes, DISTRICTS, rng)
    areas = AREAS - len(land.reserved)
    polygons: list[Polygon] = []
    district: list[int] = []
    for number, parts in enumerate(_seats(districts, homes, areas)):
        homes_here = homes[shapely.contains_xy(districts[number], homes)]
        polygons += partition(districts[number], homes_here, parts=parts, rng=rng)
        district += [number] * parts
    for _, shape in land.reserved:
        polygons.append(shape)
        district.append(int(np.argmax(shapely.area(shapely.intersection(shape.buffer(0.02), districts)))))
    return _Plan(
        polygons=polygons,
        reserved=[""] * areas + [kind for kind, _ in land.reserved],
        district=district,
        homes=[int(shapely.contains_xy(polygon, homes).sum()) for polygon in polygons],
    )


def _homes(rng: np.random.Generator) -> Floats:
    """Where people live, thinning out from downtown; (n, 2)."""
    candidates = rng.uniform(-10, 10, (12 * HOMES, 2))
    distance = np.hypot(*(candidates - DOWNTOWN).T)
    keep = rng.random(len(candidates)) < np.exp(-distance / HOME_REACH) + RURAL_HOMES
    return np.asarray(candidates[keep])


def _share_out(blocks: list[Polygon], homes: Floats, parts: int, rng: np.random.Generator) -> list[Polygon]:
    """All blocks in `parts` pieces, each block by its share of the homes; north-westernmost first."""
    pieces = [
        piece
        for block, seats in zip(blocks, _seats(blocks, homes, parts), strict=True)
        for piece in partition(block, homes[shapely.contains_xy(block, homes)], parts=seats, rng=rng)
    ]
    return sorted(pieces, key=lambda piece: piece.centroid.x - piece.centroid.y)


def _seats(blocks: list[Polygon], homes: Floats, parts: int) -> list[int]:
    """How many of the parts each block gets: by its homes, largest remainders first, as seats are shared."""
    counts = np.array([shapely.contains_xy(block, homes).sum() for block in blocks])
    quotas = parts * counts / counts.sum()
    seats = np.floor(quotas).astype(int)
    seats[np.argsort(seats - quotas, kind="stable")[: parts - seats.sum()]] += 1
    return [int(seat) for seat in seats]


def _number(polygons: list[Polygon], district: list[int]) -> tuple[list[int], tuple[str, ...]]:
    """Areas in the order of their keys: by district, then in rows from north to south."""
    centres = shapely.get_coordinates(shapely.centroid(polygons))
    rows = np.floor(-centres[:, 1])
    order = [int(index) for index in np.lexsort((centres[:, 0], rows, np.array(district)))]
    seen = [0] * DISTRICTS
    keys = []
    for index in order:
        seen[district[index]] += 1
        keys.append(f"{district[index] + 1:02d}{seen[district[index]]:02d}")
    return order, tuple(keys)


def _name(polygons: list[Polygon], reserved: tuple[str, ...], land: Land, rng: np.random.Generator) -> tuple[str, ...]:
    """A name for each area, after the water or the part of town where it lies; none is used twice."""
    book = recipe("names")
    shelves = {part: list(rng.permutation(book[part])) for part in ("downtown", "bay", "river", "elsewhere")}
    centres = shapely.get_coordinates(shapely.centroid(polygons))
    downtown = set(np.argsort(np.hypot(*(centres - DOWNTOWN).T))[:DOWNTOWN_AREAS].tolist())
    names = []
    for index, polygon in enumerate(polygons):
        if reserved[index]:
            names.append(book["reserved"][reserved[index]]["name"])
            continue
        part = "downtown" if index in downtown else _water_nearby(polygon, land)
        names.append(str((shelves[part] or shelves["elsewhere"]).pop()))
    return tuple(names)


def _water_nearby(polygon: Polygon, land: Land) -> str:
    """`bay`, `river` or `elsewhere`."""
    if polygon.distance(land.bay) < AT_THE_WATER:
        return "bay"
    return "river" if polygon.distance(land.river) < AT_THE_WATER else "elsewhere"
