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
    above, since a range tells the count it comes from."""
    heard: str
    """`less`, `more` or `uncertain`."""


@dataclass(frozen=True)
class ChannelVoices:
    """One kind of group in one channel."""

    survey: str
    """The survey's name; empty for concerns."""
    wave: str
    mode: str
    """The wave's sampling mode."""
    kind: str
    kind_title: str
    voices: int | None
    """None where it would give a small group away."""
    unknown_share: float
    parity: float
    parity_low: float
    parity_high: float
    groups: tuple[GroupVoice, ...]
    population: str
    """Title of the dataset that says how many people there are."""


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
