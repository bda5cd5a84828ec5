"""Where people can come and be heard: everything that is announced, and how announcements get there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from hearback.design.templatetags.say import UNBROKEN
from hearback.foundation.access.enums import DeskKind
from hearback.foundation.calendar.queries import agency_calendar
from hearback.listen.engagements.actions import FEWEST_FOR_GROUPS
from hearback.listen.engagements.enums import EngagementKind, State
from hearback.listen.engagements.models import Engagement
from hearback.listen.engagements.queries.board import announced, board, moderation
from hearback.moulds import filled

OCCASIONS = {
    EngagementKind.FORUM: gettext_lazy("A meeting to speak and be heard"),
    EngagementKind.EVENT: gettext_lazy("An event where you can come by and talk"),
    EngagementKind.PULSE: gettext_lazy("A few short questions"),
}
HOSTS = {
    DeskKind.LIAISON: gettext_lazy("The liaison team of the police"),
    DeskKind.PARTNER: gettext_lazy("A partner organisation"),
    DeskKind.OVERSIGHT: gettext_lazy("Independent oversight"),
}


@dataclass(frozen=True)
class Invitation:
    """An engagement as a reader meets it: the occasion in plain words, when it is, and who invites."""

    engagement: Engagement
    occasion: str | Lazy
    when: str
    host: str | Lazy
    called_off: bool


@require_safe
@conditional_page
@cache_control(no_cache=True)
def events(request: HttpRequest) -> HttpResponse:
    """What is announced and not over, in order of time; browsers ask each time, so what is called off shows at once."""
    at = timezone.now()
    made = partial(_shown, at=at)
    return filled(request, "engagements/public/events.html", same={"announced": announced(at=at)}, own={}, made=made)


def told_when(starts_at: datetime, ends_at: datetime, *, zone: tzinfo) -> str:
    """From when to when in the reader's language, on the clocks of the place; a day that both fall on is said once."""
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    if start.date() == end.date():
        return _("{day}, {start} to {end}").format(day=_day(start), start=_hour(start), end=_hour(end))
    return _("{first_day}, {start}, to {last_day}, {end}").format(
        first_day=_day(start), start=_hour(start), last_day=_day(end), end=_hour(end)
    )


def _shown(*, at: datetime) -> dict[str, Any]:
    zone, decided = ZoneInfo(agency_calendar().timezone), moderation(at=at)
    return {
        "section": "events",
        "invitations": [_invitation(one, zone=zone) for one in board(at=at)],
        "published": decided.published,
        "grounds": decided.returned,
        "sent_back": sum(times for _ground, times in decided.returned),
        "fewest": FEWEST_FOR_GROUPS,
    }


def _invitation(engagement: Engagement, *, zone: tzinfo) -> Invitation:
    return Invitation(
        engagement,
        occasion=OCCASIONS[EngagementKind(engagement.kind)],
        when=told_when(engagement.starts_at, engagement.ends_at, zone=zone),
        host=HOSTS[DeskKind(engagement.desk.kind)],
        called_off=engagement.state == State.CALLED_OFF,
    )


def _day(at: datetime) -> str:
    return _("{weekday}, {date}").format(weekday=date_format(at, "l"), date=date_format(at, "DATE_FORMAT"))


def _hour(at: datetime) -> str:
    return date_format(at, "TIME_FORMAT").replace(" ", UNBROKEN)
