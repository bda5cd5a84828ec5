"""A language for tests in which every translated sentence stands in brackets, so that what stands outside was not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf.locale import LANG_INFO
from django.core.cache import caches
from tools.catalogs import OF_DJANGO, Undated, as_mo
from tools.sentences import Found, sentences

from hearback.design.templatetags import languages

CODE = "xx"
OPEN, CLOSE = "⟦", "⟧"
INNERMOST = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
WORD = re.compile(r"[^\W\d_]{2,}")

SAID_ALOUD = {"alt", "title", "aria-label", "placeholder", "content"}
"""Attributes that people read or hear; so are those of ours (`data-…`) that hold more than one word."""
DATA = {"bdi", "code", "pre", "textarea", "script", "style", "cite"}
"""Elements whose text comes from elsewhere, as does what has another language, a direction of its own, or is a key."""
WITHOUT_END = {"meta", "link", "input", "br", "hr", "img"}


@pytest.fixture
def brackets(tmp_path: Path, settings: Any) -> Iterator[str]:
    """The prefix of addresses in that language."""
    catalog = Undated(locale=CODE)
    for one in (*sentences(), *(Found(text, "django") for text in OF_DJANGO)):
        forms = tuple(f"{OPEN}{text}{CLOSE}" for text in (one.text, one.plural) if text)
        catalog.add(
            (one.text, one.plural) if one.plural else one.text,
            string=forms if one.plural else forms[0],
            context=one.context or None,
        )
    compiled = tmp_path / "locale" / CODE / "LC_MESSAGES" / "django.mo"
    compiled.parent.mkdir(parents=True)
    compiled.write_bytes(as_mo(catalog))
    LANG_INFO[CODE] = {"bidi": False, "code": CODE, "name": "Brackets", "name_local": "Brackets"}
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    settings.LANGUAGES = [("en", "English"), (CODE, "Brackets")]
    _forget()
    yield f"/{CODE}"
    del LANG_INFO[CODE]
    _forget()


def hard_coded(page: str) -> list[str]:
    """Words of a page that no catalog knows and that are not marked as data."""
    reader = _Reader()
    reader.feed(page)
    return [word for text in ("".join(reader.text), *reader.attributes) for word in WORD.findall(_outside(text))]


def _outside(text: str) -> str:
    while INNERMOST.search(text):
        text = INNERMOST.sub(" ", text)
    return text


class _Reader(HTMLParser):
    """Collects the text of a page in its order, and the attributes that people read."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.attributes: list[str] = []
        self._open: list[bool] = [False]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        quoted = (
            tag in DATA or given.get("lang", CODE) != CODE or given.get("dir") == "auto" or given.get("class") == "keys"
        )
        self.attributes += [
            value
            for name, value in given.items()
            if (name in SAID_ALOUD and tag != "meta") or (name.startswith("data-") and " " in value)
        ]
        self.text.append(" ")
        if tag not in WITHOUT_END:
            self._open.append(self._open[-1] or quoted)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._open[-1] or OPEN in data or CLOSE in data:
            self.text.append(data)


def _forget() -> None:
    languages.is_translated.cache_clear()
    for cache in caches.all():
        cache.clear()
