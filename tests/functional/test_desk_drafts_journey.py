"""A liaison who reads English answers somebody who writes Somali: drafts in a browser, with JavaScript and without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from test_desk_concern_journey import check, sign_in

from concerns import Sent
from conftest import follow, hearback
from hearback.foundation.access.models import Desk
from hearback.foundation.people.models import User
from hearback.listen.concerns.queries import threads
from translators import ANSWER, ANSWER_IN_SOMALI, IN_ENGLISH, IN_SOMALI, Translator

pytestmark = [pytest.mark.functional, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def one(sent: Callable[..., Sent], liaison: User, teammate: User, liaison_desk: Desk) -> Sent:
    """A concern in Somali."""
    return sent(liaison_desk, text=IN_SOMALI, language="so")


def opened(browser: Browser, address: str, liaison: User, one: Sent, **options: Any) -> Page:
    """The page of the concern, with the key unlocked."""
    page = browser.new_context(**options).new_page()
    sign_in(page, address, liaison)
    page.goto(f"{address}/desk/concerns/{one.concern.reference}/")
    return page


@pytest.mark.parametrize("width", [360, 1280])
def test_with_javascript_drafts_come_in_place_and_the_answer_goes_only_when_sent(
    width: int, browser: Browser, live_server: Any, one: Sent, liaison: User, translator: Translator
) -> None:
    page = opened(browser, live_server.url, liaison, one, viewport={"width": width, "height": 800})
    loaded: list[str] = []
    page.on("request", lambda asked: loaded.append(asked.url) if asked.is_navigation_request() else None)
    page.locator("#answer_text").fill(ANSWER)
    page.get_by_role("button", name="Show a machine draft in English").click()
    draft = page.locator(".dialogue .machine").first
    expect(draft).to_contain_text("It may be wrong; ask somebody who speaks the language before you rely on it.")
    expect(draft).to_contain_text(IN_ENGLISH)
    expect(page.locator("#answer_text")).to_have_value(ANSWER)
    check(page)

    page.get_by_role("button", name="Draft it in Soomaali").click()
    expect(page.locator("#answer_text")).to_have_value(ANSWER_IN_SOMALI)
    expect(page.locator("#answering .beside")).to_contain_text(ANSWER)
    expect(page.locator("#answering .notice")).to_be_focused()
    check(page)
    page.get_by_role("button", name="Back to your own words").click()
    expect(page.locator("#answer_text")).to_have_value(ANSWER)
    page.get_by_role("button", name="Draft it in Soomaali").click()
    expect(page.locator("#answer_text")).to_have_value(ANSWER_IN_SOMALI)
    page.get_by_role("button", name="See it before it goes").click()
    expect(page.locator(".letter")).to_contain_text(ANSWER_IN_SOMALI)
    expect(page.get_by_text("This began as a machine draft.")).to_be_visible()
    expect(page.locator("#answering .beside")).to_contain_text(ANSWER)
    check(page)
    assert one.concern.messages.count() == 1
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("Your answer is on its way")).to_be_visible()
    assert threads.words_for_resident(one.concern, one.keys)[-1].text == ANSWER_IN_SOMALI
    assert loaded == []
    page.context.close()


def test_with_javascript_a_silent_translator_costs_nobody_their_words(
    browser: Browser, live_server: Any, one: Sent, liaison: User, translator: Translator
) -> None:
    page = opened(browser, live_server.url, liaison, one, viewport={"width": 360, "height": 800})
    translator.shutdown()
    translator.server_close()
    page.locator("#answer_text").fill(ANSWER)
    page.get_by_role("button", name="Show a machine draft in English").click()
    expect(page.locator(".dialogue .error")).to_contain_text("The translator does not answer")
    page.get_by_role("button", name="Draft it in Soomaali").click()
    expect(page.locator("#answering .errorlist")).to_contain_text("The translator does not answer")
    expect(page.locator("#answer_text")).to_have_value(ANSWER)
    check(page)
    page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_without_javascript_every_step_is_a_page_and_nothing_typed_is_lost(
    width: int, browser: Browser, live_server: Any, one: Sent, liaison: User, translator: Translator
) -> None:
    options = {"java_script_enabled": False, "viewport": {"width": width, "height": 800}}
    page = opened(browser, live_server.url, liaison, one, **options)
    page.locator("#answer_text").fill(ANSWER)
    follow(page.get_by_role("button", name="Show a machine draft in English"))
    expect(page.locator(".dialogue .machine").first).to_contain_text(IN_ENGLISH)
    expect(page.locator("#answer_text")).to_have_value(ANSWER)
    assert page.url.endswith(f"#line-{one.concern.messages.get().pk}")
    follow(page.get_by_role("button", name="Draft it in Soomaali"))
    expect(page.locator("#answer_text")).to_have_value(ANSWER_IN_SOMALI)
    expect(page.locator("#answering .beside")).to_contain_text(ANSWER)
    follow(page.get_by_role("button", name="See it before it goes"))
    expect(page.get_by_text("This began as a machine draft.")).to_be_visible()
    assert one.concern.messages.count() == 1
    follow(page.get_by_role("button", name="Send it"))
    expect(page.get_by_text("Your answer is on its way")).to_be_visible()
    assert threads.words_for_resident(one.concern, one.keys)[-1].text == ANSWER_IN_SOMALI
    page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_without_a_translator_a_beginning_stands_beside_its_english(
    width: int, browser: Browser, live_server: Any, one: Sent, liaison: User
) -> None:
    page = opened(browser, live_server.url, liaison, one, viewport={"width": width, "height": 800})
    expect(page.get_by_text("There is no translator on this machine")).to_be_visible()
    page.get_by_label("A beginning to build on").select_option("ask")
    page.get_by_role("button", name="Put it in").click()
    expect(page.locator("#answering .beside")).to_contain_text("Thank you for telling us. To help you better")
    check(page)
    page.context.close()


@pytest.mark.parametrize("verb", ["serve", "status"])
def test_hearback_does_not_start_with_a_translator_elsewhere(verb: str, tmp_path: Path) -> None:
    (tmp_path / "secret-key").touch()
    refused = hearback(verb, "--data-dir", tmp_path, HEARBACK_TRANSLATOR="http://127.0.0.1.evil.example:5000")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("HEARBACK_TRANSLATOR: a translator must be on this machine, because")
    assert refused.stderr.count("\n") == 1
