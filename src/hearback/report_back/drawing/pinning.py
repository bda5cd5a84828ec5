"""The map on which somebody marks a place: outlines with their keys, and what turns a click into a place."""

from __future__ import annotations

from hearback.report_back.drawing.markup import Svg, attributes, figure, text_element
from hearback.report_back.payloads import Outline, ShapesPage


def draw_pin_map(shapes: ShapesPage, *, title: str) -> Svg:
    """Draw every area with `data-area`; without the map's frame (an older edition), nothing."""
    frame = shapes.frame
    if frame is None:
        return Svg("")
    place = attributes(
        data_west=frame.west,
        data_north=frame.north,
        data_units=frame.units_per_degree,
        data_squeeze=frame.squeeze,
        data_margin=frame.margin,
    )
    body = f"<g{place}>{''.join(map(_area, shapes.outlines))}</g>"
    return figure(shapes, body, name="pin", title=title, description="", interactive=False)


def _area(outline: Outline) -> str:
    name = text_element("title", outline.name)
    return f"<path{attributes(class_='ground', data_area=outline.area, d=outline.path)}>{name}</path>"
