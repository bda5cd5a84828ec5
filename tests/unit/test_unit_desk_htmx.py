"""With HTMX a step brings back its part of the page, without it the whole; public pages carry none of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from concerns import Sent
from hearback.foundation.access.models import Desk
from hearback.foundation.people.models import User
from hearback.listen.concerns.queries import threads
from standing_roles import signed_in, unlocked

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ANSWER = "The lamp will be mended on Monday."
INBOX = "/desk/concerns/"


@pytest.fixture
def one(sent: Callable[..., Sent], liaison: User, teammate: User, liaison_desk: Desk) -> Sent:
    """A concern at the liaisons' desk."""
    return sent(liaison_desk)


def do(client: Client, one: Sent, step: str, /, htmx: bool = True, **fields: Any) -> HttpResponse:
    """A step of the page of a concern."""
    return client.post(f"{INBOX}{one.concern.reference}/{step}/", fields, headers=HTMX if htmx else {})


def is_part(answer: HttpResponse) -> bool:
    """Whether it is less than a page."""
    return b"<!doctype html>" not in answer.content


def test_a_filter_changes_the_list_alone(one: Sent, liaison: User) -> None:
    client = signed_in(liaison)
    whole, part = client.get(INBOX), client.get(INBOX, {"kind": "concern"}, headers=HTMX)
    assert not is_part(whole)
    assert is_part(part)
    assert 'id="inbox-list"' in part.content.decode()
    assert 'id="inbox-count" role="status"' in part.content.decode()
    assert one.concern.reference in part.content.decode()
    assert one.concern.reference not in client.get(INBOX, {"kind": "idea"}, headers=HTMX).content.decode()


def test_going_back_in_the_browser_brings_the_whole_page(one: Sent, liaison: User) -> None:
    again = signed_in(liaison).get(INBOX, headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert not is_part(again)


@pytest.mark.parametrize(
    ("step", "fields"), [("assign", {"chosen": "tom"}), ("note", {"text": "Ask the works department."})]
)
def test_a_step_brings_back_the_concern_as_it_stands_then(
    step: str, fields: dict[str, str], one: Sent, liaison: User
) -> None:
    client = unlocked(liaison)
    part = do(client, one, step, **fields)
    assert (part.status_code, part["HX-Retarget"]) == (200, "#concern")
    assert is_part(part)
    assert next(iter(fields.values())) in part.content.decode()
    assert 'role="status"' in part.content.decode()
    assert do(client, one, step, htmx=False, **fields).status_code == 302


def test_an_answer_is_graded_seen_and_sent_in_parts(one: Sent, liaison: User) -> None:
    client = unlocked(liaison)
    grade = do(client, one, "grade", text=ANSWER)
    assert is_part(grade)
    assert "Reading level: school year" in grade.content.decode()
    letter = do(client, one, "answer", text=ANSWER, seen=1, step="preview")
    assert is_part(letter)
    assert "This is what the resident will read" in letter.content.decode()
    assert one.concern.messages.count() == 1
    sent = do(client, one, "answer", text=ANSWER, seen=1, step="send")
    assert sent["HX-Retarget"] == "#concern"
    assert "Your answer is on its way" in sent.content.decode()
    assert threads.words_for_resident(one.concern, one.keys)[-1].text == ANSWER


def test_a_mistake_brings_the_form_back_with_every_word(one: Sent, liaison: User) -> None:
    answer = do(unlocked(liaison), one, "answer", text="I will [what you will do] soon.", seen=1, step="send")
    assert answer.status_code == 422
    assert is_part(answer)
    assert "I will [what you will do] soon." in answer.content.decode()


@pytest.mark.parametrize(("language", "said"), [("vi", "There is no formula"), ("en", "")])
def test_where_there_is_no_grade_none_is_made_up(
    language: str, said: str, sent: Callable[..., Sent], liaison: User, liaison_desk: Desk
) -> None:
    other, client = sent(liaison_desk, language=language), unlocked(liaison)
    assert do(client, other, "grade", text=" ").content.strip() == b""
    shown = do(client, other, "grade", text="Cảm ơn" if language == "vi" else "...").content.decode()
    assert said in shown
    assert "Reading level" not in shown


@pytest.mark.parametrize("htmx", [True, False])
def test_a_session_that_ended_costs_nobody_their_words(htmx: bool, one: Sent, liaison: User) -> None:
    here = f"http://testserver{INBOX}{one.concern.reference}/"
    headers = {"Referer": here} | (HTMX if htmx else {})
    answer = Client().post(f"{INBOX}{one.concern.reference}/answer/", {"text": ANSWER, "seen": 1}, headers=headers)
    assert answer.status_code == 401
    page = answer.content.decode()
    assert "You were signed out" in page
    assert ANSWER in page
    assert f"/desk/login/?next={INBOX}{one.concern.reference}/" in page
    assert one.concern.messages.count() == 1


def test_a_session_that_is_too_old_ends_in_the_same_way(one: Sent, liaison: User) -> None:
    client = unlocked(liaison)
    session = client.session
    session["signed_in_at"] = int((timezone.now() - timedelta(hours=9)).timestamp())
    session.save()
    answer = do(client, one, "note", htmx=False, text="Ask the works department.")
    assert answer.status_code == 401
    assert "Ask the works department." in answer.content.decode()


def test_no_secret_is_ever_shown_again() -> None:
    answer = Client().post("/desk/keys/unlock/", {"passphrase": "copper kettle under orchard"}, headers=HTMX)
    assert answer.status_code == 401
    assert "copper kettle" not in answer.content.decode()


def test_a_filter_after_the_session_ended_leads_to_sign_in() -> None:
    answer = Client().get(INBOX, headers=HTMX)
    assert answer["HX-Redirect"].startswith("/desk/login/?next=")


def test_a_locked_key_is_told_beside_what_was_typed(one: Sent, liaison: User) -> None:
    answer = do(signed_in(liaison), one, "note", text="Ask.")
    assert answer.status_code == 423
    assert "what you typed still stands below" in answer.content.decode()


def test_desk_pages_run_no_script_but_their_own_and_keep_no_page_in_the_browser(one: Sent, liaison: User) -> None:
    answer = unlocked(liaison).get(f"{INBOX}{one.concern.reference}/")
    page = answer.content.decode()
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert re.findall(r"<script(?![^>]* src=\"/static/)[^>]*>", page) == []
    assert not re.search(r"hx-on|hx-vals=.js|<style| style=", page)
    for setting in ('"allowEval": false', '"includeIndicatorStyles": false', '"historyCacheSize": 0'):
        assert setting in page


@pytest.mark.parametrize("address", ["/tell/", "/receipt/", "/verify/", "/privacy/", "/tell/paper/", "/desk/login/"])
def test_pages_of_residents_carry_no_htmx(address: str, client: Client, liaison: User) -> None:
    assert "htmx" not in client.get(address).content.decode()
