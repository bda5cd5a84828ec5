"""Checks of models of areas as a person reads them: sentences' numbers, a table, and a plot drawn by the template."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hearback.understand.trust.enums import Statistic

if TYPE_CHECKING:
    from hearback.understand.trust.models import ModelCheck

WIDTH, HEIGHT = 340, 310
"""Units of the plot: on a phone one unit is one pixel."""
LEFT, RIGHT, TOP, BOTTOM = 52, 328, 32, 256
"""Where the fewest and the most answers, the highest and the lowest value stand."""
APART, ASIDE, TOGETHER = 30, 4, 14
"""Units between labels; between areas in which equally many answered; and of the room that all such areas share."""
MOST_LEVELS = 6
NARROWEST = 0.06
"""Of what the levels span, as a share of the highest value, or of 1: labels are as coarse."""
STEPS = (1, 2, 2.5, 5, 10)
CIRCLE, SQUARE, DOT = "m0-3.8a3.8 3.8 0 1 0 .1 0z", "m-3.6-3.6h7.2v7.2h-7.2z", "m0-2.6a2.6 2.6 0 1 0 .1 0z"
"""Own answers that the model foresaw, own answers that it did not, and its estimate."""


@dataclass(frozen=True)
class Label:
    """Words in the plot, and the line that they belong to."""

    text: str
    x: str
    y: str
    line: str


@dataclass(frozen=True)
class Spot:
    """One area: its numbers in words, and the paths that draw it; without own answers there is but the estimate."""

    name: str
    n: int
    direct: str
    modelled: str
    foreseen: bool | None
    pull: str
    own: str
    dot: str


@dataclass(frozen=True)
class Plot:
    """The spots from the fewest answers to the most, those without any last, lines with their labels, and a line at all
    answers together."""

    levels: list[Label]
    counts: list[Label]
    together: str
    spots: list[Spot]
    mirrored: bool
    width: int = WIDTH
    height: int = HEIGHT
    symbols: tuple[str, str, str] = (CIRCLE, SQUARE, DOT)


def as_read(check: ModelCheck, names: Mapping[str, str], *, mirrored: bool = False) -> dict[str, Any]:
    """A check with its plot; `names` of areas by key, `mirrored` for pages that run from right to left."""
    return {
        "row": check,
        "statistic": Statistic(check.statistic).label,
        "plot": plot(check.areas, names, share=check.statistic == Statistic.FAVOURABLE, mirrored=mirrored),
    }


def plot(areas: Sequence[Mapping[str, Any]], names: Mapping[str, str], *, share: bool, mirrored: bool = False) -> Plot:
    """Each area from its own answers to its estimate, by how many answered there; `areas` as `ModelCheck` keeps them.

    Numbers of answers stand by their square roots, as errors do, so that small samples have room.
    """
    areas = sorted(areas, key=lambda area: (area["n"] == 0, area["n"], names.get(area["area"], area["area"])))
    answered = [area for area in areas if area["direct"] is not None]
    values = [area["modelled"] for area in areas] + [area["direct"] for area in answered]
    levels = _levels(min(values), max(values))
    across = _across([area["n"] for area in areas], mirrored=mirrored)
    aside = dict(zip((area["area"] for area in areas), _aside(area["n"] for area in areas), strict=True))

    def up(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (value - levels[0]) / (levels[-1] - levels[0]), 1)

    def spot(area: Mapping[str, Any]) -> Spot:
        x = round(across[area["n"]] + aside[area["area"]], 1)
        own, modelled = area["direct"], up(area["modelled"])
        return Spot(
            name=names.get(area["area"], area["area"]),
            n=area["n"],
            direct="" if own is None else _said(own, share=share),
            modelled=_said(area["modelled"], share=share),
            foreseen=area["foreseen"],
            pull="" if own is None else f"M{x} {up(own)}V{modelled}",
            own="" if own is None else f"M{x} {up(own)}{CIRCLE if area['foreseen'] else SQUARE}",
            dot=f"M{x} {modelled}{DOT}",
        )

    middle = sum(area["n"] * area["direct"] for area in answered) / sum(area["n"] for area in answered)
    start, end = (WIDTH - RIGHT - 8, WIDTH - LEFT + 12) if mirrored else (LEFT - 12, RIGHT + 8)
    margin = WIDTH - LEFT + 16 if mirrored else LEFT - 16
    return Plot(
        levels=[
            Label(_said(level, share=share), str(margin), str(up(level) + 4), f"M{start} {up(level)}H{end}")
            for level in levels
        ],
        counts=[
            Label(f"{n:,}", str(across[n]), str(BOTTOM + 22), f"M{across[n]} {BOTTOM}v6") for n in _labelled(across)
        ],
        together=f"M{start} {up(middle)}H{end}",
        spots=[spot(area) for area in areas],
        mirrored=mirrored,
    )


def _levels(least: float, most: float) -> list[float]:
    """Round numbers, equally far apart, around all values."""
    span = max(most - least, NARROWEST * max(abs(most), 1.0))
    size = 10.0 ** math.floor(math.log10(span / MOST_LEVELS))
    step = next(step * size for step in STEPS if span / (step * size) <= MOST_LEVELS)
    first = math.floor(least / step + 1e-9)
    last = max(math.ceil(most / step - 1e-9), first + 1)
    return [round(step * at, 10) for at in range(first, last + 1)]


def _across(counts: Sequence[int], *, mirrored: bool) -> dict[int, float]:
    """Where each number of answers stands."""
    least, most = math.sqrt(min(counts)), math.sqrt(max(counts))
    found = {}
    for n in sorted(set(counts)):
        part = (math.sqrt(n) - least) / (most - least) if most > least else 0.5
        x = LEFT + (RIGHT - LEFT) * part
        found[n] = round(WIDTH - x if mirrored else x, 1)
    return found


def _aside(counts: Iterable[int]) -> list[float]:
    """How far each area stands to the side of its number of answers, so that equal ones do not cover each other."""
    alike: dict[int, list[int]] = defaultdict(list)
    for at, n in enumerate(counts):
        alike[n].append(at)
    found = {}
    for places in alike.values():
        between = min(ASIDE, TOGETHER / len(places))
        found |= {at: between * (place - (len(places) - 1) / 2) for place, at in enumerate(places)}
    return [found[at] for at in sorted(found)]


def _labelled(across: Mapping[int, float]) -> list[int]:
    """The numbers of answers that are written below the plot: the fewest, the most, and as many between as fit."""
    chosen = [min(across)]
    if abs(across[max(across)] - across[min(across)]) >= APART:
        chosen.append(max(across))
    for n in sorted(across):
        if all(abs(across[n] - across[other]) >= APART for other in chosen):
            chosen.append(n)
    return sorted(chosen)


def _said(value: float, *, share: bool) -> str:
    return f"{100 * value:.0f}\u00a0%" if share else f"{value:,.4g}"
