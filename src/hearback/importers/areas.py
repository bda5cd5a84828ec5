"""Areas of a city: one outline, one key and one name each, from a GeoJSON, shapefile or GeoPackage ."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from hearback.importers import areas_without_outlines, joins, vector
from hearback.importers.nearest import listing
from hearback.importers.quality import Imported, QualityReport
from hearback.refusal import Refusal
from hearback.sentence import Sentence

POLYGONS = (int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON))
OVERLAP_WORTH_A_NOTE = 1e-5
"""Share of the layer's area; below it, two surveyors' rounding."""

LONGEST_KEY, LONGEST_NAME = 120, 200
MOST_PEOPLE = 2_000_000_000
FAR = 20.0
"""Degrees from the middle of the layer; no city reaches as far, and coordinates that are swapped do."""


class BlankKey(Refusal):
    """An area without a key."""


class BadKey(Refusal):
    """A key that cannot stand in an address."""


class BadName(Refusal):
    """A name that is no name."""


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
    outlined: bool = True
    """Whether these are outlines; if not, they are squares that stand for areas and lie nowhere."""

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
    length of every key (see `joins.area_keys`). `repair` mends outlines that cross themselves. A CSV file has no
    outlines: its areas are drawn as equal squares, and a note says so.

    Raises the refusals of `vector.read`, `areas_without_outlines.read` and `joins.area_keys`, BlankKey, BadKey,
    BadName, BadOutline or BadPopulation.
    """
    if path.suffix.casefold() == ".csv":
        return _without_outlines(path, key=key, name=name, population=population, key_digits=key_digits)
    columns = [column for column in (key, name, population) if column is not None]
    features = vector.read(path, columns=columns, layer=layer, within=within)
    found = _keys(features, column=key, digits=key_digits)
    names = _names(features, column=name or key, keys=found.keys)
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


def _without_outlines(
    path: Path, *, key: str, name: str | None, population: str | None, key_digits: int | None
) -> Imported[Areas]:
    found = areas_without_outlines.read(path, key=key, name=name, population=population, key_digits=key_digits)
    table = Areas(found.keys, found.names, found.squares, found.population, outlined=False)
    return Imported(
        table, QualityReport(source=path.name, rows_read=len(table), rows_kept=len(table), notes=found.notes)
    )


def _keys(features: vector.Features, *, column: str, digits: int | None) -> joins.AreaKeys:
    texts = features.text(column)
    if None in texts:
        raise BlankKey(
            f'the key in column "{column}" is blank',
            where=features.where(texts.index(None)),
            remedy="Give every area a key of its own",
        )
    for row, text in enumerate(map(str, texts)):
        if len(text) > LONGEST_KEY or set(text) == {"."}:
            raise BadKey(
                f'"{text[:LONGEST_KEY]}" cannot stand in the address of a page',
                where=features.where(row),
                remedy=f"Give it a key of at most {LONGEST_KEY} characters with letters or digits",
            )
    rows = np.arange(1, len(features) + 1, dtype=np.int64)
    return joins.area_keys([str(text) for text in texts], rows=rows, path=features.path, digits=digits)


def _names(features: vector.Features, *, column: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(text or key for text, key in zip(features.text(column), keys, strict=True))
    for row, name in enumerate(names):
        if len(name) > LONGEST_NAME:
            raise BadName(
                f'the name in column "{column}" has {len(name)} characters ({name[:40]}…)',
                where=features.where(row),
                remedy=f"Give it a name of at most {LONGEST_NAME}",
            )
    return names


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
    _refuse_far(features, names=names)
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


def _refuse_far(features: vector.Features, *, names: tuple[str, ...]) -> None:
    low_x, low_y, high_x, high_y = shapely.bounds(features.geometries).T
    centres = np.column_stack([(low_x + high_x) / 2, (low_y + high_y) / 2])
    for row in np.flatnonzero((np.abs(centres - np.median(centres, axis=0)) > FAR).any(axis=1)).tolist():
        raise BadOutline(
            f"the outline of {names[row]} lies at {centres[row, 0]:.6g}, {centres[row, 1]:.6g}, far from the others",
            where=features.where(row),
            remedy="Write longitude first, latitude second, or leave the area out",
        )


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
    return geometries, (
        Sentence(
            "Outlines that crossed themselves, repaired: {outlines} ({which}); {share} of the area changed.",
            outlines=crossed.size,
            which=which,
            share=f"{moved:.2%}",
        ),
    )


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
        Sentence(
            "Areas overlap by {share} of the layer, most where “{one}” meets “{other}”.",
            share=f"{share:.3%}",
            one=names[one[most]],
            other=names[other[most]],
        ),
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
        if people[row] < 0 or people[row] > MOST_PEOPLE:
            raise BadPopulation(
                f'the population "{text}" in column "{column}" is not a number of people',
                where=features.where(row),
                remedy="Correct it, or leave it blank where it is unknown",
            )
    unknown = int(np.isnan(people).sum())
    return people, (f"Areas without a population figure: {unknown}.",) if unknown else ()
