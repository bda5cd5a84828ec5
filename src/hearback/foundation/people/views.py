"""The start page of the workspace."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from hearback.foundation.installation.queries import everything_held
from hearback.foundation.people.enums import Role

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
    """The start page for whoever signed in."""
    purpose = PURPOSE.get(request.user.role, "")
    holdings = {name.replace("_", " ").capitalize(): count for name, count in everything_held().items()}
    return render(request, "people/desk.html", {"purpose": purpose, "holdings": holdings})
