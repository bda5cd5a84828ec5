"""The steps a resident can take in a thread; each ends with the thread and a sentence that says what happened."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hearback.foundation.access.queries import desk_with
from hearback.foundation.audit.enums import RESIDENT
from hearback.listen.concerns.actions import resident
from hearback.listen.concerns.actions.submitting import NobodyMayRead
from hearback.listen.concerns.enums import Author, Helped
from hearback.listen.concerns.forms.resident import Reply
from hearback.listen.concerns.queries.threads import (
    attachment_for,
    attachment_of,
    resident_words_key,
    words_for_resident,
)
from hearback.listen.concerns.queries.uploads import FILE_NAMES
from hearback.listen.concerns.views.thread import Opened, erased_page, thread_page
from hearback.refusal import Refusal

Step = Callable[[HttpRequest, Opened], HttpResponse]

NOT_NOW = _("This is not possible as things stand. Below you see how things stand now.")
HELD = _("The law asks that this be kept for now. It is erased when that ends; until then nothing more is done with it.")


def _reply(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Something more; the same words twice in a row are a second click, and are taken once."""
    form = Reply(request.POST, request.FILES)
    if not form.is_valid():
        return thread_page(request, opened, reply=form)
    newest = words_for_resident(opened.concern, opened.keys)[-1]
    if newest.author is Author.RESIDENT and newest.text == form.cleaned_data["words"]:
        return thread_page(request, opened, done=_("You said this already, and it was received."))
    uploads = [form.cleaned_data["file"]] if form.cleaned_data["file"] else []
    try:
        resident.reply(
            opened.concern, form.cleaned_data["words"], keys=opened.keys, uploads=uploads, by=RESIDENT, at=opened.at
        )
    except NobodyMayRead as refusal:
        form.add_error("words", str(refusal.problem))
        return thread_page(request, opened, reply=form)
    return thread_page(request, opened, done=_("Received. It was added to what you said."))


def _judge(request: HttpRequest, opened: Opened) -> HttpResponse:
    if request.POST.get("helped") not in Helped.values:
        return thread_page(request, opened, problem=_("Please choose one of the answers."))
    helped = Helped(request.POST["helped"])
    return _tried(
        request,
        opened,
        lambda: resident.judge(opened.concern, helped, keys=opened.keys, by=RESIDENT, at=opened.at),
        done=_("Thank you. What you say counts on the page of our promise."),
    )


def _reopen(request: HttpRequest, opened: Opened) -> HttpResponse:
    return _tried(
        request,
        opened,
        lambda: resident.reopen(opened.concern, keys=opened.keys, by=RESIDENT, at=opened.at),
        done=_("It is open again, and the clock runs again. If you can, say below what is missing."),
    )


def _consent(request: HttpRequest, opened: Opened) -> HttpResponse:
    """To the desk that was shown: another may have been proposed since."""
    desk = desk_with(request.POST.get("desk", ""))
    if desk is None:
        return thread_page(request, opened, problem=NOT_NOW)
    return _tried(
        request,
        opened,
        lambda: resident.agree_to_handover(
            opened.concern,
            desk=desk,
            keys=opened.keys,
            with_contact="with_contact" in request.POST,
            by=RESIDENT,
            at=opened.at,
        ),
        done=_("They can read it from now on."),
    )


def _refuse(request: HttpRequest, opened: Opened) -> HttpResponse:
    return _tried(
        request,
        opened,
        lambda: resident.refuse_handover(opened.concern, keys=opened.keys, by=RESIDENT, at=opened.at),
        done=_("Nobody else will read it. It stays with the readers you chose."),
    )


def _withdraw(request: HttpRequest, opened: Opened) -> HttpResponse:
    return thread_page(request, opened, sure=True)


def _erase(request: HttpRequest, opened: Opened) -> HttpResponse:
    try:
        erased = resident.withdraw(opened.concern, keys=opened.keys, by=RESIDENT, at=opened.at)
    except Refusal:
        return thread_page(request, opened, problem=NOT_NOW)
    if erased.legal_hold:
        return thread_page(request, opened, problem=HELD)
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
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _tried(request: HttpRequest, opened: Opened, action: Callable[[], object], *, done: object) -> HttpResponse:
    try:
        action()
    except Refusal:
        opened.concern.refresh_from_db()
        return thread_page(request, opened, problem=NOT_NOW)
    return thread_page(request, opened, done=str(done))


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
