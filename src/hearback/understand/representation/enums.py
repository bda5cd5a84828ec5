"""The channels in which people are heard, and why a wave of a survey has no R-indicator."""

from __future__ import annotations

from enum import StrEnum


class ChannelKind(StrEnum):
    """By what way voices come."""

    CONCERNS = "concerns"
    FORUM = "forum"
    EVENT = "event"
    PULSE = "pulse"
    SURVEY = "survey"


class WhyNot(StrEnum):
    """Nothing can be said of chances to answer."""

    OPT_IN = "opt-in"
    """Nobody was drawn, so nobody is known not to have answered."""
    NOT_KNOWN = "not-known"
    """The source does not say where people were asked and did not answer."""
    TOO_FEW = "too-few"
    """People were asked in so few areas, or so alike, that traits of areas tell nothing."""
