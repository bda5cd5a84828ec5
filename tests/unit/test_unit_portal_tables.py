"""Sorting, cutting into pages and searching, as the public pages do it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hearback.portal.search import find_areas
from hearback.portal.tables import ROWS_PER_PAGE, Column, natural, page_of, sort_rows
from hearback.report_back.payloads import OrganizationRow, Outline


@dataclass(frozen=True)
class Row:
    name: str
    rate: float | None


COLUMNS = (
    Column("name", "Name", lambda row: natural(row.name)),
    Column("rate", "Rate", lambda row: row.rate, descending=True),
)
ROWS = [Row("Tract 10", 2.0), Row("Tract 9", None), Row("tract 1", 5.0)]


def outline(area: str, name: str, where: str = "") -> Outline:
    return Outline(area=area, name=name, path="", x=0, y=0, where=where)


def organization(name: str, area: str) -> OrganizationRow:
    return OrganizationRow(name=name, kind="library", area=area, area_name="", languages=(), x=None, y=None)


OUTLINES = [outline("b", "Tract 10", "Petworth, Brightwood"), outline("a", "Tract 9", "Shaw"), outline("c", "Tract 2")]


def test_names_sort_as_people_count() -> None:
    rows, chosen = sort_rows(ROWS, COLUMNS, wanted=None)
    assert ([row.name for row in rows], chosen.key) == (["tract 1", "Tract 9", "Tract 10"], "name")


def test_what_has_no_value_comes_last_whichever_way_it_is_sorted() -> None:
    rows, _ = sort_rows(ROWS, COLUMNS, wanted="rate")
    assert [row.rate for row in rows] == [5.0, 2.0, None]


def test_an_unknown_column_is_the_first() -> None:
    assert sort_rows(ROWS, COLUMNS, wanted="<script>")[1].key == "name"


@pytest.mark.parametrize(("number", "first"), [(None, 0), ("2", ROWS_PER_PAGE), ("99", ROWS_PER_PAGE), ("x", 0)])
def test_a_page_that_is_none_is_the_nearest(number: str | None, first: int) -> None:
    assert page_of(range(ROWS_PER_PAGE + 5), number=number)[0] == first


def test_without_a_question_all_areas_are_there_in_order() -> None:
    found = find_areas("", outlines=OUTLINES, organizations=[])
    assert [match.outline.name for match in found] == ["Tract 2", "Tract 9", "Tract 10"]


@pytest.mark.parametrize(
    ("wanted", "areas"), [("petworth", ["b"]), ("TRACT 9", ["a"]), ("shaw petworth", []), ("c", ["c", "a", "b"])]
)
def test_every_word_must_occur_in_name_code_or_neighbourhood(wanted: str, areas: list[str]) -> None:
    found = [match.outline.area for match in find_areas(wanted, outlines=OUTLINES, organizations=[])]
    assert found == areas


def test_an_area_is_found_by_an_organisation_in_it_after_those_that_fit_themselves() -> None:
    rows = [
        organization("Petworth Library", "a"),
        organization("Petworth Pool", "b"),
        organization("Petworth Café", ""),
    ]
    found = find_areas("petworth", outlines=OUTLINES, organizations=rows)
    assert [(match.outline.area, match.organizations) for match in found] == [("b", ()), ("a", ("Petworth Library",))]
