"""Small vector files that the importer tests write: GeoJSON by hand, other formats through GDAL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray

CENTRE = (-77.0, 38.9)
"""Longitude and latitude of the south-west corner of the first square."""


def squares(count: int, *, size: float = 0.01) -> list[shapely.Polygon]:
    """A row of squares from west to east that share their sides."""
    west, south = CENTRE
    return [shapely.box(west + k * size, south, west + (k + 1) * size, south + size) for k in range(count)]


def bow_tie() -> shapely.Polygon:
    """A polygon that crosses itself in its middle."""
    west, south = CENTRE
    corners = [(0, 0), (0.02, 0.02), (0.02, 0), (0, 0.02), (0, 0)]
    return shapely.Polygon([(west + x, south + y) for x, y in corners])


def swapped(geometry: Any) -> Any:
    """The geometry with latitude first."""
    return shapely.transform(geometry, lambda points: points[:, ::-1])


def geojson(path: Path, features: Sequence[tuple[Mapping[str, Any], Any]]) -> Path:
    """A GeoJSON file of (properties, geometry or None)."""
    written = [
        {
            "type": "Feature",
            "properties": dict(properties),
            "geometry": None if geometry is None else shapely.geometry.mapping(geometry),
        }
        for properties, geometry in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": written}), encoding="utf-8")
    return path


def keyed(path: Path, geometries: Sequence[Any], keys: Sequence[Any] | None = None) -> Path:
    """A GeoJSON file with the column `id`: the keys, or A, B, C …"""
    letters = [chr(ord("A") + row) for row in range(len(geometries))]
    return geojson(path, [({"id": key}, one) for key, one in zip(keys or letters, geometries, strict=True)])


def projected(geometries: Sequence[Any], crs: str) -> list[Any]:
    """The geometries in another projection, one coordinate at a time."""
    forward = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)

    def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([forward.transform(x, y) for x, y in points])

    return [shapely.transform(geometry, moved) for geometry in geometries]


def with_gdal(
    path: Path, geometries: Sequence[Any], columns: Mapping[str, Sequence[Any]], *, crs: str | None, **options: Any
) -> Path:
    """A shapefile or GeoPackage, by the ending of its name."""
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(geometries, dtype=object)),
        [np.array(column) for column in columns.values()],
        list(columns),
        crs=crs,
        geometry_type=options.pop("geometry_type", "Polygon"),
        **options,
    )
    return path
