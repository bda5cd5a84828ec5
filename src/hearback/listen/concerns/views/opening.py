"""How a page of the workspace opens a concern: sealed to whoever looks, with their key unlocked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from hearback.foundation.vault.queries import has_key, unlocked_key
from hearback.listen.concerns.models import Concern
from hearback.listen.concerns.permissions import may_open_inbox
from hearback.listen.concerns.queries.desk import concern_for
from hearback.permission import Predicate, demand

if TYPE_CHECKING:
    from hearback.foundation.audit.enums import Actor
    from hearback.foundation.people.models import User


@dataclass(frozen=True)
class Reading:
    """A concern, and the person who reads it with their own unlocked key."""

    concern: Concern
    person: User
    private_key: bytes = field(repr=False)

    @property
    def actor(self) -> Actor:
        """The reader, as the `by` of an action."""
        return self.person.actor


def for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets a `Reading` in place of the reference.

    A concern that does not exist and one that is not sealed to the person answer alike. Nothing that was typed reaches
    an error report.
    """

    @wraps(view)
    def shown(request: HttpRequest, reference: str, **rest: object) -> HttpResponse:
        demand(may_open_inbox, request.user.actor)
        concern = concern_for(request.user, reference)
        if concern is None:
            return not_sealed(request)
        private_key = unlocked_key(request)
        if private_key is None:
            return to_unlock(request, back=reverse("concern_desk:concern", args=[reference]))
        return view(request, Reading(concern, request.user, private_key), **rest)

    return login_required(sensitive_post_parameters()(sensitive_variables()(shown)))


def with_key(permission: Predicate) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """The view gets the person's unlocked private key as its second argument; for whoever holds the permission."""

    def declare(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def shown(request: HttpRequest, **rest: object) -> HttpResponse:
            demand(permission, request.user.actor)
            private_key = unlocked_key(request)
            if private_key is None:
                return to_unlock(request, back=request.path)
            return view(request, private_key, **rest)

        return login_required(sensitive_variables()(shown))

    return declare


def not_sealed(request: HttpRequest) -> HttpResponse:
    """One plain sentence, whether there is no such concern or it is closed to this person."""
    return render(request, "concerns/desk/not_sealed.html", status=404)


def to_unlock(request: HttpRequest, *, back: str) -> HttpResponse:
    """To the passphrase and back; what was typed meanwhile waits on a page of its own and is not lost."""
    onward = request.get_full_path() if request.method == "GET" else back
    unlock = f"{reverse('vault:unlock')}?{urlencode({'next': onward})}"
    if request.method == "GET" or not has_key(request.user):
        return redirect(unlock)
    typed = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    kept = [(name, value) for name, value in typed if name != "csrfmiddlewaretoken"]
    return render(request, "concerns/desk/locked.html", {"kept": kept, "unlock": unlock}, status=423)
