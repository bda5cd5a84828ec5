"""A public page is a function of the edition and the address, and is cached as such."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition

import hearback
from hearback.report_back.releases import queries as releases

SECONDS_UNCHECKED = 60
"""How long a reader's browser may show a page without asking whether a newer edition is out."""
SAYING = {".py", ".html", ".mo"}

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

    The language is part of the address, and the program decides the words.
    """
    newest = releases.newest_mark()
    if newest is None:
        return None
    said = f"{newest} {program()} {request.get_full_path()}"
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


@cache
def program() -> str:
    """A digest of every file that says something on a page: code, templates, compiled catalogs. The version alone would
    leave old words in browsers when only a translation is mended."""
    return digest_of(Path(hearback.__file__).parent)


def digest_of(folder: Path) -> str:
    """The same while no file in the folder that says something changes."""
    said = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.suffix in SAYING):
        said.update(file.read_bytes())
    return said.hexdigest()
