"""Reads a vector file (GeoJSON, shapefile, GeoPackage) into columns and geometries in degrees."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray

from hearback.importers.nearest import advice, listing
from hearback.refusal import Refusal
from hearback.sentence import Sentence

Bounds: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""

DRIVERS = ("GeoJSON", "ESRI Shapefile", "GPKG")
LARGEST_BYTES = 1 << 30
INHABITED = (-60.0, 84.0)
"""Latitudes between which towns lie: a place beyond them has probably been swapped with its longitude."""

UNPRINTED = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
"""Control characters, and those that turn the direction of writing, so that a name could turn the page around it."""

WGS84 = pyproj.CRS.from_epsg(4326)
SAVE_AS_DEGREES = "Save the file as longitude and latitude (WGS84, EPSG:4326), or give it its projection"


class NoSuchFile(Refusal):
    """The file is not there, or is a folder."""


class NotVector(Refusal):
    """The file is not a GeoJSON, a shapefile or a GeoPackage that can be read."""


class TooLarge(Refusal):
    """The file is larger than any city's areas or organisations."""


class NoFeatures(Refusal):
    """The file holds nothing."""


class WhichLayer(Refusal):
    """The file has several layers, or not the one named."""


class NoSuchColumn(Refusal):
    """A column that was asked for is not in the file."""


class Misplaced(Refusal):
    """The coordinates are swapped, in an unnamed projection, or somewhere else on Earth."""


@dataclass(frozen=True)
class Features:
    """The features of one layer: columns as they stand in the file, geometries (object array of shapely, None
    where there is none) in WGS84, and notes on what was changed on the way."""

    path: Path
    columns: dict[str, NDArray[Any]]
    geometries: NDArray[np.object_]
    notes: tuple[str, ...]
    rows: Sequence[int] = ()
    """The rows of a table; empty where features are counted from 1."""

    def __len__(self) -> int:
        return len(self.geometries)

    def text(self, column: str) -> list[str | None]:
        """A column as stripped, printable text, None where it is blank; whole numbers without a decimal point."""
        return [_as_text(value) for value in self.columns[column]]

    def row(self, at: int) -> int:
        """The number of a feature, as a person counts them."""
        return self.rows[at] if self.rows else at + 1

    def where(self, at: int) -> str:
        """The place of a feature, for a refusal."""
        return f"{self.path}, row {self.row(at)}"


def read(path: Path, *, columns: Iterable[str], layer: str | None = None, within: Bounds | None = None) -> Features:
    """Read the named columns and all geometries of one layer.

    `within` is a box around the city, where one is known: it tells swapped coordinates in places where both
    readings would be possible.

    Raises NoSuchFile, TooLarge, NotVector, WhichLayer, NoSuchColumn, NoFeatures or Misplaced.
    """
    _refuse_unreadable(path)
    with warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        chosen = _layer(path, layer)
        wanted = _known_columns(path, columns, info=_opened(pyogrio.read_info, path, layer=chosen))
        meta, _, wkb, values = _opened(pyogrio.raw.read, path, layer=chosen, columns=wanted, force_2d=True)
    with np.errstate(invalid="ignore"):  # an outline that is none stays None, and its row is told
        drawn = shapely.from_wkb(wkb, on_invalid="ignore")
    geometries, notes = _in_degrees(path, drawn, crs=meta["crs"])
    refuse_misplaced(path, geometries, within=within)
    return Features(
        path=path,
        columns={str(name): column for name, column in zip(meta["fields"], values, strict=True)},
        geometries=geometries,
        notes=notes
        + tuple(dict.fromkeys(Sentence("GDAL says: {remark}", remark=str(remark.message)) for remark in remarks)),
    )


