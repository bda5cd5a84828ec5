"""Every public page of both cities: no console error, no axe violation, nothing wider than the screen, no cookie."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from conftest import Served, follow, hearback

pytestmark = pytest.mark.functional

PAGES = {
    "home": "/",
    "need": "/map/",
    "incidents": "/map/?layer=incidents",
    "organisations": "/map/?layer=organizations",
    "areas": "/areas/",
    "what people think": "/trust/",
    "who is missing": "/who-is-missing/",
    "come and be heard": "/events/",
    "data": "/data/",
    "methods": "/methods/",
    "charter": "/charter/",
    "accessibility": "/accessibility/",
    "arabic": "/ar/map/",
    "sign-in": "/desk/login/",
}
WIDTHS = {"phone": 360, "desktop": 1280}
REFLOW = 320
"""WCAG 1.4.10: at this width nothing needs scrolling sideways but tables and maps."""


@pytest.fixture(params=["demo", "washington"])
def city(request: pytest.FixtureRequest) -> Served:
    served: Served = request.getfixturevalue(request.param)
    return served


@pytest.fixture(params=list(WIDTHS.values()), ids=list(WIDTHS))
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    page = context.new_page()
    yield page
    context.close()


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_the_page_is_quiet_accessible_and_fits(page: Page, city: Served, address: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    elsewhere: list[str] = []
    page.on("request", lambda asked: elsewhere.append(asked.url) if not asked.url.startswith(city.address) else None)

    answer = page.goto(city.address + address)

    assert answer is not None
    assert answer.status == 200
    assert complaints == []
    assert elsewhere == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("address", [address for name, address in PAGES.items() if name != "sign-in"])
def test_no_public_page_leaves_a_cookie(page: Page, demo: Served, address: str) -> None:
    page.goto(demo.address + address)
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_the_page_reflows_at_320_pixels(browser: Browser, demo: Served) -> None:
    page = browser.new_page(viewport={"width": REFLOW, "height": 800})
    for address in PAGES.values():
        page.goto(demo.address + address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
    page.close()


def test_every_page_of_the_invented_city_says_that_it_is_invented(page: Page, demo: Served) -> None:
    for address in PAGES.values():
        page.goto(demo.address + address)
        said = page.locator(".invented") if "/ar/" in address else page.get_by_text("Invented city.", exact=False)
        expect(said.first, address).to_be_visible()


def test_no_page_of_a_real_city_says_that_it_is_invented(page: Page, washington: Served) -> None:
    page.goto(washington.address)
    expect(page.locator(".invented")).to_have_count(0)


def test_from_home_to_an_area_and_its_sources_by_keyboard_and_links(page: Page, demo: Served) -> None:
    page.goto(demo.address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    follow(page.get_by_role("link", name="Find your area").first)
    follow(page.locator("main a[href*='/areas/']").first)
    expect(page.get_by_role("heading", name="What is known", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="What is not known")).to_be_visible()
    expect(page.get_by_text("How sure:").nth(4)).to_be_visible()


def test_the_map_works_without_javascript_and_its_table_says_the_same(browser: Browser, demo: Served) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{demo.address}/map/?layer=incidents")
    expect(page.locator("select[name=year] option")).to_have_count(10)
    options = page.locator("select[name=year] option").all_inner_texts()
    page.locator("select[name=year]").select_option(index=3)
    follow(page.get_by_role("button").last)
    assert f"year={options[3].strip()}" in page.url
    expect(page.locator("main svg").first).to_be_visible()
    expect(page.locator("main table")).to_have_count(1)


def test_an_area_that_does_not_exist_is_said_kindly(page: Page, demo: Served) -> None:
    answer = page.goto(f"{demo.address}/areas/nowhere/")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("role", ["partner", "liaison", "coordinator", "analyst", "oversight", "administrator"])
def test_each_demo_role_signs_in_with_its_second_factor_and_sees_its_desk(
    browser: Browser, demo: Served, role: str
) -> None:
    sign_ins = (demo.data_dir / "demo-sign-ins.txt").read_text().splitlines()
    name, password, *_ = next(line.split() for line in sign_ins if line.startswith(f"demo-{role}"))
    page = browser.new_page()
    page.goto(f"{demo.address}/desk/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    follow(page.get_by_role("button", name="Sign in", exact=True))
    code = hearback("demo", "--code", role, HEARBACK_DEMO_DIR=str(demo.data_dir)).stdout.strip()
    page.get_by_label("code", exact=False).first.fill(code)
    follow(page.get_by_role("button", name="Sign in", exact=True))
    page.goto(f"{demo.address}/desk/")
    expect(page.get_by_role("heading", name="Your desk")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.close()
