"""In an invented city the truth is known: how often ranges hold it, and how far open links miss it, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop as _

from hearback.listen.surveys.enums import Mode
from hearback.report_back.opinions import Reading, TrustGroups
from hearback.report_back.payloads import Message

if TYPE_CHECKING:
    from hearback.listen.surveys.models import Wave
    from hearback.report_back.composing.trust_sentences import Unit

AREAS = _(
    "{wave}, areas shown by themselves: {held} of {count} ranges hold the true value. To be expected: about {expected}."
)
POOLED = _(
    "{wave}, areas shown together with neighbours: {held} of {count} ranges hold the true value of the area "
    "itself. Such a range is about all of them together."
)
GROUPS = _("{wave}, groups: {held} of {count} ranges hold the true value. To be expected: about {expected}.")
TOO_LOW = _("{wave}: whoever wished took part, so there is no margin of error. The number is too low by {size}.")
TOO_HIGH = _("{wave}: whoever wished took part, so there is no margin of error. The number is too high by {size}.")


def counted(kinds: Iterable[TrustGroups], areas: TrustGroups | None, *, wave: str) -> Iterator[Message]:
    """How many of the ranges that stand on the page of one wave hold the true value, and how many should."""
    readings = [row.reading for row in areas.rows] if areas else []
    yield from _count(AREAS, (one for one in readings if one.showing != "pooled"), wave)
    yield from _count(POOLED, (one for one in readings if one.showing == "pooled"), wave)
    yield from _count(GROUPS, (row.reading for kind in kinds for row in kind.rows), wave)


def off(waves: Sequence[Wave], readings: Sequence[Reading | None], unit: Unit) -> Iterator[Message]:
    """How far from the truth what everybody said in an open link is: there is no range that could hold it."""
    for wave, found in zip(waves, readings, strict=True):
        if found and found.value is not None and found.truth is not None and wave.mode == Mode.OPT_IN:
            template = TOO_LOW if found.value < found.truth else TOO_HIGH
            yield Message(template, {"wave": str(wave), "size": unit.size(found.value - found.truth)})


def _count(template: str, readings: Iterable[Reading], wave: str) -> Iterator[Message]:
    judged = [one for one in readings if one.holds_truth is not None]
    if judged:
        expected = round(sum(one.level_percent for one in judged) / 100)
        held = sum(bool(one.holds_truth) for one in judged)
        yield Message(template, {"wave": wave, "count": len(judged), "held": held, "expected": expected})
