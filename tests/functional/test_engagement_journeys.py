"""An announcement's way from a partner's phone to the public page, with a second person between; and a meeting that is
counted. Every page is looked at as in the journeys of the five roles."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from visitors import Visitor, look, new_widths

from conftest import Served, _serve

pytestmark = pytest.mark.functional
HOME = "/desk/engagements/"
TITLE = "Stopped at the station: what happened?"
PHONE_LAST = (1280, 360)
"""Widths in which pages are looked at; the visitor goes on in the last, a phone."""


@pytest.fixture(scope="module")
def city(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration city once more, because it is written in here."""
    folder = tmp_path_factory.mktemp("engagements") / "city"
    shutil.copytree(demo_dir, folder)
    yield from _serve(folder)


@pytest.fixture(scope="module")
def seen() -> set[tuple[int, str]]:
    """Bones of pages that were looked at."""
    return set()


@pytest.fixture
def at_desk(
    city: Served, signed_in_as: Callable[..., BrowserContext], seen: set[tuple[int, str]]
) -> Iterator[Callable[[str], Visitor]]:
    """Somebody with a role, signed in; at the end none of them may have found anything wrong."""
    visitors: list[Visitor] = []

    def arriving(role: str) -> Visitor:
        complaints: list[str] = []

        def looking(page: Page) -> None:
            look(page, new_widths(page, PHONE_LAST, seen), complaints)

        page = signed_in_as(city, role, looking=looking, viewport={"width": 360, "height": 800}).new_page()
        visitors.append(Visitor(page, city.address, PHONE_LAST, seen, complaints))
        return visitors[-1]

    yield arriving
    for visitor in visitors:
        visitor.page.context.close()
    assert [one for visitor in visitors for one in visitor.heard()] == []


def moment(days: int, hour: int) -> str:
    """An hour so many days from now, as a browser writes it."""
    return f"{datetime.now() + timedelta(days=days):%Y-%m-%d}T{hour:02}:00"


def fills_in(one: Visitor, *, days: int, kind: str = "forum", title: str = TITLE) -> None:
    """What both forms ask for; does not send it."""
    page = one.page
    page.locator(f"[name=kind][value={kind}]").check()
    page.get_by_label("What is it called?").fill(title)
    page.get_by_label("In which language did you write this?").select_option("en")
    page.get_by_label("Español").check()
    page.get_by_label("It begins").fill(moment(days, 18))
    page.get_by_label("It ends").fill(moment(days, 20))


def announces(partner: Visitor) -> str:
    """From the link in the workspace to a forum that waits; the first try leaves out the place. Gives its address."""
    page = partner.page
    partner.goes_to("/desk/")
    partner.follows(page.get_by_role("link", name="Forums and events"))
    partner.follows(page.get_by_role("link", name="Announce a forum, an event or a pulse"))
    fills_in(partner, days=9)
    page.get_by_label("What happens there").fill("Officers stopped many of us. Tell us how it was.\n\nNobody is named.")
    partner.follows(page.get_by_role("button", name="Send it to be read"))
    expect(page.get_by_text("Say where it is, so that people find it.")).to_be_visible()
    page.get_by_label("Where is it?").fill("Library, 2 Mill Street")
    partner.follows(page.get_by_role("button", name="Send it to be read"))
    expect(page.locator("[role=status].notice")).to_contain_text("It waits to be read now.")
    return page.url.removeprefix(partner.address).partition("?")[0]


def sends_back(one: Visitor, remark: str) -> None:
    """From the list, on the ground that it is unclear."""
    one.goes_to(HOME)
    one.follows(one.page.get_by_role("link", name=TITLE))
    one.page.locator("[name=ground][value=unclear]").check()
    one.page.get_by_label("What should be changed?").fill(remark)
    one.follows(one.page.get_by_role("button", name="Send it back"))
    expect(one.page.locator("[role=status].notice")).to_contain_text("It is sent back")


def test_what_a_partner_announces_on_a_phone_is_sent_back_and_published_by_oversight(
    at_desk: Callable[[str], Visitor],
) -> None:
    partner, coordinator, oversight = at_desk("partner"), at_desk("coordinator"), at_desk("oversight")
    address = announces(partner)
    sends_back(coordinator, "Say what the officers did right.")

    partner.goes_to(HOME)
    expect(partner.page.get_by_role("heading", name="Came back")).to_be_visible()
    expect(partner.page.locator("main")).to_contain_text("Say what the officers did right.")
    partner.follows(partner.page.get_by_role("link", name=TITLE))
    expect(partner.page.locator("main")).not_to_contain_text("demo-coordinator")
    partner.goes_to(f"{address}reword/")
    partner.goes_to(address)
    partner.follows(partner.page.get_by_role("button", name="Ask oversight to decide"))
    expect(partner.page.locator("[role=status].notice")).to_contain_text("Oversight is asked")

    coordinator.goes_to(address)
    expect(coordinator.page.get_by_role("button", name="Publish it")).to_have_count(0)
    oversight.goes_to(HOME)
    oversight.follows(oversight.page.get_by_role("link", name=TITLE))
    oversight.follows(oversight.page.get_by_role("button", name="Publish it"))
    expect(oversight.page.locator("[role=status].notice")).to_contain_text("It is published.")
    expect(oversight.page.get_by_role("link", name=TITLE)).to_be_visible()
    oversight.goes_to(address)
    expect(oversight.page.get_by_role("heading", name="Take it off the page")).to_be_visible()

    calls_off(partner, address)


def calls_off(partner: Visitor, address: str) -> None:
    """In two clicks, of which the first only opens what it means."""
    partner.goes_to(address)
    button = partner.page.get_by_role("button", name="Call it off now")
    expect(button).to_be_hidden()
    partner.page.locator("summary", has_text="Call it off").click()
    expect(button).to_be_visible()
    partner.looks()
    partner.follows(button)
    expect(partner.page.locator("main")).to_contain_text("Forum. Called off.")


def test_a_partner_puts_a_meeting_on_record_and_counts_who_took_part(at_desk: Callable[[str], Visitor]) -> None:
    partner = at_desk("partner")
    page = partner.page
    partner.goes_to(HOME)
    partner.follows(page.get_by_role("link", name="Record one that was held"))
    fills_in(partner, days=-9, kind="event", title="Stand at the market")
    partner.follows(page.get_by_role("button", name="Put it on record"))
    partner.follows(page.get_by_role("link", name="Count", exact=True))
    page.get_by_label("How many people took part?").fill("30")
    page.locator("main summary", has_text="Language").click()
    page.get_by_label("Español").fill("28")
    page.get_by_label("English").fill("5")
    partner.follows(page.get_by_role("button", name="Keep the count"))
    expect(page.get_by_text("The groups add up to 33, and 30 took part.")).to_be_visible()
    page.get_by_label("Español").fill("20")
    partner.follows(page.get_by_role("button", name="Keep the count"))
    expect(page.locator("dl.about")).to_contain_text("Español 20")
    partner.follows(page.get_by_role("link", name="Correct the count"))
    expect(page.get_by_label("Español")).to_have_value("20")
    partner.goes_to(HOME)
    expect(page.locator("table")).to_contain_text("Stand at the market")
