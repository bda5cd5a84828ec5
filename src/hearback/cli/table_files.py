"""Tables in and out of the command line: CSV or Parquet in, CSV or JSON out."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from hearback.importers import delimited, joins
from hearback.refusal import Refusal

DIGITS = 10
"""Significant digits of what is written: more than anybody reads, and none that depend on the machine."""

Column = Sequence[Any] | NDArray[Any]

WRITTEN = (".csv", ".json")
LARGEST = 1e12
"""Above any count, number of people or margin."""


class UnusableTable(Refusal):
    """A table that cannot be read, or whose numbers are none or cannot be true."""


class UnusableOut(Refusal):
    """A name under which no table can be written."""


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

    def amounts(
        self, column: str, *, least: float = 0.0, largest: float = LARGEST, missing: Iterable[str | float] = ()
    ) -> NDArray[np.float64]:
        """A column of numbers from `least` to `largest`, NaN where missing; another number is refused with its row."""
        values = self.numbers(column, missing=missing)
        for at in np.flatnonzero((values < least) | (values > largest)).tolist():
            beyond = f"below {least:g}" if values[at] < least else f"above {largest:g}"
            raise UnusableTable(
                f"{values[at]:g} in column {column!r} is {beyond}",
                where=self.where(at),
                remedy="Correct it, or leave it empty where it is unknown",
            )
        return values

    def keys(self, column: str) -> tuple[str, ...]:
        """A column that names the areas; one that is blank, repeated or garbled by a spreadsheet is refused."""
        return joins.area_keys(self.columns[column], rows=self.rows, path=self.path).keys

    def where(self, at: int) -> str:
        """The place of a line, for a refusal."""
        return f"{self.path}, row {self.rows[at]}"


def _out(_context: click.Context, _option: click.Parameter, path: Path) -> Path:
    """Refuse a name under which nothing can be written before time is spent on what would stand there."""
    if path.suffix.lower() not in WRITTEN:
        raise UnusableOut(
            f"tables are written as {' or '.join(WRITTEN)}", where=str(path), remedy="Let the name end in one of these"
        )
    if path.is_dir():
        raise UnusableOut("this is a folder", where=str(path), remedy="Name a file in it")
    if not path.absolute().parent.is_dir():
        raise UnusableOut("there is no such folder", where=str(path.parent), remedy="Make it, or name another")
    return path


out_option = click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    callback=_out,
    help="Where the table goes (.csv or .json).",
)


def header(path: Path) -> tuple[str, ...]:
    """The names of a file's columns."""
    if path.suffix.lower() == ".parquet":
        return tuple(_parquet(path).columns)
    return delimited.header(path)


def read(path: Path, columns: Sequence[str]) -> TableFile:
    """The columns asked for; one that is not there is refused with the nearest name."""
    if path.suffix.lower() != ".parquet":
        block = delimited.read(path, columns=columns)
        return TableFile(path, block.columns, block.rows)
    table = _parquet(path)
    delimited.check_columns(path, wanted=columns, present=table.columns)
    if not len(table):
        raise UnusableTable("the table has no rows", where=str(path), remedy="Export it again from its source")
    kinds = dict(zip(table.columns, map(str, table.types), strict=True))
    rows = table.project(", ".join(_as_text(name, kinds[name]) for name in columns)).fetchall()
    texts = {name: [row[i] for row in rows] for i, name in enumerate(columns)}
    return TableFile(path, texts, np.arange(1, len(rows) + 1))


def write(path: Path, columns: Mapping[str, Column], *, missing: str = "") -> None:
    """Write the table whole or not at all: JSON rows where the name ends so, else CSV with `missing` for NaN."""
    names = list(columns)
    rows = [[_plain(value) for value in row] for row in zip(*columns.values(), strict=True)]
    handle, hidden = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}-", text=True)
    making = Path(hidden)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            if path.suffix.lower() == ".json":
                json.dump([dict(zip(names, row, strict=True)) for row in rows], file, indent=1)
            else:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(names)
                writer.writerows([[missing if value is None else value for value in row] for row in rows])
        making.chmod(0o644)
        making.replace(path)
    finally:
        making.unlink(missing_ok=True)


def _as_text(name: str, kind: str) -> str:
    """SQL for a column as text, blank where it is missing; a number that is none counts as missing."""
    column = '"' + name.replace('"', '""') + '"'
    if kind in ("FLOAT", "DOUBLE"):
        column = f"case when isnan({column}) then null else {column} end"
    return f"coalesce(cast({column} as varchar), '')"


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
    if isnan(number):
        return None
    return int(number) if number.is_integer() else float(f"{number:.{DIGITS}g}")
