"""Waiting times as sentences and table cells, where too little is counted as words instead of a number."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    end_promise: str = ""
    closed_half: str = ""
    closed_most: str = ""
    """Empty where the edition is older than these numbers."""


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
        kinds=tuple(
            replace(
                _row(kind.wait, name=_(kind.title)),
                promise=_days(kind.answer_days),
                end_promise=_days(kind.resolution_days),
            )
            for kind in page.kinds
        ),
        languages=tuple(_row(wait, code=wait.key) for wait in page.languages),
        areas=tuple(sorted((_row(wait) for wait in page.areas), key=lambda row: row.name)),
    )


def _row(wait: Wait, *, name: str = "", code: str = "") -> WaitingRow:
    end = wait.closing
    return WaitingRow(
        name=name or wait.name,
        code=code,
        shown=wait.shown,
        half=_between(wait.median, wait.median_low, wait.median_high),
        most=_between(wait.ninetieth, wait.ninetieth_low, wait.ninetieth_high),
        helped=_share(wait.helped, wait.helped_low, wait.helped_high),
        closed_half=_between(end.median, end.median_low, end.median_high, open_yet=True) if end else "",
        closed_most=_between(end.ninetieth, end.ninetieth_low, end.ninetieth_high, open_yet=True) if end else "",
    )


def _share(share: float | None, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return percent(share)
    return _("{share} ({low} to {high})").format(share=percent(share), low=percent(low), high=percent(high))


def _between(days: float | None, low: float | None, high: float | None, *, open_yet: bool = False) -> str:
    """`2 days (1 to 3)`; where fewer than that were answered so far, that instead of a number."""
    if days is None:
        return _("not closed yet") if open_yet else _("not answered yet")
    if high is None:
        return _("{days} ({low} or longer)").format(days=_days(days), low=grouped(int(low or 0)))
    return _("{days} ({low} to {high})").format(days=_days(days), low=grouped(int(low or 0)), high=grouped(int(high)))


def _days(days: float) -> str:
    whole = int(days)
    if whole == 0:
        return _("the same day")
    return ngettext("{count} day", "{count} days", whole).format(count=grouped(whole))
