"""Pages that are the same for everybody but for a few words: made once as a mould, and filled in for each reader."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.translation import get_language

SECONDS = 5
"""How old a mould may be: the city's name, the desks that are offered."""

_MARK = f"own{secrets.token_hex(12)}n"
"""Stands in a mould where a reader's own words go; nobody can write it beforehand."""

Own = Mapping[str, str | Sequence[str]]


def filled(
    request: HttpRequest,
    template: str,
    *,
    same: Mapping[str, Hashable],
    own: Own,
    made: Callable[[], Mapping[str, Any]] = dict,
    status: int = 200,
) -> HttpResponse:
    """The page of a template, given what decides its shape (`same`, and what `made` adds without knowing the reader)
    and the reader's `own` words, which the template may print but not ask about.

    Own words never reach the store: they are put between the mould's parts afterwards, escaped as a template does it.
    An address with a query string is answered without a mould, since the page's links repeat it.
    """
    if request.GET:
        return render(request, template, {**same, **own, **made()}, status=status)
    store, name = caches["pages"], _name(request, template, same, own)
    parts = store.get(name)
    if parts is None:
        marks = _marks(own)
        parts = re.split(rf"{_MARK}(\d+)-", render_to_string(template, {**same, **marks, **made()}, request))
        store.set(name, parts, SECONDS)
    words = [conditional_escape(word) for value in own.values() for word in _each(value)]
    parts[1::2] = [words[int(number)] for number in parts[1::2]]
    return HttpResponse("".join(parts), status=status)


def _name(request: HttpRequest, template: str, same: Mapping[str, Hashable], own: Own) -> str:
    shape = [(key, None if isinstance(value, str) else len(value)) for key, value in own.items()]
    decided = (template, get_language(), request.scheme, request.get_host(), request.path, list(same.items()), shape)
    return sha256(repr(decided).encode()).hexdigest()


def _marks(own: Own) -> dict[str, str | list[str]]:
    marks: dict[str, str | list[str]] = {}
    count = 0
    for key, value in own.items():
        numbered = [f"{_MARK}{number}-" for number, _ in enumerate(_each(value), count)]
        marks[key] = numbered[0] if isinstance(value, str) else numbered
        count += len(numbered)
    return marks


def _each(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value
