"""A range as a small bar: where a number may lie between the least and the most it could be."""

from __future__ import annotations

from hearback.report_back.drawing.markup import DECORATION, Svg, attributes

WIDTH, HEIGHT = 120, 12


def draw_range(low: float, high: float, *, value: float | None, least: float, most: float) -> Svg:
    """Draw `low` to `high` as a bar on a line from `least` to `most`, with a tick at `value`.

    Decoration only (hidden from screen readers): the same numbers stand beside it in words.
    """
    start, end = _place(low, least, most), _place(high, least, most)
    tick = "" if value is None else f"<path{attributes(class_='tick', d=f'M{_place(value, least, most)} 1v10')}/>"
    return Svg(
        f'<svg class="range" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" {DECORATION}>'
        f'<path class="scale" d="M1 6h{WIDTH - 2}"/>'
        f"<path{attributes(class_='span', d=f'M{start} 6h{max(end - start, 1)}')}/>{tick}</svg>"
    )


def _place(value: float, least: float, most: float) -> int:
    share = (value - least) / (most - least) if most > least else 0.5
    return round(1 + min(max(share, 0.0), 1.0) * (WIDTH - 2))
