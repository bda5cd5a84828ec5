"""What the public may see of who is heard: finished comparisons, of which none is about a small group's exact count."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GroupVoice:
    """A group's part of the community and of the voices of one channel."""

    group: str
    title: str
    community_share: float
    share: float | None
    """Of the voices whose group is known; None where the count behind it is too small to show."""
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    """Between these lies what was heard of what its part of the community would be (1 is just its part); None as
    above, since a range tells the count it comes from, and where one occasion alone was counted."""
    heard: str
    """`less`, `more` or `uncertain`."""


@dataclass(frozen=True)
class ChannelVoices:
    """One kind of group in one channel."""

    channel: str
    """`concerns`, `forum`, `event`, `pulse` or `survey`."""
    survey: str
    """The survey's name; empty for other channels."""
    wave: str
    mode: str
    """The wave's sampling mode."""
    kind: str
    kind_title: str
    voices: int | None
    """None where it would give a small group away."""
    unknown_share: float
    parity: float | None
    parity_low: float | None
    parity_high: float | None
    """None where people were counted on one occasion: nobody knows what another would have shown."""
    groups: tuple[GroupVoice, ...]
    population: str
    """Title of the dataset that says how many people there are."""
    occasions: int = 0
    """On how many occasions people who came together were counted; 0 where voices come one by one."""


@dataclass(frozen=True)
class AreaVoice:
    """What can be said of an area's voices."""

    area: str
    name: str
    voice: str
    """`quiet`, `loud`, `uncertain` or `unknown`."""
    count: int | None
    expected: float | None
    missing: int | None
    """How many more voices it would have, did it speak as the city does; only where it is quiet."""


@dataclass(frozen=True)
class LayerVoices:
    """The areas of one layer."""

    title: str
    areas: tuple[AreaVoice, ...]
    nowhere_share: float
    """Share of concerns without a place in it."""


@dataclass(frozen=True)
class StaffGroup:
    """A group's part of the staff and of the community."""

    group: str
    title: str
    community_share: float
    share: float | None
    """None, as the ratio and its range, where so few people would be told apart."""
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None


@dataclass(frozen=True)
class StaffTable:
    """The staff, or a part of it, by groups of one kind."""

    within: str
    part: str
    kind: str
    kind_title: str
    staff: int
    dissimilarity: float
    groups: tuple[StaffGroup, ...]


@dataclass(frozen=True)
class PartResponse:
    """The areas of one part of the city, such as a district, where people were asked."""

    name: str
    asked: int
    rate: float | None
    """Share who answered; None, as `adds` and its range, where so few people would be told apart."""
    adds: float | None
    """The unconditional partial R-indicator: below 0 where fewer answered than elsewhere."""
    adds_low: float | None
    adds_high: float | None
    """Also None where people were asked in one area of the part alone."""
    heard: str
    """`less`, `more` or `uncertain`."""


@dataclass(frozen=True)
class SurveyResponse:
    """How much chances to answer differed in one wave, as far as the areas of those who were asked tell."""

    survey: str
    wave: str
    mode: str
    why_not: str
    """Empty; or `opt-in`, `not-known` or `too-few`, and then nothing of what follows is known."""
    asked: int = 0
    rate: float = 0.0
    r: float = 1.0
    r_low: float = 1.0
    r_high: float = 1.0
    bias: float = 0.0
    """The most that a mean could be off for such differences, in standard deviations of the answers."""
    bias_low: float = 0.0
    bias_high: float = 0.0
    layer: str = ""
    """The name of one of its parts, such as "police district"; empty where no layer served."""
    parts: tuple[PartResponse, ...] = ()
    traits: tuple[str, ...] = ()
    """Titles of the indicators by which areas were told apart, beside parts."""


@dataclass(frozen=True)
class VoicesPage:
    """Who is missing from the conversation."""

    on: str
    """ISO date of what is counted last."""
    since: str
    smallest_shown: int
    channels: tuple[ChannelVoices, ...]
    layers: tuple[LayerVoices, ...]
    """The primary layer first; empty where there are no voices."""
    staff: tuple[StaffTable, ...]
    responses: tuple[SurveyResponse, ...] = ()
    """Waves of one survey stand together, the earliest first."""
