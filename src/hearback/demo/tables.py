"""Plain CSV and GeoJSON files, the same bytes for the same content."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Column = Sequence[str] | NDArray[Any]


def write_csv(path: Path, columns: Mapping[str, Column], *, decimals: Mapping[str, int] | None = None) -> None:
    """One row per entry; floats with as many decimals as `decimals` names for their column (4), NaN left blank."""
    places = decimals or {}
    texts = [_texts(column, places.get(name, 4)) for name, column in columns.items()]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*texts, strict=True))


def write_geojson(path: Path, geometries: Iterable[BaseGeometry], properties: Iterable[Mapping[str, Any]]) -> None:
    """One feature a line."""
    features = [
        json.dumps(
            {"type": "Feature", "properties": dict(of_one), "geometry": json.loads(shapely.to_geojson(geometry))},
            ensure_ascii=False,
        )
        for geometry, of_one in zip(geometries, properties, strict=True)
    ]
    body = ",\n".join(features)
    path.write_text(f'{{"type": "FeatureCollection", "features": [\n{body}\n]}}\n', encoding="utf-8")


def _texts(column: Column, decimals: int) -> Sequence[str]:
    values = np.asarray(column)
    if values.dtype.kind == "f":
        return ["" if value != value else f"{value:.{decimals}f}" for value in values.tolist()]
    return [str(value) for value in values.tolist()]
