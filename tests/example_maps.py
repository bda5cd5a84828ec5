"""Maps the spatial tests share: two of the literature with numbers from R, and a made-up chessboard."""

from __future__ import annotations

import csv
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hearback.stats.spatial_weights import SpatialWeights, from_edges
from places import SHARED


def spdep() -> dict[str, Any]:
    """What R's spdep 1.2-7 computed for both maps."""
    found: dict[str, Any] = json.loads((SHARED / "golden" / "spatial.json").read_text())
    return found


def columbus() -> tuple[NDArray[np.float64], SpatialWeights]:
    """Crime in the 49 neighbourhoods of Columbus, and who borders whom."""
    (crime,) = _columns("columbus.csv", "CRIME")
    return crime, _neighbours("columbus_nb_edges_1based.csv", n=49)


def north_carolina() -> tuple[NDArray[np.float64], NDArray[np.float64], SpatialWeights]:
    """Sudden infant deaths and births 1974 in the 100 counties of North Carolina, and who borders whom."""
    deaths, births = _columns("nc_sids.csv", "SID74", "BIR74")
    return deaths, births, _neighbours("nc_sids_ncCR85_edges_1based.csv", n=100)


def chessboard(side: int) -> SpatialWeights:
    """A square of side x side areas, each a neighbour of the (up to) eight around it."""
    line = sparse.diags_array([np.ones(side - 1), np.ones(side), np.ones(side - 1)], offsets=[-1, 0, 1])
    return SpatialWeights(sparse.csr_array(sparse.kron(line, line))).without_self()


def _columns(file: str, *names: str) -> list[NDArray[np.float64]]:
    with (SHARED / "golden" / file).open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [np.array([float(row[name]) for row in rows]) for name in names]


def _neighbours(file: str, *, n: int) -> SpatialWeights:
    edges = np.loadtxt(SHARED / "golden" / file, delimiter=",", skiprows=1, dtype=int)
    return from_edges(edges - 1, n=n)
