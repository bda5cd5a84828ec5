"""What people think, read by a resident on a phone and by an analyst at a desk, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from conftest import Served, follow

pytestmark = pytest.mark.functional

WIDTHS = (360, 1280)
PUBLIC = {
    "surveys": "/trust/",
    "open link": "/trust/?survey=open-link",
    "question": "/trust/?survey=community-survey&item=fair",
    "question without areas": "/trust/?survey=open-link&item=trust",
    "arabic": "/ar/trust/?survey=community-survey&item=fair&wave=2023",
}
DESK = {
    "everybody": "/desk/trust/",
    "areas": "/desk/trust/?wave=community-survey/2025&item=fair&by=area",
    "models of areas": "/desk/trust/?wave=community-survey/2025&by=area&statistic=mean",
    "model of one question": "/desk/trust/?wave=community-survey/2025&item=trust&by=area",
    "open link": "/desk/trust/?wave=open-link/2025&by=age",
}


@pytest.fixture
def reader(browser: Browser) -> Iterator[Page]:
    """A resident's phone on which nothing runs but the page itself."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def look(page: Page) -> None:
    """At both widths nothing is wider than the screen, and axe finds nothing."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} at {width}"
        found = Axe().run(page)
        assert found.violations_count == 0, f"{page.url} at {width}: {found.generate_report()}"


@pytest.mark.parametrize("address", PUBLIC.values(), ids=PUBLIC)
def test_public_pages_of_surveys_are_accessible_and_fit(browser: Browser, demo: Served, address: str) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(demo.address + address)
    look(page)
    assert complaints == []
    assert page.context.cookies() == []
    page.close()


@pytest.mark.parametrize("address", DESK.values(), ids=DESK)
def test_desk_pages_of_surveys_are_accessible_and_fit(
    demo: Served, signed_in_as: Callable[..., BrowserContext], address: str
) -> None:
    context = signed_in_as(demo, "analyst")
    page = context.new_page()
    page.goto(demo.address + address)
    expect(page.get_by_role("heading", name="What surveys say")).to_be_visible()
    look(page)
    context.close()


def test_a_resident_goes_from_home_to_her_area_of_one_question_without_javascript(reader: Page, demo: Served) -> None:
    reader.goto(demo.address)
    follow(reader.get_by_role("navigation", name="Main").get_by_role("link", name="What people think"))
    expect(reader.get_by_role("img", name="Answers over time").first).to_be_visible()
    expect(reader.locator(".finding .verdict").first).to_be_visible()
    follow(reader.get_by_role("link", name="See it by group and by area").first)
    expect(reader.get_by_role("img", name="Answers by group").first).to_be_visible()
    reader.get_by_label("When").select_option("2024")
    follow(reader.get_by_role("button", name="Show"))
    assert "wave=2024" in reader.url
    expect(reader.get_by_role("heading", name="By area, 2024")).to_be_visible()
    expect(reader.get_by_role("heading", name="What this survey cannot say")).to_be_visible()
    follow(reader.locator("#table tbody th a").first)
    expect(reader.get_by_role("heading", name="What is known", exact=True)).to_be_visible()


def test_the_table_of_areas_is_sorted_by_a_link(reader: Page, demo: Served) -> None:
    reader.goto(demo.address + PUBLIC["question"])
    follow(reader.get_by_role("link", name="People who answered"))
    expect(reader.locator("#table th[aria-sort=descending]")).to_have_count(1)


def test_in_an_invented_city_the_truth_stands_beside_the_estimates(reader: Page, demo: Served) -> None:
    reader.goto(demo.address + PUBLIC["question"])
    truth = reader.locator("#truth")
    expect(truth.get_by_role("heading", name="In this invented city the truth is known")).to_be_visible()
    expect(truth.locator("tbody tr")).to_have_count(4)
    expect(truth.get_by_text("Linnet Bay open link, 2025: whoever wished took part", exact=False)).to_be_visible()
    shown = reader.locator("#table tbody tr")
    expect(shown.get_by_text("in the range", exact=True)).not_to_have_count(0)
    expect(shown.get_by_text("outside the range", exact=True)).not_to_have_count(0)
    follow(reader.locator("#table").get_by_role("link", name="True value"))
    expect(reader.locator("#table th[aria-sort=descending]")).to_have_count(1)


def test_an_open_link_has_no_margin_of_error_and_no_comparison(reader: Page, demo: Served) -> None:
    reader.goto(demo.address + PUBLIC["open link"])
    expect(reader.get_by_text("Whoever wished could take part.", exact=False).first).to_be_visible()
    expect(reader.locator("main").get_by_text("confidence")).to_have_count(0)
    expect(reader.locator(".finding")).to_have_count(0)


def test_an_analyst_chooses_and_downloads_without_javascript(
    demo: Served, signed_in_as: Callable[..., BrowserContext]
) -> None:
    context = signed_in_as(demo, "analyst", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo.address}/desk/")
    follow(page.get_by_role("link", name="Surveys", exact=True))
    page.get_by_label("Question").select_option("trust")
    page.get_by_label("Kind of group").select_option("age")
    follow(page.get_by_role("button", name="Show"))
    expect(page.get_by_role("table").first.locator("tbody tr")).to_have_count(8)
    with page.expect_download() as coming:
        page.get_by_role("link", name="estimates (CSV)").click()
    lines = coming.value.path().read_text().splitlines()
    assert lines[0].startswith("survey,wave,mode,item,statistic,by,group,method,estimate,se")
    assert len(lines) == 9
    context.close()


def test_an_analyst_sees_whether_a_model_of_areas_fits_without_javascript(
    demo: Served, signed_in_as: Callable[..., BrowserContext]
) -> None:
    context = signed_in_as(demo, "analyst", java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{demo.address}/desk/trust/?wave=community-survey/2025&by=area")
    models = page.get_by_role("region", name="Models of areas")
    follow(models.get_by_role("link", name="listen"))
    expect(page.get_by_text("The model foresaw the own answers of")).to_be_visible()
    expect(page.get_by_text("It misses no more than chance explains")).to_be_visible()
    drawing = page.get_by_role("img", name="Own answers and estimates by area")
    expect(drawing).to_be_visible()
    page.get_by_text("The same in numbers", exact=True).click()
    table = page.get_by_role("region", name="Own answers and estimates by area")
    expect(table).to_be_visible()
    areas = table.locator("tbody tr").count()
    assert areas > 0
    expect(drawing.locator("g > title")).to_have_count(areas)
    context.close()


def test_a_partner_does_not_see_the_analysts_page(demo: Served, signed_in_as: Callable[..., BrowserContext]) -> None:
    context = signed_in_as(demo, "partner")
    page = context.new_page()
    page.goto(f"{demo.address}/desk/")
    expect(page.get_by_role("link", name="Surveys", exact=True)).to_have_count(0)
    answer = page.goto(f"{demo.address}/desk/trust/")
    assert answer is not None
    assert answer.status == 403
    context.close()
