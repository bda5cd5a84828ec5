"""Sentences, numbers and dates in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Protocol

from django import template
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language_bidi, gettext, ngettext

register = template.Library()

UNBROKEN = "\u00a0"
PLACE = re.compile(r"\{(\w+)\}")

ISOLATE = "\u2068{}\u2069"
"""Keeps a name written left to right from turning round the sentence it stands in."""


class Message(Protocol):
    """A translatable template with named places, and the values that go there."""

    @property
    def template(self) -> str: ...
    @property
    def values(self) -> Mapping[str, str | int | float | Message]: ...
    @property
    def plural(self) -> str: ...


@register.simple_tag
def say(message: Message) -> str:
    """Say a message in the reader's language: template translated, whole numbers grouped, decimals as given, and
    messages among the values said likewise.

    Where the message has a plural, `values["count"]` chooses. The answer is plain text; the template escapes it.
    """
    if message.plural:
        sentence = ngettext(message.template, message.plural, int(message.values["count"]))
    else:
        sentence = gettext(message.template)
    return PLACE.sub(lambda place: _spoken(message.values.get(place[1], place[0])), sentence)


@register.filter
def grouped(value: float | None) -> str:
    """A number as the reader writes it; empty where there is none."""
    return "" if value is None else number_format(value, use_l10n=True, force_grouping=True)


def rounded(value: float, *, decimals: int) -> str:
    """A number as the reader writes it, to the nearest with so many decimals."""
    nearest = round(value, decimals) + 0.0  # number_format cuts decimals off; adding 0 leaves no “-0.0”
    return number_format(nearest, decimal_pos=decimals, use_l10n=True, force_grouping=True)


@register.filter
def percent(share: float | None) -> str:
    """A share (0 to 1) as a whole percentage; never 0 % or 100 %, which nobody knows so surely."""
    if share is None:
        return ""
    if share < 0.01:
        said = gettext("under 1 %")
    elif share > 0.99:
        said = gettext("over 99 %")
    else:
        said = gettext("{number} %").replace("{number}", grouped(round(share * 100)))
    return said.replace(" ", UNBROKEN)


@register.filter
def day(iso: str) -> str:
    """An ISO date as the reader writes it."""
    return date_format(date.fromisoformat(iso), "DATE_FORMAT")


def _spoken(value: str | int | float | Message) -> str:
    if isinstance(value, str):
        return ISOLATE.format(value) if get_language_bidi() else value
    return grouped(value) if isinstance(value, int | float) else say(value)
