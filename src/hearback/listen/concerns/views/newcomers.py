"""Sharing what came before a colleague had a seat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from hearback.foundation.people.queries import person_named
from hearback.listen.concerns.actions import desk as actions
from hearback.listen.concerns.enums import Author
from hearback.listen.concerns.forms.desk import Sharing
from hearback.listen.concerns.permissions import may_open_inbox
from hearback.listen.concerns.queries.colleagues import closed_to, colleagues_of
from hearback.listen.concerns.queries.naming import people_named_in
from hearback.listen.concerns.queries.threads import words_for_reader
from hearback.listen.concerns.views.opening import with_key

if TYPE_CHECKING:
    from hearback.foundation.people.models import User
    from hearback.listen.concerns.models import Concern


@with_key(may_open_inbox)
def newcomers(request: HttpRequest, private_key: bytes) -> HttpResponse:
    """Colleagues at the person's desks, and how much each cannot open yet."""
    rows = [(colleague, len(closed_to(colleague, person=request.user))) for colleague in colleagues_of(request.user)]
    return render(request, "concerns/desk/newcomers.html", {"rows": rows})


@with_key(may_open_inbox)
def newcomer(request: HttpRequest, private_key: bytes, username: str) -> HttpResponse:
    """One colleague: the concerns they cannot open yet, to be shared one by one or all at once; never one that
    names them."""
    person, colleague = request.user, person_named(username)
    if colleague is None or colleague not in colleagues_of(person):
        raise Http404
    closed = closed_to(colleague, person=person)
    sharable = [concern for concern in closed if not people_named_in(_said(concern, person, private_key), [colleague])]
    form = Sharing(sharable, request.POST or None)
    if form.is_valid():
        for concern in form.picked:
            actions.share(
                concern, colleague, person=person, private_key=private_key, by=person.actor, at=timezone.now()
            )
        return redirect("concern_desk:newcomers")
    shown = {"colleague": colleague, "form": form, "kept_back": len(closed) - len(sharable)}
    return render(request, "concerns/desk/newcomer.html", shown, status=422 if form.errors else 200)


def _said(concern: Concern, person: User, private_key: bytes) -> str:
    return "\n".join(
        line.text for line in words_for_reader(concern, person, private_key) if line.author == Author.RESIDENT
    )
