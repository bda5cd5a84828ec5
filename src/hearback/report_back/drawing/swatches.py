"""The small drawings of a legend: an area's colour, hatching, a triangle, a dot; they print, as backgrounds do not."""

from __future__ import annotations

from hearback.report_back.drawing.choropleth import TRIANGLES
from hearback.report_back.drawing.markup import DECORATION, Svg, attributes
from hearback.report_back.drawing.points import dot_class, dot_path

BOX = "M1 1h34v22h-34z"


def area_swatch(css_class: str) -> Svg:
    """A patch in an area's colour."""
    return _swatch(f"<path{attributes(class_=css_class, d=BOX)}/>")


def hatch_swatch() -> Svg:
    """A hatched patch."""
    lines = '<path class="hatch" d="M1 13L13 1M3 23L25 1M15 23L35 3M27 23l8-8"/>'
    return _swatch(f'<path class="paper" d="{BOX}"/>{lines}')


def mark_swatch(mark: str) -> Svg:
    """The triangle of an area that is surely higher or lower than its neighbourhood."""
    return _swatch(f"<path{attributes(class_=f'mark {mark}', d=f'M18 12{TRIANGLES[mark]}')}/>")


def dot_swatch(kind: int) -> Svg:
    """The dot of the kind-th kind of organisation."""
    return _swatch(f"<path{attributes(class_=dot_class(kind), d=f'M18 12{dot_path(kind)}')}/>")


def _swatch(body: str) -> Svg:
    return Svg(f'<svg class="swatch" width="36" height="24" viewBox="0 0 36 24" {DECORATION}>{body}</svg>')
