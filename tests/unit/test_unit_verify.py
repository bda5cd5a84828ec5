"""Checking a proof of submission."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from hearback.listen.concerns.queries.keys import proof_public_key
from residents import SAID, proof_of, said, send, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("liaison")]


def _check(client: Client, **fields: str) -> HttpResponse:
    return client.post("/verify/", {"token": token(difficulty=0)} | fields)


def test_a_genuine_proof_shows_when_and_says_what_it_does_not_show(client: Client) -> None:
    proof, _ = proof_of(send(client, "team"))
    answer = _check(client, proof=proof.lower().replace("\n", " "))
    assert answer.status_code == 200
    assert "This proof is genuine" in said(answer)
    assert "It does not show: who wrote it" in said(answer)
    assert "exactly these words" not in said(answer)


def test_with_its_line_a_proof_shows_the_words_and_no_other_words(client: Client) -> None:
    proof, salt = proof_of(send(client, "team", words=f"{SAID}\r\nEvery night."))
    assert "It was exactly these words." in said(_check(client, proof=proof, salt=salt, words=f"{SAID}\nEvery night. "))
    assert "It was not these words" in said(_check(client, proof=proof, salt=salt, words=SAID))


def test_a_mistyped_line_is_named(client: Client) -> None:
    proof, salt = proof_of(send(client, "team"))
    lines = proof.splitlines()
    lines[2] = ("0" if lines[2][0] != "0" else "1") + lines[2][1:]
    answer = _check(client, proof="\n".join(lines))
    assert answer.status_code == 422
    assert "Line 3 is mistyped" in said(answer)
    assert "This line is mistyped" in said(_check(client, proof=proof, words=SAID, salt=salt[:-1]))


@pytest.mark.parametrize("proof", ["", "nonsense", "x" * 3_000, "A" * 2_000])
def test_what_is_no_proof_is_not_called_genuine(client: Client, proof: str) -> None:
    answer = _check(client, proof=proof)
    assert answer.status_code == 422
    assert "This proof is genuine" not in said(answer)


def test_the_public_key_stands_on_the_page(client: Client) -> None:
    assert proof_public_key().hex() in client.get("/verify/").content.decode()


def test_a_page_that_was_open_too_long_shows_nothing(client: Client) -> None:
    proof, _ = proof_of(send(client, "team"))
    answer = client.post("/verify/", {"proof": proof})
    assert answer.status_code == 422
    assert "This proof is genuine" not in said(answer)
