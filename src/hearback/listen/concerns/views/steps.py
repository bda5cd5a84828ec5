"""The steps a resident can take in a thread; each ends with the thread and a sentence that says what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hearback.foundation.audit.enums import RESIDENT
from hearback.listen.concerns.actions import resident
from hearback.listen.concerns.actions.submitting import NobodyMayRead
from hearback.listen.concerns.enums import Helped, State
from hearback.listen.concerns.forms.resident import Reply
from hearback.listen.concerns.queries.status_words import seems_to_state_status
from hearback.listen.concerns.queries.threads import attachment_for, attachment_of, by_lookup, resident_words_key
from hearback.listen.concerns.queries.uploads import FILE_NAMES
from hearback.listen.concerns.views.thread import Opened, erased_page, thread_page
from hearback.refusal import Refusal

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from hearback.listen.concerns.models import Concern

Step = Callable[[HttpRequest, Opened], HttpResponse]

NOT_NOW = _("This is not possible as things stand. Below you see how things stand now.")
ADDED = _("Received. It was added to what you said.")
WORDS_ONLY = _(
    "Your words were received. The photo or voice note was not: it could not be checked for viruses just now, and"
    " nothing of it was kept. Add it later."
)
EVERYBODY_NAMED = _(
    "Everybody who could read it there is named in your words, so nothing was sent. Tell us anew and choose others."
)


def _reply(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Something more; the same words twice in a row are a second click, and are taken once."""
    form = Reply(request.POST, request.FILES)
    if not form.is_valid():
        return thread_page(request, opened, reply=form)
    if seems_to_state_status(form.cleaned_data["words"]) and "send_anyway" not in request.POST:
        return thread_page(request, opened, reply=form, warned=True)
    uploads = [form.cleaned_data["file"]] if form.cleaned_data["file"] else []
    try:
        resident.reply(opened.concern, form.cleaned_data["words"], uploads=uploads, **_acting(opened))
    except NobodyMayRead:
        form.add_error("words", EVERYBODY_NAMED)
    except Refusal:
        form.add_error(None, NOT_NOW)
    if form.errors:
        return thread_page(request, opened, reply=form)
    return thread_page(request, opened, done=WORDS_ONLY if form.unscanned else ADDED)


def _judge(request: HttpRequest, opened: Opened) -> HttpResponse:
    if request.POST.get("helped") not in Helped.values:
        return thread_page(request, opened, problem=_("Please choose one of the answers."))
    done = _("Thank you. What you say counts on the page of our promise.")
    return _tried(request, opened, resident.judge, Helped(request.POST["helped"]), done=done)


def _reopen(request: HttpRequest, opened: Opened) -> HttpResponse:
    done = _("It is open again, and the clock runs again. If you can, say below what is missing.")
    return _tried(request, opened, resident.reopen, done=done)


def _consent(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The desk that the page showed is named again, so that nobody agrees to another."""
    desk = opened.concern.handover_to
    if desk is None or desk.key != request.POST.get("desk"):
        return thread_page(request, opened, problem=NOT_NOW)
    agreed = partial(resident.agree_to_handover, desk=desk, with_contact="with_contact" in request.POST)
    return _tried(request, opened, agreed, done=_("They can read it from now on, and your former readers cannot."))


def _refuse(request: HttpRequest, opened: Opened) -> HttpResponse:
    done = _("Nobody else will read it. It stays with the readers you chose.")
    return _tried(request, opened, resident.refuse_handover, done=done)


def _withdraw(request: HttpRequest, opened: Opened) -> HttpResponse:
    return thread_page(request, opened, sure=True)


def _erase(request: HttpRequest, opened: Opened) -> HttpResponse:
    try:
        erased = resident.withdraw(opened.concern, **_acting(opened))
    except Refusal:
        return _as_it_stands(request, opened, NOT_NOW)
    return erased_page(request, erased, just_now=True)


def _attachment(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The file under a name and type of ours, to be saved and never run."""
    number = request.POST.get("number", "")
    attachment = attachment_of(opened.concern, int(number)) if number.isdecimal() and len(number) < 16 else None
    if attachment is None or attachment.media_type not in FILE_NAMES:
        return thread_page(request, opened, problem=NOT_NOW)
    content = attachment_for(attachment, resident_words_key(opened.concern, opened.keys))
    response = HttpResponse(content, content_type=attachment.media_type)
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAMES[attachment.media_type]}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _tried(
    request: HttpRequest, opened: Opened, action: Callable[..., Concern], *given: object, done: Promise
) -> HttpResponse:
    try:
        action(opened.concern, *given, **_acting(opened))
    except NobodyMayRead:
        return _as_it_stands(request, opened, EVERYBODY_NAMED)
    except Refusal:
        return _as_it_stands(request, opened, NOT_NOW)
    return thread_page(request, opened, done=done)


def _as_it_stands(request: HttpRequest, opened: Opened, problem: Promise) -> HttpResponse:
    """The thread as the database has it, after a step that was not possible."""
    concern = by_lookup(opened.keys)
    if concern is None or concern.state == State.WITHDRAWN:
        return erased_page(request, concern)
    return thread_page(request, replace(opened, concern=concern), problem=problem)


def _acting(opened: Opened) -> dict[str, Any]:
    return {"keys": opened.keys, "by": RESIDENT, "at": opened.at}


STEPS: dict[str, Step] = {
    "reply": _reply,
    "judge": _judge,
    "reopen": _reopen,
    "consent": _consent,
    "refuse": _refuse,
    "withdraw": _withdraw,
    "erase": _erase,
    "attachment": _attachment,
}
"""By the word that the button sends; any other word shows the thread as it is."""
