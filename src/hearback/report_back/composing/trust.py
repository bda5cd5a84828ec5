"""The releases about surveys: what people think, how surely it is known, and what cannot be said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from hearback.foundation.places import queries as places
from hearback.listen.surveys import queries as surveys
from hearback.listen.surveys.enums import Mode, WaveKind
from hearback.report_back.composing import trust_groups, trust_sentences, trust_truth
from hearback.report_back.composing.material import Material
from hearback.report_back.composing.trust_readings import difference, everybody, of_check, reading, unit_of
from hearback.report_back.opinions import (
    Finding,
    Reading,
    TrustItem,
    TrustItemPage,
    TrustPage,
    TrustWave,
    trust_item_key,
)
from hearback.report_back.payloads import Kind, Message
from hearback.stats.response_rates import Dispositions, response_rates
from hearback.understand.trust.enums import AREA, Statistic
from hearback.understand.trust.queries import scale_checks
from hearback.understand.trust.queries.finished import (
    best,
    contrasts_of,
    estimates_of,
    not_comparable,
    statistic_to_show,
)

if TYPE_CHECKING:
    from hearback.listen.surveys.models import Item, Scale, Survey, Wave
    from hearback.understand.trust.models import Contrast, Estimate


@dataclass(frozen=True)
class Question:
    """An item or a scale as its latest wave asked it, and all that is on record of it."""

    key: str
    wording: str
    translations: dict[str, str]
    favourable: tuple[str, ...]
    statistic: Statistic
    unit: trust_sentences.Unit
    headline: bool
    is_scale: bool
    estimates: dict[int, list[Estimate]]
    """By the wave's primary key; so are contrasts."""
    contrasts: dict[int, list[Contrast]]
    not_alike: dict[int, frozenset[str]]
    """Kinds of group in which it is part of a scale that does not mean the same to all."""
    unchecked: dict[int, dict[str, tuple[Message, ...]]]
    """Of a scale, by kind of group, what is open of whether it means the same to all."""
    titles: dict[str, str]
    """Of kinds of group, as the latest wave calls them."""
    truth: dict[int, dict[tuple[str, str], float]]
    """By the wave's primary key, what is true in an invented city of each kind of group and group."""


def compose(material: Material) -> Iterator[tuple[Kind, str, TrustPage | TrustItemPage]]:
    """For every survey of which something is estimated one release, and one for each wave and question."""
    for survey in surveys.surveys():
        waves = surveys.waves(survey.key)
        questions = list(_questions(survey, waves))
        if questions:
            yield Kind.TRUST, survey.key, _page(survey, waves, questions, material)
            for place, question in enumerate(questions):
                for wave in waves:
                    if question.estimates.get(wave.pk):
                        yield Kind.TRUST_ITEM, trust_item_key(survey.key, wave.key, place), _item_page(question, wave)


def _questions(survey: Survey, waves: Sequence[Wave]) -> Iterator[Question]:
    """Every item and scale with an estimate, in the order of the latest wave."""
    asked = {wave.pk: surveys.wave_with(survey.key, wave.key) for wave in reversed(waves)}
    estimates = {wave.pk: best(estimates_of(wave)) for wave in waves}
    contrasts = {wave.pk: best(contrasts_of(wave)) for wave in waves}
    truth = {wave.pk: surveys.truth_of(wave) for wave in waves}
    estimated = {row.item for rows in estimates.values() for row in rows}
    described: dict[str, Item | Scale] = {}
    for wave in asked.values():
        for one in [*wave.items.all(), *wave.scales.all()] if wave else ():
            if one.key in estimated:
                described.setdefault(one.key, one)
    titles = {kind.key: kind.title for wave in reversed(asked.values()) if wave for kind in wave.group_kinds.all()}
    parts = {item for one in described.values() for item in getattr(one, "items", ())}
    for key, one in described.items():
        mine = {pk: [row for row in rows if row.item == key] for pk, rows in estimates.items()}
        statistic = statistic_to_show(row.statistic for rows in mine.values() for row in rows)
        yield Question(
            key=key,
            wording=str(one),
            translations=getattr(one, "translations", {}),
            favourable=_favourable(one),
            statistic=statistic,
            unit=unit_of(_items_of(one), statistic, [row for rows in mine.values() for row in rows]),
            headline=key in parts or hasattr(one, "items"),
            is_scale=hasattr(one, "items"),
            estimates={pk: [row for row in rows if row.statistic == statistic] for pk, rows in mine.items()},
            contrasts={
                pk: [row for row in rows if row.item == key and row.statistic == statistic]
                for pk, rows in contrasts.items()
            },
            not_alike={wave.pk: _not_alike(key, wave) for wave in waves},
            unchecked={wave.pk: _unchecked(key, wave) for wave in waves},
            titles=titles,
            truth={pk: known.get((key, statistic), {}) for pk, known in truth.items()},
        )


