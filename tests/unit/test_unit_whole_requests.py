"""Only whole bodies reach the application: the beginning of a form is not taken for a form."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from hearback.config import whole_requests
from hearback.config.whole_requests import BROKEN_OFF, WholeRequests


class Dripping(io.BytesIO):
    """A connection that brings three bytes at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(3, size) if size and size > 0 else 3)


class Application:
    """Notes what it gets."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self.bodies.append(environ["wsgi.input"].read())
        start("200 OK", [])
        return [b"Received."]


def answered(application: Application, body: bytes, *, length: str) -> tuple[str, bytes]:
    said: list[str] = []
    environ = {"CONTENT_LENGTH": length, "wsgi.input": Dripping(body)}
    answer = WholeRequests(application)(environ, lambda status, headers: said.append(status))
    return said[0], b"".join(answer)


def test_a_body_that_comes_in_pieces_is_handed_over_whole() -> None:
    application = Application()
    assert answered(application, b"good news", length="9") == ("200 OK", b"Received.")
    assert application.bodies == [b"good news"]


@pytest.mark.parametrize("body", [b"", b"good", b"good new"])
def test_a_body_that_breaks_off_reaches_nobody(body: bytes) -> None:
    application = Application()
    assert answered(application, body, length="9") == ("400 Bad Request", BROKEN_OFF)
    assert application.bodies == []


def test_a_request_without_a_body_is_passed_on_as_it_is() -> None:
    application = Application()
    assert answered(application, b"", length="")[0] == "200 OK"


def test_a_body_that_every_page_refuses_is_not_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_requests, "LARGEST", 4)
    application = Application()
    assert answered(application, b"good", length="9")[0] == "200 OK"
