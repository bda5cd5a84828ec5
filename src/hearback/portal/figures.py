"""From released rows to a drawn map with its legend, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hearback.design.templatetags.say import grouped
from hearback.portal.words import PATTERNS, STANDINGS, VOICES
from hearback.report_back.drawing.choropleth import NO_CLASS, TRIANGLES, draw_areas
from hearback.report_back.drawing.levels import LEVELS, level_class
from hearback.report_back.drawing.locator import draw_locator
from hearback.report_back.drawing.markup import Svg
from hearback.report_back.drawing.points import draw_points
from hearback.report_back.drawing.swatches import area_swatch, dot_swatch, hatch_swatch, mark_swatch
from hearback.report_back.payloads import (
    AreaPage,
    Choice,
    IncidentPage,
    NeedPage,
    NeedRow,
    OrganizationPage,
    ShapesPage,
    Standing,
)
from hearback.report_back.voices import LayerVoices

VOICE_CLASSES = {"quiet": "need-higher", "loud": "need-lower", "uncertain": "need-uncertain", "unknown": NO_CLASS}
"""Attention is asked for where it is quiet, so quiet has the colour that need has."""
FIFTHS = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True)
class Line:
    """One line of a legend."""

    swatch: Svg
    label: str | Promise
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A drawn map and its legend."""

    svg: Svg
    heading: str
    legend: tuple[Line, ...]
    note: str = ""


def standing_line(standing: Standing) -> Line:
    """A standing in words, with its colour on the map."""
    return Line(area_swatch(_standing_class(standing)), STANDINGS[standing])


def need_figure(page: NeedPage, shapes: ShapesPage, *, linked: bool = True) -> Figure:
    """The map of need: by standing where margins of error are known, by fifths of the index where they are not."""
    return area_figure(
        shapes,
        name="need",
        title=_("Map of need by area"),
        description=_("Each area has a colour for what can surely be said of it. The table says the same in words."),
        heading=_("What the colours mean"),
        classes={row.area: _need_class(row, page) for row in page.rows},
        labels=_standing_labels() if page.has_margins else _fifth_labels(),
        thin={row.area for row in page.rows if row.thin},
        linked=linked,
    )


def incident_figure(page: IncidentPage, shapes: ShapesPage) -> Figure:
    """The map of reported incidents per 1,000 residents, with a triangle where a pattern survives scrutiny."""
    return area_figure(
        shapes,
        name="incidents",
        title=_("Map of reported incidents by area"),
        description=_("Darker areas had more reported incidents per 1,000 residents. The table has the numbers."),
        heading=_("Reported incidents per 1,000 residents"),
        classes={row.area: level_class(row.rate, page.breaks) for row in page.rows},
        labels=_rate_labels(page.breaks),
        thin={row.area for row in page.rows if row.thin},
        marks={row.area: row.pattern for row in page.rows},
    )


def organization_figure(page: OrganizationPage, shapes: ShapesPage, *, kinds: Sequence[Choice]) -> Figure:
    """The map of organisations, a dot for each; a kind keeps its shape and colour on every page."""
    number = {kind.key: place for place, kind in enumerate(kinds)}
    points: dict[int, list[tuple[int, int]]] = {}
    for row in page.rows:
        if row.x is not None and row.y is not None and row.kind in number:
            points.setdefault(number[row.kind], []).append((row.x, row.y))
    svg = draw_points(
        shapes,
        name="organizations",
        title=_("Map of local organisations"),
        description=_("Each kind of organisation has a shape of its own. The table names every one and its area."),
        points=points,
    )
    lines = [
        Line(dot_swatch(place), _(kind.title), grouped(len(points[place])))
        for place, kind in enumerate(kinds)
        if place in points
    ]
    return Figure(svg, _("What the shapes mean"), tuple(lines), _squares(shapes))


def voice_line(voice: str) -> Line:
    """What can be said of an area's voices, with its colour on the map."""
    return Line(area_swatch(VOICE_CLASSES[voice]), VOICES[voice])


