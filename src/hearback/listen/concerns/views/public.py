"""What every page of a resident keeps to: no cookie, nothing left in caches, and the truth when something fails."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from hearback.foundation.places.queries import city
from hearback.listen.concerns.queries import keys
from hearback.listen.concerns.queries.uploads import LARGEST
from hearback.read_away import read_away
from hearback.refusal import Refusal
from hearback.sealing.tokens import FormToken

View = Callable[..., HttpResponse]

LARGEST_BODY = LARGEST + 512 * 1024
"""A file and a long text; a larger body is refused in words."""

_log = logging.getLogger(__name__)


def for_residents(view: View) -> View:
    """A page that says plainly when something was not received, and that no cache or other site gets to see.

    Django's token against forged forms rests on a cookie; a form token or a ticket in the form stands in its place.
    """

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, **address: Any) -> HttpResponse:
        try:
            response = too_large(request) if _is_too_large(request) else view(request, **address)
        except RequestDataTooBig:
            response = too_large(request)
        except (DatabaseError, OSError) as failure:
            _log.error("A resident's page could not be answered: %s", type(failure).__name__)
            response = not_received(request)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return answer


def swept(response: HttpResponse) -> HttpResponse:
    """Ask the browser to forget what it keeps of this site; browsers listen to it over HTTPS."""
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def form_token(request: HttpRequest, *, at: Any) -> FormToken | None:
    """The token of the form that came back; none where it is missing, forged or too old."""
    try:
        return keys.take_back_form(request.POST.get("token", ""), at=at)
    except Refusal:
        return None


def emergency_number() -> str:
    """The city's emergency number, once there is a city."""
    place = city()
    return place.emergency_number if place else ""


def too_large(request: HttpRequest) -> HttpResponse:
    """More than anybody has to say: refused in words, with nothing kept."""
    read_away(request)
    return render(request, "concerns/public/too_large.html", status=413)


def not_received(request: HttpRequest) -> HttpResponse:
    """Said without asking the database anything; everything typed stands on the page, to be sent again."""
    sent = [(name, value) for name, value in request.POST.items() if name not in {"words", "website"}]
    shown = {"city": None, "sent": sent, "words": request.POST.get("words", ""), "had_file": bool(request.FILES)}
    return render(request, "concerns/public/not_received.html", shown, status=503)


def _is_too_large(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and int(length) > LARGEST_BODY
