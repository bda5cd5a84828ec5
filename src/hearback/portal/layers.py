"""The layers of the map page: need, reported incidents, organisations; each gives what its template shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from hearback.portal.figures import incident_figure, need_figure, organization_figure, standing_line
from hearback.portal.lines import incident_lines, need_lines, organization_lines
from hearback.portal.tables import Column, natural, page_of, sort_rows
from hearback.portal.words import PATTERNS, STANDINGS
from hearback.report_back.payloads import (
    ALL_KINDS,
    Choice,
    CityPage,
    IncidentPage,
    Kind,
    NeedPage,
    OrganizationPage,
    ShapesPage,
    Standing,
    incident_key,
)
from hearback.report_back.releases import queries as releases

Context = dict[str, Any]


STANDING_ORDER = {standing: place for place, standing in enumerate(STANDINGS)}
NAME = Column("name", _("Area"), lambda row: natural(row.name))
NEED_COLUMNS = (
    Column("standing", _("Where it stands"), lambda row: (STANDING_ORDER[row.standing], natural(row.name))),
    NAME,
    Column("rank", _("Rank (range)"), lambda row: row.rank),
    Column("top", _("Chance of top tenth"), lambda row: row.p_top_tenth, descending=True, numeric=True),
)
INDEX_COLUMNS = (NAME, Column("score", _("Index (0 to 1)"), lambda row: row.score, descending=True, numeric=True))
INCIDENT_COLUMNS = (
    NAME,
    Column("count", _("Count"), lambda row: row.count, descending=True, numeric=True),
    Column("rate", _("Per 1,000 residents (range)"), lambda row: row.rate, descending=True),
    Column("pattern", _("Pattern"), lambda row: list(PATTERNS).index(row.pattern)),
)
ORGANIZATION_COLUMNS = (
    Column("name", _("Name"), lambda row: natural(row.name)),
    Column("kind", _("Kind"), lambda row: (row.kind, natural(row.name))),
    Column("area", _("Area"), lambda row: natural(row.area_name) if row.area else None),
)


def need_layer(asked: QueryDict, city: CityPage) -> Context:
    """Need by area, with how surely it is known."""
    page: NeedPage = releases.current(Kind.NEED)
    columns = NEED_COLUMNS if page.has_margins else INDEX_COLUMNS
    shapes = _shapes()
    rows, sorted_by = sort_rows(page.rows, columns, wanted=asked.get("sort"))
    standings = [row.standing for row in page.rows]
    return {
        "need": page,
        "figure": need_figure(page, shapes),
        "columns": [NAME, *(column for column in columns if column is not NAME)],
        "sorted_by": sorted_by,
        "rows": page_of(need_lines(rows, where=_where(shapes)), number=asked.get("page")),
        "standings": [(standing_line(standing), standings.count(standing)) for standing in Standing],
        "table_template": "portal/need_table.html",
    }


def incident_layer(asked: QueryDict, city: CityPage) -> Context:
    """Reported incidents of one category in one year."""
    if not (city.incident_categories and city.incident_years):
        raise releases.NotReleased("no incidents were released")
    category = _chosen(asked.get("category"), city.incident_categories, default=city.incident_categories[0])
    years = [Choice(str(year), str(year)) for year in sorted(city.incident_years, reverse=True)]
    year = _chosen(asked.get("year"), years, default=years[0])
    page: IncidentPage = releases.current(Kind.INCIDENTS, incident_key(category.key, int(year.key)))
    shapes = _shapes()
    rows, sorted_by = sort_rows(page.rows, INCIDENT_COLUMNS, wanted=asked.get("sort"))
    return {
        "incidents": page,
        "category": category,
        "year": year,
        "years": years,
        "figure": incident_figure(page, shapes),
        "columns": INCIDENT_COLUMNS,
        "sorted_by": sorted_by,
        "rows": page_of(incident_lines(rows, where=_where(shapes)), number=asked.get("page")),
        "hidden": sum(row.count is None for row in page.rows),
        "named": page.hot + page.cold,
        "table_template": "portal/incident_table.html",
    }


def organization_layer(asked: QueryDict, city: CityPage) -> Context:
    """Local organisations of one kind, or of all."""
    kinds = (Choice(ALL_KINDS, str(_("All kinds"))), *city.organization_kinds)
    kind = _chosen(asked.get("kind"), kinds, default=kinds[0])
    page: OrganizationPage = releases.current(Kind.ORGANIZATIONS, kind.key)
    rows, sorted_by = sort_rows(page.rows, ORGANIZATION_COLUMNS, wanted=asked.get("sort"))
    lines = organization_lines(rows, kinds=city.organization_kinds)
    return {
        "organizations": page,
        "kind": kind,
        "kinds": kinds,
        "figure": organization_figure(page, _shapes(), kinds=city.organization_kinds),
        "columns": ORGANIZATION_COLUMNS,
        "sorted_by": sorted_by,
        "rows": page_of(lines, number=asked.get("page")),
        "table_template": "portal/organization_table.html",
    }


LAYERS: dict[str, Callable[[QueryDict, CityPage], Context]] = {
    "need": need_layer,
    "incidents": incident_layer,
    "organizations": organization_layer,
}


def first_layer(city: CityPage) -> str:
    """The layer that the map begins with: the first for which this city has data."""
    if city.need_title:
        return "need"
    return "incidents" if city.incident_years else "organizations"


def _shapes() -> ShapesPage:
    shapes: ShapesPage = releases.current(Kind.SHAPES)
    return shapes


def _where(shapes: ShapesPage) -> dict[str, str]:
    return {outline.area: outline.where for outline in shapes.outlines}


def _chosen(wanted: str | None, choices: Sequence[Choice], *, default: Choice) -> Choice:
    if not wanted:
        return default
    found = next((choice for choice in choices if choice.key == wanted), None)
    if found is None:
        raise Http404(wanted)
    return found
