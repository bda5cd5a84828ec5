"""Areas of a city: one outline, one key and one name each, from a GeoJSON, shapefile or GeoPackage."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from hearback.importers import joins, vector
from hearback.importers.nearest import listing
from hearback.importers.quality import Imported, QualityReport
from hearback.refusal import Refusal

POLYGONS = (int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON))
OVERLAP_WORTH_A_NOTE = 1e-5
"""Share of the layer's area; below it, two surveyors' rounding."""


class BlankKey(Refusal):
    """An area without a key."""


class BadOutline(Refusal):
    """An outline that is missing, not a polygon, or crosses itself."""


class BadPopulation(Refusal):
    """A population that is not a number of people."""


@dataclass(frozen=True, eq=False)
class Areas:
    """The areas of one layer, in the file's order; all fields have the same length."""

    keys: tuple[str, ...]
    names: tuple[str, ...]
    geometries: NDArray[np.object_]
    """shapely Polygon or MultiPolygon, longitude and latitude (WGS84), valid."""
    population: NDArray[np.float64] | None
    """NaN where the file says nothing; None where no column was named."""

    def __len__(self) -> int:
        return len(self.keys)


def read(
    path: Path,
    *,
    key: str,
    name: str | None = None,
    key_digits: int | None = None,
    population: str | None = None,
    layer: str | None = None,
    repair: bool = False,
    within: vector.Bounds | None = None,
) -> Imported[Areas]:
    """Read one layer of areas, every one of them or none.

    `key`, `name` and `population` are columns; without `name` the key is the name. `key_digits` is the
    length of every key (see `joins.area_keys`). `repair` mends outlines that cross themselves.

    Raises the refusals of `vector.read` and `joins.area_keys`, BlankKey, BadOutline or BadPopulation.
    """
    columns = [column for column in (key, name, population) if column is not None]
    features = vector.read(path, columns=columns, layer=layer, within=within)
    found = _keys(features, column=key, digits=key_digits)
    names = tuple(text or fallback for text, fallback in zip(features.text(name or key), found.keys, strict=True))
    geometries, repaired = _outlines(features, names=names, repair=repair)
    people, uncounted = _people(features, column=population)
    return Imported(
        table=Areas(keys=found.keys, names=names, geometries=geometries, population=people),
        report=QualityReport(
            source=path.name,
            rows_read=len(features),
            rows_kept=len(features),
            notes=(*features.notes, *found.notes, *repaired, *_overlaps(geometries, names=names), *uncounted),
        ),
    )


def _keys(features: vector.Features, *, column: str, digits: int | None) -> joins.AreaKeys:
    texts = features.text(column)
    if None in texts:
        raise BlankKey(
            f'the key in column "{column}" is blank',
            where=features.where(texts.index(None)),
            remedy="Give every area a key of its own",
        )
    rows = np.arange(1, len(features) + 1, dtype=np.int64)
    return joins.area_keys([str(text) for text in texts], rows=rows, path=features.path, digits=digits)


def _outlines(
    features: vector.Features, *, names: tuple[str, ...], repair: bool
) -> tuple[NDArray[np.object_], tuple[str, ...]]:
    geometries = features.geometries
    kinds = shapely.get_type_id(geometries)
    for row in np.flatnonzero(~np.isin(kinds, POLYGONS)).tolist():
        raise _not_an_outline(features, row, names=names)
    for row in np.flatnonzero(vector.outside_world(geometries) | shapely.is_empty(geometries)).tolist():
        raise BadOutline(
            f"the outline of {names[row]} is empty or reaches beyond the world",
            where=features.where(row),
            remedy="Draw it again in longitude and latitude",
        )
    crossed = np.flatnonzero(~shapely.is_valid(geometries))
    if not crossed.size:
        return geometries, ()
    if not repair:
        row = int(crossed[0])
        raise BadOutline(
            f"the outline of {names[row]} crosses itself ({shapely.is_valid_reason(geometries[row])})",
            where=features.where(row),
            remedy="Correct it in a map editor, or write repair = true for this layer",
        )
    return _repaired(features, crossed, names=names)


def _not_an_outline(features: vector.Features, row: int, *, names: tuple[str, ...]) -> BadOutline:
    geometry = features.geometries[row]
    found = "has no outline that can be read" if geometry is None else f"is a {geometry.geom_type}, not a polygon"
    return BadOutline(
        f"{names[row]} {found}",
        where=features.where(row),
        remedy="Name a file that holds the outlines of areas as closed polygons",
    )


def _repaired(
    features: vector.Features, crossed: NDArray[np.intp], *, names: tuple[str, ...]
) -> tuple[NDArray[np.object_], tuple[str, ...]]:
    geometries = features.geometries.copy()
    before = shapely.area(geometries[crossed])
    geometries[crossed] = shapely.make_valid(geometries[crossed], method="structure", keep_collapsed=False)
    for row in crossed.tolist():
        if shapely.is_empty(geometries[row]):
            raise BadOutline(
                f"the outline of {names[row]} encloses nothing, repaired or not",
                where=features.where(row),
                remedy="Draw it again",
            )
    moved = np.abs(shapely.area(geometries[crossed]) - before).sum() / shapely.area(geometries).sum()
    which = listing([names[row] for row in crossed], shown=5)
    note = f"Outlines that crossed themselves, repaired: {crossed.size} ({which}); {moved:.2%} of the area changed."
    return geometries, (note,)


def _overlaps(geometries: NDArray[np.object_], *, names: tuple[str, ...]) -> tuple[str, ...]:
    one, other = shapely.STRtree(geometries).query(geometries, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    shared = shapely.area(shapely.intersection(geometries[one], geometries[other]))
    share = shared.sum() / shapely.area(geometries).sum()
    if share < OVERLAP_WORTH_A_NOTE:
        return ()
    most = int(np.argmax(shared))
    return (
        f"Areas overlap by {share:.3%} of the layer, most where “{names[one[most]]}” meets “{names[other[most]]}”.",
    )


def _people(features: vector.Features, *, column: str | None) -> tuple[NDArray[np.float64] | None, tuple[str, ...]]:
    if column is None:
        return None, ()
    people = np.full(len(features), np.nan)
    for row, text in enumerate(features.text(column)):
        try:
            people[row] = np.nan if text is None else float(text)
        except ValueError:
            people[row] = -1
        if people[row] < 0 or np.isinf(people[row]):
            raise BadPopulation(
                f'the population "{text}" in column "{column}" is not a number of people',
                where=features.where(row),
                remedy="Correct it, or leave it blank where it is unknown",
            )
    unknown = int(np.isnan(people).sum())
    return people, (f"Areas without a population figure: {unknown}.",) if unknown else ()
