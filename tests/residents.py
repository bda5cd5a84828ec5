"""A resident in front of the pages: opens the form, sends it, types the words of the receipt."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from hearback.listen.concerns.queries.keys import hand_out_form
from hearback.sealing import work

SAID = "The lamp at Fifth and Main has been dark for two weeks."


def hidden(answer: HttpResponse, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found, f"no field {name}"
    return unescape(found[1])


def said(answer: HttpResponse) -> str:
    """The text of a page without its markup, blanks made single."""
    body = answer.content.decode().split("<main", 1)[1].split("</main>")[0]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def token(*, opened_ago: timedelta = timedelta(minutes=2), difficulty: int = 12) -> str:
    """A form that was opened some minutes ago."""
    return hand_out_form(at=timezone.now() - opened_ago, difficulty=difficulty)


def worked(*, opened_ago: timedelta = timedelta(0)) -> dict[str, str]:
    """A form whose little work was done, as a browser with JavaScript does."""
    easy = token(opened_ago=opened_ago, difficulty=1)
    return {"token": easy, "work": work.solve(easy, difficulty=1)}


def send(client: Client, desk: str, *, prefix: str = "", **fields: Any) -> HttpResponse:
    """Send a concern; without more it is one in good order, from a browser without JavaScript."""
    given = {"token": token(), "kind": "concern", "words": SAID, "desk": desk, "safety": "", "area": ""}
    return client.post(f"{prefix}/tell/", given | fields)


def words_of(answer: HttpResponse) -> str:
    """The seven words of the card."""
    card = answer.content.decode().split('class="card"')[1].split("</ol>")[0]
    return " ".join(re.findall(r"<li>([^<]+)</li>", card))


def proof_of(answer: HttpResponse) -> tuple[str, str]:
    """The proof of submission and the line that goes with the words."""
    proof, salt = re.findall(r"<pre>([^<]+)</pre>", answer.content.decode())
    return proof, salt


def open_thread(client: Client, words: str, *, prefix: str = "") -> HttpResponse:
    """Type the words."""
    return client.post(f"{prefix}/receipt/", {"token": token(difficulty=0), "words": words})


def step(client: Client, thread: HttpResponse, do: str, **fields: Any) -> HttpResponse:
    """Press a button in the thread."""
    return client.post("/receipt/", {"ticket": hidden(thread, "ticket"), "do": do} | fields)