def voices_figure(layer: LayerVoices, shapes: ShapesPage) -> Figure:
    """The map of areas from which more or fewer concerns came than were to be expected."""
    return area_figure(
        shapes,
        name="voices",
        title=_("Map of areas by how much we hear from them"),
        description=_("Each area has a colour for what can surely be said of it. The table says the same in words."),
        heading=_("What the colours mean"),
        classes={row.area: VOICE_CLASSES[row.voice] for row in layer.areas},
        labels={css: str(VOICES[voice]) for voice, css in VOICE_CLASSES.items()},
        thin=set(),
    )


def area_locator(page: AreaPage, shapes: ShapesPage) -> Svg | None:
    """The city with this area marked; nothing where nobody knows where it lies."""
    if shapes.schematic:
        return None
    title = _("Where {area} lies in the city").replace("{area}", page.name)
    return draw_locator(shapes, area=page.area, name="locator", title=title)


def area_figure(
    shapes: ShapesPage,
    *,
    name: str,
    title: str,
    description: str,
    heading: str,
    classes: Mapping[str, str],
    labels: Mapping[str, str],
    thin: set[str],
    marks: Mapping[str, str] | None = None,
    linked: bool = True,
    hatched: str = "",
) -> Figure:
    """A map of areas by class. The legend has a line for what occurs on the map, and for nothing else."""
    marks = marks or {}
    classes = {outline.area: classes.get(outline.area, NO_CLASS) for outline in shapes.outlines}
    svg = draw_areas(
        shapes,
        name=name,
        title=title,
        description=description,
        classes=classes,
        titles=_titles(shapes, classes=classes, labels=labels) if linked else {},
        links=_links(shapes) if linked else {},
        thin=thin,
        marks=marks,
    )
    legend = [Line(area_swatch(found), label) for found, label in labels.items() if found in classes.values()]
    legend += [Line(mark_swatch(mark), PATTERNS[mark]) for mark in TRIANGLES if mark in marks.values()]
    if thin:
        legend.append(Line(hatch_swatch(), hatched or _("Hatched: too little data to lean on")))
    return Figure(svg, heading, tuple(legend), _squares(shapes))


def _squares(shapes: ShapesPage) -> str:
    said = _("No outlines are known: areas are drawn as equal squares by key, and not where they lie.")
    return said if shapes.schematic else ""


def _need_class(row: NeedRow, page: NeedPage) -> str:
    return _standing_class(row.standing) if page.has_margins else level_class(row.score, FIFTHS)


def _standing_class(standing: Standing) -> str:
    return NO_CLASS if standing is Standing.UNKNOWN else f"need-{standing}"


def _standing_labels() -> dict[str, str]:
    return {_standing_class(standing): str(label) for standing, label in STANDINGS.items()}


def _fifth_labels() -> dict[str, str]:
    fifths = (
        _("The fifth of areas with least need"),
        _("The fifth with less need"),
        _("The middle fifth"),
        _("The fifth with more need"),
        _("The fifth of areas with most need"),
    )
    return {f"level-{place}": label for place, label in enumerate(fifths, start=1)} | _unknown_label()


def _rate_labels(breaks: Sequence[float]) -> dict[str, str]:
    """`Less than 2`, `2 to 5`, … `20 or more`; one label where there are no breaks at all."""
    if not breaks:
        return {"level-1": _("The same everywhere")} | _unknown_label()
    said = [grouped(int(cut) if cut.is_integer() else cut) for cut in breaks]
    between = _("{low} to {high}")
    labels = [
        _("Less than {high}").replace("{high}", said[0]),
        *(between.replace("{low}", low).replace("{high}", high) for low, high in pairwise(said)),
        _("{low} or more").replace("{low}", said[-1]),
    ]
    return {f"level-{place}": label for place, label in enumerate(labels[:LEVELS], start=1)} | _unknown_label()


def _unknown_label() -> dict[str, str]:
    return {NO_CLASS: str(STANDINGS[Standing.UNKNOWN])}


def _titles(shapes: ShapesPage, *, classes: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, str]:
    """`Tract 46, Shaw: surely more need`."""
    return {
        outline.area: f"{', '.join(filter(None, (outline.name, outline.where)))}: {labels[classes[outline.area]]}"
        for outline in shapes.outlines
    }


def _links(shapes: ShapesPage) -> dict[str, str]:
    return {outline.area: reverse("portal:area", kwargs={"area": outline.area}) for outline in shapes.outlines}
