"""A resident's way in a real browser: says something, comes back with seven words, reads, replies, takes it back."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import little_city
from conftest import Served, _serve, follow, hearback
from places import ROOT

pytestmark = pytest.mark.functional

SAID = "La luz de la esquina no funciona desde hace dos semanas."
ANSWER = "Vamos el viernes a repararla."
WIDTHS = (360, 1280)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The little city, with a liaison team, a partner and oversight who have keys."""
    folder = tmp_path_factory.mktemp("telling")
    done = hearback("build", little_city.write(folder / "source"), "--data-dir", folder / "city")
    assert done.returncode == 0, done.stderr
    _child("in_an_installation.py", "prepare", folder / "city")
    for served in _serve(folder / "city"):
        yield Served(served.address.replace("127.0.0.1", "localhost"), folder / "city")


def _child(script: str, *arguments: str | Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HEARBACK", "DJANGO"))}
    command = [sys.executable, ROOT / "tests" / script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page whose every mistake fails the test: `opened(width=360, java_script_enabled=False)`."""
    contexts = []
    complaints: list[str] = []

    def opening(*, width: int, **more: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opening
    for context in contexts:
        assert context.cookies() == []
        context.close()
    assert [one for one in complaints if "status of 422" not in one] == []


def _looked_at(page: Page) -> None:
    """Nothing wider than the screen, and nothing that shuts somebody out."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def _words(page: Page) -> list[str]:
    return page.locator(".card li").all_inner_texts()


def test_a_resident_without_javascript_on_a_narrow_phone_in_spanish_goes_the_whole_way(
    city: Served, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{city.address}/es/")
    follow(page.locator("main a[href='/es/tell/']").first)
    assert page.locator("main .now-call").bounding_box()["y"] < page.locator("h1").bounding_box()["y"]
    page.locator("[name=kind][value=concern]").check()
    page.locator("[name=words]").fill(SAID)
    page.locator("[name=desk][value=team]").check()
    page.locator("[name=area]").select_option(index=2)
    page.wait_for_timeout(3_100)  # without JavaScript the form asks for three seconds
    follow(page.locator("#send"))
    expect(page.locator(".card li")).to_have_count(7)
    words = _words(page)
    for field in page.locator(".typed-back input:not([type=hidden])").all():
        place = int((field.get_attribute("name") or "").removeprefix("word-"))
        field.fill(words[place - 1])
    follow(page.locator(".typed-back button"))
    assert page.url == f"{city.address}/es/receipt/confirm/"
    expect(page.locator(".card")).to_have_count(0)

    _child("answer_in_an_installation.py", city.data_dir, ANSWER)
    follow(page.locator("a.go"))
    page.locator("[name=words]").fill(" ".join(words).upper())
    follow(page.locator("main form.tell button"))
    address = page.url
    expect(page.locator(".thread > li").nth(1)).to_contain_text(ANSWER)
    page.locator("[name=words]").fill("Gracias. ¿También la otra?")
    follow(page.locator("form:has([name=words]) button").last)
    expect(page.locator(".thread > li")).to_have_count(3)
    page.locator("[name=helped][value=yes]").check()
    follow(page.locator("form:has([name=helped]) button"))
    expect(page.locator("[name=helped][value=yes]")).to_be_checked()
    follow(page.locator("form:has([name=do][value=withdraw]) button"))
    follow(page.locator(".wrong form button").first)
    expect(page.locator(".thread")).to_have_count(0)
    assert page.url == address == f"{city.address}/es/receipt/"
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_every_page_on_the_way_is_accessible_and_fits(
    city: Served, opened: Callable[..., Page], width: int, prefix: str
) -> None:
    page = opened(width=width)
    for address in ("/tell/", "/receipt/", "/verify/", "/clock/", "/privacy/"):
        page.goto(city.address + prefix + address)
        _looked_at(page)
    page.goto(f"{city.address}{prefix}/tell/")
    follow(page.locator("#send"))
    expect(page.locator(".wrong")).to_be_visible()
    _looked_at(page)
    page.locator("[name=kind][value=idea]").check()
    page.locator("[name=words]").fill("I have no papers. Put a bench at the stop.")
    page.locator("[name=desk][value=board]").check()
    follow(page.locator("#send"))
    expect(page.locator("#warned")).to_be_visible()
    _looked_at(page)
    follow(page.locator("#warned button"))
    expect(page.locator(".card")).to_be_visible()
    _looked_at(page)
    words = _words(page)
    page.goto(f"{city.address}{prefix}/receipt/")
    page.locator("[name=words]").fill(" ".join([words[0] + "qq", *words[1:]]))
    follow(page.locator("main form.tell button"))
    _looked_at(page)
    follow(page.get_by_role("button", name=" ".join(words), exact=True))
    expect(page.locator(".thread > li")).to_have_count(1)
    _looked_at(page)
    follow(page.locator("form:has([name=do][value=withdraw]) button"))
    _looked_at(page)
    follow(page.locator(".wrong form button").first)
    _looked_at(page)


def test_with_javascript_the_work_is_done_and_nobody_waits(city: Served, opened: Callable[..., Page]) -> None:
    page = opened(width=360)
    page.goto(f"{city.address}/tell/")
    page.locator("[name=kind][value=thanks]").check()
    page.locator("[name=words]").fill("Thank you for the lamp.")
    page.locator("[name=desk][value=team]").check()
    follow(page.locator("#send"))
    expect(page.locator(".card li")).to_have_count(7)


def test_a_draft_stays_only_where_it_is_asked_for_and_goes_when_it_was_sent(
    city: Served, opened: Callable[..., Page]
) -> None:
    page = opened(width=360)
    page.goto(f"{city.address}/tell/")
    page.locator("[name=words]").fill("Half a thought")
    assert page.evaluate("localStorage.length") == 0
    page.locator("#draft").check()
    page.locator("[name=contact]").fill("555-0100")
    assert "555-0100" not in page.evaluate("JSON.stringify(localStorage)")
    page.reload()
    expect(page.locator("[name=words]")).to_have_value("Half a thought")
    page.locator("[name=kind][value=idea]").check()
    page.locator("[name=desk][value=team]").check()
    follow(page.locator("#send"))
    expect(page.locator(".card li")).to_have_count(7)
    page.wait_for_function("localStorage.length === 0")


def test_the_back_button_shows_nothing_of_what_was_sent(city: Served, opened: Callable[..., Page]) -> None:
    page = opened(width=360)
    page.goto(f"{city.address}/tell/")
    page.locator("[name=kind][value=idea]").check()
    page.locator("[name=words]").fill("Nobody at home may see this.")
    page.locator("[name=desk][value=team]").check()
    follow(page.locator("#send"))
    expect(page.locator(".card li")).to_have_count(7)
    page.go_back()
    expect(page.locator("[name=words]")).to_have_value("")
    expect(page.locator("[name=kind][value=idea]")).not_to_be_checked()


def test_a_file_too_large_is_put_aside_before_the_words_are_lost_with_it(
    city: Served, opened: Callable[..., Page]
) -> None:
    page = opened(width=360)
    page.goto(f"{city.address}/tell/")
    page.locator("[name=words]").fill("See the photo.")
    page.locator("[name=file]").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": bytes(9_000_000)})
    expect(page.locator("#file-said")).to_contain_text("larger than 8 MB")
    expect(page.locator("[name=file]")).to_have_value("")
    expect(page.locator("[name=words]")).to_have_value("See the photo.")


def test_a_place_is_made_coarse_before_it_leaves_the_browser(city: Served, opened: Callable[..., Page]) -> None:
    page = opened(width=1280)
    page.goto(f"{city.address}/tell/")
    page.locator("#pin-open").click()
    square = page.locator("#pin-map path").nth(4)
    pins = set()
    for step in (10, 11, 12):
        square.click(position={"x": 60 + step, "y": 60})
        expect(page.locator("#pin")).to_have_value(re.compile("."))
        pins.add(page.locator("#pin").input_value())
    assert len(pins) <= 2
    west, north = map(float, pins.pop().split(","))
    assert -77 < west < -76.97
    assert 39 < north < 39.03
    expect(page.locator("[name=area]")).not_to_have_value("")
    _looked_at(page)
    page.locator("#pin-forget button").click()
    expect(page.locator("#pin")).to_have_value("")


def test_the_whole_page_with_everything_it_loads_weighs_at_most_50_kilobytes(
    city: Served, opened: Callable[..., Page]
) -> None:
    page = opened(width=360)
    session = page.context.new_cdp_session(page)
    weights: list[int] = []
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda done: weights.append(int(done["encodedDataLength"])))
    page.goto(f"{city.address}/tell/", wait_until="networkidle")
    assert len(weights) >= 3
    assert sum(weights) <= 50_000


def test_the_printed_card_shows_the_words_and_nothing_about_the_police(
    city: Served, opened: Callable[..., Page]
) -> None:
    page = opened(width=1280)
    page.goto(f"{city.address}/tell/")
    page.locator("[name=kind][value=complaint]").check()
    page.locator("[name=words]").fill("He shouted at my son.")
    page.locator("[name=desk][value=board]").check()
    follow(page.locator("#send"))
    expect(page.locator(".card li")).to_have_count(7)
    page.emulate_media(media="print")
    printed = page.locator("body").inner_text()
    assert all(word in printed for word in _words(page))
    for telling in ("olice", "omplaint", "Little Nine", "Tell us", "ersight"):
        assert telling not in printed
