"""Waiting times as sentences and table cells, where too little is counted as words instead of a number."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hearback.design.templatetags.say import grouped, percent
from hearback.report_back.payloads import ClockPage, Wait


@dataclass(frozen=True)
class WaitingRow:
    """One line: whose, and what was kept; empty texts where it is too little to say."""

    name: str
    code: str
    """The language's code, for its own name."""
    shown: bool
    half: str
    most: str
    helped: str
    promise: str = ""


@dataclass(frozen=True)
class WaitingRows:
    """The tables of the page."""

    everybody: WaitingRow
    kinds: tuple[WaitingRow, ...]
    languages: tuple[WaitingRow, ...]
    areas: tuple[WaitingRow, ...]


def waiting_rows(page: ClockPage) -> WaitingRows:
    """The page's numbers in the reader's language."""
    return WaitingRows(
        everybody=_row(page.everybody),
        kinds=tuple(_row(kind.wait, name=_(kind.title), promise=_days(kind.answer_days)) for kind in page.kinds),
        languages=tuple(_row(wait, code=wait.key) for wait in page.languages),
        areas=tuple(sorted((_row(wait) for wait in page.areas), key=lambda row: row.name)),
    )


def _row(wait: Wait, *, name: str = "", code: str = "", promise: str = "") -> WaitingRow:
    return WaitingRow(
        name=name or wait.name,
        code=code,
        shown=wait.shown,
        half=_between(wait.median, wait.median_low, wait.median_high),
        most=_between(wait.ninetieth, wait.ninetieth_low, wait.ninetieth_high),
        helped=percent(wait.helped),
        promise=promise,
    )


def _between(days: float | None, low: float | None, high: float | None) -> str:
    """`2 days (1 to 3)`; where fewer than that were answered so far, that instead of a number."""
    if days is None:
        return _("not answered yet")
    if high is None:
        return _("{days} ({low} or longer)").format(days=_days(days), low=grouped(int(low or 0)))
    return _("{days} ({low} to {high})").format(days=_days(days), low=grouped(int(low or 0)), high=grouped(int(high)))


def _days(days: float) -> str:
    whole = int(days)
    if whole == 0:
        return _("the same day")
    return ngettext("{count} day", "{count} days", whole).format(count=grouped(whole))
