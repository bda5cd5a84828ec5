"""The map of organisations: a dot for each, in a shape of its own for each kind, so that colour is not needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hearback.report_back.drawing.markup import Svg, attributes, figure
from hearback.report_back.payloads import ShapesPage

DOTS = (
    "m0-7a7 7 0 1 0 .1 0z",  # circle
    "m-6-6h12v12h-12z",  # square
    "m0-8l8 14h-16z",  # triangle
    "m0-9l9 9-9 9-9-9z",  # diamond
    "m-3-9h6v6h6v6h-6v6h-6v-6h-6v-6h6z",  # plus
    "m0 8l8-14h-16z",  # triangle pointing down
    "m-6-9l6 6 6-6 3 3-6 6 6 6-3 3-6-6-6 6-3-3 6-6-6-6z",  # cross
    "m0-10l2.5 7h7l-5.5 4.5 2 7-6-4-6 4 2-7-5.5-4.5h7z",  # star
)
"""Eight shapes about one another's size; a ninth kind begins again with the circle, in the next colour."""


def dot_class(kind: int) -> str:
    """The CSS class of the kind-th kind."""
    return f"dot kind-{kind % 9 + 1}"


def dot_path(kind: int) -> str:
    """The kind-th kind's shape, as steps around its centre."""
    return DOTS[kind % len(DOTS)]


def draw_points(
    shapes: ShapesPage,
    *,
    name: str,
    title: str,
    description: str = "",
    points: Mapping[int, Sequence[tuple[int, int]]],
) -> Svg:
    """Draw points (map units) of each kind (its number gives shape and colour) over the city's outlines.

    One image without links: the table beside it names every organisation and leads on.
    """
    ground = "".join(outline.path for outline in shapes.outlines)
    dots = (
        f"<path{attributes(class_=dot_class(kind), d=''.join(f'M{x} {y}{dot_path(kind)}' for x, y in places))}/>"
        for kind, places in points.items()
        if places
    )
    return figure(
        shapes,
        f"<path{attributes(class_='ground', d=ground)}/>",
        *dots,
        name=name,
        title=title,
        description=description,
        interactive=False,
    )
