"""The desk in a real browser: with JavaScript a step changes its part of the page, without it every step works too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from test_desk_concern_journey import ANSWER, check, sign_in

from concerns import Sent
from conftest import follow
from hearback.foundation.access.models import Desk
from hearback.foundation.people.models import User
from hearback.listen.concerns.queries import threads
from hearback.stats.readability import readability

pytestmark = [pytest.mark.functional, pytest.mark.django_db(transaction=True)]
Sends = Callable[..., Sent]


@pytest.fixture
def at_desk(browser: Browser, live_server: Any, liaison: User) -> Iterator[Callable[..., Page]]:
    """The liaison's browser; it fails the test when a page complains."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opening(**options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        sign_in(page, live_server.url, liaison)
        return page

    yield opening
    for context in contexts:
        context.close()
    assert complaints == []


def pages_loaded(page: Page) -> list[str]:
    """Whole pages that are asked for from now on."""
    seen: list[str] = []
    page.on("request", lambda asked: seen.append(asked.url) if asked.is_navigation_request() else None)
    return seen


@pytest.mark.parametrize("width", [360, 1280])
def test_with_javascript_the_page_stays_and_its_parts_change(
    width: int, at_desk: Callable[..., Page], sent: Sends, teammate: User, liaison_desk: Desk
) -> None:
    one, spanish = sent(liaison_desk), sent(liaison_desk, text="Hola.", language="es")
    page = at_desk(viewport={"width": width, "height": 800})
    expect(page.locator("table.inbox tbody tr")).to_have_count(2)
    loaded = pages_loaded(page)
    page.get_by_label("Language", exact=True).select_option("es")
    expect(page.locator("table.inbox tbody tr")).to_have_count(1)
    expect(page.locator("table.inbox")).to_contain_text(spanish.concern.reference)
    expect(page.get_by_role("status")).to_contain_text("1 of 2 concerns")
    assert "language=es" in page.url
    assert loaded == []
    check(page)
    page.get_by_label("Language", exact=True).select_option("")
    follow(page.get_by_role("link", name=one.concern.reference))
    loaded.clear()

    page.get_by_label("Who", exact=True).select_option(teammate.username)
    page.get_by_role("button", name="Assign").click()
    expect(page.locator("[role=status].notice")).to_contain_text("It is written down who looks after it.")
    expect(page.locator("[role=status].notice")).to_be_focused()
    page.get_by_label("A note for your desk").fill("Ask the works department.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".dialogue")).to_have_count(2)
    check(page)

    page.locator("#answer_text").press_sequentially(ANSWER)
    graded = readability(ANSWER, language="en")
    assert graded is not None
    expect(page.locator("#grade")).to_contain_text(f"school year {graded.score:.0f}")
    page.get_by_role("button", name="See it before it goes").click()
    expect(page.locator(".letter")).to_contain_text(ANSWER)
    check(page)
    page.get_by_role("button", name="Change it").click()
    expect(page.locator("#answer_text")).to_have_value(ANSWER)
    page.get_by_role("button", name="See it before it goes").click()
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("[role=status].notice")).to_contain_text("Your answer is on its way")
    assert loaded == []
    assert threads.words_for_resident(one.concern, one.keys)[-1].text == ANSWER
    assert "lamp" not in page.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(localStorage)")
    check(page)


def test_back_in_the_browser_shows_the_inbox_as_it_was_asked_for(
    at_desk: Callable[..., Page], sent: Sends, liaison_desk: Desk
) -> None:
    sent(liaison_desk)
    page = at_desk()
    page.get_by_label("Kind").select_option("idea")
    expect(page.locator("#inbox-list")).to_contain_text("Nothing here fits.")
    page.go_back()
    expect(page.locator("table.inbox tbody tr")).to_have_count(1)
    expect(page.locator("h1")).to_have_count(1)


def test_without_javascript_filter_assign_and_note_are_whole_pages(
    at_desk: Callable[..., Page], sent: Sends, teammate: User, liaison_desk: Desk
) -> None:
    one = sent(liaison_desk)
    page = at_desk(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page.get_by_label("Kind").select_option("idea")
    follow(page.get_by_role("button", name="Show"))
    expect(page.locator("#inbox-list")).to_contain_text("Nothing here fits.")
    page.get_by_label("Kind").select_option("")
    follow(page.get_by_role("button", name="Show"))
    follow(page.get_by_role("link", name=one.concern.reference))
    page.get_by_label("Who", exact=True).select_option(teammate.username)
    follow(page.get_by_role("button", name="Assign"))
    expect(page.locator("[role=status].notice")).to_contain_text("It is written down who looks after it.")
    page.get_by_label("A note for your desk").fill("Ask the works department.")
    follow(page.get_by_role("button", name="Keep the note"))
    expect(page.locator(".dialogue").nth(1)).to_contain_text("Ask the works department.")


def test_what_was_typed_stays_when_the_session_or_the_connection_ends(
    browser: Browser, live_server: Any, sent: Sends, liaison: User, liaison_desk: Desk
) -> None:
    one = sent(liaison_desk)
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    sign_in(page, live_server.url, liaison)
    page.goto(f"{live_server.url}/desk/concerns/{one.concern.reference}/")
    page.get_by_label("A note for your desk").fill("Ask the works department.")
    context.set_offline(True)
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator("#unsent")).to_be_visible()
    context.set_offline(False)
    page.wait_for_timeout(100)
    context.clear_cookies(name="desk")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator("#failed")).to_contain_text("You were signed out")
    expect(page.locator("#unsent")).to_be_hidden()
    expect(page.get_by_label("A note for your desk")).to_have_value("Ask the works department.")
    check(page)
    context.close()
