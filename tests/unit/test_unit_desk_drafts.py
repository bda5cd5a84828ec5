"""Machine drafts on the page of a concern: who may ask for one, what is shown, and that nothing is kept or sent."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from concerns import Sent
from hearback.foundation.access.models import Desk
from hearback.foundation.audit.models import Entry
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.listen.concerns.queries import threads
from hearback.listen.concerns.queries.reply_templates import reply_templates
from hearback.listen.concerns.queries.translator import LONGEST
from residents import said
from standing_roles import signed_in, unlocked
from translators import ANSWER, ANSWER_IN_SOMALI, IN_ENGLISH, IN_SOMALI, Translator

pytestmark = pytest.mark.django_db
Sends = Callable[..., Sent]
HTMX = {"HX-Request": "true"}
MAY_BE_WRONG = "It may be wrong; ask somebody who speaks the language before you rely on it."


@pytest.fixture
def one(sent: Sends, liaison: User, teammate: User, liaison_desk: Desk) -> Sent:
    """A concern in Somali."""
    return sent(liaison_desk, text=IN_SOMALI, language="so")


def page_of(one: Sent) -> str:
    """The address of the concern."""
    return f"/desk/concerns/{one.concern.reference}/"


def ask(client: Client, one: Sent, *, message: int = 0, htmx: bool = False, **typed: Any) -> HttpResponse:
    """Ask for a draft of a message, with whatever stands in the form of the answer."""
    number = message or one.concern.messages.latest("pk").pk
    return client.post(f"{page_of(one)}drafts/{number}/", typed, headers=HTMX if htmx else {})


def do(client: Client, one: Sent, step: str, **typed: Any) -> HttpResponse:
    """A step of the answer."""
    return client.post(f"{page_of(one)}answer/", {"seen": 1, "step": step} | typed)


def field(answer: HttpResponse, name: str) -> str:
    """What stands in a field of the answer's form: in the large one, or in a hidden one."""
    page = answer.content.decode()
    if name == "text":
        return unescape(page.split('id="answer_text"')[1].split(">", 1)[1].split("</textarea>")[0]).lstrip("\r\n")
    start = page.split(f'name="{name}"')[1].split(">")[0]
    return unescape(start.split('value="')[1].split('"')[0]) if 'value="' in start else ""


# of what was said


def test_a_draft_stands_beside_the_original_and_says_what_it_is(
    one: Sent, liaison: User, translator: Translator
) -> None:
    client = unlocked(liaison)
    before = client.get(page_of(one))
    assert "Show a machine draft in English" in said(before)
    assert translator.seen == []
    shown = ask(client, one)
    assert shown.status_code == 200
    assert "no-store" in shown["Cache-Control"]
    assert f"Machine draft. {MAY_BE_WRONG} {IN_ENGLISH}" in said(shown)
    assert IN_SOMALI in said(shown)
    assert IN_ENGLISH not in said(client.get(page_of(one)))


def test_with_htmx_the_draft_comes_alone(one: Sent, liaison: User, translator: Translator) -> None:
    part = ask(unlocked(liaison), one, htmx=True).content.decode()
    assert "<!doctype" not in part
    assert IN_ENGLISH in part
    assert IN_SOMALI not in part


def test_the_desks_own_answers_can_be_drafted_too(one: Sent, liaison: User, translator: Translator) -> None:
    client = unlocked(liaison)
    do(client, one, "send", text=ANSWER_IN_SOMALI)
    assert one.concern.messages.count() == 2
    shown = ask(client, one)
    assert f"{MAY_BE_WRONG} {ANSWER}" in said(shown)
    assert said(shown).count("Show a machine draft") == 2


def test_what_was_typed_in_the_answer_is_still_there(one: Sent, liaison: User, translator: Translator) -> None:
    typed = {"text": "Half a", "original": "Half", "used": "heard", "seen": "1"}
    translator.status = 503
    shown = ask(unlocked(liaison), one, **typed)
    assert shown.status_code == 422
    assert "The translator refuses (status 503)." in said(shown)
    assert {name: field(shown, name) for name in typed} == typed


