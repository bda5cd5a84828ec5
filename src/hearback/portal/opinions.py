"""What the page about opinions shows: surveys with their questions, or one question by group and area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import Http404, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hearback.portal.figures import Figure
from hearback.portal.opinion_cells import (
    Cell,
    areas_figure,
    cell,
    groups_chart,
    in_words,
    name_of,
    named,
    remarks,
    value_of,
    waves_chart,
)
from hearback.portal.tables import Column, natural, page_of, sort_rows
from hearback.portal.words import BASES, MODES, VERDICTS
from hearback.report_back.drawing.markup import Svg
from hearback.report_back.opinions import (
    Finding,
    Reading,
    TrustGroup,
    TrustGroups,
    TrustItem,
    TrustItemPage,
    TrustPage,
    TrustWave,
    trust_item_key,
)
from hearback.report_back.payloads import Fact, Kind, Message, ShapesPage
from hearback.report_back.releases import queries as releases

Context = dict[str, Any]

CHANGE_ORDER = {verdict: place for place, verdict in enumerate(VERDICTS)}
MOST_CARDS = 16
AREA_COLUMNS = (
    Column("name", _("Area"), lambda row: natural(row.name)),
    Column("value", _("Answer (range)"), value_of, descending=True),
    Column("truth", _("True value"), lambda row: row.reading.truth, descending=True),
    Column("change", _("Change"), lambda row: CHANGE_ORDER.get(row.change.verdict) if row.change else None),
    Column("people", _("People who answered"), lambda row: row.reading.n, descending=True),
)


@dataclass(frozen=True)
class Words:
    """A question in the reader's language where it was asked in it, and which language that is."""

    text: str
    language: str


@dataclass(frozen=True)
class Line:
    """A row of a table: of a wave, a group or an area."""

    name: str
    cell: Cell
    change: Finding | None = None
    verdict: str = ""
    key: str = ""
    where: str = ""
    wave: TrustWave | None = None
    mode: str = ""


@dataclass(frozen=True)
class Card:
    """A question over all waves."""

    item: TrustItem
    words: Words
    favourable: str
    """The answers that count as favourable, in the reader's language."""
    chart: Svg
    lines: tuple[Line, ...]
    last_change: Finding | None
    verdict: str
    mode: str
    """How people were found and what was made of it, where that is the same in all waves."""
    remarks: list[Message]


@dataclass(frozen=True)
class Question:
    """A question in the list of those without a chart of their own: what the latest wave says, and how it changed."""

    item: TrustItem
    words: Words
    cell: Cell | None
    verdict: str


@dataclass(frozen=True)
class GroupsShown:
    """One kind of group: chart, table, and what the numbers let one say."""

    kind: TrustGroups
    title: str
    chart: Svg
    lines: tuple[Line, ...]
    changes: tuple[Message, ...]
    pairs: tuple[Finding, ...]
    since: str
    """The wave with which groups are compared."""
    changed: bool
    remarks: list[Message]
    truth: bool
    """Whether what is true is known; so it is in an invented city."""


@dataclass(frozen=True)
class Truth:
    """Beside what everybody said, what is true: in every survey of an invented city that asked the question."""

    lines: tuple[Line, ...]
    sentences: tuple[Message, ...]


@dataclass(frozen=True)
class AreasShown:
    """The areas: sentences and, where the city's map has them, a map."""

    areas: TrustGroups
    figure: Figure | None
    since: str


def all_surveys() -> list[TrustPage]:
    """Every released survey, those with several waves first: they show change."""
    pages: list[TrustPage] = [releases.current(Kind.TRUST, key) for key in releases.keys(Kind.TRUST)]
    return sorted(pages, key=lambda page: (not _random(page), -len(page.waves), natural(page.name)))


