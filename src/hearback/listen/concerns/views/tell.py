"""Saying something: the form, what may stand in its way, and the receipt."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hearback.foundation.access.queries import desks_open_to_residents
from hearback.foundation.audit.enums import RESIDENT
from hearback.foundation.places.queries import area_choices
from hearback.listen.concerns.actions import tallies
from hearback.listen.concerns.actions.submitting import AlreadySent, Draft, NobodyMayRead, Submission, submit
from hearback.listen.concerns.enums import ConcernKind, Safety, Tallied
from hearback.listen.concerns.forms.resident import LONGEST_WORDS, Tell
from hearback.listen.concerns.queries import keys, thresholds, tickets
from hearback.listen.concerns.queries.promises import DISCLOSABILITY
from hearback.listen.concerns.queries.threads import by_lookup, was_received
from hearback.listen.concerns.views.public import emergency_number, for_residents, form_token, swept
from hearback.moulds import filled
from hearback.refusal import Refusal
from hearback.sealing import receipts, retyping
from hearback.sealing.check_word import NUMBERS
from hearback.sealing.tokens import FormToken

if TYPE_CHECKING:
    from hearback.foundation.access.models import Desk

QUICKEST = timedelta(seconds=3)
"""Nobody reads and fills in the form faster; a device that did the work may."""

OPTIONS_KEPT, DESKS_KEPT, DIFFICULTY_KEPT = 60, 5, 1
"""Seconds. Areas change only when a city is built; who reads at a desk is asked anew when something is sealed."""

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
    return _empty_form(request, at)


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
        return swept(filled(request, "concerns/public/confirmed.html", same={}, own={}))
    concern = by_lookup(keys.keys_of(receipt))
    if concern is None:
        return swept(render(request, "concerns/public/confirmed.html", {"too_late": True}, status=422))
    again = Submission(concern, receipt, concern.content_proof, keys.proof_salt(token))
    wrong = [place for place, is_right in zip(places, right, strict=True) if not is_right]
    return _receipt(request, again, ticket=request.POST["ticket"], places=places, wrong=wrong)


def _empty_form(request: HttpRequest, at: datetime) -> HttpResponse:
    """The form before anything is typed: for some seconds the same for everybody but for its token."""
    difficulty = caches["pages"].get_or_set("tell-difficulty", lambda: thresholds.difficulty(at=at), DIFFICULTY_KEPT)
    return filled(
        request,
        "concerns/public/tell.html",
        same={"difficulty": difficulty},
        own={"token": keys.hand_out_form(at=at, difficulty=difficulty)},
        made=_untouched,
    )


def _untouched() -> dict[str, Any]:
    desks = _desks()
    only = {"desk": desks[0].key} if len(desks) == 1 else {}
    return _around(Tell(desks=desks, initial=only))


def _received(request: HttpRequest, at: datetime) -> HttpResponse:
    """Each thing that may stand in the way in its turn, the cheapest first."""
    form = Tell(request.POST, request.FILES, desks=_desks())
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
    if form.seems_to_state_status and "send_anyway" not in request.POST:
        return _page(request, form, token, at=at, warned=True)
    return _take(request, form, token, worked=worked, at=at)


def _desks() -> list[Desk]:
    return caches["pages"].get_or_set("tell-desks", desks_open_to_residents, DESKS_KEPT)


def _take(request: HttpRequest, form: Tell, token: FormToken, *, worked: bool, at: datetime) -> HttpResponse:
    """Counting comes first: once the concern is kept nothing may fail any more, or "not received" would be a lie."""
    if not worked:
        tallies.record(Tallied.WITHOUT_WORK, by=RESIDENT, at=at)
    try:
        done = submit(_draft(form), token=token, by=RESIDENT, at=at)
    except NobodyMayRead:
        form.add_error("desk", _("Everybody there is named in your text, so nobody there may read it. Choose another."))
        return _page(request, form, token, at=at, status=422)
    except AlreadySent:
        return _page(request, form, at=at, status=409, remark=SENT_BEFORE)
    one, other = sorted(secrets.SystemRandom().sample(range(1, NUMBERS + 1), 2))
    ticket = tickets.for_new_receipt(token, places=(one, other), language=done.concern.language, at=at)
    return _receipt(request, done, ticket=ticket, places=(one, other), unscanned=form.unscanned)


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
    return was_received(keys.keys_of(keys.receipt_for(token, language="en")))


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
        **_around(form),
        "token": request.POST["token"] if token else keys.hand_out_form(at=at, difficulty=difficulty),
        "work": request.POST.get("work", "") if token else "",
        "difficulty": difficulty,
        "lost_file": bool(request.FILES),
        "remark": remark,
        "warned": warned,
        "patience": patience,
    }
    return render(request, "concerns/public/tell.html", shown, status=status)


def _around(form: Tell) -> dict[str, Any]:
    return {
        "section": "tell",
        "form": form,
        "area_options": _area_options(form["area"].value() or ""),
        "emergency_number": emergency_number(),
        "longest": LONGEST_WORDS,
        "law": DISCLOSABILITY,
    }


def _area_options(chosen: str) -> SafeString:
    """The options of a long list, written at once: a template takes longer for them than for all the rest."""
    options = caches["pages"].get_or_set("tell-area-options", _written_options, OPTIONS_KEPT)
    value = conditional_escape(chosen)
    return SafeString(options.replace(f' value="{value}">', f' value="{value}" selected>', 1) if chosen else options)


def _written_options() -> str:
    return format_html_join("", '<option value="{}">{}</option>', area_choices())


def _receipt(
    request: HttpRequest,
    done: Submission,
    *,
    ticket: str,
    places: tuple[int, int],
    wrong: list[int] | None = None,
    unscanned: bool = False,
) -> HttpResponse:
    return filled(
        request,
        "concerns/public/received.html",
        same={
            "section": "tell",
            "word_language": done.receipt.language,
            "answer_due": done.concern.answer_due,
            "desk": done.concern.desk.name,
            "wrong": tuple(wrong or ()),
            "unscanned": unscanned,
            "site": request.get_host(),
        },
        own={
            "words": done.receipt.words,
            "proof": done.proof,
            "salt": retyping.written(done.salt),
            "ticket": ticket,
            "places": [str(place) for place in places],
        },
        status=422 if wrong else 200,
    )