def _not_alike(key: str, wave: Wave) -> frozenset[str]:
    scales = {scale.key for scale in wave.scales.all() if key == scale.key or key in scale.items}
    return frozenset(kind for scale, kind in not_comparable(wave) if scale in scales)


def _unchecked(key: str, wave: Wave) -> dict[str, tuple[Message, ...]]:
    """A verdict on some groups comes before the groups it leaves out; without a verdict its reason says enough."""
    return {
        check.by: tuple(map(of_check, check.notes if check.comparable else check.notes[:1]))
        for check in scale_checks(wave)
        if check.scale == key and check.by and (check.comparable is None or (check.comparable and check.notes[1:]))
    }


def _items_of(one: Item | Scale) -> list[Item]:
    keys: list[str] = getattr(one, "items", [one.key])
    return [item for item in one.wave.items.all() if item.key in keys]


def _favourable(one: Item | Scale) -> tuple[str, ...]:
    labels = getattr(one, "label_of", {})
    return tuple(labels.get(code, f"{code:g}") for code in getattr(one, "favourable", ()))


def _page(survey: Survey, waves: Sequence[Wave], questions: Sequence[Question], material: Material) -> TrustPage:
    return TrustPage(
        key=survey.key,
        name=survey.name,
        waves=tuple(_wave(wave, material) for wave in waves),
        items=tuple(_item(question, waves) for question in questions),
        limits=tuple(_limits(waves)),
    )


def _wave(wave: Wave, material: Material) -> TrustWave:
    rate, kind = _response(wave)
    source = next((f"{one.source}, {one.vintage}" for one in material.datasets if one.name == wave.dataset), "")
    return TrustWave(
        key=wave.key,
        name=wave.name,
        mode=wave.mode,
        scores=wave.kind == WaveKind.SCORES,
        fielded_from=wave.fielded_from.isoformat() if wave.fielded_from else "",
        fielded_to=wave.fielded_to.isoformat() if wave.fielded_to else "",
        population=wave.population,
        frame=wave.frame,
        contact=wave.contact,
        languages=tuple(wave.languages),
        respondents=wave.respondents or None,
        response_rate=rate,
        response_rate_kind=kind,
        exact_wording=wave.exact_wording,
        source=source,
    )


def _response(wave: Wave) -> tuple[float | None, str]:
    if wave.mode == Mode.OPT_IN:
        return None, ""
    if wave.dispositions:
        return response_rates(Dispositions(**wave.dispositions)).rr1, "RR1"
    return (wave.stated_response_rate, "stated") if wave.stated_response_rate is not None else (None, "")


def _item(question: Question, waves: Sequence[Wave]) -> TrustItem:
    readings: list[Reading | None] = []
    for wave in waves:
        row = everybody(question.estimates.get(wave.pk, []))
        truth = question.truth[wave.pk].get(("", ""))
        readings.append(reading(row, titles=question.titles, truth=truth) if row else None)
    latest = next((place for place in reversed(range(len(waves))) if readings[place]), None)
    found = readings[latest] if latest is not None else None
    return TrustItem(
        key=question.key,
        wording=question.wording,
        translations=question.translations,
        statistic=question.statistic,
        least=question.unit.least,
        most=question.unit.most,
        favourable=question.favourable,
        headline=question.headline,
        readings=tuple(readings),
        summary=trust_sentences.said_by_everybody(found, question.unit, wave=waves[latest].name)
        if found is not None and latest is not None
        else (Message("Nothing may be said of everybody.", {}),),
        changes=tuple(_changes(question, waves, readings)),
        truth=tuple(trust_truth.off(waves, readings, question.unit)),
    )


