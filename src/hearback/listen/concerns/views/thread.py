"""The thread as its resident sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from hearback.foundation.calendar.queries import agency_calendar
from hearback.listen.concerns.enums import Author, Helped, Safety, State
from hearback.listen.concerns.forms.resident import Reply
from hearback.listen.concerns.models import Concern
from hearback.listen.concerns.queries import tickets
from hearback.listen.concerns.queries.threads import Line, words_for_resident
from hearback.listen.concerns.views.public import emergency_number, swept
from hearback.sealing.receipts import ReceiptKeys

ASKED_AFTER = timedelta(weeks=4)
"""So long after an answer the page asks whether it helped."""


@dataclass(frozen=True)
class Opened:
    """A concern, what its resident's receipt opens, and now."""

    concern: Concern
    keys: ReceiptKeys
    at: datetime


def thread_page(
    request: HttpRequest,
    opened: Opened,
    *,
    done: str | Promise = "",
    problem: str | Promise = "",
    reply: Reply | None = None,
    sure: bool = False,
    warned: bool = False,
) -> HttpResponse:
    """Everything said so far, the clock, and what can be done next. `sure` asks before everything is erased, `warned`
    before words are sent that seem to state an immigration status."""
    concern, lines = opened.concern, words_for_resident(opened.concern, opened.keys)
    waits = concern.state in (State.RECEIVED, State.BEING_READ)
    shown = {
        "section": "receipt",
        "concern": concern,
        "state": State(concern.state),
        "has_contact": hasattr(concern, "contact"),
        "waits": waits,
        "late": waits and concern.answer_due < agency_calendar().day_of(opened.at),
        "lines": lines,
        "ticket": tickets.for_thread(opened.keys, at=opened.at),
        "reply": reply or Reply(),
        "answers": Helped.choices,
        "asks_whether_it_helped": asks_whether_it_helped(concern, lines, at=opened.at),
        "done": done,
        "problem": problem,
        "sure": sure,
        "warned": warned,
        "lost_file": bool(request.FILES) and (warned or _has_errors(reply)),
        "emergency_number": emergency_number(),
    }
    return render(request, "concerns/public/thread.html", shown, status=422 if problem or _has_errors(reply) else 200)


def erased_page(request: HttpRequest, concern: Concern | None, *, just_now: bool = False) -> HttpResponse:
    """What is left of something withdrawn: that there was something."""
    shown = {"section": "receipt", "concern": concern, "just_now": just_now}
    return swept(render(request, "concerns/public/erased.html", shown))


def asks_whether_it_helped(concern: Concern, lines: tuple[Line, ...], *, at: datetime) -> bool:
    """Four weeks after the last answer, once; never after violence at home, and never to minors."""
    answers = [line.at for line in lines if line.author is Author.DESK]
    if not answers or concern.safety != Safety.NONE or at - answers[-1] < ASKED_AFTER:
        return False
    return concern.helped_at is None or concern.helped_at < answers[-1]


def _has_errors(reply: Reply | None) -> bool:
    return reply is not None and bool(reply.errors)
