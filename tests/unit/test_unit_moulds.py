"""Pages made once and filled in for each reader: nobody's words reach another, none reach the store."""

from __future__ import annotations

import pickle
import re

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.template import engines
from django.test import Client, RequestFactory
from django.utils.translation import override

from hearback import moulds
from hearback.foundation.access.models import Desk
from hearback.moulds import filled
from residents import hidden, proof_of, send, words_of

PAGE = "{{ city_name }}|{{ token }}|{% for word in words %}<li>{{ word }}</li>{% endfor %}|{{ request.path }}"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def template(monkeypatch: pytest.MonkeyPatch) -> None:
    def render_to_string(name: str, context: dict[str, object], request: object = None) -> str:
        return str(engines["django"].from_string(PAGE).render(context, request))

    monkeypatch.setattr(moulds, "render_to_string", render_to_string)


def page(token: str, words: list[str], *, path: str = "/tell/", city: str = "Bay") -> str:
    request = RequestFactory().get(path)
    return filled(request, "any.html", same={"city_name": city}, own={"token": token, "words": words}).content.decode()


def test_each_reader_gets_their_own_words_in_the_same_mould() -> None:
    assert page("one", ["a", "b"]) == "Bay|one|<li>a</li><li>b</li>|/tell/"
    assert page("two", ["c", "d"]) == "Bay|two|<li>c</li><li>d</li>|/tell/"
    assert len(caches["pages"]._cache) == 1


def test_own_words_are_escaped_and_never_looked_at_again() -> None:
    page("one", ["a"])
    mark = f"{moulds._MARK}1-"
    assert page("<b>", [mark]) == f"Bay|&lt;b&gt;|<li>{mark}</li>|/tell/"


def test_own_words_never_reach_the_store() -> None:
    page("a-secret-token", ["a-secret-word"])
    stored = b"".join(caches["pages"]._cache.values())
    assert pickle.loads(stored)[0] == "Bay|"
    assert b"secret" not in stored


def test_what_decides_the_shape_makes_another_mould() -> None:
    shapes = [
        page("t", ["a"]),
        page("t", ["a", "b"]),
        page("t", ["a"], city="Point"),
        page("t", ["a"], path="/verify/"),
    ]
    with override("es"):
        shapes.append(page("t", ["a"]))
    assert len(set(shapes)) == 4
    assert len(caches["pages"]._cache) == 5


class TestThePages:
    """The real pages of residents."""

    @pytest.fixture(autouse=True)
    def template(self) -> None:
        """Templates as they are."""

    @pytest.fixture(autouse=True)
    def desks(self, liaison: object, teammate: object, overseer: object) -> None:
        """Somebody reads."""

    def test_two_forms_never_carry_the_same_token(self, client: Client) -> None:
        assert len({hidden(client.get("/tell/"), "token") for _ in range(5)}) == 5
        assert len({hidden(client.get("/es/tell/"), "token") for _ in range(5)}) == 5

    def test_what_stands_behind_one_readers_address_is_not_shown_to_the_next(self, client: Client) -> None:
        for _ in range(2):
            client.get("/tell/?phone=555-0100")
            assert b"555-0100" not in client.get("/tell/").content
        assert all(b"555-0100" not in stored for stored in caches["pages"]._cache.values())

    def test_two_residents_get_their_own_receipts(self, client: Client) -> None:
        answers = [send(client, "team") for _ in range(2)]
        assert words_of(answers[0]) != words_of(answers[1])
        assert proof_of(answers[0]) != proof_of(answers[1])
        assert hidden(answers[0], "ticket") != hidden(answers[1], "ticket")
        stored = b"".join(caches["pages"]._cache.values()).decode("latin-1")
        assert not [word for word in words_of(answers[0]).split() if f"<li>{word}</li>" in stored]

    def test_the_receipts_page_names_the_desk_that_was_chosen(self, client: Client, oversight_desk: Desk) -> None:
        assert "Liaison team" in send(client, "team").content.decode()
        assert oversight_desk.name in send(client, "board").content.decode()

    def test_a_receipt_looks_the_same_from_the_mould_as_made_anew(self, client: Client) -> None:
        def shape(answer: HttpResponse) -> str:
            own = r"<li>[^<]+</li>|<pre>[^<]+</pre>|value=\"[^\"]*\"|Word \d|word-\d"
            return re.sub(own, "", answer.content.decode().split("<main")[1])

        first, second = send(client, "team"), send(client, "team")
        assert shape(first) == shape(second)
        assert moulds._MARK not in first.content.decode() + second.content.decode()
