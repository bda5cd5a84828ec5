"""A public page is a function of the edition and the address, and is cached as such."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition

from hearback import __version__
from hearback.report_back.releases import queries as releases

SECONDS_UNCHECKED = 60
"""How long a reader's browser may show a page without asking whether a newer edition is out."""

View = Callable[..., HttpResponse]


def published(view: View) -> View:
    """Mark a view's answer with the edition it shows; say kindly where nothing has been published yet."""

    @wraps(view)
    def answer(request: HttpRequest, **address: str) -> HttpResponse:
        try:
            response = view(request, **address)
        except releases.NotReleased:
            response = render(request, "portal/not_published.html", status=404)
        patch_cache_control(response, public=True, max_age=SECONDS_UNCHECKED)
        return response

    marked: View = condition(etag_func=edition_and_address)(answer)
    return marked


def edition_and_address(request: HttpRequest, **_address: Any) -> str | None:
    """The mark of a published page; nothing before the first edition.

    The language is part of the address, and the software's version decides the words.
    """
    newest = releases.newest_mark()
    if newest is None:
        return None
    said = f"{newest} {__version__} {request.get_full_path()}"
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'
