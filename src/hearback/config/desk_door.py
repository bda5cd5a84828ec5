"""The door of the workspace: nothing under /desk/ opens without a sign-in that is fresh and has a second factor."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect

from hearback.foundation.people.queries import has_second_factor
from hearback.foundation.vault.queries import COOKIE
from hearback.permission import NotAllowed
from hearback.read_away import read_away
from hearback.refusal import Refusal

BEFORE_SIGN_IN = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "people:first-sign-in",
    }
)
"""Pages for whoever has not signed in."""

WITHOUT_SECOND_FACTOR = BEFORE_SIGN_IN | {
    "account_reauthenticate",
    "people:second-factor",
    "mfa_activate_totp",
    "mfa_add_webauthn",
}
"""Pages for whoever has only typed a password so far."""

TYPED = ("text", "words", "reason")
"""Fields in which somebody writes at length; never a password, a passphrase or a code."""

NOTICED_EVERY = 60
"""Seconds between two notes in the session that somebody is still there."""


class TooMuch(Refusal):
    """More in one form than any page of the workspace takes."""


class DeskDoor:
    """Lets in, sends to the right door, ends what lasted too long, and leaves nothing behind on the way out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(settings.SESSION_COOKIE_PATH):
            return self.get_response(request)
        came_in = request.user.is_authenticated
        response = _too_much(request) or self.get_response(request)
        response.setdefault("Cache-Control", "no-store")
        if not request.user.is_authenticated:
            _sweep(request, response, left=came_in)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Where to go first, when this page is not for now."""
        name = request.resolver_match.view_name
        if not request.path.startswith(settings.SESSION_COOKIE_PATH) or name in BEFORE_SIGN_IN:
            return None
        if not request.user.is_authenticated or _lasted_too_long(request):
            return _to_sign_in(request)
        if name not in WITHOUT_SECOND_FACTOR and not has_second_factor(request.user):
            return redirect("people:second-factor")
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal that no page caught is told as it stands, not as an error of the server."""
        if isinstance(exception, Refusal) and not isinstance(exception, NotAllowed):
            return render(request, "people/refused.html", {"refusal": exception}, status=400 if request.htmx else 422)
        return None


def _too_much(request: HttpRequest) -> HttpResponse | None:
    """A form that cannot be taken is refused in words here: the check against forged forms, which reads it before any
    page does, would not say what was wrong."""
    try:
        len(request.POST)
    except RequestDataTooBig:
        read_away(request)
        remedy = (
            "Nothing of it was kept. Go back with your browser, shorten it or choose a smaller file, and send it again"
        )
        refusal = TooMuch("what you sent is longer than anything that is taken here", remedy=remedy)
        return render(request, "people/refused.html", {"refusal": refusal}, status=413)
    return None


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """What somebody typed is shown once more, so that an ended session costs nobody their words."""
    typed = [value for name in TYPED for value in request.POST.getlist(name) if value.strip()]
    if request.method == "POST" and (typed or request.htmx):
        came_from = urlsplit(request.headers.get("Referer", "")).path
        onward = came_from if came_from.startswith(settings.SESSION_COOKIE_PATH) else ""
        sign_in = redirect_to_login(onward).url
        return render(request, "people/ended.html", {"typed": typed, "sign_in": sign_in}, status=401)
    to_login = redirect_to_login(request.get_full_path() if request.method == "GET" else "")
    return HttpResponseClientRedirect(to_login.url) if request.htmx else to_login


def _lasted_too_long(request: HttpRequest) -> bool:
    """Ends the session after its longest time; the shorter time without a click is the session's own lifetime,
    which begins anew whenever it is saved."""
    now = int(time.time())
    if now - request.session.setdefault("signed_in_at", now) >= settings.LONGEST_SESSION:
        logout(request)
        return True
    if now - request.session.get("seen_at", 0) >= NOTICED_EVERY:
        request.session["seen_at"] = now
    return False


def _sweep(request: HttpRequest, response: HttpResponse, *, left: bool) -> None:
    """Browsers forget what they kept of these pages. Cookies are deleted by name, because the header would take those
    of every other site of the city with it."""
    if left:
        response["Clear-Site-Data"] = '"cache", "storage"'
    if COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, path=settings.SESSION_COOKIE_PATH, samesite="Strict")
