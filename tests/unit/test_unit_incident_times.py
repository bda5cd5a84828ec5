"""Years and months are read as they were meant, or not at all."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.importers import times
from hearback.importers.delimited import Block
from hearback.importers.times import TimeColumns, Times


def read(columns: TimeColumns, **texts: list[str]) -> Times:
    rows = len(next(iter(texts.values())))
    return times.read(Block(rows=np.arange(2, rows + 2), columns=texts), columns, latest_year=2026)


@settings(deadline=None)
@given(day=st.dates(date(1900, 1, 1), date(2026, 12, 31)))
def test_every_day_is_read_in_every_way_of_writing_it(day: date) -> None:
    written = [
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"{day:%m/%d/%Y}",
        f"{day.month}/{day.day}/{day.year}",
        f"{day:%m-%d-%Y}",
        f" {day.isoformat()}T23:59:59.000Z ",
        f"{day:%m/%d/%Y} 11:30:00 PM",
        f"{day:%Y/%m/%d} 05:00:00+00",
    ]
    found = read(TimeColumns(date="date"), date=written)
    assert found.year.tolist() == [day.year] * len(written)
    assert found.month.tolist() == [day.month] * len(written)
    assert not (found.unreadable | found.impossible).any()


@pytest.mark.parametrize(
    "text", ["", "unknown", "2015", "13/12/2015", "2015-02-30", "0000-00-00", "3/7/15", "2015-3/7", "7 March 2015"]
)
def test_what_is_no_date_or_could_be_two_is_not_read(text: str) -> None:
    found = read(TimeColumns(date="date"), date=[text, "2015-03-07"])
    assert found.unreadable.tolist() == [True, False]
    assert found.year.tolist() == [0, 2015]


def test_a_year_out_of_bounds_is_impossible_however_it_is_written() -> None:
    years = ["1899", "1900", "2026", "2027", "9999", "0", "1e9"]
    assert read(TimeColumns(year="year"), year=years).impossible.tolist() == [
        True,
        False,
        False,
        True,
        True,
        True,
        True,
    ]
    dates = ["1899-12-31", "1900-01-01", "2026-12-31", "2027-01-01"]
    assert read(TimeColumns(date="date"), date=dates).impossible.tolist() == [True, False, False, True]


def test_a_year_may_come_with_a_month_and_a_blank_month_is_not_known() -> None:
    found = read(
        TimeColumns(year="year", month="month"),
        year=["2015", "2015.0", "2015", "2015", "2015.5", "", "2015"],
        month=["1", "12", "", "0", "3", "3", "May"],
    )
    assert found.year.tolist() == [2015, 2015, 2015, 2015, 0, 0, 0]
    assert found.month.tolist() == [1, 12, 0, 0, 0, 0, 0]
    assert found.unreadable.tolist() == [False, False, False, False, True, True, True]


@pytest.mark.parametrize("names", [{}, {"date": "d", "year": "y"}, {"date": "d", "month": "m"}, {"month": "m"}])
def test_columns_of_time_are_a_date_or_a_year_with_or_without_a_month(names: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="either the column of the date"):
        TimeColumns(**names)
