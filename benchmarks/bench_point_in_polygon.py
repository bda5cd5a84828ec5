"""Point-in-polygon against `geopandas.sjoin`: seconds, and peak memory of a process of its own."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.line import Line

POINTS = int(os.environ.get("HEARBACK_BENCH_POINTS", 5_000_000))
POLYGONS = 1_000


@dataclass(frozen=True)
class Measured:
    """Seconds of the work itself, peak resident memory of its whole process in megabytes, and what it found."""

    seconds: float
    megabytes: float
    found: str


def run() -> list[Line]:
    """Throughput and memory; the peer's seconds are of `sjoin` alone, without making its points."""
    ours, peer = in_child(__name__, "ours"), in_child(__name__, "geopandas")
    same = "same counts" if ours.found == peer.found else "DIFFERENT COUNTS"
    what = f"{POINTS / 1e6:g} million points × {POLYGONS:,} polygons"
    return [
        Line(
            what=f"{what}: {same}",
            ours=f"{ours.seconds:.2f} s with building the grid",
            peer=f"{peer.seconds:.2f} s geopandas.sjoin",
            ratio=f"{peer.seconds / ours.seconds:.1f}×",
            goal="at least 3×",
        ),
        Line(
            what=f"{what}: peak memory of the process",
            ours=f"{ours.megabytes:,.0f} MB",
            peer=f"{peer.megabytes:,.0f} MB",
            ratio=f"{peer.megabytes / ours.megabytes:.1f}×",
            goal="at least 2×",
        ),
    ]


def in_child(module: str, *arguments: str) -> Measured:
    """Run `python -m module arguments…`, which ends with `tell`, and return what it told."""
    command = [sys.executable, "-m", module, *arguments]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1]
    return Measured(**json.loads(told))


def tell(*, seconds: float, found: str) -> None:
    """Print what was measured in this process. VmHWM, because ru_maxrss begins with the parent's memory."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    megabytes = float(peak.group(1)) / 1024 if peak else float("nan")
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "found": found}))


def tessellation() -> NDArray[np.object_]:
    """Polygons that share their wiggling borders, some 250 corners each, as tracts do."""
    square = shapely.box(0, 0, 1, 1)
    seeds = shapely.multipoints(np.random.default_rng(1).random((POLYGONS, 2)))
    cells = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=square)), square)
    return shapely.transform(
        shapely.segmentize(cells, 0.0005),
        lambda xy: xy + 0.0008 * np.column_stack([np.sin(900 * xy[:, 1]), np.cos(700 * xy[:, 0])]),
    )


def ours(polygons: NDArray[np.object_], x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
    """Build the locator and locate."""
    from hearback.evidence.point_in_polygon import PolygonLocator

    start = time.perf_counter()
    index = PolygonLocator(polygons).locate(x, y)
    tell(seconds=time.perf_counter() - start, found=counted(index))


def geopandas(polygons: NDArray[np.object_], x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
    """Join, then take the lowest polygon of each point, as ours does."""
    import geopandas as gpd

    areas = gpd.GeoDataFrame(geometry=list(polygons))
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y))
    start = time.perf_counter()
    joined = gpd.sjoin(points, areas, predicate="intersects")
    seconds = time.perf_counter() - start
    index = np.full(len(x), POLYGONS)
    np.minimum.at(index, joined.index.to_numpy(), joined["index_right"].to_numpy())
    tell(seconds=seconds, found=counted(np.where(index == POLYGONS, -1, index)))


def counted(index: NDArray[np.integer]) -> str:
    """Points per polygon, as one fingerprint."""
    return hashlib.sha256(np.bincount(index + 1, minlength=POLYGONS + 1).astype("<i8").tobytes()).hexdigest()


if __name__ == "__main__":
    places = np.random.default_rng(2).uniform(-0.02, 1.02, (2, POINTS))
    {"ours": ours, "geopandas": geopandas}[sys.argv[1]](tessellation(), *places)
