"""Tables in and out of the command line: CSV or Parquet in, CSV or JSON out."""

from __future__ import annotations

import csv
import json
import math
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hearback.importers import delimited
from hearback.refusal import Refusal

DIGITS = 10
"""Significant digits of what is written: more than anybody reads, and none that depend on the machine."""


class UnusableTable(Refusal):
    """A table that cannot be read, or whose numbers are none."""


@dataclass(frozen=True)
class TableFile:
    """Some columns of a file as text, and the row each line stands in."""

    path: Path
    columns: Mapping[str, Sequence[str]]
    rows: NDArray[np.int64]

    def numbers(self, column: str, *, missing: Iterable[str | float] = ()) -> NDArray[np.float64]:
        """A column as numbers, NaN where empty or one of `missing`; other text is refused with its row."""
        block = delimited.Block(rows=self.rows, columns={column: list(self.columns[column])})
        return delimited.measures(block, column, path=self.path, missing=missing)


def header(path: Path) -> tuple[str, ...]:
    """The names of a file's columns."""
    if path.suffix == ".parquet":
        return tuple(_parquet(path).columns)
    return delimited.header(path)


def read(path: Path, columns: Sequence[str]) -> TableFile:
    """The columns asked for; one that is not there is refused with the nearest name."""
    if path.suffix != ".parquet":
        block = delimited.read(path, columns=columns)
        return TableFile(path, block.columns, block.rows)
    table = _parquet(path)
    delimited.check_columns(path, wanted=columns, present=table.columns)
    rows = table.project(", ".join(f"coalesce(cast(\"{name}\" as varchar), '')" for name in columns)).fetchall()
    texts = {name: [row[i] for row in rows] for i, name in enumerate(columns)}
    return TableFile(path, texts, np.arange(1, len(rows) + 1))


def write(path: Path, columns: Mapping[str, Sequence[Any] | NDArray[Any]], *, missing: str = "") -> None:
    """Write the table whole or not at all: JSON rows where the name ends so, else CSV with `missing` for NaN."""
    names = list(columns)
    rows = [[_plain(value) for value in row] for row in zip(*columns.values(), strict=True)]
    handle, making = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}-", text=True)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        if path.suffix == ".json":
            json.dump([dict(zip(names, row, strict=True)) for row in rows], file, indent=1)
        else:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(names)
            writer.writerows([[missing if value is None else value for value in row] for row in rows])
    Path(making).chmod(0o644)
    Path(making).replace(path)


def _parquet(path: Path) -> Any:
    import duckdb

    delimited.check_file(path)
    try:
        return duckdb.read_parquet(str(path))
    except duckdb.Error as error:
        raise UnusableTable("this is not a Parquet file", where=str(path), remedy="Export it again") from error


def _plain(value: Any) -> Any:
    """A number as JSON and CSV know it: NaN is nothing, and a whole number has no point."""
    if isinstance(value, str | None):
        return value
    number = float(value)
    if math.isnan(number):
        return None
    return int(number) if number.is_integer() else float(f"{number:.{DIGITS}g}")
