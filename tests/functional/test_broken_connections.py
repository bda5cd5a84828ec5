"""A connection that breaks off in the middle of a form: nothing of it is kept, and the whole form can be sent again."""

from __future__ import annotations

import re
import socket
import urllib.request
from urllib.parse import urlencode, urlsplit

import pytest

from conftest import Served
from hearback.sealing import work

pytestmark = pytest.mark.functional
WORDS = "La luz de la esquina no funciona. " * 20


def filled_in(city: Served) -> bytes:
    """A form with its work done, the words last."""
    with urllib.request.urlopen(f"{city.address}/es/tell/", timeout=60) as page:
        form = page.read().decode()
    (token,) = re.findall(r'name="token" value="([^"]+)"', form)
    (difficulty,) = re.findall(r'data-difficulty="(\d+)"', form)
    desk = re.findall(r'name="desk" value="([^"]+)"', form)[0]
    solved = work.solve(token, difficulty=int(difficulty))
    given = {"token": token, "work": solved, "kind": "concern", "desk": desk, "words": WORDS}
    return urlencode(given).encode()


def send(city: Served, body: bytes, *, of: int) -> bytes:
    """The first line of the answer to a form of which so many bytes are sent; the server is told of `of`."""
    place = urlsplit(city.address)
    head = (
        "POST /es/tell/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {of}\r\n\r\n"
    )
    with socket.create_connection((str(place.hostname), int(place.port or 0)), timeout=60) as connection:
        connection.sendall(head.encode() + body)
        if len(body) < of:
            connection.shutdown(socket.SHUT_WR)
        return connection.recv(200).split(b"\r\n")[0]


def test_half_a_form_is_not_kept_and_the_whole_one_is_received_afterwards(demo: Served) -> None:
    before = demo.status()["counts"]["concerns"]
    form = filled_in(demo)
    assert b" 400 " in send(demo, form[: len(form) - 200], of=len(form))
    assert demo.status()["counts"]["concerns"] == before
    assert b" 200 " in send(demo, form, of=len(form))
    assert demo.status()["counts"]["concerns"] == before + 1