def test_words_in_the_language_of_the_page_get_no_button(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk, translator: Translator
) -> None:
    english = sent(liaison_desk)
    page = said(unlocked(liaison).get(page_of(english)))
    assert "machine draft" not in page.lower()
    assert "Draft it in" not in page


def test_without_a_translator_one_sentence_says_how_to_get_one(one: Sent, liaison: User, settings: Settings) -> None:
    settings.TRANSLATOR = ""
    client = unlocked(liaison)
    page = said(client.get(page_of(one)))
    assert page.count("There is no translator on this machine; whoever runs it can add one (docs/operating.md") == 1
    assert "The beginnings of answers are there in Soomaali, and each shows its English when you put it in." in page
    assert "Show a machine draft" not in page
    assert "Draft it in" not in page
    refused = ask(client, one, htmx=True)
    assert (refused.status_code, "There is no translator on this machine." in refused.content.decode()) == (422, True)


def test_too_long_and_not_offered_are_told_in_words(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk, translator: Translator
) -> None:
    client = unlocked(liaison)
    long = sent(liaison_desk, text="ha " * LONGEST, language="so")
    creole = sent(liaison_desk, text="Limyè a pa mache.", language="ht")
    assert "These words are too long for a draft" in said(ask(client, long))
    assert "does not translate from Haitian Creole to English" in said(ask(client, creole))
    assert translator.asked == []


# who may


def test_its_readers_may_and_nobody_else(
    one: Sent, teammate: User, outsider: User, overseer: User, join: Callable[..., User], translator: Translator
) -> None:
    for stranger in (outsider, overseer):
        answer = ask(unlocked(stranger), one)
        assert answer.status_code == 404
        assert "Not sealed to you" in answer.content.decode()
    for role in (Role.ADMINISTRATOR, Role.ANALYST):
        assert ask(signed_in(join(role.value, role)), one).status_code == 403
    assert ask(Client(), one)["Location"].startswith("/desk/login/")
    assert translator.seen == []
    assert ask(unlocked(teammate), one).status_code == 200


def test_a_locked_key_drafts_nothing_and_keeps_what_was_typed(one: Sent, liaison: User, translator: Translator) -> None:
    for answer in (ask(signed_in(liaison), one, text=ANSWER), do(signed_in(liaison), one, "draft", text=ANSWER)):
        assert answer.status_code == 423
        assert ANSWER in answer.content.decode()
    assert translator.seen == []


def test_a_draft_of_an_answer_is_for_readers_alone(
    one: Sent, outsider: User, join: Callable[..., User], translator: Translator
) -> None:
    assert do(unlocked(outsider), one, "draft", text=ANSWER).status_code == 404
    assert do(signed_in(join("ada", Role.ADMINISTRATOR)), one, "draft", text=ANSWER).status_code == 403
    assert translator.seen == []


def test_a_message_of_another_concern_is_not_there(
    one: Sent, sent: Sends, liaison: User, liaison_desk: Desk, translator: Translator
) -> None:
    other = sent(liaison_desk, text="Kale.", language="so")
    assert ask(unlocked(liaison), one, message=other.concern.messages.get().pk).status_code == 404
    assert translator.seen == []


def test_a_draft_does_not_come_by_a_link(one: Sent, liaison: User, translator: Translator) -> None:
    number = one.concern.messages.get().pk
    assert unlocked(liaison).get(f"{page_of(one)}drafts/{number}/").status_code == 405
    assert translator.seen == []


# of an answer


def test_a_draft_takes_the_place_of_the_words_which_stay_above_it(
    one: Sent, liaison: User, translator: Translator
) -> None:
    shown = do(unlocked(liaison), one, "draft", text=ANSWER)
    assert (field(shown, "text"), field(shown, "original")) == (ANSWER_IN_SOMALI, ANSWER)
    page = said(shown)
    assert page.index(f"Your own words {ANSWER}") < page.index("Machine draft.") < page.index(ANSWER_IN_SOMALI)
    assert "A machine put your words into Soomaali" in page
    assert one.concern.messages.count() == 1


