"""The release about who is missing: channels, quiet areas and the agency's staff against the community."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from hearback.foundation.calendar.queries import agency_calendar
from hearback.foundation.datasets.queries import evidence_store, in_use
from hearback.foundation.indicators.queries import definitions
from hearback.listen.surveys.queries import group_titles
from hearback.report_back.composing.material import Material
from hearback.report_back.payloads import Kind
from hearback.report_back.voices import (
    AreaVoice,
    ChannelVoices,
    GroupVoice,
    LayerVoices,
    PartResponse,
    StaffGroup,
    StaffTable,
    SurveyResponse,
    VoicesPage,
)
from hearback.stats.disclose.counts import protect
from hearback.stats.representation.participation import Heard
from hearback.stats.representation.silence import Voice
from hearback.understand.representation.queries.channels import LOOKED_BACK, Channel, channels
from hearback.understand.representation.queries.heard import (
    QuietAreas,
    StaffComparison,
    quiet_areas,
    staff_comparisons,
)
from hearback.understand.representation.queries.response import Response, responses

SMALLEST_SHOWN = 10
SEED = 20
"""Parity is read off draws; the same voices give the same page."""
SMALLEST_STAFF_GROUP = 5
FEWEST_STAFF = 20
"""A rank or unit with fewer people is not compared: its people could be told apart."""


@dataclass(frozen=True)
class _Titles:
    """What kinds of group, groups and datasets are called."""

    kinds: dict[str, str]
    groups: dict[tuple[str, str], str]
    datasets: dict[str, str]

    def kind(self, kind: str) -> str:
        return self.kinds.get(kind, kind.replace("-", " ").capitalize())

    def group(self, kind: str, group: str) -> str:
        return self.groups.get((kind, group), group)


def compose(material: Material) -> Iterator[tuple[Kind, str, VoicesPage]]:
    """One release."""
    yield from compose_voices(at=material.at)


def compose_voices(*, at: datetime) -> Iterator[tuple[Kind, str, VoicesPage]]:
    """The same without the rest of the city: what `jobs.publish_voices` renews as voices come in."""
    store, titles = evidence_store(), _titles()
    found = channels(store=store, rng=np.random.default_rng(SEED), at=at)
    day_of = agency_calendar().day_of
    yield (
        Kind.VOICES,
        "",
        VoicesPage(
            on=day_of(at).isoformat(),
            since=day_of(at - LOOKED_BACK).isoformat(),
            smallest_shown=SMALLEST_SHOWN,
            channels=tuple(_channel(one, titles) for one in found),
            layers=tuple(_layer(one) for one in quiet_areas(at=at)),
            responses=tuple(_response(one) for one in responses()),
            staff=tuple(
                _staff(one, titles) for one in staff_comparisons(store=store) if sum(one.counts) >= FEWEST_STAFF
            ),
        ),
    )


def _channel(channel: Channel, titles: _Titles) -> ChannelVoices:
    found, of = channel.found, channel.counts
    safe = protect(np.array(channel.came, dtype=np.int64), threshold=SMALLEST_SHOWN)
    unsafe = safe.hidden | (safe.total is None)
    unsure = unsafe | (not channel.sure)
    return ChannelVoices(
        channel=of.channel,
        survey=of.wave.survey.name if of.wave else "",
        wave=of.wave.name if of.wave else "",
        mode=of.wave.mode if of.wave else "",
        kind=of.kind,
        kind_title=titles.kind(of.kind),
        voices=safe.total,
        unknown_share=round(found.unknown / of.total, 3),
        parity=_unless(not channel.sure, found.parity, 2),
        parity_low=_unless(not channel.sure, found.parity_low, 2),
        parity_high=_unless(not channel.sure, found.parity_high, 2),
        groups=tuple(
            GroupVoice(
                group=group,
                title=titles.group(of.kind, group),
                community_share=round(float(found.population_share[i]), 4),
                share=_unless(unsafe[i], found.share[i], 3),
                ratio=_unless(unsure[i], found.rates.ratio[i], 2),
                ratio_low=_unless(unsure[i], found.rates.low[i], 2),
                ratio_high=_unless(unsure[i], found.rates.high[i], 2),
                heard=found.heard[i] if channel.sure else Heard.UNCERTAIN,
            )
            for i, group in enumerate(channel.groups)
        ),
        population=titles.datasets[channel.population],
        occasions=channel.occasions,
    )


def _layer(quiet: QuietAreas) -> LayerVoices:
    nowhere = quiet.nowhere / (quiet.nowhere + sum(quiet.counts))
    return LayerVoices(title=quiet.layer.plural, areas=_area_voices(quiet), nowhere_share=round(nowhere, 3))


def _area_voices(quiet: QuietAreas) -> tuple[AreaVoice, ...]:
    safe = protect(np.array(quiet.counts, dtype=np.int64), threshold=SMALLEST_SHOWN)
    expected = np.full(len(quiet.areas), np.nan)
    expected[quiet.found.known] = quiet.found.rates.expected
    return tuple(
        AreaVoice(
            area=area.key,
            name=area.name,
            voice=quiet.found.voices[i],
            count=None if safe.hidden[i] else quiet.counts[i],
            expected=None if np.isnan(expected[i]) else round(float(expected[i]), 1),
            missing=round(float(quiet.found.missing[i]))
            if quiet.found.voices[i] == Voice.QUIET and not safe.hidden[i]
            else None,
        )
        for i, area in enumerate(quiet.areas)
    )


def _response(one: Response) -> SurveyResponse:
    wave, found = one.wave, one.found
    if found is None:
        return SurveyResponse(wave.survey.name, wave.name, wave.mode, str(one.why_not))
    return SurveyResponse(
        survey=wave.survey.name,
        wave=wave.name,
        mode=wave.mode,
        why_not="",
        asked=one.asked,
        rate=round(one.answered / one.asked, 4),
        r=round(found.r, 3),
        r_low=round(found.low, 3),
        r_high=round(found.high, 3),
        bias=round(found.largest_bias, 3),
        bias_low=round(found.bias_low, 3),
        bias_high=round(found.bias_high, 3),
        layer=one.layer.singular if one.layer else "",
        parts=_parts(one),
        traits=tuple(definitions()[name].title for name in one.indicators),
    )


def _parts(one: Response) -> tuple[PartResponse, ...]:
    safe = protect(np.array([part.answered for part in one.parts], dtype=np.int64), threshold=SMALLEST_SHOWN)
    unsafe = safe.hidden | (safe.total is None)
    return tuple(
        PartResponse(
            name=part.name,
            asked=part.asked,
            rate=_unless(unsafe[i], part.answered / part.asked, 4),
            adds=_unless(unsafe[i], part.adds, 3),
            adds_low=_unless(unsafe[i] or np.isnan(part.low), part.low, 3),
            adds_high=_unless(unsafe[i] or np.isnan(part.high), part.high, 3),
            heard=_heard(round(part.low, 3), round(part.high, 3)),
        )
        for i, part in enumerate(one.parts)
    )


def _heard(low: float, high: float) -> str:
    """By the ends as they are shown: no verdict rests on a range that begins at 0.000."""
    return str(Heard.LESS if high < 0 else Heard.MORE if low > 0 else Heard.UNCERTAIN)


def _staff(one: StaffComparison, titles: _Titles) -> StaffTable:
    found = one.found
    safe = protect(np.array(one.counts, dtype=np.int64), threshold=SMALLEST_STAFF_GROUP)
    unsafe = safe.hidden | (safe.total is None)
    return StaffTable(
        within=titles.kind(one.within) if one.within else "",
        part=one.part,
        kind=one.kind,
        kind_title=titles.kind(one.kind),
        staff=found.staff,
        dissimilarity=round(found.dissimilarity, 3),
        groups=tuple(
            StaffGroup(
                group=group,
                title=titles.group(one.kind, group),
                community_share=round(float(found.community[i]), 4),
                share=_unless(unsafe[i], found.share[i], 3),
                ratio=_unless(unsafe[i], found.ratio[i], 2),
                ratio_low=_unless(unsafe[i], found.ratio_low[i], 2),
                ratio_high=_unless(unsafe[i], found.ratio_high[i], 2),
            )
            for i, group in enumerate(one.groups)
        ),
    )


def _unless(hidden: bool, value: float, decimals: int) -> float | None:
    return None if hidden else round(float(value), decimals) + 0.0  # never "-0.000"


def _titles() -> _Titles:
    kinds, groups = group_titles()
    return _Titles(
        kinds=kinds,
        groups=groups,
        datasets={one.name: one.title for one in in_use()},
    )
