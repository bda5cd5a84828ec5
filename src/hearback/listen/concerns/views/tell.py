"""Saying something: the form, what may stand in its way, and the receipt."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from hearback.foundation.access.queries import desks_open_to_residents
from hearback.foundation.audit.enums import RESIDENT
from hearback.foundation.places.queries import areas
from hearback.listen.concerns.actions import tallies
from hearback.listen.concerns.actions.submitting import AlreadySent, Draft, NobodyMayRead, Submission, submit
from hearback.listen.concerns.enums import ConcernKind, Safety, Tallied
from hearback.listen.concerns.forms.resident import LONGEST_WORDS, Tell
from hearback.listen.concerns.queries import keys, thresholds, tickets
from hearback.listen.concerns.queries.status_words import seems_to_state_status
from hearback.listen.concerns.queries.threads import by_lookup
from hearback.listen.concerns.views.public import emergency_number, for_residents, form_token, swept
from hearback.refusal import Refusal
from hearback.sealing import receipts, retyping
from hearback.sealing.check_word import NUMBERS
from hearback.sealing.tokens import FormToken

QUICKEST = timedelta(seconds=3)
"""Nobody reads and fills in the form faster; a device that did the work may."""

OPEN_TOO_LONG = gettext_lazy(
    "This page was open for too long. Nothing was sent so far. Please look at it and send it again."
)
TOO_QUICK = gettext_lazy("That was as fast as only programs are. Nothing was sent so far. Please send it again.")
SENT_BEFORE = gettext_lazy(
    "Other words were sent from this page before, and were received. To send these too, send them again. "
    "To add to what you sent, use your receipt."
)


@for_residents
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    """The form, and what becomes of it."""
    at = timezone.now()
    if request.method == "POST":
        return _received(request, at)
    desks = desks_open_to_residents()
    only = {"desk": desks[0].key} if len(desks) == 1 else {}
    return _page(request, Tell(desks=desks, areas=areas(), initial=only), at=at)


@for_residents
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Two words typed back, before the page with the receipt is left."""
    at = timezone.now()
    try:
        token, places, language = tickets.new_receipt(request.POST.get("ticket", ""), at=at)
    except Refusal:
        return swept(render(request, "concerns/public/confirmed.html", {"too_late": True}, status=422))
    receipt = keys.receipt_for(token, language=language)
    right = [
        receipts.confirms(receipt, place=place, typed=request.POST.get(f"word-{place}", "")[:100]) for place in places
    ]
    if all(right):
        return swept(render(request, "concerns/public/confirmed.html"))
    concern = by_lookup(keys.keys_of(receipt))
    if concern is None:
        return swept(render(request, "concerns/public/confirmed.html", {"too_late": True}, status=422))
    again = Submission(concern, receipt, concern.content_proof, keys.proof_salt(token))
    wrong = [place for place, is_right in zip(places, right, strict=True) if not is_right]
    return _receipt(request, again, ticket=request.POST["ticket"], places=places, wrong=wrong)


def _received(request: HttpRequest, at: datetime) -> HttpResponse:
    """Each thing that may stand in the way in its turn, the cheapest first."""
    form = Tell(request.POST, request.FILES, desks=desks_open_to_residents(), areas=areas())
    token = form_token(request, at=at)
    if token is None:
        return _page(request, form, at=at, status=422, remark=OPEN_TOO_LONG)
    if not form.is_valid():
        return _page(request, form, token, at=at, status=422)
    worked = keys.did_work(request.POST["token"], request.POST.get("work", ""), at=at)
    if not worked and at - token.at < QUICKEST:
        return _page(request, form, token, at=at, status=422, remark=TOO_QUICK)
    if not worked and not thresholds.has_room_without_work(at=at) and not _was_sent(token):
        return _page(request, form, at=at, status=429, patience=True)
    if seems_to_state_status(form.cleaned_data["words"]) and "send_anyway" not in request.POST:
        return _page(request, form, token, at=at, warned=True)
    return _take(request, form, token, worked=worked, at=at)


def _take(request: HttpRequest, form: Tell, token: FormToken, *, worked: bool, at: datetime) -> HttpResponse:
    try:
        done = submit(_draft(form), token=token, by=RESIDENT, at=at)
    except NobodyMayRead:
        form.add_error("desk", _("Everybody there is named in your text, so nobody there may read it. Choose another."))
        return _page(request, form, token, at=at, status=422)
    except AlreadySent:
        return _page(request, form, at=at, status=409, remark=SENT_BEFORE)
    if not worked:
        tallies.record(Tallied.WITHOUT_WORK, by=RESIDENT, at=at)
    one, other = sorted(secrets.SystemRandom().sample(range(1, NUMBERS + 1), 2))
    ticket = tickets.for_new_receipt(token, places=(one, other), language=done.concern.language, at=at)
    return _receipt(request, done, ticket=ticket, places=(one, other))


def _draft(form: Tell) -> Draft:
    given = form.cleaned_data
    return Draft(
        kind=ConcernKind(given["kind"]),
        text=given["words"],
        language=get_language() or "en",
        desk=given["desk"],
        area=given["area"],
        pin=given["pin"],
        contact=given["contact"],
        safety=Safety(given["safety"]),
        uploads=[given["file"]] if given["file"] else [],
    )


def _was_sent(token: FormToken) -> bool:
    """Whether this is a second click, which is answered however full the hour is."""
    return by_lookup(keys.keys_of(keys.receipt_for(token, language="en"))) is not None


def _page(
    request: HttpRequest,
    form: Tell,
    token: FormToken | None = None,
    *,
    at: datetime,
    status: int = 200,
    remark: str | Promise = "",
    warned: bool = False,
    patience: bool = False,
) -> HttpResponse:
    """The form with everything that was typed; a file has to be chosen again, which the page says.

    A form that is still good keeps its token, and with it the work that was done for it.
    """
    difficulty = token.difficulty if token else thresholds.difficulty(at=at)
    if patience:
        difficulty = thresholds.BUSY_DIFFICULTY
    shown = {
        "section": "tell",
        "form": form,
        "token": request.POST["token"] if token else keys.hand_out_form(at=at, difficulty=difficulty),
        "work": request.POST.get("work", "") if token else "",
        "difficulty": difficulty,
        "emergency_number": emergency_number(),
        "longest": LONGEST_WORDS,
        "lost_file": bool(request.FILES),
        "remark": remark,
        "warned": warned,
        "patience": patience,
    }
    return render(request, "concerns/public/tell.html", shown, status=status)


def _receipt(
    request: HttpRequest, done: Submission, *, ticket: str, places: tuple[int, int], wrong: list[int] | None = None
) -> HttpResponse:
    shown = {
        "section": "tell",
        "words": done.receipt.words,
        "word_language": done.receipt.language,
        "concern": done.concern,
        "proof": done.proof,
        "salt": retyping.written(done.salt),
        "ticket": ticket,
        "places": places,
        "wrong": wrong or [],
        "site": request.get_host(),
    }
    return render(request, "concerns/public/received.html", shown, status=422 if wrong else 200)
