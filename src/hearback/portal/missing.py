"""The page about who is missing, made ready: verdicts and shares in the reader's language, ranges as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hearback.listen.surveys.enums import Mode
from hearback.portal.figures import Line, voice_line
from hearback.portal.lines import Interval, interval
from hearback.portal.tables import Column, natural
from hearback.portal.words import VOICES
from hearback.report_back.voices import (
    AreaVoice,
    ChannelVoices,
    GroupVoice,
    PartResponse,
    StaffGroup,
    StaffTable,
    SurveyResponse,
    VoicesPage,
)

HEARD: dict[str, Promise] = {
    "less": gettext_lazy("Heard less than its part"),
    "more": gettext_lazy("Heard more than its part"),
    "uncertain": gettext_lazy("Cannot be told"),
}
ANSWERED: dict[str, Promise] = {
    "less": gettext_lazy("Answered less than others"),
    "more": gettext_lazy("Answered more than others"),
    "uncertain": gettext_lazy("Cannot be told"),
}
NOT_MEASURED: dict[str, Promise] = {
    "opt-in": gettext_lazy(
        "Nobody was drawn: the survey was open to whoever wished. So nobody knows who did not answer, "
        "and whether chances to answer differed cannot be measured."
    ),
    "not-known": gettext_lazy(
        "The source does not say in which areas people were asked and did not answer, "
        "so whether chances to answer differed cannot be measured."
    ),
    "too-few": gettext_lazy(
        "People were asked in too few areas to measure whether chances to answer differed between them."
    ),
}
IN_SHORT: dict[str, Promise] = {
    "less": gettext_lazy("Less"),
    "more": gettext_lazy("More"),
    "uncertain": gettext_lazy("Cannot be told"),
}
CHANNELS: dict[str, Promise] = {
    "concerns": gettext_lazy("Concerns of the last twelve months"),
    "forum": gettext_lazy("Forums of the last twelve months"),
    "event": gettext_lazy("Events of the last twelve months"),
    "pulse": gettext_lazy("Short polls of the last twelve months"),
}
"""Surveys have names of their own."""
CHANNELS_IN_SHORT: dict[str, Promise] = {
    "concerns": gettext_lazy("Concerns"),
    "forum": gettext_lazy("Forums"),
    "event": gettext_lazy("Events"),
    "pulse": gettext_lazy("Short polls"),
}
POINTS_PER_DEVIATION = 50
"""The standard deviation of a yes or no on which people are split evenly, in points of 100."""
MOST_SHOWN = 3.0
"""Bars run from 0 to three times a group's part; what lies beyond ends at the edge."""
VOICE_ORDER = list(VOICES)
AREA_COLUMNS = (
    Column("voice", gettext_lazy("What can be said"), lambda row: (VOICE_ORDER.index(row.voice), natural(row.name))),
    Column("name", gettext_lazy("Area"), lambda row: natural(row.name)),
    Column("count", gettext_lazy("Concerns"), lambda row: row.count, descending=True, numeric=True),
    Column("expected", gettext_lazy("To be expected"), lambda row: row.expected, descending=True, numeric=True),
)


@dataclass(frozen=True)
class GroupLine:
    """A row about a group: its part of the community, of the voices (or of the staff), and what can be said."""

    row: GroupVoice | StaffGroup
    ratio: Interval | None
    verdict: str


@dataclass(frozen=True)
class GroupTable:
    """One kind of group in one channel, or in the staff or a part of it."""

    title: str
    of: ChannelVoices | StaffTable
    lines: tuple[GroupLine, ...]
    less: tuple[str, ...]
    """Groups of which less was heard, or which are there less, than their part."""
    counted: str = ""
    """On how many occasions, where people came together."""


@dataclass(frozen=True)
class Source:
    """The tables of one channel."""

    title: str
    note: str
    tables: tuple[GroupTable, ...]


@dataclass(frozen=True)
class GlanceHead:
    """A channel's short name, and whether it is a survey's, which is long."""

    name: str
    survey: bool


@dataclass(frozen=True)
class GlanceRow:
    """A group, and for each channel the verdict and its word."""

    group: str
    verdicts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Glance:
    """One kind of group: what can be said of each group, channel by channel."""

    title: str
    heads: tuple[GlanceHead, ...]
    rows: tuple[GlanceRow, ...]


@dataclass(frozen=True)
class PartLine:
    """A row about those who were asked in a part of the city."""

    row: PartResponse
    adds: Interval | None
    verdict: str


@dataclass(frozen=True)
class ResponseCard:
    """A wave of a survey: how much chances to answer differed, or why that is not known."""

    of: SurveyResponse
    title: str
    mode: str
    why_not: str
    differed: bool
    """Whether chance alone cannot have made the differences."""
    points: int
    """The largest bias of a yes or no on which people are split evenly, in points of 100."""
    layer: str
    traits: tuple[str, ...]
    """By which areas are told apart."""
    lines: tuple[PartLine, ...]


@dataclass(frozen=True)
class AreaLine:
    """An area's row."""

    row: AreaVoice
    where: str
    verdict: Line


