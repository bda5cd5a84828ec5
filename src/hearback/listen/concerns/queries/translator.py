"""A translator on this machine, where an installation has one: it makes drafts that people read, and keeps nothing."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from threading import Lock, Timer
from typing import Any

from django.conf import settings

from hearback.foundation.languages.queries import installed_languages
from hearback.refusal import Refusal

PATIENCE = 10
"""Seconds, from the first byte to the last, until a translator that is not done counts as silent."""
LONGEST = 5_000
"""Characters that are translated at once; more would take longer than anybody waits."""
LONGEST_DRAFT = 10_000
LARGEST_ANSWER = 1_000_000
HOST = "localhost"

_ONE_AT_A_TIME = Lock()


class NotTranslated(Refusal):
    """There is no draft: no translator, no such pair, too many words, silence, or an answer that makes no sense."""


class Nonsense(NotTranslated):
    """What the translator answered is no translation."""

    def __init__(self) -> None:
        super().__init__("the translator answers something that makes no sense")


def machine_draft(text: str, *, source: str, target: str) -> str:
    """What a machine makes of the words in another language; `source` and `target` are codes such as `so`.

    Speaks the protocol of LibreTranslate (GET /languages, POST /translate; docs.libretranslate.com).
    """
    if not settings.TRANSLATOR:
        raise NotTranslated("there is no translator on this machine")
    text = text.replace("\r\n", "\n")  # as forms send it; models know the other
    if len(text) > LONGEST:
        raise NotTranslated(f"these words are too long for a draft: {len(text):,} characters; at most {LONGEST:,} fit")
    with _alone():
        source, target = _as_it_spells(source, target)
        said = _ask("POST", "/translate", {"q": text, "source": source, "target": target, "format": "text"})
    draft = said.get("translatedText") if isinstance(said, dict) else None
    if not isinstance(draft, str) or not _is_readable(draft):
        raise Nonsense
    return draft.strip()


def ailments() -> list[str]:
    """Whether a translator that is configured answers."""
    try:
        if settings.TRANSLATOR:
            _pairs()
    except NotTranslated as silence:
        return [
            f"There are no machine drafts: the translator at {settings.TRANSLATOR} does not work: {silence.problem}."
        ]
    return []


def _as_it_spells(source: str, target: str) -> tuple[str, str]:
    """Both languages by the codes that the translator uses (`zh` or `zh-Hans` for our `zh-hans`)."""
    pairs = _pairs()
    first = _spelt(source, pairs)
    second = _spelt(target, pairs.get(first, ()))
    if not first or not second:
        raise NotTranslated(
            f"the translator on this machine does not translate from {_name(source)} to {_name(target)}",
            remedy="Ask somebody who speaks both",
        )
    return first, second


def _pairs() -> dict[str, tuple[str, ...]]:
    """The codes of what can be translated, each with the codes of what it can be translated into."""
    offered = _ask("GET", "/languages")
    try:
        return {str(one["code"]): tuple(map(str, one["targets"])) for one in offered}
    except (TypeError, KeyError) as failure:
        raise Nonsense from failure


def _spelt(code: str, among: Iterable[str]) -> str:
    known = {one.casefold(): one for one in among}
    return known.get(code) or known.get(code.partition("-")[0]) or ""


def _name(code: str) -> str:
    return next((language.name for language in installed_languages() if language.code == code), code)


def _is_readable(draft: str) -> bool:
    """Whether it is text that a page can show and a form can take."""
    with suppress(UnicodeEncodeError):
        draft.encode()
        return bool(draft.strip()) and "\0" not in draft and len(draft) <= LONGEST_DRAFT
    return False


@contextmanager
def _alone() -> Iterator[None]:
    """One draft at a time in each process: it has few threads, and residents need the others."""
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise NotTranslated("the translator is busy with another draft", remedy="Try again in a moment")
    try:
        yield
    finally:
        _ONE_AT_A_TIME.release()


def _ask(method: str, path: str, given: dict[str, str] | None = None) -> Any:
    """What it answers. Nothing but status 200 counts: no redirect is followed, and no proxy is known here."""
    try:
        with closing(_connection()) as connection, _hung_up_in_time(connection):
            connection.request(
                method,
                path,
                body=None if given is None else json.dumps(given),
                headers={"Content-Type": "application/json"},
            )
            answer = connection.getresponse()
            content = answer.read(LARGEST_ANSWER + 1)
    except (OSError, HTTPException) as failure:
        raise NotTranslated(
            f"the translator does not answer ({type(failure).__name__})", remedy="Try again in a moment"
        ) from failure
    if answer.status != HTTPStatus.OK:
        raise NotTranslated(f"the translator refuses (status {answer.status})")
    if len(content) > LARGEST_ANSWER:
        raise Nonsense
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as failure:
        raise Nonsense from failure


@contextmanager
def _hung_up_in_time(connection: HTTPConnection) -> Iterator[None]:
    """Ends the connection when it lasts too long: the patience of a socket begins anew with each byte."""
    connection.connect()
    clock = Timer(PATIENCE, _hang_up, [connection.sock])
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):  # it ended by itself
        line.shutdown(socket.SHUT_RDWR)


def _connection() -> HTTPConnection:
    if settings.TRANSLATOR.startswith("/"):
        return _ByPath(HOST, timeout=PATIENCE)
    host, _, port = settings.TRANSLATOR.removeprefix("http://").rpartition(":")
    return HTTPConnection(host.strip("[]"), int(port), timeout=PATIENCE)


class _ByPath(HTTPConnection):
    """A connection to a socket that lies in a folder."""

    def connect(self) -> None:
        """Open it."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(settings.TRANSLATOR)