def survey_context(asked: QueryDict, pages: list[TrustPage]) -> Context:
    """One survey with all its questions."""
    survey = _survey(asked, pages)
    cards = [_card(item, survey, place) for place, item in enumerate(survey.items) if _first(item, survey)]
    others = [_question(item) for item in survey.items if not _first(item, survey)]
    return {
        "others": others,
        "surveys": pages,
        "survey": survey,
        "cards": cards,
        "waves": [(wave, MODES[wave.mode]) for wave in survey.waves],
        "opt_in": any(wave.mode == "opt-in" for wave in survey.waves),
        "measured": _measured(survey),
        "compared": any(card.last_change for card in cards),
    }


def _first(item: TrustItem, survey: TrustPage) -> bool:
    """Whether a question has its chart on the first page: where very many are asked, only some do."""
    return item.headline or len(survey.items) <= MOST_CARDS


def _measured(survey: TrustPage) -> bool:
    """Whether any number has a range: published scores have none."""
    return not all(wave.scores for wave in survey.waves)


def item_context(asked: QueryDict, pages: list[TrustPage]) -> Context:
    """One question of a survey in one wave, by group and by area."""
    survey = _survey(asked, pages)
    place = next((n for n, item in enumerate(survey.items) if item.key == asked.get("item")), None)
    if place is None:
        raise Http404(asked.get("item"))
    item = survey.items[place]
    released = _released(item, survey, place)
    wave, reading = _wave(released, asked.get("wave"))
    page: TrustItemPage = releases.current(Kind.TRUST_ITEM, trust_item_key(survey.key, wave.key, place))
    return {
        "surveys": pages,
        "survey": survey,
        "card": _card(item, survey, place),
        "wave": wave,
        "waves": [found for found, _everybody in released],
        "mode": MODES[wave.mode],
        "measured": _measured(survey),
        "kinds": [_groups(kind, item, reading) for kind in page.kinds],
        "truth": _truth(item, page, [survey, *(other for other in pages if other is not survey)]),
        "questions": [(other.key, words_of(other).text) for other in survey.items],
        **(_areas(page, item, asked) if page.areas else {}),
    }


def words_of(item: TrustItem) -> Words:
    """A question as the reader's language has it, else as it was written down."""
    return _worded(item.wording, item.translations)


def in_readers_words(fact: Fact) -> Fact:
    """A fact whose subject, where it is a question, stands as the reader's language has it."""
    return replace(fact, subject=_worded(fact.subject, fact.translations).text)


def _worded(wording: str, translations: Mapping[str, str]) -> Words:
    language = (get_language() or settings.LANGUAGE_CODE).lower()
    told = translations.get(language) or name_of(wording)
    return Words(told, settings.LANGUAGE_CODE if told == wording else language)


def _question(item: TrustItem) -> Question:
    last = item.changes[-1] if item.changes else None
    latest = next((found for found in reversed(item.readings) if found is not None), None)
    return Question(item, words_of(item), cell(latest, item) if latest else None, _verdict(last))


def _survey(asked: QueryDict, pages: list[TrustPage]) -> TrustPage:
    wanted = asked.get("survey") or pages[0].key
    found = next((page for page in pages if page.key == wanted), None)
    if found is None:
        raise Http404(wanted)
    return found


def _released(item: TrustItem, survey: TrustPage, place: int) -> list[tuple[TrustWave, Reading | None]]:
    """The waves that say something of this, with what they say of everybody: scores may be of areas alone."""
    keys = set(releases.keys(Kind.TRUST_ITEM))
    pairs = zip(survey.waves, item.readings, strict=True)
    return [(wave, found) for wave, found in pairs if trust_item_key(survey.key, wave.key, place) in keys]


def _wave(released: list[tuple[TrustWave, Reading | None]], wanted: str | None) -> tuple[TrustWave, Reading | None]:
    """The wanted wave, else the latest."""
    fitting = [pair for pair in released if wanted in (None, "", pair[0].key)]
    if not fitting:
        raise Http404(wanted)
    return fitting[-1]


def _random(page: TrustPage) -> bool:
    return any(wave.mode in ("probability", "census") for wave in page.waves)


