"""From estimates and contrasts on record to what is released of them: numbers that may not be said are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from hearback.listen.surveys.enums import Mode
from hearback.report_back.composing.trust_sentences import Difference, Unit
from hearback.report_back.opinions import Reading
from hearback.report_back.payloads import Message
from hearback.sentence import Kept
from hearback.understand.trust.enums import AREA, BETWEEN_GROUPS, Method, Showing, Statistic

if TYPE_CHECKING:
    from hearback.listen.surveys.models import Item
    from hearback.understand.trust.models import Contrast, Estimate

CENSUS = "census"
"""The basis of a wave in which everybody was asked: nothing of it is chance."""
SMALLEST_SHOWN = 10
"""Counts below this are not released."""

SAID_ELSEWHERE = ("Response rate", "No margin of error")
"""Begin notes for analysts: the page says the same in the same row, or in a sentence of its own."""
WIDEST_AREA = 0.25
"""Of a useful interval of an area's share that is estimated from its own few answers alone."""
SAMPLED = (Method.DESIGN, Method.SMALL_AREA, Method.ANSWERS)

FEW = Message("Fewer than {smallest} people answered.", {"smallest": SMALLEST_SHOWN})
BESIDE_FEW = Message(
    "It would tell how many answered in a group with fewer than {smallest}.", {"smallest": SMALLEST_SHOWN}
)
TOO_LITTLE = Message("Too few people answered to say anything useful.", {})


def unit_of(items: Iterable[Item], statistic: Statistic, rows: Iterable[Estimate]) -> Unit:
    """The scale on which an item (or the items of a scale) is measured; where its ends are not stated, the codes of the
    answers or, failing these, the whole numbers around everything estimated."""
    if statistic == Statistic.FAVOURABLE:
        return Unit(share=True)
    ends = [end for item in items for end in (item.lowest, item.highest) if end is not None]
    ends = ends or [code for item in items for code in item.label_of]
    if len(set(ends)) < 2:
        known = [row.estimate for row in rows if row.estimate is not None] or [0.0]
        ends = [float(min(known) // 1), float(max(known) // 1 + 1)]
    return Unit(share=False, least=min(ends), most=max(ends))


def everybody(rows: Sequence[Estimate]) -> Estimate | None:
    """The estimate that is not of a group."""
    return next((row for row in rows if not row.by), None)


def reading(
    row: Estimate,
    *,
    kept_back: bool = False,
    names: Mapping[str, str] | None = None,
    titles: Mapping[str, str] | None = None,
    truth: float | None = None,
) -> Reading:
    """What is released of an estimate.

    `kept_back` hides its count, because another one beside it is too small. A direct estimate goes with its count; one
    that is modelled from other places too does not tell how many answered here, and stays.
    `names` are those of areas, `titles` those of kinds of group. `truth` goes only beside a number.
    """
    few = row.n is not None and 0 < row.n < SMALLEST_SHOWN
    hidden = few or kept_back
    too_small = hidden and row.method != Method.SMALL_AREA
    withheld = too_small or row.showing == Showing.WITHHELD or row.estimate is None or not _useful(row)
    why = tuple(_noted(note, titles or {}) for note in row.notes if not _said_elsewhere(note))
    if withheld:
        why = (FEW if few else BESIDE_FEW,) if too_small else why or (TOO_LITTLE,)
    names = names or {}
    return Reading(
        value=None if withheld else row.estimate,
        low=None if withheld else row.low,
        high=None if withheld else row.high,
        level_percent=round(100 * row.level),
        basis=CENSUS if row.wave.mode == Mode.CENSUS else row.method,
        n=None if hidden else row.n,
        few=hidden,
        deff=None if withheld or hidden else row.deff,
        showing=Showing.WITHHELD if withheld else row.showing,
        pooled_with=tuple(names.get(key, key) for key in row.pooled_with),
        why=why,
        year=next((str(note["values"]["year"]) for note in row.notes if "year" in note["values"]), ""),
        truth=None if withheld else truth,
    )


def listed(names: Sequence[str], *, between: str = "; ") -> Message:
    """Names one after the other, each a value of its own: the reader may know it by another name."""
    places = [str(place) for place in range(len(names))]
    return Message(between.join(f"{{{place}}}" for place in places), dict(zip(places, names, strict=True)))


def of_check(note: Kept) -> Message:
    """A note about the check of a scale, whose groups are named one by one."""
    values: dict[str, str | int | float | Message] = {**note["values"]}
    if "groups" in values:
        values["groups"] = listed(str(values["groups"]).split(BETWEEN_GROUPS))
    return Message(note["template"], values)


def _noted(note: Kept, titles: Mapping[str, str]) -> Message:
    """A note as it is said; kinds of group by their titles."""
    values: dict[str, str | int | float | Message] = {**note["values"]}
    if "kinds" in values:
        values["kinds"] = listed([titles.get(kind, kind) for kind in str(values["kinds"]).split(", ")], between=", ")
    return Message(note["template"], values)


def _said_elsewhere(note: Kept) -> bool:
    return note["template"].startswith(SAID_ELSEWHERE) or "year" in note["values"]


def _useful(row: Estimate) -> bool:
    """No number from a sample without its interval, and of an area none with an interval that says next to nothing."""
    if row.method not in SAMPLED or row.wave.mode == Mode.CENSUS:
        return True
    if row.low is None or row.high is None:
        return False
    direct_area = row.by == AREA and row.method != Method.SMALL_AREA and row.statistic == Statistic.FAVOURABLE
    return not direct_area or row.high - row.low <= WIDEST_AREA


def difference(row: Contrast) -> Difference | None:
    """A contrast's numbers; None where one of them is missing. Where many comparisons were made, how probable its
    direction is allows for that."""
    if row.difference is None or row.low is None or row.high is None:
        return None
    p_more = row.p_more
    if row.p_adjusted is not None:
        p_more = 1 - row.p_adjusted / 2 if row.difference > 0 else row.p_adjusted / 2
    if p_more is None:
        p_more = 1.0 if row.low > 0 else 0.0 if row.high < 0 else 0.5
    moved = row.p_adjusted is not None and row.p_value is not None and row.p_adjusted > row.p_value
    return Difference(row.difference, row.low, row.high, round(100 * row.level), p_more, allows_for_others=moved)
