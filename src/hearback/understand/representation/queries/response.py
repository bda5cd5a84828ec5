"""Computes how much chances to answer differed in each wave of a survey: R-indicators from the areas of all asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hearback.foundation.indicators.queries import values_by_area
from hearback.foundation.places import queries as places
from hearback.listen.surveys.enums import Mode, WaveKind
from hearback.listen.surveys.queries import waves
from hearback.stats.representation.r_indicator import (
    NoResponseModel,
    RIndicator,
    RInterval,
    partial_ranges,
    partial_unconditional,
    r_indicator,
    r_interval,
)
from hearback.understand.representation.enums import WhyNot

if TYPE_CHECKING:
    from hearback.foundation.places.models import Area, Layer
    from hearback.listen.surveys.models import Wave

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INDICATORS = ("poverty", "limited-english", "age-65-and-over", "homes-in-large-buildings")
"""What surveys find to matter for answering and areas are known by, in the order in which there is room for them."""
AREAS_PER_TRAIT = 6
"""Fewer areas for each trait, let alone a trait for each area, would take the luck of areas for chances to answer."""
LEVEL = 0.9


@dataclass(frozen=True)
class PartResponse:
    """The areas of one part of the larger layer: `adds` is its partial indicator, below 0 where fewer answered."""

    name: str
    asked: int
    answered: int
    adds: float
    low: float
    high: float


@dataclass(frozen=True)
class Response:
    """One wave, or why nothing can be said of it (then everything after `why_not` is empty)."""

    wave: Wave
    why_not: WhyNot | None
    asked: int = 0
    answered: int = 0
    found: RInterval | None = None
    layer: Layer | None = None
    """The larger layer whose parts are traits; None where none has few enough."""
    parts: tuple[PartResponse, ...] = ()
    indicators: tuple[str, ...] = ()
    """Ids of those that are traits."""


@dataclass(frozen=True)
class _Asked:
    """Areas where people were asked, one entry each."""

    areas: list[Area]
    asked: Ints
    answered: Ints

    def of_person(self, values: NDArray[Any]) -> NDArray[Any]:
        """The area's entry for everybody who was asked."""
        return np.repeat(values, self.asked, axis=0)

    @property
    def responded(self) -> Floats:
        """Who answered, of everybody who was asked."""
        both = np.column_stack([self.answered, self.asked - self.answered]).ravel()
        return np.repeat(np.tile([1.0, 0.0], len(self.asked)), both)


def responses() -> Iterator[Response]:
    """Every wave of which it is known who was asked; of a survey and mode without one, the newest wave and why."""
    of_survey: dict[tuple[int, str], list[Wave]] = {}
    for wave in waves():
        if wave.kind == WaveKind.RESPONSES:
            of_survey.setdefault((wave.survey_id, wave.mode), []).append(wave)
    for held in of_survey.values():
        known = [wave for wave in held if wave.fieldwork and wave.areas]
        yield from map(_response, known)
        if not known:
            yield Response(held[-1], WhyNot.OPT_IN if held[-1].mode == Mode.OPT_IN else WhyNot.NOT_KNOWN)


def _response(wave: Wave) -> Response:
    there = _asked(wave)
    room = len(there.areas) // AREAS_PER_TRAIT
    layer, part = _larger(wave, there.areas, room)
    of_part = [part == one for one in np.unique(part)[1:]]
    names, values = _indicators(there.areas, room - len(of_part))
    traits = there.of_person(np.column_stack([*of_part, *values, np.empty((len(part), 0))]))
    area = there.of_person(np.arange(len(part)))
    try:
        model = r_indicator(there.responded, traits)
        found = r_interval(model, there.responded, traits, areas=area, level=LEVEL)
    except NoResponseModel:
        return Response(wave, WhyNot.TOO_FEW)
    return Response(
        wave=wave,
        why_not=None,
        asked=int(there.asked.sum()),
        answered=int(there.answered.sum()),
        found=found,
        layer=layer,
        parts=tuple(_parts(there, model, part, [one.name for one in places.areas(layer.key)])) if layer else (),
        indicators=names,
    )


def _parts(there: _Asked, model: RIndicator, part: Ints, names: list[str]) -> Iterator[PartResponse]:
    of_part, area = there.of_person(part), there.of_person(np.arange(len(part)))
    _, adds = partial_unconditional(model, of_part)
    ranges = partial_ranges(there.responded, of_part, areas=area, level=LEVEL)
    for at in np.unique(part).tolist():
        asked, answered = there.asked[part == at].sum(), there.answered[part == at].sum()
        yield PartResponse(names[at], int(asked), int(answered), adds[str(at)], *ranges[str(at)])


def _asked(wave: Wave) -> _Asked:
    """Areas that the layer no longer has are left out."""
    counted = {area: counts for area, *counts in wave.fieldwork}
    areas = [area for area in places.areas(wave.areas) if area.key in counted]
    table = np.array([counted[area.key] for area in areas], dtype=np.int64).reshape(-1, 2)
    return _Asked(areas, table[:, 0], table[:, 1])


def _larger(wave: Wave, areas: list[Area], room: int) -> tuple[Layer | None, Ints]:
    """The layer with most parts that leaves room, and in which of them the middle of each area lies."""
    middles = [shapely.point_on_surface(area.geometry) for area in areas]
    best: tuple[Layer | None, Ints] = (None, np.zeros(len(areas), dtype=np.int64))
    for layer in places.layers():
        tree = shapely.STRtree([area.geometry for area in places.areas(layer.key)])
        inside, part = tree.query(middles, predicate="within") if layer.key != wave.areas else ((), ())
        parts = len(set(part))
        if len(inside) == len(areas) and len(np.unique(best[1])) < parts <= room:
            best = layer, np.asarray(part)[np.argsort(inside)]
    return best


def _indicators(areas: list[Area], room: int) -> tuple[tuple[str, ...], list[Floats]]:
    """Those that are known of every area and not the same everywhere, standardised."""
    known = values_by_area(areas).estimates
    usable = [name for name in INDICATORS if name in known and np.ptp(known[name]) > 0][: max(0, room)]
    return tuple(usable), [(known[name] - known[name].mean()) / known[name].std() for name in usable]
