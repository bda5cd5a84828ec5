"""The release of the clock: what residents are promised, and how fast they were answered, where enough are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from hearback.foundation.calendar.queries import agency_calendar
from hearback.foundation.languages.queries import installed_languages
from hearback.foundation.places.queries import areas
from hearback.listen.concerns.queries.clock import Waits, by_area, by_language, everybody, first_answers, resolutions
from hearback.listen.concerns.queries.promises import Kept, retention_schedule
from hearback.report_back.composing.material import Material
from hearback.report_back.payloads import ClockPage, Closing, Kind, KindPromise, Wait
from hearback.stats.disclose.counts import protect
from hearback.stats.representation.relative_rates import wilson

if TYPE_CHECKING:
    from hearback.listen.concerns.enums import ConcernKind
    from hearback.listen.concerns.models import Concern

SMALLEST_SHOWN = 10
CONFIDENCE = 95


def compose(material: Material) -> Iterator[tuple[Kind, str, ClockPage]]:
    """One release."""
    yield from compose_clock(at=material.at)


def compose_clock(*, at: datetime) -> Iterator[tuple[Kind, str, ClockPage]]:
    """The same without the rest of the city: what `jobs.publish_clock` renews."""
    own_names = {language.code: language.own_name for language in installed_languages()}
    area_names = {area.key: area.name for area in areas()}
    languages, may_show_total = _groups(by_language, names=own_names, at=at)
    places, may_show_total_too = _groups(by_area, names=area_names, at=at)
    kinds, _ = _groups(_by_kind, names={}, at=at)
    by_kind = {wait.key: wait for wait in kinds}
    yield (
        Kind.CLOCK,
        "",
        ClockPage(
            on=agency_calendar().day_of(at).isoformat(),
            smallest_shown=SMALLEST_SHOWN,
            confidence_percent=CONFIDENCE,
            everybody=_everybody(at=at, count_too=may_show_total and may_show_total_too),
            kinds=tuple(_promise(line, by_kind) for line in retention_schedule()),
            languages=tuple(languages),
            areas=tuple(wait for wait in places if wait.key),
        ),
    )


def _by_kind(concern: Concern) -> str:
    return concern.kind


def _promise(line: Kept, waits: dict[str, Wait]) -> KindPromise:
    wait = waits.get(line.kind, Wait(line.kind, "", shown=False))
    return KindPromise(_source_text(line.kind), line.answer, line.resolution, wait)


def _source_text(kind: ConcernKind) -> str:
    """The label before translation: a release speaks no language, a page does."""
    from django.utils.translation import override

    with override(None):
        return str(kind.label)


def _everybody(*, at: datetime, count_too: bool) -> Wait:
    (waits,) = first_answers(by=everybody, at=at) or [None]
    if waits is None or waits.times.n < SMALLEST_SHOWN:
        return Wait("", "", shown=False)
    (ends,) = resolutions(by=everybody, at=at)
    return _wait(waits, ends, name="", count_too=count_too)


def _groups(by: Callable[[Concern], str], *, names: dict[str, str], at: datetime) -> tuple[list[Wait], bool]:
    """Every group, those too small without any number; and whether the number of all would give one of them away."""
    found, ends = first_answers(by=by, at=at), resolutions(by=by, at=at)
    safe = protect(np.array([waits.times.n for waits in found], dtype=np.int64), threshold=SMALLEST_SHOWN)
    return _hidden_or_not(found, ends, safe.hidden.tolist(), names), safe.total is not None


def _hidden_or_not(
    found: Sequence[Waits], ends: Sequence[Waits], hidden: Sequence[bool], names: dict[str, str]
) -> list[Wait]:
    """The groups are the same in `found` and `ends`, and so are their sizes: what hides one hides the other."""
    return [
        Wait(waits.group, names.get(waits.group, waits.group), shown=False)
        if hide
        else _wait(waits, end, name=names.get(waits.group, waits.group))
        for waits, end, hide in zip(found, ends, hidden, strict=True)
    ]


def _wait(waits: Waits, ends: Waits, *, name: str, count_too: bool = True) -> Wait:
    median, ninetieth = waits.times.median, waits.times.ninetieth
    return Wait(
        key=waits.group,
        name=name,
        shown=True,
        concerns=waits.times.n if count_too else None,
        median=_finite(median.time),
        median_low=_finite(median.low),
        median_high=_finite(median.high),
        ninetieth=_finite(ninetieth.time),
        ninetieth_low=_finite(ninetieth.low),
        ninetieth_high=_finite(ninetieth.high),
        **_helped(waits),
        closing=Closing(
            median=_finite(ends.times.median.time),
            median_low=_finite(ends.times.median.low),
            median_high=_finite(ends.times.median.high),
            ninetieth=_finite(ends.times.ninetieth.time),
            ninetieth_low=_finite(ends.times.ninetieth.low),
            ninetieth_high=_finite(ends.times.ninetieth.high),
        ),
    )


def _helped(waits: Waits) -> dict[str, float]:
    """The share of those who said so and its range; nothing where too few said anything."""
    if waits.judged < SMALLEST_SHOWN:
        return {}
    low, high = wilson(waits.helped, waits.judged, level=CONFIDENCE / 100)
    ends = {"helped": waits.helped / waits.judged, "helped_low": float(low), "helped_high": float(high)}
    return {name: round(share, 2) for name, share in ends.items()}


def _finite(days: float) -> float | None:
    return days if isfinite(days) else None