def test_the_preview_says_what_it_began_as_and_only_sending_sends(
    one: Sent, liaison: User, translator: Translator
) -> None:
    client = unlocked(liaison)
    drafted = do(client, one, "draft", text=ANSWER)
    typed = {name: field(drafted, name) for name in ("text", "original", "used", "seen")}
    preview = do(client, one, "preview", **typed)
    page = said(preview)
    assert "This began as a machine draft. It is meant to be Soomaali" in page
    assert f"Your own words {ANSWER}" in page
    assert one.concern.messages.count() == 1
    changing = do(client, one, "template", **typed)
    assert {name: field(changing, name) for name in typed} == typed
    assert do(client, one, "send", **typed).status_code == 302
    assert threads.words_for_resident(one.concern, one.keys)[-1].text == ANSWER_IN_SOMALI


def test_an_answer_that_no_machine_touched_is_not_called_a_draft(
    one: Sent, liaison: User, translator: Translator
) -> None:
    assert "machine draft" not in said(do(unlocked(liaison), one, "preview", text="Mahadsanid.")).split("Change it")[0]


def test_a_draft_can_be_taken_out_again(one: Sent, liaison: User, translator: Translator) -> None:
    client = unlocked(liaison)
    back = do(client, one, "original", text=ANSWER_IN_SOMALI, original=ANSWER)
    assert (field(back, "text"), field(back, "original")) == (ANSWER, "")
    assert "Draft it in Soomaali" in said(back)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "This field is required."),
        ("I will [what you will do].", "Fill in or take out"),
        ("a " * LONGEST, "These words are too long for a draft"),
    ],
)
def test_what_cannot_be_drafted_is_told_and_stays(
    text: str, told: str, one: Sent, liaison: User, translator: Translator
) -> None:
    shown = do(unlocked(liaison), one, "draft", text=text)
    assert (shown.status_code, told in said(shown)) == (422, True)
    assert field(shown, "text").strip() == text.strip()
    assert translator.asked == []


def test_with_a_silent_translator_every_word_stays(one: Sent, liaison: User, settings: Settings) -> None:
    settings.TRANSLATOR = "/no/such/socket"
    shown = do(unlocked(liaison), one, "draft", text=ANSWER)
    assert (shown.status_code, field(shown, "text")) == (422, ANSWER)
    assert "The translator does not answer" in said(shown)


def test_a_beginning_in_the_residents_language_has_its_english_beside_it(one: Sent, liaison: User) -> None:
    client = unlocked(liaison)
    shown = do(client, one, "template", text="", template="ask")
    english = next(one.text for one in reply_templates("en") if one.key == "ask")
    somali = next(one.text for one in reply_templates("so") if one.key == "ask")
    beginning = " ".join(english.split()[:8])
    assert field(shown, "text").replace("\r\n", "\n") == somali
    assert f"The beginning you put in, in English {beginning}" in said(shown)
    assert field(do(client, one, "template", text="", template="ask", used="ask"), "used") == "ask"
    again = do(client, one, "preview", text="Mahadsanid.", used=field(shown, "used"))
    assert f"The beginning you put in, in English {beginning}" in said(again)


def test_a_beginning_in_english_needs_nothing_beside_it(sent: Sends, liaison: User, liaison_desk: Desk) -> None:
    english = sent(liaison_desk)
    shown = do(unlocked(liaison), english, "template", text="", template="heard")
    assert "in English" not in said(shown)


# what is kept


def test_nothing_of_the_words_or_the_drafts_is_kept(
    one: Sent, liaison: User, translator: Translator, caplog: pytest.LogCaptureFixture
) -> None:
    client = unlocked(liaison)
    entries = Entry.objects.count()
    ask(client, one, text=ANSWER)
    ask(client, one, htmx=True)
    do(client, one, "draft", text=ANSWER)
    do(client, one, "preview", text=ANSWER_IN_SOMALI, original=ANSWER)
    rows = [repr(row) for model in apps.get_models() for row in model._default_manager.values_list()]
    kept = [*rows, str(dict(client.session)), repr(vars(caches["default"])), repr(vars(caches["pages"])), caplog.text]
    assert len(translator.asked) == 3
    assert one.concern.reference in "".join(rows)
    for words in ("Nalka", "lamp"):
        assert [line for line in kept if words in line] == []
    assert Entry.objects.count() == entries
