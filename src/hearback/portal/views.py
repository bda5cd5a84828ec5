"""The public pages; each is a function of the newest edition and its own address."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hearback.portal.figures import area_locator, need_figure, standing_line, voices_figure
from hearback.portal.layers import LAYERS, first_layer
from hearback.portal.lines import organization_lines
from hearback.portal.missing import AREA_COLUMNS, area_lines, at_a_glance, response_cards, sources, staff_tables
from hearback.portal.opinions import all_surveys, in_readers_words, item_context, survey_context
from hearback.portal.published import published
from hearback.portal.search import find_areas
from hearback.portal.tables import natural, page_of, sort_rows
from hearback.portal.waiting import waiting_rows
from hearback.report_back.drawing.pinning import draw_pin_map
from hearback.report_back.payloads import ALL_KINDS, Kind, NeedPage, OrganizationRow
from hearback.report_back.releases import queries as releases


@published
def home(request: HttpRequest) -> HttpResponse:
    """What this is, the city at a glance, and what one can do here today."""
    need = _released_need()
    figure = need_figure(need, releases.current(Kind.SHAPES), linked=False) if need else None
    return render(request, "portal/home.html", {"need": need, "figure": figure})


@published
def city_map(request: HttpRequest) -> HttpResponse:
    """One layer of the map, with the table that says the same."""
    released = releases.current(Kind.CITY)
    layer = request.GET.get("layer") or first_layer(released)
    if layer not in LAYERS:
        raise Http404(layer)
    context = LAYERS[layer](request.GET, released)
    return render(request, f"portal/map_{layer}.html", {"section": "map", "layer": layer, **context})


@published
def pin_map(request: HttpRequest) -> HttpResponse:
    """The drawing on which a place can be marked, fetched by browsers that show it; forms work without it."""
    drawn = draw_pin_map(releases.current(Kind.SHAPES), title=_("Map of the city: choose a place"))
    return HttpResponse(drawn, content_type="image/svg+xml")


@published
def clock(request: HttpRequest) -> HttpResponse:
    """What is promised to whoever tells us something, and how it was kept."""
    page = releases.current(Kind.CLOCK)
    return render(request, "portal/clock.html", {"section": "clock", "clock": page, "rows": waiting_rows(page)})


@published
def trust(request: HttpRequest) -> HttpResponse:
    """What people think: surveys with their questions, or one question by group and area."""
    surveys = all_surveys()
    shown = item_context if "item" in request.GET else survey_context
    template = "portal/opinion.html" if "item" in request.GET else "portal/opinions.html"
    if not surveys:
        return render(request, "portal/opinions.html", {"section": "trust"})
    return render(request, template, {"section": "trust", **shown(request.GET, surveys)})


@published
def who_is_missing(request: HttpRequest) -> HttpResponse:
    """Which areas and groups are heard less than their part, in each channel, and whom the agency employs."""
    page, shapes = releases.current(Kind.VOICES), releases.current(Kind.SHAPES)
    smallest, *larger = page.layers or [None]
    rows, sorted_by = sort_rows(smallest.areas if smallest else (), AREA_COLUMNS, wanted=request.GET.get("sort"))
    lines = area_lines(rows, where={outline.area: outline.where for outline in shapes.outlines})
    return render(
        request,
        "portal/who_is_missing.html",
        {
            "section": "missing",
            "page": page,
            "responses": response_cards(page),
            "smallest": smallest,
            "larger": [(layer, area_lines(layer.areas, where={})) for layer in larger],
            "figure": voices_figure(smallest, shapes) if smallest else None,
            "columns": AREA_COLUMNS,
            "sorted_by": sorted_by,
            "rows": page_of(lines, number=request.GET.get("page")),
            "table_template": "portal/voices_table.html",
            "sources": sources(page),
            "glances": at_a_glance(page),
            "staff": staff_tables(page),
        },
    )


@published
def areas(request: HttpRequest) -> HttpResponse:
    """All areas, or those that fit what was typed."""
    wanted = request.GET.get("q", "").strip()[:100]
    shapes = releases.current(Kind.SHAPES)
    matches = find_areas(wanted, outlines=shapes.outlines, organizations=_all_organizations() if wanted else ())
    return render(request, "portal/areas.html", {"section": "areas", "wanted": wanted, "matches": matches})


@published
def area(request: HttpRequest, area: str) -> HttpResponse:
    """One area: what is known, how surely, from where, and what is not known."""
    page = releases.current(Kind.AREA, area)
    kinds = releases.current(Kind.CITY).organization_kinds
    return render(
        request,
        "portal/area.html",
        {
            "section": "areas",
            "area": replace(page, facts=tuple(map(in_readers_words, page.facts))),
            "standing": standing_line(page.standing),
            "organizations": organization_lines(page.organizations, kinds=kinds),
            "locator": area_locator(page, releases.current(Kind.SHAPES)),
        },
    )


@published
def data(request: HttpRequest) -> HttpResponse:
    """Every dataset with its licence."""
    pages = [releases.current(Kind.DATASET, key) for key in releases.keys(Kind.DATASET)]
    datasets = sorted(pages, key=lambda page: natural(page.title))
    return render(request, "portal/data.html", {"section": "data", "datasets": datasets})


@published
def dataset(request: HttpRequest, name: str) -> HttpResponse:
    """One dataset and what happened to its rows."""
    page = releases.current(Kind.DATASET, name)
    return render(request, "portal/dataset.html", {"section": "data", "dataset": page})


@published
def methods(request: HttpRequest) -> HttpResponse:
    """How each number is made."""
    return render(request, "portal/methods.html", {"section": "methods"})


@published
def charter(request: HttpRequest) -> HttpResponse:
    """What is promised, and what keeps each promise today."""
    return render(request, "portal/charter.html", {"section": "charter"})


@published
def accessibility(request: HttpRequest) -> HttpResponse:
    """How far everyone can use these pages, and what does not work yet."""
    return render(request, "portal/accessibility.html", {})


def _released_need() -> NeedPage | None:
    try:
        need: NeedPage = releases.current(Kind.NEED)
    except releases.NotReleased:
        return None
    return need


def _all_organizations() -> tuple[OrganizationRow, ...]:
    try:
        rows: tuple[OrganizationRow, ...] = releases.current(Kind.ORGANIZATIONS, ALL_KINDS).rows
    except releases.NotReleased:
        return ()
    return rows
