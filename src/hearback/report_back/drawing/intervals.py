"""Estimates with their intervals as small charts: over waves, and for groups; the table beside them says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from unicodedata import east_asian_width

from hearback.report_back.drawing.markup import Svg, attributes, label, text_element

WIDTH = 340
"""Units of both charts: on a phone one unit is one pixel."""
SIDE, FIRST, LAST = 44, 76, 306
"""Room for the labels of the scale, and where the first and the last wave stand."""
TOP, BOTTOM, WAVES_HEIGHT = 14, 192, 220
ROW, LINE = 42, 27
"""Height of a group's row, and how far below its top the interval lies."""
LONG = 10
"""A name with more characters does not fit below its wave."""
WIDEST = 46
"""As many letters of a group's name fit above its row; Chinese and Korean ones count twice."""
ISOLATE = "\u2068{}\u2069"
"""Keeps a name written right to left in its own order inside a chart, which runs from left to right."""
SYMBOLS = {"sure": "m0-4a4 4 0 1 0 .1 0z", "open": "m0-6l6 6-6 6-6-6z", "bare": "m-4-4h8v8h-8z"}
"""A dot for an estimate with an interval, a diamond for one whose range is none, a square for one without a range."""


@dataclass(frozen=True)
class Scale:
    """From the least to the most that can be, with labels where lines stand."""

    least: float
    most: float
    ticks: tuple[tuple[float, str], ...]

    def part(self, value: float) -> float:
        """Where a value lies between the ends, from 0 to 1."""
        return min(max((value - self.least) / (self.most - self.least), 0.0), 1.0)


