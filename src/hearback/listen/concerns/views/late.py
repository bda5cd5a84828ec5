"""What is late at every desk, without a word of it, and how long people wait."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hearback.foundation.access.enums import DeskKind
from hearback.foundation.access.queries import all_desks
from hearback.foundation.calendar.queries import agency_calendar
from hearback.foundation.people.enums import Role
from hearback.listen.concerns.permissions import may_see_late
from hearback.listen.concerns.queries import desk as queries
from hearback.listen.concerns.queries.clock import Waits, by_desk, first_answers
from hearback.listen.concerns.queries.desk import Filter, inbox
from hearback.permission import demand

if TYPE_CHECKING:
    from hearback.stats.waiting_times import Quantile


@dataclass(frozen=True)
class DeskNumbers:
    """One desk's waits, in words."""

    desk: str
    received: int
    answered: int
    median: str
    ninetieth: str


@login_required
@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """Late concerns, as far as they came up to this person, and the waits by desk with intervals: a coordinator sees
    liaison desks, oversight all."""
    demand(may_see_late, request.user.actor)
    at = timezone.now()
    today = agency_calendar().day_of(at)
    readable = {concern.reference for concern in inbox(request.user, Filter(), today=today)}
    rows = [(concern, concern.reference in readable) for concern in queries.late(request.user, today=today)]
    overseen = request.user.role == Role.OVERSIGHT
    names = {desk.key: desk.name for desk in all_desks() if overseen or desk.kind == DeskKind.LIAISON}
    numbers = [_numbers(waits, names) for waits in first_answers(by=by_desk, at=at) if waits.group in names]
    return render(request, "concerns/desk/late.html", {"rows": rows, "numbers": numbers})


def _numbers(waits: Waits, names: dict[str, str]) -> DeskNumbers:
    return DeskNumbers(
        desk=names[waits.group],
        received=waits.times.n,
        answered=waits.times.answered,
        median=_in_words(waits.times.median),
        ninetieth=_in_words(waits.times.ninetieth),
    )


def _in_words(quantile: Quantile) -> str:
    """The time and its interval; what is not reached yet has no upper end."""
    if math.isinf(quantile.time):
        return _("not reached yet; at least {low}").format(low=f"{quantile.low:g}")
    high = _("not known") if math.isinf(quantile.high) else f"{quantile.high:g}"
    return _("{time} ({low} to {high})").format(time=f"{quantile.time:g}", low=f"{quantile.low:g}", high=high)