def _changes(question: Question, waves: Sequence[Wave], readings: Sequence[Reading | None]) -> Iterator[Finding]:
    """From each wave in which it was asked to the next one; where these may not be compared, why not."""
    asked = [wave for wave, found in zip(waves, readings, strict=True) if found is not None]
    for earlier, later in pairwise(asked):
        why = trust_groups.never_compared(earlier, later)
        row = next(
            (row for row in question.contrasts.get(later.pk, []) if not row.by and row.earlier_id == earlier.pk), None
        )
        found = difference(row) if row and not why else None
        names = {"earlier": earlier.name, "later": later.name}
        if found:
            yield trust_sentences.change(found, question.unit, **names)
        else:
            yield trust_sentences.no_change_said(why or trust_groups.reason(row), **names)


def _limits(waves: Sequence[Wave]) -> Iterator[Message]:
    """What this survey cannot say, whatever its numbers are."""
    rates = [rate for wave in waves for rate, _ in [_response(wave)] if rate is not None]
    if rates:
        lowest = trust_sentences.percent(1 - min(rates))
        yield Message(
            "Up to {silent} of 100 people who were asked did not answer. If they think differently from people of "
            "their age and neighbourhood who did, the numbers are off by more than the ranges say.",
            {"silent": lowest},
        )
    if any(wave.mode == Mode.OPT_IN for wave in waves):
        yield Message("What people think who did not see the link, or did not care to follow it.", {})
    if any(wave.mode == Mode.NOT_STATED for wave in waves):
        yield Message("How people were found is not stated, so nobody knows whom they speak for.", {})
    if any(wave.kind == WaveKind.SCORES for wave in waves):
        yield Message("Whether scores differ by more than chance: sizes and errors were not published.", {})
    if not all(wave.exact_wording for wave in waves):
        yield Message("How questions were worded exactly: they stand here as the source describes them.", {})
    yield Message("Why people think so, and whether anything that was done has changed it.", {})


def _item_page(question: Question, wave: Wave) -> TrustItemPage:
    """By group and, but for open links, by area: of the few who wished in an area nobody knows whom they speak for."""
    rows = question.estimates[wave.pk]
    setting = trust_groups.Setting(
        unit=question.unit,
        wave=wave,
        contrasts=question.contrasts.get(wave.pk, []),
        not_alike=question.not_alike.get(wave.pk, frozenset()),
        unchecked=question.unchecked.get(wave.pk, {}),
        is_scale=question.is_scale,
        titles=question.titles,
        truth=question.truth[wave.pk],
    )
    areas = [row for row in rows if row.by == AREA] if wave.mode != Mode.OPT_IN else []
    names = {area.key: area.name for area in places.areas(wave.areas)} if wave.areas else {}
    kinds = tuple(
        trust_groups.groups(kind.key, kind.title, mine, setting)
        for kind in wave.group_kinds.all()
        if kind.key != AREA and (mine := [row for row in rows if row.by == kind.key])
    )
    placed = areas and (wave.areas or wave.kind == WaveKind.SCORES)
    by_area = trust_groups.areas(areas, setting, names=names) if placed else None
    return TrustItemPage(
        survey=wave.survey.key,
        wave=wave.key,
        item=question.key,
        kinds=kinds,
        areas=by_area,
        area_layer=wave.areas,
        breaks=trust_groups.breaks(question.unit, [row for rows in question.estimates.values() for row in rows]),
        truth=tuple(trust_truth.counted(kinds, by_area, wave=wave.name)),
    )
