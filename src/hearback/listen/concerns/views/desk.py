"""The inbox of a desk, one concern in it, and what was attached."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from hearback.foundation.access.queries import desks_of, desks_open_to_residents
from hearback.foundation.calendar.queries import agency_calendar
from hearback.foundation.vault.queries import unlocked_key
from hearback.listen.concerns.enums import WAITING, Author, State
from hearback.listen.concerns.forms.desk import ALL_WAITING, Answering, Filtering, Noting, Picking
from hearback.listen.concerns.models import Concern, SealedKey
from hearback.listen.concerns.permissions import may_open_inbox, may_record_for_others, may_see_holds, may_see_late
from hearback.listen.concerns.queries.colleagues import could_be_let_in
from hearback.listen.concerns.queries.desk import Filter, inbox
from hearback.listen.concerns.queries.due import due
from hearback.listen.concerns.queries.naming import people_named_in
from hearback.listen.concerns.queries.reply_templates import ORIGINAL, templates_for
from hearback.listen.concerns.queries.threads import (
    Line,
    attachment_for,
    attachment_of,
    key_for,
    notes_for_reader,
    pin_for,
    readable_keys,
    words_for_reader,
    words_readers,
)
from hearback.listen.concerns.queries.uploads import FILE_NAMES
from hearback.listen.concerns.views.opening import Reading, for_readers
from hearback.permission import demand

A_PAGE = 50
Purpose = SealedKey.Purpose

DONE = {
    "assign": gettext_lazy("It is written down who looks after it."),
    "answer": gettext_lazy("Your answer is on its way: the resident sees it with their receipt."),
    "note": gettext_lazy("Your note is kept, for your desk only."),
    "merge": gettext_lazy("Merged: the next answer to the other concern goes to this resident too."),
    "unmerge": gettext_lazy("Taken apart: from now on each is answered by itself."),
    "handover": gettext_lazy("The resident is asked. Nothing is handed over before they agree."),
    "share": gettext_lazy("Shared: your colleague can open it from now on."),
    "close": gettext_lazy("Closed. The resident can open it again."),
}


@login_required
@require_safe
def show_inbox(request: HttpRequest) -> HttpResponse:
    """What waits at the person's desks, late ones first; no words are opened here."""
    demand(may_open_inbox, request.user.actor)
    calendar = agency_calendar()
    today = calendar.day_of(timezone.now())
    everything = inbox(request.user, Filter(), today=today)
    form = Filtering(request.GET or {"state": ALL_WAITING}, concerns=everything)
    found = [concern for concern in inbox(request.user, form.wanted, today=today) if form.shows(concern)]
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "form": form,
        "page": page,
        "rows": [(concern, due(concern, calendar=calendar, today=today)) for concern in page],
        "total": len(everything),
        "desks": desks_of(request.user),
        "locked": unlocked_key(request) is None,
        "may_record": may_record_for_others(request.user.actor),
        "may_see_late": may_see_late(request.user.actor),
        "may_see_holds": may_see_holds(request.user.actor),
    }
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, f"concerns/desk/{'inbox_list' if part else 'inbox'}.html", shown)


@for_readers
@require_safe
def show_concern(request: HttpRequest, reading: Reading) -> HttpResponse:
    """One concern: the dialogue, and everything that can be done with it now."""
    return render(request, "concerns/desk/concern.html", everything_about(reading, done=request.GET.get("done", "")))


