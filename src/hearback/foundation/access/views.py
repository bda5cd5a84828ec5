"""Pages of desks: which there are, who sits there, and how somebody joins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from hearback.foundation.access import actions, queries
from hearback.foundation.access.forms import Answer, GiveSeat, Invite, NewDesk
from hearback.foundation.access.models import Desk
from hearback.foundation.access.permissions import (
    may_close_desk,
    may_end_seat,
    may_give_seat,
    may_invite,
    may_open_desk,
    may_see_seats,
)
from hearback.foundation.audit.enums import Actor
from hearback.foundation.vault import queries as vault
from hearback.permission import demand
from hearback.refusal import Refusal


@login_required
def desks(request: HttpRequest) -> HttpResponse:
    """Every desk, and whether residents can choose it."""
    offered = {desk.pk for desk in queries.desks_open_to_residents()}
    rows = [(desk, desk.pk in offered, may_see_seats(request.user.actor, desk)) for desk in queries.all_desks()]
    return render(request, "access/desks.html", {"rows": rows, "may_open": may_open_desk(request.user.actor)})


@login_required
def new_desk(request: HttpRequest) -> HttpResponse:
    """A form for another desk."""
    demand(may_open_desk, request.user.actor)
    form = NewDesk(request.POST or None)
    if form.is_valid():
        made = actions.open_desk(**form.cleaned_data, by=request.user.actor, at=timezone.now())
        return redirect("access:desk", made.key)
    return render(request, "access/new_desk.html", {"form": form})


@login_required
def desk(request: HttpRequest, key: str) -> HttpResponse:
    """One desk: who sits there since when, and what the reader of the page may change."""
    found, actor = _desk(key), request.user.actor
    demand(may_see_seats, actor, found)
    return render(request, "access/desk.html", _shown(found, actor, timezone.now()))


@login_required
@require_POST
def give_seat(request: HttpRequest, key: str) -> HttpResponse:
    """A seat for somebody. At a partner's or oversight's desk the giver's own key must be unlocked: a sign-in alone,
    stolen or reset, lets nobody in."""
    found = _desk(key)
    demand(may_give_seat, request.user.actor, found)
    if found.independent and vault.unlocked_key(request) is None:
        return redirect(f"{reverse('vault:unlock')}?next={reverse('access:desk', args=[key])}")
    form = GiveSeat(found, request.POST)
    if not form.is_valid():
        return _again(request, found, give=form)
    person = form.people[form.cleaned_data["person"]]
    district = form.districts.get(form.cleaned_data["district"])
    actions.give_seat(found, person=person, district=district, by=request.user.actor, at=timezone.now())
    return redirect("access:desk", key)


@login_required
@require_POST
def leave_seat(request: HttpRequest, key: str) -> HttpResponse:
    """End a seat, one's own or another's."""
    found = _desk(key)
    seats = {str(seat.person_id): seat for seat in queries.seats_at(found)}
    seat = seats.get(request.POST.get("person", ""))
    if seat is None:
        raise Http404
    actions.leave_seat(found, person=seat.person, by=request.user.actor, at=timezone.now())
    stays = may_see_seats(request.user.actor, found)
    return redirect("access:desk", key) if stays else redirect("people:desk")


@login_required
@require_POST
def invite(request: HttpRequest, key: str) -> HttpResponse:
    """Ask the first person of a partner or of oversight."""
    found = _desk(key)
    demand(may_invite, request.user.actor, found)
    form = Invite(found, request.POST)
    if not form.is_valid():
        return _again(request, found, invite=form)
    person = form.people[form.cleaned_data["person"]]
    actions.invite(found, person=person, by=request.user.actor, at=timezone.now())
    return redirect("access:desk", key)


@login_required
def invitation(request: HttpRequest) -> HttpResponse:
    """The invitation that waits for whoever signed in."""
    waiting = queries.invitation_for(request.user)
    if waiting is None:
        return redirect("people:desk")
    form = Answer(waiting.desk, request.POST or None)
    if form.is_valid():
        accepted = form.cleaned_data["answer"] == "accept"
        answer = actions.accept_invitation if accepted else actions.decline_invitation
        try:
            answer(waiting, by=request.user.actor, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, capfirst(refusal.sentence))
        else:
            return redirect("people:desk")
    shown = {"invitation": waiting, "form": form, "has_key": vault.has_key(request.user)}
    return render(request, "access/invitation.html", shown)


@login_required
@require_POST
def close(request: HttpRequest, key: str) -> HttpResponse:
    """No new concerns."""
    return _change(request, key, actions.close_desk)


@login_required
@require_POST
def reopen(request: HttpRequest, key: str) -> HttpResponse:
    """New concerns again."""
    return _change(request, key, actions.reopen_desk)


def _change(request: HttpRequest, key: str, action: Callable[..., None]) -> HttpResponse:
    action(_desk(key), by=request.user.actor, at=timezone.now())
    return redirect("access:desk", key)


def _desk(key: str) -> Desk:
    found = queries.desk_with(key)
    if found is None:
        raise Http404
    return found


def _again(request: HttpRequest, found: Desk, **forms: GiveSeat | Invite) -> HttpResponse:
    shown = _shown(found, request.user.actor, timezone.now()) | forms
    return render(request, "access/desk.html", shown, status=422)


def _shown(found: Desk, actor: Actor, at: datetime) -> dict[str, object]:
    new = {seat.pk for seat in queries.newcomers(since=at - queries.NEW_FOR, desks=[found])}
    reading = {person.pk for person in queries.readers(found)}
    seats = [
        {
            "seat": seat,
            "new": seat.pk in new,
            "reads": seat.person_id in reading,
            "fingerprint": vault.fingerprint_of(seat.person),
            "may_end": may_end_seat(actor, found, seat.person),
        }
        for seat in queries.seats_at(found)
    ]
    return {
        "desk": found,
        "seats": seats,
        "offered": found.open and bool(reading),
        "give": GiveSeat(found) if may_give_seat(actor, found) else None,
        "invite": Invite(found) if may_invite(actor, found) else None,
        "invited": queries.invitation_to(found),
        "may_close": may_close_desk(actor, found),
    }
