"""Reads a table with a column of longitudes and one of latitudes as a vector file of points is read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import shapely

from hearback.importers import delimited, vector


def read(
    path: Path, *, columns: Iterable[str], longitude: str, latitude: str, within: vector.Bounds | None = None
) -> vector.Features:
    """The named columns, and a point in degrees for each row that has both coordinates.

    Raises DelimitedRefusal, or vector.Misplaced where the coordinates are swapped, no degrees, or elsewhere.
    """
    block = delimited.read(path, columns=list(dict.fromkeys((*columns, longitude, latitude))))
    x, y = (delimited.measures(block, column, path=path) for column in (longitude, latitude))
    points = np.full(len(x), None, dtype=object)
    placed = ~np.isnan(x + y)
    points[placed] = shapely.points(x[placed], y[placed])
    rows = tuple(block.rows.tolist())
    vector.refuse_misplaced(path, points, within=within, rows=rows)
    texts = {name: np.array(column, dtype=object) for name, column in block.columns.items()}
    return vector.Features(path=path, columns=texts, geometries=points, notes=(), rows=rows)
