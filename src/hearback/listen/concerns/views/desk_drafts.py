"""Machine drafts on the page of a concern: of what was said, for who reads it, and of an answer, for who writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from hearback.listen.concerns.forms.desk import Answering
from hearback.listen.concerns.queries.reply_templates import templates_for
from hearback.listen.concerns.queries.threads import words_for_reader
from hearback.listen.concerns.queries.translator import NotTranslated, machine_draft
from hearback.listen.concerns.views.desk import answer_form, everything_about
from hearback.listen.concerns.views.opening import Reading, for_readers


@dataclass(frozen=True)
class Drafted:
    """A draft of one message, or why there is none."""

    number: int
    text: str = ""
    refusal: str = ""


@for_readers
@require_POST
def draft(request: HttpRequest, reading: Reading, number: int) -> HttpResponse:
    """One message as a machine puts it into the language of this page; shown on this answer only, and kept nowhere."""
    dialogue = words_for_reader(reading.concern, reading.person, reading.private_key)
    said = next((line.text for line in dialogue if line.number == number), None)
    if said is None:
        raise Http404
    drafted = _drafted(number, said, language=reading.concern.language)
    status = 422 if drafted.refusal else 200
    if request.htmx:
        return render(request, "concerns/desk/draft.html", {"draft": drafted}, status=status)
    typed = _with(reading, answer_form(reading.concern, dialogue, request.POST))
    shown = everything_about(reading, answer=typed, draft=drafted)
    return render(request, "concerns/desk/concern.html", shown, status=status)


def with_template(reading: Reading, form: Answering) -> Answering:
    """The form with the chosen template behind what was written so far; its English is shown beside it."""
    key = _typed(form, "template")
    texts = [one.text for one in templates_for(reading.concern.kind, reading.concern.language) if one.key == key]
    text = "\n\n".join(filter(None, [_typed(form, "text").strip(), *texts]))
    used = " ".join(dict.fromkeys([*_typed(form, "used").split(), *([key] if texts else [])]))
    return _with(reading, form, text=text, used=used)


def with_draft(reading: Reading, form: Answering) -> Answering:
    """The form with a machine draft in the place of what was written, which stays beside it. Nothing is sent."""
    if not form.is_valid():
        return form
    written = form.cleaned_data["text"]
    try:
        drafted = machine_draft(written, source=settings.LANGUAGE_CODE, target=reading.concern.language)
    except NotTranslated as refusal:
        form.add_error("text", _told(refusal))
        return form
    return _with(reading, form, text=drafted, original=written)


def without_draft(reading: Reading, form: Answering) -> Answering:
    """The form with the writer's own words back in the place of the draft."""
    return _with(reading, form, text=_typed(form, "original") or _typed(form, "text"), original="")


def _with(reading: Reading, form: Answering, **changed: str) -> Answering:
    """A fresh form with what was typed and what changed; nothing in it is called wrong yet."""
    fresh = answer_form(reading.concern, ())
    fresh.initial = {name: _typed(form, name) for name in ("seen", "text", "original", "used")} | changed
    return fresh


def _typed(form: Answering, name: str) -> Any:
    return form.data.get(name, "")


def _drafted(number: int, said: str, *, language: str) -> Drafted:
    try:
        return Drafted(number, text=machine_draft(said, source=language, target=settings.LANGUAGE_CODE))
    except NotTranslated as refusal:
        return Drafted(number, refusal=_told(refusal))


def _told(refusal: NotTranslated) -> str:
    """The sentence, as it stands alone on a page."""
    return refusal.sentence[:1].upper() + refusal.sentence[1:]
