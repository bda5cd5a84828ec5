"""Reads the file of a survey, whatever its format, into text as it was typed: CSV, Excel (.xlsx) and SPSS (.sav)."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyreadstat
from numpy.typing import NDArray

from hearback.importers import delimited
from hearback.importers.codebook_parts import code_of
from hearback.importers.nearest import listing
from hearback.refusal import Refusal

EXCEL, SPSS = ".xlsx", ".sav"
SIZE_LIMIT = 200_000_000
"""Bytes of one file; far beyond any survey of people, and still within memory."""
IMPORT_ID = '{"importid"'
"""How the third header line of a Qualtrics export begins."""


class SurveyFileRefusal(Refusal):
    """A survey's file that is not what its name says, has several sheets, or more header lines than were said."""


@dataclass(frozen=True)
class SurveyFile:
    """A table as text. `rows` are the numbers a spreadsheet shows; SPSS files count from 1."""

    path: Path
    rows: NDArray[np.int64]
    columns: Mapping[str, Sequence[str]]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """SPSS: per column what it says each code means."""
    declared_missing: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    """SPSS: per column the ranges of codes that it calls missing."""

    def where(self, at: int) -> str:
        """The place of a row, for a refusal."""
        return f"{self.path}, row {self.rows[at]}"


def read(path: Path, *, header_lines: int = 1, sheet: str | None = None) -> SurveyFile:
    """Every column of the file, as text.

    header_lines: of these the first holds the names of the columns. sheet: which one of a workbook.
    Raises DelimitedRefusal or SurveyFileRefusal.
    """
    delimited.check_file(path, size_limit=SIZE_LIMIT)
    if path.suffix.casefold() == SPSS:
        return _spss(path)
    names, rows, columns = _excel(path, sheet) if path.suffix.casefold() == EXCEL else _csv(path)
    if header_lines == 1 and any(column and column[0].casefold().startswith(IMPORT_ID) for column in _starts(columns)):
        raise SurveyFileRefusal(
            "the header goes on after its first line", where=f"{path}, row 3", remedy="Write header_lines = 3"
        )
    below = header_lines - 1
    if len(rows) <= below:
        raise SurveyFileRefusal("there is a header, but no answers", where=str(path), remedy="Export it again")
    return SurveyFile(path, rows[below:], {name: columns[name][below:] for name in names})


def _starts(columns: Mapping[str, Sequence[str]]) -> list[Sequence[str]]:
    """The second line below the names, of every column."""
    return [column[1:2] for column in columns.values()]


def _csv(path: Path) -> tuple[tuple[str, ...], NDArray[np.int64], Mapping[str, Sequence[str]]]:
    names = tuple(name for name in delimited.header(path) if name)
    block = delimited.read(path, columns=names)
    return names, block.rows, block.columns


def _excel(path: Path, sheet: str | None) -> tuple[tuple[str, ...], NDArray[np.int64], dict[str, list[str]]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise SurveyFileRefusal(
            "this is not an Excel workbook (.xlsx)",
            where=str(path),
            remedy="Save it again from the spreadsheet program",
        ) from error
    try:
        filled = [
            [_typed(cell) for cell in row]
            for row in book[_sheet(path, book.sheetnames, sheet)].iter_rows(values_only=True)
        ]
    finally:
        book.close()
    if not filled:
        raise SurveyFileRefusal(
            "the sheet is empty", where=str(path), remedy="Name the one with the answers: sheet = …"
        )
    header, *body = filled
    names = tuple(name.strip() for name in header if name.strip())
    delimited.check_columns(path, wanted=names, present=names)
    at = {name.strip(): position for position, name in enumerate(header)}
    numbered = [(number, row) for number, row in enumerate(body, start=2) if any(row)]
    rows = np.array([number for number, _ in numbered], dtype=np.int64)
    return names, rows, {name: [row[at[name]] for _, row in numbered] for name in names}


def _sheet(path: Path, names: Sequence[str], wanted: str | None) -> str:
    if wanted is None and len(names) > 1:
        raise SurveyFileRefusal(
            f"the workbook has {len(names)} sheets", where=str(path), remedy=f"Write sheet = … ({listing(names)})"
        )
    if wanted is not None and wanted not in names:
        raise SurveyFileRefusal(
            f'there is no sheet "{wanted}"', where=str(path), remedy=f"Its sheets are: {listing(names)}"
        )
    return wanted or names[0]


def _spss(path: Path) -> SurveyFile:
    try:
        columns, about = pyreadstat.read_sav(path, user_missing=True, output_format="dict")
    except (pyreadstat.ReadstatError, UnicodeDecodeError) as error:
        raise SurveyFileRefusal(
            f"this is not an SPSS file that can be read ({error})",
            where=str(path),
            remedy="Save it again as .sav, or as CSV with UTF-8 letters",
        ) from error
    texts = {name: [_typed(value) for value in values] for name, values in columns.items()}
    if not texts or not about.number_rows:
        raise SurveyFileRefusal("the file has no rows", where=str(path), remedy="Export it again from its source")
    return SurveyFile(
        path,
        np.arange(1, about.number_rows + 1, dtype=np.int64),
        texts,
        labels={
            name: {code_of(_typed(code)): str(label) for code, label in labels.items()}
            for name, labels in about.variable_value_labels.items()
        },
        declared_missing={name: _ranges(ranges) for name, ranges in about.missing_ranges.items()},
    )


def _ranges(declared: Any) -> tuple[tuple[float, float], ...]:
    """Ranges of numbers; SPSS may call words missing too, which no item of numbers can hold."""
    return tuple((one["lo"], one["hi"]) for one in declared if not isinstance(one["lo"], str))


def _typed(value: Any) -> str:
    """A cell as somebody would have typed it: no value is blank, and a whole number has no decimals."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float | np.floating):
        return repr(int(value)) if float(value).is_integer() else repr(float(value))
    return str(value)
