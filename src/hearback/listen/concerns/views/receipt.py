"""Coming back with the words of a receipt, and everything that can be done in the thread they open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hearback.foundation.audit.enums import RESIDENT
from hearback.listen.concerns.actions import tallies
from hearback.listen.concerns.enums import State, Tallied
from hearback.listen.concerns.forms.resident import LONGEST_WORDS, TypedReceipt
from hearback.listen.concerns.queries import keys, thresholds, tickets
from hearback.listen.concerns.queries.threads import by_lookup
from hearback.listen.concerns.views.public import emergency_number, for_residents, form_token
from hearback.listen.concerns.views.steps import STEPS
from hearback.listen.concerns.views.thread import Opened, erased_page, thread_page
from hearback.refusal import Refusal
from hearback.sealing import receipts, word_lists


@dataclass(frozen=True)
class Help:
    """What can be said of words that open nothing. It comes from the word list alone, never from the database."""

    not_words: bool = False
    unknown: tuple[receipts.UnknownWord, ...] = ()
    wrong_together: bool = False
    not_found: bool = False
    readings: tuple[str, ...] = ()


@for_residents
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """The words are asked for; with them, or with a ticket, the thread. The address never changes.

    What was erased and what never was answer alike: whoever finds a card learns nothing from it.
    """
    at = timezone.now()
    if request.method != "POST":
        return _ask(request, at=at)
    if "ticket" in request.POST:
        return _read_on(request, at)
    if form_token(request, at=at) is None:
        return _ask(request, at=at, too_old=True, status=422)
    typed = TypedReceipt(request.POST)
    if not typed.is_valid():
        return _ask(request, at=at, help=Help(not_words=True), status=422)
    try:
        words = receipts.parse(typed.cleaned_data["words"], word_lists.languages())
    except Refusal as refusal:
        return _ask(request, at=at, help=_help(refusal), status=422)
    lent = keys.keys_of(words)
    concern = by_lookup(lent)
    if concern is None or not concern.resident_key:
        tallies.record(Tallied.WRONG_RECEIPT, by=RESIDENT, at=at)
        return _ask(request, at=at, help=Help(not_found=True), status=422)
    if concern.state == State.WITHDRAWN:
        return erased_page(request, concern)
    return thread_page(request, Opened(concern, lent, at))


def _read_on(request: HttpRequest, at: datetime) -> HttpResponse:
    """A step in the thread, while the ticket lasts."""
    try:
        lent = tickets.thread_keys(request.POST["ticket"], at=at)
    except Refusal:
        return _ask(request, at=at, ended=True, status=422)
    concern = by_lookup(lent)
    if concern is None or concern.state == State.WITHDRAWN:
        return erased_page(request, concern)
    step = STEPS.get(request.POST.get("do", ""), thread_page)
    return step(request, Opened(concern, lent, at))


def _help(refusal: Refusal) -> Help:
    if isinstance(refusal, receipts.UnknownWords):
        return Help(unknown=refusal.words, readings=refusal.readings)
    if isinstance(refusal, receipts.WrongCheckWord):
        return Help(wrong_together=True, readings=refusal.readings)
    return Help(not_words=True)


def _ask(
    request: HttpRequest,
    *,
    at: datetime,
    help: Help | None = None,
    too_old: bool = False,
    ended: bool = False,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "section": "receipt",
        "token": keys.hand_out_form(at=at, difficulty=thresholds.USUAL_DIFFICULTY),
        "typed": "" if ended else request.POST.get("words", "")[: receipts.LONGEST_TEXT],
        "unsent": request.POST.get("words", "")[:LONGEST_WORDS] if ended else "",
        "help": help,
        "too_old": too_old,
        "ended": ended,
        "emergency_number": emergency_number(),
    }
    return render(request, "concerns/public/receipt.html", shown, status=status)
