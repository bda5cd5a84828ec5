"""What the people of a desk do on the page of a concern: one step each, then back to the page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from hearback.listen.concerns.actions import desk as actions
from hearback.listen.concerns.forms.desk import LONGEST_ANSWER, Answering, Noting, Picking
from hearback.listen.concerns.queries.threads import words_for_reader, words_readers
from hearback.listen.concerns.views.desk import (
    answer_form,
    everything_about,
    picking_colleague,
    picking_desk,
    picking_duplicate,
    picking_person,
)
from hearback.listen.concerns.views.desk_drafts import with_draft, with_template, without_draft
from hearback.listen.concerns.views.opening import Reading, for_readers
from hearback.permission import NotAllowed
from hearback.refusal import Refusal
from hearback.stats.readability import readability

CHANGES: dict[str, Callable[[Reading, Answering], Answering]] = {
    "template": with_template,
    "draft": with_draft,
    "original": without_draft,
}
"""Steps that change what stands in the form of an answer, and never lead on."""


@for_readers
@require_POST
def answer(request: HttpRequest, reading: Reading) -> HttpResponse:
    """An answer in steps, each a button: put in a template or a machine draft, see it before it goes, send it."""
    dialogue = words_for_reader(reading.concern, reading.person, reading.private_key)
    form = answer_form(reading.concern, dialogue, request.POST)
    if change := CHANGES.get(request.POST.get("step", "")):
        changed = change(reading, form)
        return _writing(request, reading, changed, status=422 if changed.errors else 200)
    if not form.is_valid():
        return _writing(request, reading, form, status=422)
    if form.cleaned_data["seen"] != len(dialogue):
        form.add_error("text", _("Something was written since you opened this page. Read it before you answer."))
        form.data = _updated(form.data, seen=len(dialogue))
        return _writing(request, reading, form, status=409)
    if request.POST.get("step") != "send":
        return _preview(request, reading, form)
    return _done(
        request,
        reading,
        "answer",
        lambda: actions.answer(
            reading.concern,
            form.cleaned_data["text"],
            person=reading.person,
            private_key=reading.private_key,
            by=reading.actor,
            at=timezone.now(),
        ),
    )


@for_readers
@require_POST
def grade(request: HttpRequest, reading: Reading) -> HttpResponse:
    """How plain the answer is so far, while it is typed; nothing of it is kept."""
    text, language = request.POST.get("text", "")[:LONGEST_ANSWER], reading.concern.language
    shown = {"grade": readability(text, language=language), "blank": not text.strip()}
    return render(request, "concerns/desk/grade.html", shown)


@for_readers
@require_POST
def note(request: HttpRequest, reading: Reading) -> HttpResponse:
    """A note for the people of the desk."""
    form = Noting(request.POST)
    if not form.is_valid():
        return _again(request, reading, note=form)
    return _done(
        request,
        reading,
        "note",
        lambda: actions.note(
            reading.concern,
            form.cleaned_data["text"],
            person=reading.person,
            private_key=reading.private_key,
            by=reading.actor,
            at=timezone.now(),
        ),
    )


@for_readers
@require_POST
def assign(request: HttpRequest, reading: Reading) -> HttpResponse:
    """Who looks after it."""
    people = {person.username: person for person in words_readers(reading.concern)}
    return _pick(
        request,
        reading,
        "assign",
        picking_person(people, request.POST, name="assign"),
        lambda person: actions.assign(reading.concern, person, by=reading.actor, at=timezone.now()),
    )


@for_readers
@require_POST
def contact(request: HttpRequest, reading: Reading) -> HttpResponse:
    """How the resident may be reached: shown on this answer only, and on record for good."""
    if not hasattr(reading.concern, "contact"):
        return redirect("concern_desk:concern", reading.concern.reference)
    told = actions.open_contact(
        reading.concern,
        person=reading.person,
        private_key=reading.private_key,
        by=reading.actor,
        at=timezone.now(),
    )
    return render(request, "concerns/desk/contact.html", {"concern": reading.concern, "told": told})


@for_readers
@require_POST
def merge(request: HttpRequest, reading: Reading) -> HttpResponse:
    """It says the same as another."""
    return _pick(
        request,
        reading,
        "merge",
        picking_duplicate(reading, request.POST),
        lambda other: actions.merge(reading.concern, other, by=reading.actor, at=timezone.now()),
    )


@for_readers
@require_POST
def unmerge(request: HttpRequest, reading: Reading) -> HttpResponse:
    """It says something of its own after all."""
    return _done(
        request, reading, "unmerge", lambda: actions.unmerge(reading.concern, by=reading.actor, at=timezone.now())
    )


@for_readers
@require_POST
def propose_handover(request: HttpRequest, reading: Reading) -> HttpResponse:
    """Ask the resident whether another desk may read it."""
    return _pick(
        request,
        reading,
        "handover",
        picking_desk(reading.concern, request.POST),
        lambda desk: actions.propose_handover(reading.concern, desk, by=reading.actor, at=timezone.now()),
    )


@for_readers
@require_POST
def share(request: HttpRequest, reading: Reading) -> HttpResponse:
    """Let a colleague at the desk open it."""
    dialogue = words_for_reader(reading.concern, reading.person, reading.private_key)
    return _pick(
        request,
        reading,
        "share",
        picking_colleague(reading, dialogue, request.POST),
        lambda colleague: actions.share(
            reading.concern,
            colleague,
            person=reading.person,
            private_key=reading.private_key,
            by=reading.actor,
            at=timezone.now(),
        ),
    )


@for_readers
@require_POST
def close(request: HttpRequest, reading: Reading) -> HttpResponse:
    """Close it."""
    return _done(request, reading, "close", lambda: actions.close(reading.concern, by=reading.actor, at=timezone.now()))


def _updated(data: QueryDict, *, seen: int) -> QueryDict:
    changed = data.copy()
    changed["seen"] = str(seen)
    return changed


def _writing(request: HttpRequest, reading: Reading, form: Answering, *, status: int = 200) -> HttpResponse:
    part = "answer_form" if request.htmx else "answer"
    return render(request, f"concerns/desk/{part}.html", everything_about(reading, answer=form), status=status)


def _preview(request: HttpRequest, reading: Reading, form: Answering) -> HttpResponse:
    text = form.cleaned_data["text"]
    shown = everything_about(
        reading, answer=form, text=text, grade=readability(text, language=reading.concern.language)
    )
    part = "preview_letter" if request.htmx else "preview"
    return render(request, f"concerns/desk/{part}.html", shown)


def _pick(
    request: HttpRequest, reading: Reading, name: str, form: Picking, step: Callable[..., object]
) -> HttpResponse:
    if not form.is_valid():
        return _again(request, reading, **{name: form})
    return _done(request, reading, name, lambda: step(form.picked))


def _done(request: HttpRequest, reading: Reading, name: str, step: Callable[[], object]) -> HttpResponse:
    """Back to the page after a step, with HTMX to its body alone; a refusal is told on the page."""
    try:
        step()
    except NotAllowed:
        raise
    except Refusal as refusal:
        reading.concern.refresh_from_db()
        return _again(request, reading, refusal=refusal)
    if request.htmx:
        shown = render(request, "concerns/desk/concern_body.html", everything_about(reading, done=name))
        return _whole(shown)
    return redirect(f"{reverse('concern_desk:concern', args=[reading.concern.reference])}?done={name}")


def _again(request: HttpRequest, reading: Reading, **shown: object) -> HttpResponse:
    part = "concern_body" if request.htmx else "concern"
    return _whole(render(request, f"concerns/desk/{part}.html", everything_about(reading, **shown), status=422))


def _whole(response: HttpResponse) -> HttpResponse:
    """With HTMX, in the place of everything about the concern, whichever form asked."""
    return retarget(reswap(response, "outerHTML"), "#concern")
