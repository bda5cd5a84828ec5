"""The map of areas: one colour class per area, hatched where data are thin, each area a link with its name."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from hearback.report_back.drawing.markup import Svg, attributes, figure, text_element
from hearback.report_back.payloads import Outline, ShapesPage

TRIANGLES = {"hot": "m0-11l11 19h-22z", "cold": "m0 11l11-19h-22z"}
"""What stands inside an area that is surely higher (points up) or lower (points down) than its neighbourhood."""

NO_CLASS = "unknown"


def draw_areas(
    shapes: ShapesPage,
    *,
    name: str,
    title: str,
    description: str = "",
    classes: Mapping[str, str],
    titles: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    thin: Collection[str] = (),
    marks: Mapping[str, str] | None = None,
) -> Svg:
    """Draw every area in its class; all mappings go from an area's key, and an area they lack gets the default.

    `classes` are CSS classes (an area without one is `unknown`), `titles` what a pointer or a screen reader hears
    (the area's name unless given), `links` where an area leads, `thin` the areas to hatch, `marks` the areas that
    carry a triangle (`hot` or `cold`). `name` is unique on the page. Colours come from the style sheet alone.
    """
    titles, links, marks = titles or {}, links or {}, marks or {}
    areas = (
        _area(
            outline,
            css_class=classes.get(outline.area, NO_CLASS),
            title=titles.get(outline.area, outline.name),
            link=links.get(outline.area, ""),
        )
        for outline in shapes.outlines
    )
    return figure(
        shapes,
        *areas,
        _hatching(shapes, thin=thin, name=name),
        *_triangles(shapes, marks=marks),
        name=name,
        title=title,
        description=description,
        interactive=bool(links),
    )


def _area(outline: Outline, *, css_class: str, title: str, link: str) -> str:
    """The title stands in the link, not in the path: it names the link and is the tooltip of what is inside."""
    path = f"<path{attributes(class_=css_class, d=outline.path)}"
    if not link:
        return f"{path}>{text_element('title', title)}</path>"
    return f"<a{attributes(href=link)}>{text_element('title', title)}{path}/></a>"


def _hatching(shapes: ShapesPage, *, thin: Collection[str], name: str) -> str:
    """Hatching lies over the colours as one path, so that a thin area keeps its class and its link.

    The reference to the pattern is an attribute: in a style sheet, old browsers look for it in the style sheet.
    """
    paths = "".join(outline.path for outline in shapes.outlines if outline.area in thin)
    if not paths:
        return ""
    pattern = (
        f"<pattern{attributes(id=f'{name}-hatch', width=18, height=18, patternUnits='userSpaceOnUse')}>"
        '<path class="hatch" d="M-2 2l4-4M0 18l18-18M16 20l4-4"/></pattern>'
    )
    return f"{pattern}<path{attributes(class_='hatching', fill=f'url(#{name}-hatch)', d=paths)}/>"


def _triangles(shapes: ShapesPage, *, marks: Mapping[str, str]) -> list[str]:
    """One path for all triangles of a sort."""
    found = {
        mark: "".join(f"M{o.x} {o.y}{step}" for o in shapes.outlines if marks.get(o.area) == mark)
        for mark, step in TRIANGLES.items()
    }
    return [f"<path{attributes(class_=f'mark {mark}', d=path)}/>" for mark, path in found.items() if path]
