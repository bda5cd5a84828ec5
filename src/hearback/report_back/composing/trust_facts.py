"""What surveys let one say of single areas: a few facts for the page of each, with how sure they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hearback.listen.surveys import queries as surveys
from hearback.listen.surveys.enums import Mode
from hearback.report_back.composing import trust
from hearback.report_back.composing.trust_readings import CENSUS
from hearback.report_back.composing.trust_sentences import (
    EVERYBODY_ASKED,
    IF_LIKE_EVERYBODY,
    SURE_OF_MEAN,
    SURE_OF_SHARE,
    Unit,
)
from hearback.report_back.opinions import Reading, TrustItem, TrustItemPage, TrustPage, TrustWave
from hearback.report_back.payloads import Fact, Message
from hearback.understand.trust.enums import Method

if TYPE_CHECKING:
    from hearback.report_back.composing.material import Material

RESPONSE_RATE = "Response rate (AAPOR RR1): {rate} %"
MOST = 2
"""Facts of a survey on the page of an area; the page about opinions has them all."""


def facts_by_area(material: Material) -> dict[str, list[Fact]]:
    """By the key of an area of the primary layer, facts from the latest wave of each survey that speaks of areas.

    Scales come first, then questions that stand for themselves, then those that are one part of a scale.
    """
    released = [payload for _kind, _key, payload in trust.compose(material)]
    items = [payload for payload in released if isinstance(payload, TrustItemPage) and payload.areas]
    found: dict[str, list[Fact]] = {}
    for page in released:
        if isinstance(page, TrustPage):
            about = [one for one in items if one.survey == page.key and one.area_layer == material.layer.key]
            for one in _latest(about, page)[:MOST]:
                for area, fact in _facts(one, page):
                    found.setdefault(area, []).append(fact)
    return found


def _latest(pages: list[TrustItemPage], survey: TrustPage) -> list[TrustItemPage]:
    waves = {wave.key: place for place, wave in enumerate(survey.waves)}
    newest = max((waves[page.wave] for page in pages), default=-1)
    parts = {item for wave in surveys.waves(survey.key) for scale in wave.scales.all() for item in scale.items}
    speaking = [page for page in pages if waves[page.wave] == newest and page.areas and page.areas.rows]
    headlines = {item.key for item in survey.items if item.headline}
    return sorted(speaking, key=lambda page: (page.item in parts, page.item not in headlines))


def _facts(page: TrustItemPage, survey: TrustPage) -> Iterator[tuple[str, Fact]]:
    item = next(item for item in survey.items if item.key == page.item)
    wave = next(wave for wave in survey.waves if wave.key == page.wave)
    for row in page.areas.rows if page.areas else ():
        if row.reading.value is not None:
            yield row.key, _fact(row.reading, item, wave, survey)


def _fact(reading: Reading, item: TrustItem, wave: TrustWave, survey: TrustPage) -> Fact:
    unit = Unit(item.statistic == "favourable", item.least, item.most)
    said = {name: unit.number(getattr(reading, name)) for name in ("value", "low", "high") if _known(reading, name)}
    return Fact(
        subject=item.wording,
        sentence=Message("{value} of 100 people here would answer favourably.", {**said})
        if unit.share
        else Message("The mean here is {value} on a scale from {least} to {most}.", said | _ends(unit)),
        certainty=_with_response_rate(_certainty(reading, {**said, "level": reading.level_percent}, unit), wave),
        source=survey.name,
        vintage=reading.year or wave.name,
        translations=item.translations,
    )


def _ends(unit: Unit) -> dict[str, int | float]:
    return {"least": unit.number(unit.least), "most": unit.number(unit.most)}


def _with_response_rate(certainty: Message, wave: TrustWave) -> Message:
    """A number from a random sample stands beside the share of those asked who answered."""
    if wave.mode != Mode.PROBABILITY or wave.response_rate is None or wave.response_rate_kind != "RR1":
        return certainty
    rate = Message(RESPONSE_RATE, {"rate": f"{100 * wave.response_rate:.1f}"})
    return Message("{sure} {provided}", {"sure": certainty, "provided": rate})


def _known(reading: Reading, name: str) -> bool:
    return getattr(reading, name) is not None


def _certainty(reading: Reading, said: dict[str, str | int | float | Message], unit: Unit) -> Message:
    if reading.basis == CENSUS:
        return EVERYBODY_ASKED
    if reading.low is None:
        return Message("Published without the number of answers and without an error.", {})
    if reading.pooled_with:
        return Message(
            "Between {low} and {high} ({level} % confidence), for this area together with {areas}: too few answered "
            "here alone.",
            said | {"areas": ", ".join(reading.pooled_with)},
        )
    if reading.basis == Method.SMALL_AREA:
        return Message("Between {low} and {high} ({level} % confidence), from answers here and in areas like it.", said)
    sure = Message(SURE_OF_SHARE if unit.share else SURE_OF_MEAN, said)
    if reading.basis != Method.ANSWERS:
        return sure
    return Message("{sure} {provided}", {"sure": sure, "provided": IF_LIKE_EVERYBODY})