@dataclass(frozen=True)
class Mark:
    """One estimate: its label, what is drawn, and how (`sure`, `open` or `bare`); without a value nothing is drawn."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    sort: str = "sure"
    missing: str = ""
    """What stands in the place of an estimate that may not be shown."""


def draw_waves(
    marks: Sequence[Mark], *, scale: Scale, name: str, title: str, description: str, mirrored: bool = False
) -> Svg:
    """Draw one estimate for each wave, earliest first, on a scale that shows all that can be.

    `name` is unique on the page; `mirrored` is for readers of languages that run from right to left. Estimates that
    may be compared are joined by a thin line; others stand alone.
    """
    across = [_across(place, len(marks), mirrored=mirrored) for place in range(len(marks))]
    points = [(x, _up(mark.value, scale)) for x, mark in zip(across, marks, strict=True) if _sure(mark)]
    parts = [_level(value, said, scale, mirrored=mirrored) for value, said in scale.ticks]
    if len(points) > 1:
        parts.append(f"<path{attributes(class_='trend', d='M' + 'L'.join(f'{x} {y}' for x, y in points))}/>")
    for x, mark in zip(across, marks, strict=True):
        if mark.low is not None and mark.high is not None and mark.value is not None:
            low, high = _up(mark.low, scale), _up(mark.high, scale)
            parts.append(f"<path{attributes(class_=f'whisker {mark.sort}', d=f'M{x} {low}V{high}')}/>")
        if mark.value is not None:
            parts.append(_symbol(mark, x, _up(mark.value, scale)))
    parts += _names([mark.label for mark in marks], across)
    return _chart(*parts, height=WAVES_HEIGHT, name=name, title=title, description=description)


def draw_groups(
    marks: Sequence[Mark],
    *,
    everybody: float | None,
    scale: Scale,
    name: str,
    title: str,
    description: str,
    mirrored: bool = False,
) -> Svg:
    """Draw one row for each group: its name, and below it its estimate on the scale; a dashed line is everybody."""
    height = ROW * len(marks) + 24
    parts = [_upright(value, said, height, scale, mirrored=mirrored) for value, said in scale.ticks]
    if everybody is not None:
        x = _along(everybody, scale, mirrored=mirrored)
        parts.append(f"<path{attributes(class_='everybody', d=f'M{x} 4V{height - 20}')}/>")
    for place, mark in enumerate(marks):
        parts += _group(mark, ROW * place, scale, mirrored=mirrored)
    return _chart(*parts, height=height, name=name, title=title, description=description)


def _names(labels: Sequence[str], across: Sequence[int]) -> list[str]:
    """Below each wave its name; where names are long, only those of the first and the last, towards the middle."""
    y = WAVES_HEIGHT - 8
    if all(len(label) <= LONG for label in labels) or len(labels) < 2:
        return [_text(label, x, y, anchor="middle") for label, x in zip(labels, across, strict=True)]
    left, right = (labels[0], labels[-1]) if across[0] < across[-1] else (labels[-1], labels[0])
    return [_text(left, 0, y, anchor="start"), _text(right, WIDTH, y, anchor="end")]


def _group(mark: Mark, top: int, scale: Scale, *, mirrored: bool) -> list[str]:
    y = top + LINE
    name = ISOLATE.format(_fitting(mark.label)) if mirrored else _fitting(mark.label)
    parts = [_text(name, WIDTH - 1 if mirrored else 1, top + 15, anchor="end" if mirrored else "start")]
    if mark.value is None:
        return [*parts, _text(mark.missing, WIDTH / 2, y + 5, anchor="middle", css_class="missing")]
    if mark.low is not None and mark.high is not None:
        low, high = (_along(value, scale, mirrored=mirrored) for value in (mark.low, mark.high))
        parts.append(f"<path{attributes(class_=f'whisker {mark.sort}', d=f'M{low} {y}H{high}')}/>")
    return [*parts, _symbol(mark, _along(mark.value, scale, mirrored=mirrored), y)]


def _fitting(name: str) -> str:
    """A name, cut off where it would leave the chart: the table has it whole."""
    widths = [2 if east_asian_width(letter) in "WF" else 1 for letter in name]
    if sum(widths) <= WIDEST:
        return name
    fit = sum(width < WIDEST for width in accumulate(widths))
    return name[:fit].rstrip(" ,;") + "…"


def _sure(mark: Mark) -> bool:
    return mark.value is not None and mark.sort == "sure"


def _across(place: int, number: int, *, mirrored: bool) -> int:
    x = (FIRST + LAST) / 2 if number == 1 else FIRST + (LAST - FIRST) * place / (number - 1)
    return round(WIDTH - x if mirrored else x)


def _up(value: float | None, scale: Scale) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * scale.part(value or 0.0), 1)


def _along(value: float, scale: Scale, *, mirrored: bool) -> float:
    x = 8 + (WIDTH - 16) * scale.part(value)
    return round(WIDTH - x if mirrored else x, 1)


def _level(value: float, said: str, scale: Scale, *, mirrored: bool) -> str:
    y = _up(value, scale)
    start, end = (0, WIDTH - SIDE) if mirrored else (SIDE, WIDTH)
    at, anchor = (WIDTH - SIDE + 6, "start") if mirrored else (SIDE - 6, "end")
    return f"<path{attributes(class_='rule', d=f'M{start} {y}H{end}')}/>" + _text(said, at, y + 4, anchor=anchor)


def _upright(value: float, said: str, height: int, scale: Scale, *, mirrored: bool) -> str:
    x = _along(value, scale, mirrored=mirrored)
    near_start, near_end = x < 30, x > WIDTH - 30
    anchor = "start" if near_start else "end" if near_end else "middle"
    at = 0 if near_start else WIDTH if near_end else x
    line = f"<path{attributes(class_='rule', d=f'M{x} 4V{height - 20}')}/>"
    return line + _text(said, at, height - 5, anchor=anchor)


def _symbol(mark: Mark, x: float, y: float) -> str:
    return f"<path{attributes(class_=f'point {mark.sort}', d=f'M{x} {y}{SYMBOLS[mark.sort]}')}/>"


def _text(text: str, x: float, y: float, *, anchor: str, css_class: str = "") -> str:
    element = text_element("text", text)
    return element.replace("<text", f"<text{attributes(class_=css_class, x=x, y=y, text_anchor=anchor)}", 1)


def _chart(*parts: str, height: int, name: str, title: str, description: str) -> Svg:
    """Runs from left to right in every language: where things stand is decided by numbers, not by the page."""
    opening = attributes(
        class_="chart",
        viewBox=f"0 0 {WIDTH} {height}",
        role="img",
        direction="ltr",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-description",
        fill="gray",
    )
    labels = label("title", f"{name}-title", title) + label("desc", f"{name}-description", description)
    return Svg(f"<svg{opening}>{labels}{''.join(parts)}</svg>")
