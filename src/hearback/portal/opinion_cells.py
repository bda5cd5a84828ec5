"""Released readings of a survey as table cells and charts, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

from django.utils.translation import gettext as _

from hearback.design.templatetags.languages import own_name, page_language
from hearback.design.templatetags.say import grouped, percent, rounded
from hearback.portal.figures import Figure, area_figure
from hearback.portal.words import BASES
from hearback.report_back.drawing.choropleth import NO_CLASS
from hearback.report_back.drawing.intervals import Mark, Scale, draw_groups, draw_waves
from hearback.report_back.drawing.levels import level_class
from hearback.report_back.drawing.markup import Svg
from hearback.report_back.drawing.ranges import draw_range
from hearback.report_back.opinions import Finding, Reading, TrustGroup, TrustGroups, TrustItem, TrustWave
from hearback.report_back.payloads import Message, ShapesPage

SORTS = {"opt-in": "open", "census": "open", "published": "bare"}
"""How estimates are drawn whose range, if they have one, is no interval; all others are `sure`."""
QUARTERS = 4
KINDS = "kinds"
GROUPS, LISTS = ("group", "other"), ("groups", KINDS)
"""Where messages hold names of groups, and lists of names."""
Value = str | int | float | Message
LANGUAGE = "language"
"""The kind of group whose groups are languages, given by their codes."""


@dataclass(frozen=True)
class Cell:
    """A reading in a table: number, range in words and as a bar, basis and size; `why` says what is missing."""

    value: str
    low: str
    high: str
    bar: Svg | None
    sort: str
    """`sure` (an interval), `open` (a range that is none) or `bare` (no range)."""
    basis: str
    people: str
    deff: str
    pooled_with: str
    why: tuple[Message, ...]
    year: Message | None = None
    """Of which year it is, where the wave has several."""
    truth: str = ""
    """What is true, in an invented city."""
    holds_truth: bool | None = None
    """Whether the range holds it; None where there is no range that allows for chance."""


def cell(reading: Reading, item: TrustItem) -> Cell:
    """What the table says of a reading."""
    known = [value for value in (reading.value, reading.low, reading.high) if value is not None]
    bar = (
        draw_range(reading.low, reading.high, value=reading.value, least=item.least, most=item.most)
        if len(known) == 3 and reading.low is not None and reading.high is not None
        else None
    )
    return Cell(
        value=said(reading.value, item),
        low=said(reading.low, item),
        high=said(reading.high, item),
        bar=bar,
        sort=SORTS.get(reading.basis, "sure"),
        basis=str(BASES[reading.basis]),
        people=_people(reading),
        deff="" if reading.deff is None else rounded(reading.deff, decimals=1),
        pooled_with=", ".join(reading.pooled_with),
        why=reading.why if reading.value is None else (),
        year=Message("Of the year {year}", {"year": reading.year}) if reading.year else None,
        truth=said(reading.truth, item),
        holds_truth=reading.holds_truth,
    )


def remarks(readings: Iterable[Reading]) -> list[Message]:
    """What is to be remarked on shown readings, each remark once."""
    found: list[Message] = []
    for reading in readings:
        if reading.value is not None:
            found += [message for message in map(named, reading.why) if message not in found]
    return found


def said(value: float | None, item: TrustItem) -> str:
    """A share as a percentage, a mean with as many decimals as its scale bears."""
    if value is None or item.statistic == "favourable":
        return percent(value)
    return rounded(value, decimals=1 if item.most - item.least > 20 else 2)


def name_of(group: str, kind: str = "") -> str:
    """A group's name in the reader's language where somebody translated it; a language's own name."""
    return own_name(group) if kind == LANGUAGE else _(group)


def in_words(finding: Finding, kind: str = "") -> Finding:
    """A finding whose names of groups are those that the reader knows."""
    return replace(finding, sentence=named(finding.sentence, kind))


def named(message: Message, kind: str = "") -> Message:
    """A message whose names of groups, and lists of names of groups or kinds, are those that the reader knows."""
    return replace(message, values={place: _named(value, place, kind) for place, value in message.values.items()})


def _named(value: Value, place: str, kind: str) -> Value:
    if isinstance(value, str) and place in GROUPS:
        return name_of(value, kind)
    if isinstance(value, Message) and place in LISTS:
        names = {at: name_of(str(one), kind) for at, one in value.values.items()}
        if place == KINDS:
            names = {at: name[:1].lower() + name[1:] for at, name in names.items()}
        return replace(value, values={**names})
    return value


