"""Cuts land into areas of like population, along streets that run the way the nearby streets run."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon
from shapely.ops import split

Floats = NDArray[np.float64]

STREET_SPACING = 0.12
"""A border has a vertex at least this often (km)."""
GRID = 0.001
"""Junctions are snapped to one metre."""
TRIALS = 10
DISORDER = (0.16, 0.5, 1.5)
"""Radians by which a cut may leave the street grid: more where nothing else divides a block in two."""
LONGER_THAN_ANY_BLOCK = 40.0
WAVE_SLOPE = 0.08


def partition(block: Polygon, homes: Floats, *, parts: int, rng: np.random.Generator) -> list[Polygon]:
    """The block in `parts` pieces with about as many homes each.

    `homes` is (n, 2), inside the block. Of several cuts along the local street grid each is the one
    that leaves the most compact pieces, as those who draw census tracts try to.
    """
    if parts == 1:
        return [block]
    first = parts // 2
    near, far = _best_cut(block, homes, first / parts, rng)
    is_near = shapely.contains_xy(near, homes)
    return [
        *partition(near, homes[is_near], parts=first, rng=rng),
        *partition(far, homes[~is_near], parts=parts - first, rng=rng),
    ]


def wind_borders(polygons: list[Polygon], *, rng: np.random.Generator) -> list[Polygon]:
    """The same map with borders that wind; neighbours keep sharing every vertex.

    Borders are cut at every junction, given vertices, and moved by one smooth displacement whose slope stays
    below 1: such a map has no folds, so no two areas come to overlap.
    """
    noded = shapely.union_all([polygon.exterior for polygon in polygons], grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize([shapely.segmentize(noded, STREET_SPACING)]))
    face, owner = shapely.STRtree(polygons).query(shapely.point_on_surface(faces), predicate="intersects")
    displacement = _displacement(rng)
    return [shapely.transform(polygon, displacement) for polygon in _given_to_neighbours(faces[face], owner)]


def _given_to_neighbours(faces: NDArray[np.object_], owner: NDArray[np.int64]) -> list[Polygon]:
    """One polygon per owner: where snapping closed a neck, what it cut off goes to the neighbour it borders most."""
    by_size = np.argsort(shapely.area(faces), kind="stable")
    main = np.zeros(owner.max() + 1, dtype=np.int64)
    main[owner[by_size]] = by_size
    keeper = owner.copy()
    for stray in np.setdiff1d(by_size, main):
        borders = shapely.length(shapely.intersection(faces[stray], faces[main]))
        borders[owner[stray]] = 0
        keeper[stray] = np.argmax(borders)
    unions = [shapely.coverage_union_all(faces[keeper == index]) for index in range(len(main))]
    whole: list[Polygon] = list(shapely.get_parts(unions))
    return whole


def _best_cut(block: Polygon, homes: Floats, share: float, rng: np.random.Generator) -> tuple[Polygon, Polygon]:
    """Two pieces, the first with this share of the homes, as compact as the lines tried allow."""
    along_streets = _street_angle(block) + np.repeat([0, np.pi / 2], TRIALS)
    for disorder in DISORDER:
        angles = along_streets + rng.normal(0, disorder, 2 * TRIALS)
        cuts = [cut for angle in angles for cut in _cut(block, homes, share, angle)]
        if cuts:
            return min(cuts, key=lambda cut: sum(piece.length**2 / piece.area for piece in cut))
    raise ValueError(f"no line divides the block around {block.representative_point().wkt} in two")


def _cut(block: Polygon, homes: Floats, share: float, angle: float) -> list[tuple[Polygon, Polygon]]:
    """One cut across this angle, or none where it would leave either side in more than one piece.

    A corner that the line cuts off by the way stays with the other side.
    """
    along = np.array([np.cos(angle), np.sin(angle)])
    across = np.array([-along[1], along[0]])
    foot = along * np.quantile(homes @ along, share)
    line = LineString([foot - across * LONGER_THAN_ANY_BLOCK, foot + across * LONGER_THAN_ANY_BLOCK])
    halves: list[Polygon] = list(shapely.get_parts(split(block, line)))
    pieces = sorted(halves, key=lambda piece: piece.area)
    near_side = [piece for piece in pieces if np.dot(along, piece.representative_point().coords[0] - foot) < 0]
    if not 0 < len(near_side) < len(pieces):
        return []
    near = near_side[-1]
    far = shapely.union_all([piece for piece in pieces if piece is not near])
    return [(near, far)] if isinstance(far, Polygon) else []


def _street_angle(block: Polygon) -> float:
    """Streets run with the shore downtown, and turn to north as one leaves it."""
    centre = block.centroid
    distance = np.hypot(centre.x, centre.y)
    return float(np.sign(centre.x + 0.4) * -0.38 * np.exp(-((distance / 4.5) ** 2)))


def _displacement(rng: np.random.Generator) -> Callable[[Floats], Floats]:
    """Waves of three lengths (km) in random directions, the slopes of which add up to 0.72."""
    lengths = np.repeat([6.0, 1.8, 0.7], 3)
    numbers = 2 * np.pi / lengths
    directions, moves, phases = rng.uniform(0, 2 * np.pi, (3, len(lengths)))
    waves = numbers * np.array([np.cos(directions), np.sin(directions)])
    shifts = WAVE_SLOPE / numbers * np.array([np.cos(moves), np.sin(moves)])
    return lambda xy: xy + np.sin(xy @ waves + phases) @ shifts.T
