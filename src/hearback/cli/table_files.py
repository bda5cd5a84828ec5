"""Tables in and out of the command line: CSV or Parquet in, CSV or JSON out."""

from __future__ import annotations

import csv
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import IO, Any

import click
import numpy as np
from numpy.typing import NDArray

from hearback.importers import delimited, joins
from hearback.importers.codebook_parts import code_of
from hearback.importers.toml_records import TomlRefusal
from hearback.refusal import Refusal

DIGITS = 10
"""Significant digits of what is written: more than anybody reads, and none that depend on the machine."""
DOCUMENT_DIGITS = 12
"""The same for documents, whose numbers are compared with other programs'."""

Column = Sequence[Any] | NDArray[Any]

WRITTEN = (".csv", ".json")
_ITEM = re.compile(r"\bitem (\d+)(?: of \d+)?")
_ROW = re.compile(r"\brow (\d+)(?: of \d+)?")
LARGEST = 1e12
"""Above any count, number of people or margin."""
MEASURABLE = 1e15
"""Beyond this, up or down, nothing is measured, and squares of sums begin to overflow."""


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
        values = delimited.measures(block, column, path=self.path, missing=missing)
        return self._within(column, values, -MEASURABLE, MEASURABLE)

    def amounts(
        self, column: str, *, least: float = 0.0, largest: float = LARGEST, missing: Iterable[str | float] = ()
    ) -> NDArray[np.float64]:
        """A column of numbers from `least` to `largest`, NaN where missing; another number is refused with its row."""
        return self._within(column, self.numbers(column, missing=missing), least, largest)

    def _within(self, column: str, values: NDArray[np.float64], least: float, largest: float) -> NDArray[np.float64]:
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

    def labels(self, column: str, *, missing: Iterable[str | float] = ()) -> NDArray[np.str_]:
        """A column as words, "" where empty or one of `missing`."""
        codes = {code_of(str(code)) for code in missing}
        words = (text.strip() for text in self.columns[column])
        return np.array(["" if code_of(word) in codes else word for word in words], dtype=np.str_)

    def kept(self, rows: NDArray[np.bool_]) -> TableFile:
        """The same table with some of its lines."""
        columns = {
            name: [text for text, kept in zip(texts, rows, strict=True) if kept] for name, texts in self.columns.items()
        }
        return TableFile(self.path, columns, self.rows[rows])

    def where(self, at: int) -> str:
        """The place of a line, for a refusal."""
        return f"{self.path}, row {self.rows[at]}"

    @contextmanager
    def told(self, *, items: Sequence[str] = ()) -> Iterator[None]:
        """Tell what the statistics refuse with the name of this file, its rows and its `items` in place of theirs."""
        try:
            yield
        except Refusal as refusal:
            if isinstance(refusal, TomlRefusal) or refusal.where.startswith(str(self.path)):
                raise
            there = _ROW.sub(lambda found: f"row {self.rows[int(found[1]) - 1]}", refusal.where)
            there = with_items(there, items)
            place = f"{self.path}, {there}" if there else str(self.path)
            raise UnusableTable(refusal.problem, where=place, remedy=refusal.remedy) from refusal


def _writable(path: Path, endings: tuple[str, ...]) -> Path:
    """Refuse a name under which nothing can be written before time is spent on what would stand there."""
    if path.suffix.lower() not in endings:
        written = "tables are" if len(endings) > 1 else "this is"
        end = "one of these" if len(endings) > 1 else "this"
        raise UnusableOut(
            f"{written} written as {' or '.join(endings)}", where=str(path), remedy=f"Let the name end in {end}"
        )
    if path.is_dir():
        raise UnusableOut("this is a folder", where=str(path), remedy="Name a file in it")
    if not path.absolute().parent.is_dir():
        raise UnusableOut("there is no such folder", where=str(path.parent), remedy="Make it, or name another")
    return path


def written_option(name: str, *, endings: tuple[str, ...], help: str, required: bool = False) -> Callable[..., Any]:
    """An option that names a file to be written."""

    def check(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
        return None if path is None else _writable(path, endings)

    return click.option(name, required=required, type=click.Path(path_type=Path), callback=check, help=help)


out_option = written_option("--out", endings=WRITTEN, required=True, help="Where the table goes (.csv or .json).")
document_option = written_option("--out", endings=(".json",), required=True, help="Where the results go (.json).")


def with_items(told: str, items: Sequence[str]) -> str:
    """The same words with the names of items in the place of their numbers."""
    return _ITEM.sub(lambda found: items[int(found[1]) - 1], told) if items else told


def refuse_same(one: Path | None, other: Path | None, *, place: str, remedy: str) -> None:
    """Stop before a file is written over another that is read or written by the same call."""
    if one is not None and other is not None and one.resolve() == other.resolve():
        raise UnusableOut(f"{place} would overwrite it", where=str(one), remedy=remedy)


def header(path: Path) -> tuple[str, ...]:
    """The names of a file's columns."""
    _refuse_stream(path)
    if path.suffix.lower() == ".parquet":
        return tuple(_parquet(path).columns)
    return delimited.header(path)


def read(path: Path, columns: Sequence[str]) -> TableFile:
    """The columns asked for; one that is not there is refused with the nearest name."""
    _refuse_stream(path)
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
    with _whole(path) as file:
        if path.suffix.lower() == ".json":
            json.dump([dict(zip(names, row, strict=True)) for row in rows], file, indent=1)
        else:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(names)
            writer.writerows([[missing if value is None else value for value in row] for row in rows])


def write_document(path: Path, document: Mapping[str, Any]) -> None:
    """Write nested tables, lists, words and numbers as JSON, whole or not at all; NaN and infinity become null."""
    with _whole(path) as file:
        json.dump(_json(document), file, indent=1, ensure_ascii=False, allow_nan=False)
        file.write("\n")


@contextmanager
def _whole(path: Path) -> Iterator[IO[str]]:
    """A file that appears under its name only once all is written."""
    try:
        handle, hidden = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}-", text=True)
    except FileNotFoundError as error:
        raise UnusableOut("no file can be made here", where=str(path), remedy="Name another folder") from error
    making = Path(hidden)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
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


def _refuse_stream(path: Path) -> None:
    """Stop at a pipe: a table is read more than once, its header first."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise UnusableTable("this is a stream, not a file", where=str(path), remedy="Save it as a file, and name that")


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
    return _number(value, DIGITS)


def _json(value: Any) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, str | bool | None):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Mapping):
        return {str(key): _json(entry) for key, entry in value.items()}
    if isinstance(value, Sequence | np.ndarray):
        return [_json(entry) for entry in value]
    return _number(value, DOCUMENT_DIGITS)


def _number(value: Any, digits: int) -> float | int | None:
    """Rounded to digits; nothing where it is NaN or infinite, and without a point where it is whole."""
    number = float(value)
    if not isfinite(number):
        return None
    rounded = number if number.is_integer() else float(f"{number:.{digits}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < MEASURABLE else rounded
