"""The releases about incidents: one per category and year, small counts hidden so that none can be worked out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hearback.foundation.datasets.enums import Holds
from hearback.importers import nibrs
from hearback.report_back.composing.material import Material, thin_people
from hearback.report_back.drawing.levels import round_breaks
from hearback.report_back.payloads import Choice, IncidentPage, IncidentRow, Kind, Message, incident_key
from hearback.stats.disclose.counts import SafeCounts, protect
from hearback.understand.hotspots.queries import Pattern

if TYPE_CHECKING:
    from hearback.foundation.places.models import Area

SMALLEST_SHOWN = 5
PER = 1000
"""Rates are per this many residents."""


def compose(material: Material) -> Iterator[tuple[Kind, str, IncidentPage]]:
    """One release per category and year; the colours of a category mean the same in every year."""
    for category in sorted({pattern.category for pattern in material.patterns}):
        ours = [pattern for pattern in material.patterns if pattern.category == category]
        breaks = round_breaks(np.concatenate([PER * pattern.rates.rate for pattern in ours]))
        for pattern in ours:
            yield Kind.INCIDENTS, incident_key(category, pattern.year), _page(pattern, breaks, material)


def _page(pattern: Pattern, breaks: tuple[float, ...], material: Material) -> IncidentPage:
    safe = protect(pattern.counts, threshold=SMALLEST_SHOWN)
    labels = pattern.clusters.label
    return IncidentPage(
        category=Choice(pattern.category, nibrs.category(pattern.category).title),
        year=pattern.year,
        breaks=breaks,
        smallest_shown=SMALLEST_SHOWN,
        rows=tuple(_row(i, area, pattern, safe) for i, area in enumerate(material.areas)),
        total=None if safe.total is None else safe.total + pattern.outside,
        located=safe.total,
        hot=int((labels == "hot").sum()),
        cold=int((labels == "cold").sum()),
        raw_hits=pattern.clusters.raw_hits,
        summary=_summary(pattern),
        sources=material.citations(Holds.INCIDENTS),
    )


def _row(i: int, area: Area, pattern: Pattern, safe: SafeCounts) -> IncidentRow:
    """A hidden count hides its rate too: from the rate and the population the count could be worked out."""
    hidden = bool(safe.hidden[i])
    rate, low, high = (
        _shown(values, i, hidden=hidden) for values in (pattern.rates.rate, pattern.rates.low, pattern.rates.high)
    )
    few = (Message("Too few to show.", {}),) if hidden else ()
    return IncidentRow(
        area=area.key,
        name=area.name,
        count=None if hidden else int(pattern.counts[i]),
        rate=rate,
        rate_low=low,
        rate_high=high,
        pattern=str(pattern.clusters.label[i]),
        thin=few + thin_people(area),
    )


def _shown(values: NDArray[np.float64], i: int, *, hidden: bool) -> float | None:
    return None if hidden or np.isnan(values[i]) else round(float(PER * values[i]), 2)


def _summary(pattern: Pattern) -> tuple[Message, ...]:
    labels = pattern.clusters.label
    hot, cold = int((labels == "hot").sum()), int((labels == "cold").sum())
    if not hot and not cold:
        return (Message("No area stands out from its surroundings more than chance explains.", {}),)
    found = []
    if hot:
        found.append(
            Message(
                "In and around {count} area there were more reports than chance explains.",
                {"count": hot},
                plural="In and around {count} areas there were more reports than chance explains.",
            )
        )
    if cold:
        found.append(
            Message(
                "In and around {count} area there were fewer reports than chance explains.",
                {"count": cold},
                plural="In and around {count} areas there were fewer reports than chance explains.",
            )
        )
    return tuple(found)
