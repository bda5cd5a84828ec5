"""The one place that knows which machinery runs a query: DuckDB in this process, or Spark on a cluster."""

from __future__ import annotations

import atexit
import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from hearback.refusal import Refusal


class EngineMissing(Refusal):
    """The chosen engine is unknown, or is not installed here."""


@dataclass(frozen=True)
class Engine:
    """How queries run: which machinery ("duckdb" or "spark"), and for DuckDB its memory and where it overflows to."""

    spill: Path
    kind: str = "duckdb"
    memory_limit: str = "1GB"

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB of its own in memory, which overflows to disk and fetches nothing from the network."""
        return duckdb.connect(
            config={
                "memory_limit": self.memory_limit,
                "temp_directory": str(self.spill),
                "autoinstall_known_extensions": False,
            }
        )

    def scan(self, parts: Sequence[Path]) -> nw.LazyFrame[Any]:
        """The rows of Parquet files, in order, as a lazy table; EngineMissing where the engine cannot run."""
        files = [str(part) for part in parts]
        if self.kind == "duckdb":
            return nw.from_native(self.connect().read_parquet(files))
        if self.kind == "spark":
            frame: nw.LazyFrame[Any] = nw.from_native(_spark_session().read.parquet(*files))
            return frame
        raise EngineMissing(
            f"There is no engine named {self.kind!r}", where="HEARBACK_ENGINE", remedy='Set it to "duckdb" or "spark"'
        )


def arrays(frame: nw.LazyFrame[Any]) -> dict[str, NDArray[Any]]:
    """Run a query and bring its columns here; a missing number is NaN."""
    native = frame.to_native()
    if isinstance(native, duckdb.DuckDBPyRelation):
        return {name: _filled(values) for name, values in native.fetchnumpy().items()}
    return {column.name: column.to_numpy() for column in frame.collect().iter_columns()}


def _filled(values: NDArray[Any]) -> NDArray[Any]:
    if isinstance(values, np.ma.MaskedArray):
        return values.filled(np.nan) if values.dtype.kind == "f" else values.filled()
    return values


def _spark_session() -> Any:
    try:
        sql = importlib.import_module("pyspark.sql")
    except ModuleNotFoundError:
        raise EngineMissing(
            "Spark is not installed here",
            where="HEARBACK_ENGINE=spark",
            remedy="Install pyspark, or leave HEARBACK_ENGINE unset to use DuckDB",
        ) from None
    return sql.SparkSession.builder.getOrCreate()


@atexit.register
def _forget_caches() -> None:
    """Empty narwhals' caches before the interpreter ends: what they hold, DuckDB 2.0 reports as leaks on stderr."""
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] == "narwhals"]
    for value in [value for module in modules for value in vars(module).values()]:
        if hasattr(value, "cache_clear"):
            value.cache_clear()