def _card(item: TrustItem, survey: TrustPage, place: int) -> Card:
    last = item.changes[-1] if item.changes else None
    lines = tuple(
        Line(wave.name, cell(found, item), key=wave.key, wave=wave, mode=f"{MODES[wave.mode]} ({BASES[found.basis]})")
        for wave, found in zip(survey.waves, item.readings, strict=True)
        if found is not None
    )
    modes = {line.mode for line in lines}
    return Card(
        item=item,
        words=words_of(item),
        favourable=", ".join(name_of(answer) for answer in item.favourable),
        chart=waves_chart(item, survey.waves, name=f"waves-{place}"),
        lines=lines,
        last_change=last,
        verdict=_verdict(last),
        mode=modes.pop() if len(modes) == 1 else "",
        remarks=remarks(found for found in item.readings if found is not None),
    )


def _groups(kind: TrustGroups, item: TrustItem, everybody: Reading | None) -> GroupsShown:
    return GroupsShown(
        kind=replace(kind, summary=tuple(named(message, kind.key) for message in kind.summary)),
        title=name_of(kind.title),
        chart=groups_chart(item, kind, everybody=everybody, name=f"groups-{kind.key}"),
        lines=tuple(_line(row, item, kind.key) for row in kind.rows),
        changes=tuple(named(change, kind.key) for change in kind.changes),
        pairs=tuple(in_words(pair, kind.key) for pair in kind.pairs),
        since=_since(kind),
        changed=any(row.change for row in kind.rows),
        remarks=remarks(row.reading for row in kind.rows),
        truth=_knows_truth(kind),
    )


def _truth(item: TrustItem, page: TrustItemPage, surveys: list[TrustPage]) -> Truth | None:
    """Only where what is true is known; the survey that is shown comes first."""
    same = [
        (survey, other)
        for survey in surveys
        for other in survey.items
        if (other.key, other.wording, other.statistic) == (item.key, item.wording, item.statistic)
    ]
    lines = tuple(
        Line(wave.name, cell(found, other), where=survey.name)
        for survey, other in same
        for wave, found in zip(survey.waves, other.readings, strict=True)
        if found is not None and found.truth is not None
    )
    off = (message for _survey, other in same for message in other.truth)
    return Truth(lines, (*off, *page.truth)) if lines else None


def _knows_truth(groups: TrustGroups) -> bool:
    return any(row.reading.truth is not None for row in groups.rows)


def _areas(page: TrustItemPage, item: TrustItem, asked: QueryDict) -> Context:
    """The areas' table, sorted and paged as other tables are, and the map if it has these areas."""
    assert page.areas is not None
    shapes: ShapesPage = releases.current(Kind.SHAPES)
    where = {outline.area: outline.where for outline in shapes.outlines} if page.area_layer else {}
    on_map = any(row.key in where for row in page.areas.rows)
    changed = any(row.change for row in page.areas.rows)
    truth = _knows_truth(page.areas)
    columns = [column for column in AREA_COLUMNS if truth or column.key != "truth"]
    rows, sorted_by = sort_rows(page.areas.rows, columns, wanted=asked.get("sort"))
    shown = page_of(rows, number=asked.get("page"))
    lines = [_line(row, item, "", where=where.get(row.key, "")) for row in shown.object_list]
    return {
        "areas": AreasShown(
            page.areas, areas_figure(item, page.areas, page.breaks, shapes) if on_map else None, _since(page.areas)
        ),
        "columns": [column for column in columns if changed or column.key != "change"],
        "changed": changed,
        "areas_truth": truth,
        "sorted_by": sorted_by,
        "rows": shown,
        "lines": lines,
        "linked": on_map,
        "unasked": any(row.reading.n == 0 for row in page.areas.rows),
    }


def _since(groups: TrustGroups) -> str:
    found = next((row.change for row in groups.rows if row.change), None)
    return str(found.sentence.values["earlier"]) if found else ""


def _line(row: TrustGroup, item: TrustItem, kind: str, *, where: str = "") -> Line:
    return Line(
        name_of(row.name, kind),
        cell(row.reading, item),
        change=row.change,
        verdict=_verdict(row.change),
        key=row.key,
        where=where,
    )


def _verdict(found: Finding | None) -> str:
    return str(VERDICTS[found.verdict]) if found else ""
