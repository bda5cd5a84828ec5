"""Reads delimited text such as CSV in bounded memory, with row numbers, and refuses what it cannot trust."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hearback.importers.nearest import advice
from hearback.refusal import Refusal

FloatArray = NDArray[np.float64]

SIZE_LIMIT = 1_000_000_000
"""Bytes of one file; a larger one is refused before it is opened."""

CELLS_AT_ONCE = 64_000
"""Cells held in memory at a time, some 6 MB: more of them only make Python's garbage collector slower."""

DELIMITERS = ",;\t"
SAVE_AS_CSV = 'Save it as "CSV UTF-8"'


class DelimitedRefusal(Refusal):
    """A file that is absent, empty, too large, not text, or without the column asked for."""


@dataclass(frozen=True)
class Block:
    """Rows of a table as text: `rows` are their numbers as a spreadsheet shows them, the header being row 1."""

    rows: NDArray[np.int64]
    columns: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class _Shape:
    """How one file is laid out: its delimiter, its header and where the wanted columns stand."""

    delimiter: str
    header: tuple[str, ...]
    positions: Mapping[str, int]


def header(path: Path, *, size_limit: int = SIZE_LIMIT) -> tuple[str, ...]:
    """The names of the columns, without blanks around them."""
    return _shape(path, columns=(), size_limit=size_limit).header


def read(path: Path, *, columns: Sequence[str], size_limit: int = SIZE_LIMIT) -> Block:
    """The wanted columns of the whole file; for tables with one row per area."""
    parts = list(blocks(path, columns=columns, size_limit=size_limit))
    return Block(
        rows=np.concatenate([part.rows for part in parts]),
        columns={name: [text for part in parts for text in part.columns[name]] for name in columns},
    )


