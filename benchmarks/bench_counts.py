"""A hundred million incidents into the store and out as counts, each in a process of its own."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.bench_point_in_polygon import in_child, tell
from benchmarks.line import Line

ROWS = int(os.environ.get("HEARBACK_BENCH_ROWS", 100_000_000))
CHUNK = 1_000_000
PANDAS_SHARE = 10
"""Pandas gets one row in so many, because all of them do not fit into its memory here."""

GROUPS = ("area_tract", "year", "month", "category")
AREAS = np.array(["", *(f"11001{tract:06d}" for tract in range(1_000))], dtype=object)
CATEGORIES = np.array(
    ["arson", "assault", "burglary", "fraud", "homicide", "larceny", "robbery", "vandalism"], dtype=object
)


def run() -> list[Line]:
    """Memory and seconds of writing and of counting; the peers are plain DuckDB on all rows and pandas on a share."""
    with tempfile.TemporaryDirectory() as folder:
        written = in_child(__name__, "write", folder)
        disk = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        ours, sql = in_child(__name__, "count", folder), in_child(__name__, "sql", folder)
        pandas = in_child(__name__, "pandas", folder)
    same = "same counts" if ours.found == sql.found else "DIFFERENT COUNTS"
    rows, share = f"{ROWS / 1e6:g} million rows", f"{ROWS / PANDAS_SHARE / 1e6:g} million rows"
    return [
        Line(
            what=f"{rows} into the store",
            ours=f"{written.seconds:.0f} s, peak {written.megabytes:,.0f} MB, {disk / 1e9:.2f} GB on disk",
            goal="under 2,000 MB",
        ),
        Line(
            what=f"{rows} by area × month × category: {same}",
            ours=f"{ours.seconds:.1f} s, peak {ours.megabytes:,.0f} MB",
            peer=f"{sql.seconds:.1f} s, peak {sql.megabytes:,.0f} MB, the same in DuckDB's SQL, no memory limit",
            ratio=f"{sql.seconds / ours.seconds:.2f}×",
            goal="under 2,000 MB",
        ),
        Line(
            what=f"the same against pandas on {share}, its seconds and memory as they are, not scaled up",
            ours=f"{ours.seconds:.1f} s, peak {ours.megabytes:,.0f} MB for {rows}",
            peer=f"{pandas.seconds:.1f} s, peak {pandas.megabytes:,.0f} MB for {share}",
            ratio=f"{pandas.megabytes / ours.megabytes:.1f}× memory",
        ),
    ]


def chunks() -> Iterator[dict[str, NDArray]]:
    """Invented incidents of ten years, a million at a time."""
    rng = np.random.default_rng(5)
    for _ in range(0, ROWS, CHUNK):
        yield {
            "area_tract": AREAS[rng.integers(0, len(AREAS), CHUNK)],
            "year": rng.integers(2010, 2020, CHUNK).astype(np.int16),
            "month": rng.integers(1, 13, CHUNK).astype(np.int8),
            "category": CATEGORIES[rng.integers(0, len(CATEGORIES), CHUNK)],
            "longitude": np.round(rng.uniform(-77.12, -76.91, CHUNK), 4),
            "latitude": np.round(rng.uniform(38.79, 39.0, CHUNK), 4),
        }


def write(folder: Path) -> None:
    """Stream the rows into a store."""
    from hearback.evidence.provenance import Provenance
    from hearback.evidence.store import EvidenceStore

    start = time.perf_counter()
    provenance = Provenance("incidents", "Invented incidents", "invented", "CC0", "2020")
    dataset = EvidenceStore(folder).write(chunks(), provenance=provenance)
    tell(seconds=time.perf_counter() - start, found=dataset.checksum)


def count(folder: Path) -> None:
    """Count through narwhals over DuckDB with the store's own memory limit."""
    from hearback.evidence.counts import count_incidents
    from hearback.evidence.store import EvidenceStore

    start = time.perf_counter()
    found = count_incidents(EvidenceStore(folder).open("incidents"))
    seconds = time.perf_counter() - start
    tell(seconds=seconds, found=counted(found.count))


def sql(folder: Path) -> None:
    """Count in one line of SQL."""
    import duckdb

    start = time.perf_counter()
    query = f"SELECT {', '.join(GROUPS)}, count(*) AS n FROM '{folder}/*/*.parquet' GROUP BY ALL ORDER BY ALL"
    found = duckdb.sql(query).fetchnumpy()
    seconds = time.perf_counter() - start
    tell(seconds=seconds, found=counted(found["n"]))


def pandas(folder: Path) -> None:
    """Read a share of the files and group."""
    import pandas as pd

    files = sorted(folder.glob("*/*.parquet"))
    start = time.perf_counter()
    rows = pd.concat([pd.read_parquet(file, columns=list(GROUPS)) for file in files[: -(-len(files) // PANDAS_SHARE)]])
    found = rows.groupby(list(GROUPS)).size()
    tell(seconds=time.perf_counter() - start, found=counted(found.to_numpy()))


def counted(counts: NDArray) -> str:
    """Counts in the order of their groups, as one fingerprint."""
    return hashlib.sha256(counts.astype("<i8").tobytes()).hexdigest()


if __name__ == "__main__":
    {"write": write, "count": count, "sql": sql, "pandas": pandas}[sys.argv[1]](Path(sys.argv[2]))
