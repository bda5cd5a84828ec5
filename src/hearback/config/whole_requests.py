"""Requests are taken in whole before anybody works on them; what breaks off on the way reaches nobody."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
Start = Callable[..., Any]

LARGEST = 10 * 1024 * 1024
"""Bodies beyond this are refused by their length, and are not read here."""
BROKEN_OFF = b"Nothing was received: the connection broke off. Please send it again.\n"


class WholeRequests:
    """A WSGI application behind a door that only whole bodies pass.

    Django takes the beginning of a form for a whole one: somebody's words would be kept up to where the connection
    broke off, and the whole form, sent again, would be refused as another.
    """

    def __init__(self, application: Callable[[Environ, Start], Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, request: Environ, start: Start) -> Iterable[bytes]:
        length = int(request.get("CONTENT_LENGTH") or 0)
        if 0 < length <= LARGEST:
            body = _taken_in(request["wsgi.input"], length)
            if len(body) < length:
                start("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
                return [BROKEN_OFF]
            request["wsgi.input"] = io.BytesIO(body)
        return self.application(request, start)


def _taken_in(stream: Any, length: int) -> bytearray:
    body = bytearray()
    while len(body) < length and (piece := stream.read(length - len(body))):
        body += piece
    return body