def blocks(
    path: Path,
    *,
    columns: Sequence[str],
    size_limit: int = SIZE_LIMIT,
    cells_at_once: int = CELLS_AT_ONCE,
) -> Iterator[Block]:
    """The wanted columns, some rows at a time; what can be known from the header is refused at the call."""
    shape = _shape(path, columns=columns, size_limit=size_limit)
    return _blocks(path, shape, rows_at_once=max(1, cells_at_once // len(shape.header)))


def numbers(texts: Sequence[str]) -> FloatArray:
    """Each text as a number, NaN where it is none (blank, a word, infinite, Python's own 1_000)."""
    read = _number if any("_" in text for text in texts) else float
    try:
        values = np.fromiter(map(read, texts), dtype=np.float64, count=len(texts))
    except ValueError:
        values = np.fromiter(map(_number, texts), dtype=np.float64, count=len(texts))
    values[~np.isfinite(values)] = np.nan
    return values


def measures(block: Block, column: str, *, path: Path, missing: Iterable[str | float] = ()) -> FloatArray:
    """A column of numbers, NaN where it is blank or holds one of the `missing` codes (`-999`, `NA`).

    Raises `DelimitedRefusal` for any other text that is no number.
    """
    codes = [str(code).casefold() for code in missing]
    texts = block.columns[column]
    values = numbers(texts)
    for at in np.flatnonzero(np.isnan(values)).tolist():
        word = texts[at].strip()
        if word and word.casefold() not in codes:
            raise DelimitedRefusal(
                f"{word!r} in column {column!r} is not a number",
                where=f"{path}, row {block.rows[at]}",
                remedy="Write digits with a decimal point (1234.5), or name the word under missing",
            )
    values[np.isin(values, numbers(codes))] = np.nan
    return values


def check_file(path: Path, *, size_limit: int = SIZE_LIMIT) -> None:
    """Refuse a path that is missing, no file, empty or too large, from its entry alone, without opening it."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise DelimitedRefusal("there is no such file", where=str(path), remedy=_file_remedy(path)) from error
    if not path.is_file():
        raise DelimitedRefusal("this is not a file", where=str(path), remedy="Name the file inside it")
    if size == 0:
        raise DelimitedRefusal("the file is empty", where=str(path), remedy="Export it again from its source")
    if size > size_limit:
        raise DelimitedRefusal(
            f"the file has {size / 1e9:.1f} GB and at most {size_limit / 1e9:.1f} GB are read",
            where=str(path),
            remedy="Split it into smaller files, for example by year",
        )


def check_columns(path: Path, *, wanted: Iterable[str], present: Sequence[str]) -> None:
    """Refuse a column that is absent or stands twice, and suggest the name that was probably meant."""
    for name in wanted:
        found = present.count(name)
        if found > 1:
            raise DelimitedRefusal(
                f"the column {name!r} stands {found} times in the header",
                where=f"{path}, row 1",
                remedy="Rename or remove all but one",
            )
        if not found:
            raise DelimitedRefusal(f"there is no column {name!r}", where=f"{path}, row 1", remedy=advice(name, present))


def _shape(path: Path, *, columns: Sequence[str], size_limit: int) -> _Shape:
    check_file(path, size_limit=size_limit)
    sample = _sample(path)
    delimiter = max(DELIMITERS, key=lambda mark: len(_first_record(sample, mark)))
    names = tuple(name.strip() for name in _first_record(sample, delimiter))
    if not any(names):
        raise DelimitedRefusal(
            "the first row is blank", where=f"{path}, row 1", remedy="Begin with the names of the columns"
        )
    check_columns(path, wanted=columns, present=names)
    return _Shape(delimiter=delimiter, header=names, positions={name: names.index(name) for name in columns})


def _sample(path: Path, *, size: int = 1 << 18) -> str:
    with path.open("rb") as file:
        start = file.read(size)
    if start.startswith(b"PK\x03\x04"):
        raise DelimitedRefusal("this is a spreadsheet workbook", where=str(path), remedy=SAVE_AS_CSV)
    if b"\0" in start:
        raise DelimitedRefusal("this is not UTF-8 text", where=f"{path}, row 1", remedy=SAVE_AS_CSV)
    return start.decode("utf-8-sig", errors="replace")


def _first_record(sample: str, delimiter: str) -> list[str]:
    return next(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), [])


def _blocks(path: Path, shape: _Shape, *, rows_at_once: int) -> Iterator[Block]:
    done, kept = 1, 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            records = csv.reader(file, delimiter=shape.delimiter, strict=True)
            next(records)
            while batch := list(islice(records, rows_at_once)):
                block = _block(path, shape, batch, first_row=done + 1)
                done += len(batch)
                kept += len(block.rows)
                yield block
    except UnicodeDecodeError as error:
        place = f"{path}, line {_undecodable_line(path)}"
        raise DelimitedRefusal("a letter here is not UTF-8", where=place, remedy=SAVE_AS_CSV) from error
    except csv.Error as error:
        raise DelimitedRefusal(
            "a quotation mark here is not closed, or stands inside a field without being doubled",
            where=f"{path}, row {_unquotable_row(path, shape.delimiter)}",
            remedy='Write it twice ("") inside quoted text',
        ) from error
    if not kept:
        raise DelimitedRefusal(
            "the file has a header but no rows", where=f"{path}, row 1", remedy="Export it again from its source"
        )


def _block(path: Path, shape: _Shape, batch: list[list[str]], *, first_row: int) -> Block:
    rows = np.arange(first_row, first_row + len(batch), dtype=np.int64)
    lengths = np.fromiter(map(len, batch), dtype=np.int64, count=len(batch))
    uneven = np.flatnonzero((lengths != len(shape.header)) & (lengths > 0))
    if uneven.size:
        raise DelimitedRefusal(
            f"there are {lengths[uneven[0]]} fields where the header has {len(shape.header)}",
            where=f"{path}, row {rows[uneven[0]]}",
            remedy="Put quotation marks around text that contains the delimiter",
        )
    if not lengths.all():
        rows, batch = rows[lengths > 0], [record for record in batch if record]
    return Block(
        rows=rows,
        columns={name: [record[at] for record in batch] for name, at in shape.positions.items()},
    )


def _undecodable_line(path: Path) -> int:
    """The text layer decodes ahead of the rows, so the place is found by a second look at the bytes."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 0


def _unquotable_row(path: Path, delimiter: str) -> int:
    number = 0
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        try:
            for _ in csv.reader(file, delimiter=delimiter, strict=True):
                number += 1
        except csv.Error:
            return number + 1
    return number


def _number(text: str) -> float:
    try:
        return np.nan if "_" in text else float(text)
    except ValueError:
        return np.nan


def _file_remedy(path: Path) -> str:
    beside = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, beside, n=1)
    return f'You may mean "{near[0]}"' if near else "Correct the path or put the file there"