def sources(page: VoicesPage) -> list[Source]:
    """Each channel with its tables; concerns first."""
    of_channel = groupby(page.channels, key=lambda one: (one.channel, one.survey, one.wave, one.mode))
    return [
        Source(
            title=f"{survey}, {wave}" if survey else str(CHANNELS[channel]),
            note=str(Mode(mode).label) if mode else "",
            tables=tuple(_channel_table(one) for one in channels),
        )
        for (channel, survey, wave, mode), channels in of_channel
    ]


def at_a_glance(page: VoicesPage) -> list[Glance]:
    """Kinds of group that more than one channel knows of, the one that most know of first."""
    of_kind: dict[str, list[ChannelVoices]] = {}
    for one in page.channels:
        of_kind.setdefault(one.kind, []).append(one)
    several = sorted((channels for channels in of_kind.values() if len(channels) > 1), key=len, reverse=True)
    return [_glance(channels) for channels in several]


def response_cards(page: VoicesPage) -> list[tuple[ResponseCard, list[ResponseCard]]]:
    """For each survey and sampling mode the newest wave, and those before it, the newest first."""
    of_survey: dict[tuple[str, str], list[ResponseCard]] = {}
    for one in page.responses:
        of_survey.setdefault((one.survey, one.mode), []).insert(0, _response_card(one))
    return [(newest, before) for newest, *before in of_survey.values()]


def staff_tables(page: VoicesPage) -> tuple[list[GroupTable], list[GroupTable]]:
    """Those of the whole staff, and those of its parts."""
    tables = [_staff_table(one) for one in page.staff]
    whole = [table for table, one in zip(tables, page.staff, strict=True) if not one.within]
    return whole, [table for table in tables if table not in whole]


def area_lines(rows: Sequence[AreaVoice], *, where: Mapping[str, str]) -> list[AreaLine]:
    """Areas with their verdicts."""
    return [AreaLine(row, where.get(row.area, ""), voice_line(row.voice)) for row in rows]


def _response_card(one: SurveyResponse) -> ResponseCard:
    differed, layer = one.r_high < 1, capfirst(_(one.layer)) if one.layer else ""
    return ResponseCard(
        of=one,
        title=f"{one.survey}, {one.wave}",
        mode=str(Mode(one.mode).label),
        why_not=str(NOT_MEASURED[one.why_not]) if one.why_not else "",
        differed=differed,
        points=round(POINTS_PER_DEVIATION * (one.bias if differed else one.bias_high)),
        layer=layer,
        traits=(*filter(None, [layer]), *(_(title) for title in one.traits)),
        lines=tuple(PartLine(row, _adds(row, one.parts), str(ANSWERED[row.heard])) for row in one.parts),
    )


def _adds(row: PartResponse, parts: Sequence[PartResponse]) -> Interval | None:
    """All bars of a table have one scale, with 0 in the middle."""
    reach = max(abs(end) for one in parts for end in (one.adds_low, one.adds_high, 0.001) if end is not None)
    return interval(row.adds, row.adds_low, row.adds_high, least=-reach, most=reach, decimals=3)


def _glance(channels: Sequence[ChannelVoices]) -> Glance:
    """The groups of a kind are the population's, so every channel has them in the same order."""
    of_group = zip(*(one.groups for one in channels), strict=True)
    return Glance(
        title=_(channels[0].kind_title),
        heads=tuple(GlanceHead(_short_name(one), bool(one.survey)) for one in channels),
        rows=tuple(
            GlanceRow(_(same[0].title), tuple((one.heard, str(IN_SHORT[one.heard])) for one in same))
            for same in of_group
        ),
    )


def _short_name(channel: ChannelVoices) -> str:
    return f"{channel.survey}, {channel.wave}" if channel.survey else str(CHANNELS_IN_SHORT[channel.channel])


def _channel_table(channel: ChannelVoices) -> GroupTable:
    lines = tuple(GroupLine(row, _ratio(row), str(HEARD[row.heard])) for row in channel.groups)
    less = tuple(_(row.title) for row in channel.groups if row.heard == "less")
    return GroupTable(_(channel.kind_title), channel, lines, less, _counted(channel.occasions))


def _counted(occasions: int) -> str:
    if occasions == 1:
        return _("Counted on one occasion. What another would show nobody knows, so nothing can be said of groups yet.")
    said = ngettext("Counted on {count} occasion.", "Counted on {count} occasions.", occasions)
    return said.format(count=occasions) if occasions else ""


def _staff_table(table: StaffTable) -> GroupTable:
    lines = tuple(GroupLine(row, _ratio(row), _there(row)) for row in table.groups)
    title = f"{table.part}: {_(table.kind_title)}" if table.part else _(table.kind_title)
    less = tuple(_(row.title) for row in table.groups if row.ratio_high is not None and row.ratio_high < 1)
    return GroupTable(title, table, lines, less)


def _there(row: StaffGroup) -> str:
    if row.ratio_low is None or row.ratio_high is None:
        return _("Too few to say")
    if row.ratio_high < 1:
        return _("Less than in the community")
    return _("More than in the community") if row.ratio_low > 1 else _("Cannot be told")


def _ratio(row: GroupVoice | StaffGroup) -> Interval | None:
    return interval(row.ratio, row.ratio_low, row.ratio_high, least=0, most=MOST_SHOWN, decimals=2)
