"""Where in the city an area lies: the whole city, this area marked and ringed so that it can be found."""

from __future__ import annotations

from hearback.report_back.drawing.markup import Svg, attributes, figure
from hearback.report_back.payloads import ShapesPage

RING = 60
"""Units; the ring is drawn so that a tiny area is found too."""


def draw_locator(shapes: ShapesPage, *, area: str, name: str, title: str) -> Svg:
    """Draw the city with one area marked; an area the map lacks is simply not marked."""
    ground = "".join(outline.path for outline in shapes.outlines)
    marked = [
        f"<path{attributes(class_='here', d=outline.path)}/>"
        f"<circle{attributes(class_='ring', cx=outline.x, cy=outline.y, r=RING)}/>"
        for outline in shapes.outlines
        if outline.area == area
    ]
    return figure(
        shapes,
        f"<path{attributes(class_='ground', d=ground)}/>",
        *marked,
        name=name,
        title=title,
        description="",
        interactive=False,
    )