def _people(reading: Reading) -> str:
    if reading.few:
        return _("few") if reading.value is not None else _("too few")
    return _("not published") if reading.n is None else grouped(reading.n)


def waves_chart(item: TrustItem, waves: Sequence[TrustWave], *, name: str) -> Svg:
    """A question over all waves that asked it."""
    asked = [(wave, reading) for wave, reading in zip(waves, item.readings, strict=True) if reading is not None]
    return draw_waves(
        [_mark(wave.name, reading) for wave, reading in asked],
        scale=_scale(item, [reading for _wave, reading in asked]),
        name=name,
        title=_("Answers over time"),
        description=_("Each mark is one time that people were asked; the table says the same in numbers."),
        mirrored=_mirrored(),
    )


def groups_chart(item: TrustItem, kind: TrustGroups, *, everybody: Reading | None, name: str) -> Svg:
    """The groups of one kind, and everybody as a dashed line."""
    return draw_groups(
        [_mark(name_of(row.name, kind.key), row.reading) for row in kind.rows],
        everybody=everybody.value if everybody else None,
        scale=_scale(item),
        name=name,
        title=_("Answers by group"),
        description=_("Each mark is a group, the dashed line is everybody; the table says the same in numbers."),
        mirrored=_mirrored(),
    )


def areas_figure(item: TrustItem, areas: TrustGroups, breaks: Sequence[float], shapes: ShapesPage) -> Figure:
    """The map of a question: hatched where an area is shown with its neighbours or not at all."""
    return area_figure(
        shapes,
        name="opinions",
        title=_("Map of answers by area"),
        description=_("Darker areas answered higher. How sure each number is, stands in the table."),
        heading=_("What the colours mean"),
        classes={row.key: level_class(row.reading.value, breaks) for row in areas.rows},
        labels=_level_labels(breaks, item),
        thin={row.key for row in areas.rows if row.reading.showing != "shown"},
        hatched=_("Hatched: too few answers; shown together with neighbours, or not at all"),
    )


def _mirrored() -> bool:
    """Whether the page runs from right to left: as its words do, not as the reader wished."""
    return bool(page_language().direction == "rtl")


def _mark(label: str, reading: Reading) -> Mark:
    sort = SORTS.get(reading.basis, "sure")
    return Mark(label, reading.value, reading.low, reading.high, sort, missing=_("too little is known"))


def _scale(item: TrustItem, readings: Iterable[Reading] = ()) -> Scale:
    """The whole scale in quarters; given readings, only as many quarters (two at least) as these need."""
    first, last = 0, QUARTERS
    values = [part for reading in readings for part in (reading.low, reading.value, reading.high) if part is not None]
    if values:
        quarter = (item.most - item.least) / QUARTERS
        first = min(max(int((min(values) - item.least) / quarter), 0), QUARTERS - 1)
        last = min(ceil((max(values) - item.least) / quarter), QUARTERS)
        if last - first < 2:
            first, last = (first - 1, first + 1) if first >= QUARTERS // 2 else (first, first + 2)
    at = [item.least + part / QUARTERS * (item.most - item.least) for part in range(first, last + 1)]
    return Scale(at[0], at[-1], tuple((value, _end(value, item)) for value in at))


def _end(value: float, item: TrustItem) -> str:
    if item.statistic == "favourable":
        return _("{number} %").replace("{number}", grouped(round(100 * value))).replace(" ", "\u00a0")
    return grouped(int(value) if float(value).is_integer() else round(value, 1))


def _level_labels(breaks: Sequence[float], item: TrustItem) -> dict[str, str]:
    labels = {NO_CLASS: _("Too little is known")}
    if not breaks:
        return {"level-1": _("The same everywhere")} | labels
    cuts = [_end(cut, item) for cut in breaks]
    between = [_("{low} to {high}").replace("{low}", low).replace("{high}", high) for low, high in pairwise(cuts)]
    worded = [
        _("Less than {high}").replace("{high}", cuts[0]),
        *between,
        _("{low} or more").replace("{low}", cuts[-1]),
    ]
    return {f"level-{place}": label for place, label in enumerate(worded, start=1)} | labels


def value_of(row: TrustGroup) -> float | None:
    """What a table sorts by."""
    return row.reading.value