def outside_world(geometries: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which geometries reach beyond ±180° of longitude or ±90° of latitude; never those that are missing."""
    low_x, low_y, high_x, high_y = shapely.bounds(geometries).T
    return np.asarray((low_x < -180) | (high_x > 180) | (low_y < -90) | (high_y > 90), dtype=np.bool_)


def refuse_misplaced(
    path: Path, geometries: NDArray[np.object_], *, within: Bounds | None, rows: Sequence[int] = ()
) -> None:
    """Raise Misplaced where a file as a whole lies elsewhere, is swapped, or is not in degrees.

    Such faults show at the middle feature: one stray point is not a projection.
    """
    low_x, low_y, high_x, high_y = shapely.bounds(geometries).T
    centres = np.column_stack([(low_x + high_x) / 2, (low_y + high_y) / 2])
    known = ~np.isnan(centres).any(axis=1)
    if not known.any():
        return
    x, y = (float(value) for value in np.median(centres[known], axis=0))
    if _plausible(x, y, within=within):
        return
    row = int(np.flatnonzero(known)[0])
    where = f"{path}, row {rows[row] if rows else row + 1}"
    place = f"{centres[row, 0]:.6g}, {centres[row, 1]:.6g}"
    if _plausible(y, x, within=within):
        raise Misplaced(
            f"longitude and latitude are swapped: it lies at {place}",
            where=where,
            remedy="Write longitude first, latitude second",
        )
    if not _in_world(x, y):
        raise Misplaced(
            f"its coordinates ({place}) are not degrees, and the file names no projection that makes them so",
            where=where,
            remedy=SAVE_AS_DEGREES,
        )
    raise Misplaced(
        f"it lies at {place}, away from the city",
        where=where,
        remedy="Check the file, its projection and the city's bounds",
    )


def _refuse_unreadable(path: Path) -> None:
    if not path.exists():
        raise NoSuchFile("there is no such file", where=str(path), remedy="Correct the path or put the file there")
    if path.is_dir():
        raise NoSuchFile("it is a folder, not a file", where=str(path), remedy="Name the file inside it")
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise TooLarge(
            f"it is {size / 1e9:.1f} GB, and such files are read up to {LARGEST_BYTES / 1e9:.1f} GB",
            where=str(path),
            remedy="Cut it to your city, and leave out columns that you do not need",
        )
    if not size:
        raise NoFeatures("it is empty (0 bytes)", where=str(path), remedy="Export or download it again")


def _not_vector(path: Path, why: str) -> NotVector:
    return NotVector(
        f"it cannot be read as GeoJSON, shapefile or GeoPackage ({why.rstrip('.')})",
        where=str(path),
        remedy="Export it as one of these; a shapefile needs its .shx, .dbf and .prj beside the .shp",
    )


def _opened(reader: Any, path: Path, **arguments: Any) -> Any:
    try:
        return reader(path, **arguments)
    except pyogrio.errors.DataSourceError as error:
        raise _not_vector(path, str(error).split(";")[0].replace(str(path), path.name)) from error
    except UnicodeDecodeError as error:
        raise NotVector("a letter in it is not UTF-8", where=str(path), remedy="Export it again as UTF-8") from error


def _layer(path: Path, layer: str | None) -> str:
    drawn = [str(name) for name, geometry in _opened(pyogrio.list_layers, path) if geometry is not None]
    if layer is not None and layer not in drawn:
        raise WhichLayer(f'there is no layer "{layer}"', where=str(path), remedy=advice(layer, drawn))
    if layer is None and len(drawn) > 1:
        raise WhichLayer(
            f"it has {len(drawn)} layers ({listing(drawn)})",
            where=str(path),
            remedy='Name one with layer = "…"',
        )
    if not drawn:
        raise _not_vector(path, "it holds no geometry")
    return layer or drawn[0]


def _known_columns(path: Path, columns: Iterable[str], *, info: dict[str, Any]) -> list[str]:
    if info["driver"] not in DRIVERS:
        raise _not_vector(path, f"it is a file of the kind {info['driver']}")
    if not info["features"]:
        raise NoFeatures("it holds no features", where=str(path), remedy="Export the layer again, with its features")
    present = [str(name) for name in info["fields"]]
    wanted = list(dict.fromkeys(columns))
    for column in wanted:
        if column not in present:
            raise NoSuchColumn(f'there is no column "{column}"', where=str(path), remedy=advice(column, present))
    return wanted


def _as_text(value: Any) -> str | None:
    if value is None or value != value:
        return None
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    return UNPRINTED.sub(" ", str(value)).strip() or None


def _in_degrees(
    path: Path, geometries: NDArray[np.object_], *, crs: str | None
) -> tuple[NDArray[np.object_], tuple[str, ...]]:
    if crs is None:
        return geometries, (Sentence("The file names no projection; taken as longitude and latitude (WGS84)."),)
    try:
        source = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise Misplaced("its projection is not understood", where=str(path), remedy=SAVE_AS_DEGREES) from error
    if source.equals(WGS84, ignore_axis_order=True):
        return geometries, ()
    to_degrees = pyproj.Transformer.from_crs(source, WGS84, always_xy=True)

    def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_degrees.transform(points[:, 0], points[:, 1]))

    return shapely.transform(geometries, moved), (
        Sentence("Brought from {projection} to longitude and latitude (WGS84).", projection=source.name),
    )


def _in_world(x: float, y: float) -> bool:
    return abs(x) <= 180 and abs(y) <= 90


def _plausible(x: float, y: float, *, within: Bounds | None) -> bool:
    if not (_in_world(x, y) and INHABITED[0] <= y <= INHABITED[1]):
        return False
    if within is None:
        return True
    west, south, east, north = within
    wide, high = east - west, north - south
    return west - wide <= x <= east + wide and south - high <= y <= north + high
