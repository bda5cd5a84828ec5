"""A liaison's day in a browser: sign in, unlock, read, answer; accessible, and the same without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from concerns import Sent
from conftest import follow
from hearback.foundation.access.models import Desk
from hearback.foundation.people.models import User
from hearback.listen.concerns.queries import threads
from standing_roles import PASSPHRASE, PASSWORD, code_now

pytestmark = [pytest.mark.functional, pytest.mark.django_db(transaction=True)]
Sends = Callable[..., Sent]

ANSWER = "Thank you for telling us. The lamp will be mended on Monday."


def sign_in(page: Page, address: str, person: User) -> None:
    """Password, code, passphrase, each typed."""
    page.goto(f"{address}/desk/concerns/")
    page.fill("input[name=login]", person.username)
    page.fill("input[name=password]", PASSWORD)
    follow(page.locator("main button[type=submit]").first)
    page.fill("input[name=code]", code_now())
    follow(page.locator("main button[type=submit]").first)
    page.goto(f"{address}/desk/keys/unlock/?next=/desk/concerns/")
    page.fill("input[name=passphrase]", PASSPHRASE)
    follow(page.locator("main button[type=submit]").first)


def check(page: Page) -> None:
    """No broken accessibility rule, and nothing wider than the screen."""
    broken = [(rule["id"], rule["nodes"][0]["html"]) for rule in Axe().run(page).response["violations"]]
    assert broken == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], page.url


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_of_the_desk_is_accessible_and_fits(
    width: int, browser: Browser, live_server: Any, sent: Sends, liaison: User, teammate: User, liaison_desk: Desk
) -> None:
    one = sent(liaison_desk, contact="telephone 555-0100")
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    sign_in(page, live_server.url, liaison)
    here = f"/desk/concerns/{one.concern.reference}/"
    for address in (
        "/desk/",
        "/desk/concerns/?state=",
        here,
        "/desk/concerns/new/",
        "/desk/concerns/new/?source=phone&language=ar",
        "/desk/concerns/newcomers/",
        "/desk/concerns/newcomers/tom/",
        "/desk/concerns/2222222222/",
        "/tell/paper/",
    ):
        page.goto(live_server.url + address)
        check(page)
    page.goto(live_server.url + here)
    page.fill("#answer_text", ANSWER)
    page.get_by_role("button", name="See it before it goes").click()
    expect(page.get_by_text("This is what the resident will read")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("Your answer is on its way")).to_be_visible()
    check(page)
    follow(page.get_by_role("button", name="Open it; this is recorded"))
    check(page)
    page.context.close()


def test_an_answer_is_written_and_sent_without_javascript_by_keyboard(
    browser: Browser, live_server: Any, sent: Sends, liaison: User, liaison_desk: Desk
) -> None:
    one = sent(liaison_desk)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    sign_in(page, live_server.url, liaison)
    follow(page.get_by_role("link", name=one.concern.reference))
    page.focus("#answer_text")
    page.keyboard.type(ANSWER)
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("Reading level: school year")).to_be_visible()
    page.focus("button[value=send]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("Your answer is on its way")).to_be_visible()
    assert threads.words_for_resident(one.concern, one.keys)[-1].text == ANSWER
    context.close()


def test_oversight_and_coordinator_see_what_is_late(
    browser: Browser, live_server: Any, sent: Sends, liaison: User, overseer: User, liaison_desk: Desk, at: datetime
) -> None:
    sent(liaison_desk)
    page = browser.new_page()
    sign_in(page, live_server.url, overseer)
    page.goto(f"{live_server.url}/desk/late/")
    check(page)
    page.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_oversight_places_and_ends_a_hold(
    width: int,
    browser: Browser,
    live_server: Any,
    sent: Sends,
    liaison: User,
    overseer: User,
    liaison_desk: Desk,
) -> None:
    one = sent(liaison_desk)
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    sign_in(page, live_server.url, overseer)
    follow(page.get_by_role("link", name="Legal holds"))
    check(page)
    page.get_by_label("Reference of the concern").fill(one.concern.reference)
    page.get_by_label("Why").fill("Order 12/2026 of the county court")
    follow(page.get_by_role("button", name="Hold it; this is recorded"))
    expect(page.locator("td").last).to_have_text("Order 12/2026 of the county court")
    check(page)
    follow(page.get_by_role("link", name="End the hold"))
    check(page)
    page.get_by_label("Why").fill("The case is closed.")
    follow(page.get_by_role("button", name="End the hold; this is recorded"))
    expect(page.get_by_text("Nothing is held.")).to_be_visible()
    page.context.close()
