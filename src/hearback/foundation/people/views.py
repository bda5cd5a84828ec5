"""The start page of the workspace, first sign-ins, and the page of people."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from allauth.mfa.adapter import get_adapter
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from hearback.foundation.access import queries as access
from hearback.foundation.installation.queries import cards_for, everything_held
from hearback.foundation.people import actions, queries
from hearback.foundation.people.enums import Role
from hearback.foundation.people.forms import FirstPassword, KnownAs, NewRole, Welcome
from hearback.foundation.people.models import User
from hearback.foundation.people.permissions import (
    may_change_role,
    may_correct_names,
    may_say_goodbye,
    may_see_everybody,
    may_start_again,
    may_welcome,
)
from hearback.permission import demand
from hearback.refusal import Refusal

PURPOSE = {
    Role.PARTNER: _("You speak for people who trust you, and see what was promised to them."),
    Role.LIAISON: _("You answer residents, and bring their words to where something can be done."),
    Role.COORDINATOR: _("You see that nobody waits too long, and that plans fit the people and hours there are."),
    Role.ANALYST: _("You find out who is left out and what helped, and say how surely you know."),
    Role.OVERSIGHT: _("You read what is addressed to you, and nobody at the agency can. You check what they say."),
    Role.ADMINISTRATOR: _("You keep this installation well. You cannot read what residents write."),
}


@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """The start page for whoever signed in: what waits for them, and for those who look after it all, what there is."""
    shown = {
        "purpose": PURPOSE.get(request.user.role, ""),
        "cards": cards_for(request.user, at=timezone.now()),
        "desks": access.desks_of(request.user),
    }
    if request.user.role in {Role.ADMINISTRATOR, Role.ANALYST}:
        shown["holdings"] = {name.replace("_", " ").capitalize(): count for name, count in everything_held().items()}
    return render(request, "people/desk.html", shown)


@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """The choice of a second factor, before anything else opens."""
    if queries.has_second_factor(request.user):
        return redirect("people:desk")
    return render(request, "people/second_factor.html", {"passkeys_work": passkeys_work_at(request.get_host())})


def passkeys_work_at(host: str) -> bool:
    """Browsers bind passkeys to a name: an address in numbers has none."""
    try:
        ipaddress.ip_address(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return True
    return False


@sensitive_post_parameters()
def first_sign_in(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """A password of one's own, at an address that works once."""
    person = queries.person_at_first_sign_in(number, token)
    if person is None:
        return render(request, "people/first_sign_in_over.html", status=410)
    form = FirstPassword(request.POST or None)
    if form.is_valid():
        try:
            actions.choose_password(person, password=form.cleaned_data["password"], by=person.actor, at=timezone.now())
        except Refusal as refusal:
            form.add_error("password", capfirst(refusal.sentence))
        else:
            return redirect("account_login")
    return render(request, "people/first_sign_in.html", {"person": person, "form": form})


@login_required
def everybody(request: HttpRequest) -> HttpResponse:
    """Everybody with a sign-in, and a form for somebody new."""
    demand(may_see_everybody, request.user.actor)
    form = Welcome(request.POST or None)
    if form.is_valid():
        demand(may_welcome, request.user.actor)
        given = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
        newcomer = actions.welcome(**given, by=request.user.actor, at=timezone.now())
        return _first_sign_in_card(request, newcomer)
    return render(request, "people/everybody.html", {"people": queries.everybody(), "form": form})


@login_required
def person(request: HttpRequest, username: str) -> HttpResponse:
    """One person: role, seats, and what may be done about their sign-in."""
    somebody, actor = _somebody(username), request.user.actor
    allowed = {
        "correct_names": may_correct_names(actor, somebody),
        "change_role": may_change_role(actor, somebody),
        "start_again": may_start_again(actor, somebody),
        "say_goodbye": may_say_goodbye(actor, somebody),
    }
    if not may_see_everybody(actor) and not any(allowed.values()):
        raise Http404
    shown = {
        "person": somebody,
        "seats": access.seats_of(somebody),
        "second_factor": queries.has_second_factor(somebody),
        "may": allowed,
        "roles": NewRole(initial={"role": somebody.role}),
        "names": KnownAs(initial=vars(somebody)),
    }
    return render(request, "people/person.html", shown)


@login_required
@require_POST
def correct_names(request: HttpRequest, username: str) -> HttpResponse:
    """What residents may call somebody."""
    form = KnownAs(request.POST)
    if form.is_valid():
        actions.correct_names(_somebody(username), **form.cleaned_data, by=request.user.actor, at=timezone.now())
    return redirect("people:person", username)


@login_required
@require_POST
def change_role(request: HttpRequest, username: str) -> HttpResponse:
    """Another role on the police side."""
    form = NewRole(request.POST)
    if form.is_valid():
        role = Role(form.cleaned_data["role"])
        actions.change_role(_somebody(username), role=role, by=request.user.actor, at=timezone.now())
    return redirect("people:person", username)


@login_required
@require_POST
def start_again(request: HttpRequest, username: str) -> HttpResponse:
    """A new first sign-in for somebody who lost theirs."""
    somebody = _somebody(username)
    actions.start_again(somebody, by=request.user.actor, at=timezone.now())
    return _first_sign_in_card(request, somebody)


@login_required
@require_POST
def say_goodbye(request: HttpRequest, username: str) -> HttpResponse:
    """Somebody no longer works here."""
    actions.say_goodbye(_somebody(username), by=request.user.actor, at=timezone.now())
    return redirect("people:everybody" if may_see_everybody(request.user.actor) else "people:desk")


def _somebody(username: str) -> User:
    found = queries.person_named(username)
    if found is None:
        raise Http404
    return found


def _first_sign_in_card(request: HttpRequest, somebody: User) -> HttpResponse:
    """The address for handing over, shown once; as a picture too, so that it can be given on paper."""
    address = request.build_absolute_uri(queries.first_sign_in_address(somebody))
    picture = get_adapter().build_totp_svg(address)
    return render(request, "people/welcomed.html", {"person": somebody, "address": address, "picture": picture})
