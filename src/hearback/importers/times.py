"""Reads years and months from the date, year and month columns of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hearback.importers.delimited import Block, FloatArray, numbers

FIRST_YEAR = 1900

_NO_DATE = (0, 0)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})([-/]?)(?P<month>\d{1,2})\2(?P<day>\d{1,2})")
_MONTH_FIRST = re.compile(r"(?P<month>\d{1,2})([-/])(?P<day>\d{1,2})\2(?P<year>\d{4})")


@dataclass(frozen=True)
class TimeColumns:
    """The column with the date, or those with the year and perhaps the month."""

    date: str | None = None
    year: str | None = None
    month: str | None = None

    def __post_init__(self) -> None:
        if (self.date is None) == (self.year is None) or (self.date and self.month):
            raise ValueError("name either the column of the date, or that of the year with or without the month")

    def names(self) -> tuple[str, ...]:
        """The columns that are named."""
        return tuple(name for name in (self.date, self.year, self.month) if name)


@dataclass(frozen=True)
class Times:
    """Year and month (0 where it is not known) of each row, and the rows where they cannot be right."""

    year: NDArray[np.int16]
    month: NDArray[np.int8]
    unreadable: NDArray[np.bool_]
    impossible: NDArray[np.bool_]


def read(block: Block, columns: TimeColumns, *, latest_year: int) -> Times:
    """Dates written 2015-03-07, 20150307 or 3/7/2015 (month first), with or without a time; or numbers.

    A year before 1900 or after `latest_year` is impossible. Year and month are 0 where they cannot be right.
    """
    if columns.date is not None:
        year, month = _from_dates(block.columns[columns.date])
        unreadable = year == 0
    else:
        year = numbers(block.columns[str(columns.year)])
        month = _months(block.columns[columns.month]) if columns.month else np.zeros(len(year))
        unreadable = (year % 1 != 0) | ~np.isin(month, np.arange(13))
    impossible = ~unreadable & ((year < FIRST_YEAR) | (year > latest_year))
    sound = ~unreadable & ~impossible
    return Times(
        year=np.where(sound, year, 0).astype(np.int16),
        month=np.where(sound, month, 0).astype(np.int8),
        unreadable=unreadable,
        impossible=impossible,
    )


def _from_dates(texts: Sequence[str]) -> tuple[FloatArray, FloatArray]:
    pairs = [_year_and_month(text.strip().replace("T", " ").partition(" ")[0]) for text in texts]
    year, month = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
    return year, month


@lru_cache(maxsize=1 << 16)
def _year_and_month(day: str) -> tuple[int, int]:
    match = _YEAR_FIRST.fullmatch(day) or _MONTH_FIRST.fullmatch(day)
    if match is None:
        return _NO_DATE
    try:
        real = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return _NO_DATE
    return real.year, real.month


def _months(texts: Sequence[str]) -> FloatArray:
    """Blank is a month that is not known; any other text that is no number stays NaN."""
    return np.where([not text.strip() for text in texts], 0.0, numbers(texts))