@for_readers
@require_safe
def attachment(request: HttpRequest, reading: Reading, number: int) -> HttpResponse:
    """A photo or a voice note, as a file to save: never shown or run inside these pages."""
    found = attachment_of(reading.concern, number)
    if found is None:
        raise Http404
    key = key_for(reading.concern, reading.person, reading.private_key, purpose=Purpose.WORDS)
    known = found.media_type in FILE_NAMES
    name = FILE_NAMES[found.media_type] if known else "attachment.bin"
    return HttpResponse(
        attachment_for(found, key),
        content_type=found.media_type if known else "application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{reading.concern.reference}-{number}-{name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )


def everything_about(reading: Reading, *, done: str = "", **forms: Any) -> dict[str, Any]:
    """What the page of a concern shows; `forms` take the place of empty ones of the same name."""
    concern, person = reading.concern, reading.person
    calendar = agency_calendar()
    dialogue = words_for_reader(concern, person, reading.private_key)
    kept_by = words_readers(concern)
    return {
        "concern": concern,
        "due": due(concern, calendar=calendar, today=calendar.day_of(timezone.now())),
        "dialogue": dialogue,
        "by_desk": Author.DESK,
        "notes": notes_of(reading),
        "readers": kept_by,
        "merged": list(Concern.objects.filter(merged_into=concern, first_answer_at=None)),
        "has_contact": holds(reading, Purpose.CONTACT),
        "pin": pin_for(concern, key_for(concern, person, reading.private_key, purpose=Purpose.WORDS)),
        "can_close": concern.state == State.ANSWERED,
        "taken_back": concern.state == State.WITHDRAWN,
        "done": DONE.get(done, ""),
        "answer": answer_form(concern, dialogue),
        "foreign": concern.language != settings.LANGUAGE_CODE,
        "translator": bool(settings.TRANSLATOR),
        "draft_templates": not all(one.reviewed_by for one in templates_for(concern.kind, concern.language)),
        "note": Noting(),
        "assign": picking_person({person.username: person for person in kept_by}, name="assign"),
        "share": picking_colleague(reading, dialogue),
        "merge": picking_duplicate(reading),
        "handover": picking_desk(concern),
    } | forms


def answer_form(concern: Concern, dialogue: tuple[Line, ...], data: Any = None) -> Answering:
    """The form of an answer, with templates that fit the concern."""
    fitting = templates_for(concern.kind, concern.language)
    translated = {template.key for template in fitting if template.language != ORIGINAL}
    return Answering(
        data,
        templates={template.key: template.title for template in fitting},
        originals={one.key: one.text for one in templates_for(concern.kind, ORIGINAL) if one.key in translated},
        language=concern.language,
        initial={"seen": len(dialogue)},
    )


def picking_person(people: dict[str, Any], data: Any = None, *, name: str) -> Picking:
    """A choice among people, by name."""
    options = {username: (username, person) for username, person in people.items()}
    return Picking(options, data, label=_("Who"), name=name)


def picking_colleague(reading: Reading, dialogue: tuple[Line, ...], data: Any = None) -> Picking:
    """Colleagues at the desk whom the concern does not name and who cannot open it yet."""
    people = could_be_let_in(reading.concern)
    said = "\n".join(line.text for line in dialogue if line.author == Author.RESIDENT)
    named = people_named_in(said, people)
    fitting = {person.username: person for person in people if person not in named}
    return picking_person(fitting, data, name="share")


def picking_duplicate(reading: Reading, data: Any = None) -> Picking:
    """Concerns of the same desk and language that wait too, the newest first: the answer to one of them fits both."""
    here, today = reading.concern, timezone.now().date()
    alike = inbox(reading.person, Filter(language=here.language), today=today)
    others = [
        other
        for other in sorted(alike, key=lambda other: other.received_at, reverse=True)
        if other.pk != here.pk
        and other.desk_id == here.desk_id
        and other.merged_into_id is None
        and other.state in WAITING
    ]
    options = {
        other.reference: (f"{other.reference} · {other.get_kind_display()} · {other.received_at:%Y-%m-%d}", other)
        for other in others
    }
    return Picking(options, data, label=_("It says the same as"), name="merge")


def picking_desk(concern: Concern, data: Any = None) -> Picking:
    """Other desks that residents can choose."""
    options = {desk.key: (desk.name, desk) for desk in desks_open_to_residents() if desk.pk != concern.desk_id}
    return Picking(options, data, label=_("Which desk"), name="handover")


def notes_of(reading: Reading) -> tuple[Any, ...]:
    """The desk's notes; none for somebody who came to the concern by a handover and has no key to the former desk's."""
    if not holds(reading, Purpose.NOTES):
        return ()
    return notes_for_reader(reading.concern, reading.person, reading.private_key)


def holds(reading: Reading, purpose: Purpose) -> bool:
    """Whether a key of the concern was sealed to the reader."""
    return readable_keys(purpose).filter(concern=reading.concern, reader=reading.person).exists()
