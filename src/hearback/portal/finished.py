"""Finished public pages, kept in memory and given out again for as long as their edition is the newest."""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import re_accepts_gzip
from django.utils.cache import get_conditional_response

from hearback.portal.published import edition_and_address

MOST_BYTES = 100_000
"""Larger pages are made anew each time; how many are kept stands in the settings."""


class FinishedPages:
    """Stands before everything else, and asks of each request only what the newest edition is.

    A page is kept when it carries the very mark that `published` gives to this edition and address, which nothing
    else does. Requests with a cookie or a sign-in neither take from the store nor add to it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pages = caches["pages"]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mark = _mark(request)
        if mark is None:
            return self.get_response(request)
        name = _name(request, mark)
        kept = self.pages.get(name)
        if kept is not None:
            content, headers = kept
            page = HttpResponse(content, headers=headers)
            return get_conditional_response(request, etag=page["ETag"], response=page) or page
        response = self.get_response(request)
        if request.method == "GET" and _may_be_kept(response, mark):
            self.pages.set(name, (response.content, dict(response.items())))
        return response


def _mark(request: HttpRequest) -> str | None:
    known = request.META.get("HTTP_COOKIE") or request.META.get("HTTP_AUTHORIZATION")
    if known or request.method not in {"GET", "HEAD"}:
        return None
    return edition_and_address(request)


def _name(request: HttpRequest, mark: str) -> str:
    """What decides the bytes beside the mark: the address the reader used, and whether they may be compressed.

    A host that Django would refuse is never in the store, because its page was refused.
    """
    compressed = bool(re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")))
    return f"{mark}{compressed}{request.scheme}{request.META.get('HTTP_HOST', '')}"


def _may_be_kept(response: HttpResponse, mark: str) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and response.get("ETag", "").removeprefix("W/") == mark
        and not response.cookies
        and len(response.content) <= MOST_BYTES
    )
