"""Tables beside the maps: sorted by plain links, cut into pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise

ROWS_PER_PAGE = 200


@dataclass(frozen=True)
class Column:
    """A column that can be sorted by: what its rows are worth, and in which direction that is useful."""

    key: str
    title: str | Promise
    worth: Callable[[Any], Any]
    """None for a row that has no value; such rows come last."""
    descending: bool = False
    numeric: bool = False


def sort_rows(rows: Iterable[Any], columns: Sequence[Column], *, wanted: str | None) -> tuple[list[Any], Column]:
    """The rows by the wanted column (by the first where there is no such column), and that column."""
    chosen = next((column for column in columns if column.key == wanted), columns[0])
    rows = list(rows)
    known = [row for row in rows if chosen.worth(row) is not None]
    unknown = [row for row in rows if chosen.worth(row) is None]
    return sorted(known, key=chosen.worth, reverse=chosen.descending) + unknown, chosen


def page_of(rows: Sequence[Any], *, number: str | None) -> Page[Any]:
    """One page of the rows; the nearest there is, for a number that is no page."""
    return Paginator(rows, ROWS_PER_PAGE).get_page(number)


def natural(name: str) -> list[tuple[int, int, str]]:
    """Sorts `Tract 9` before `Tract 10`."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in re.split(r"(\d+)", name)]
