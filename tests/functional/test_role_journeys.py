"""Five people's ways through one city, end to end: a resident, a liaison, a partner, a coordinator and oversight.

Every page that anybody comes to is looked at: no broken accessibility rule, nothing wider than the screen, no complaint
in the console. Residents' pages are found by fields and roles, because their words are being translated.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from visitors import Visitor, look, new_widths

from conftest import Served, _serve, hearback
from places import ROOT

pytestmark = pytest.mark.functional

LIAISONS, BOARD, UNION = "liaison-team", "oversight", "tenants-union"
PHONE, DESKTOP = 360, 1280
BOTH = (PHONE, DESKTOP)
PERSON_WITHOUT_WORK = 3_100
"""Milliseconds: without JavaScript the form asks for three seconds."""

SAID = "La luz de la esquina no funciona desde hace dos semanas."
ANSWER = "Thank you for telling us. The lamp will be mended on Monday."
SPANISH_ANSWER = "Gracias por contarnos esto. Vamos a reparar la luz el viernes."
NOTE = "The works department knows of it since June."


@pytest.fixture(scope="module")
def city(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration city once more, because it is written in here."""
    folder = tmp_path_factory.mktemp("roles") / "city"
    shutil.copytree(demo_dir, folder)
    yield from _serve(folder)


@pytest.fixture(scope="module")
def past(city: Served) -> dict[str, dict[str, Any]]:
    """What happened weeks ago: references and words of receipts."""
    told: dict[str, dict[str, Any]] = json.loads(in_a_demo("look_back", city))
    return told


def in_a_demo(verb: str, city: Served) -> str:
    """What `in_a_demo.py` prints."""
    command = [sys.executable, ROOT / "tests/in_a_demo.py", verb, city.data_dir]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def seen() -> set[tuple[int, str]]:
    """Bones of pages that were looked at."""
    return set()


@pytest.fixture
def visiting() -> Iterator[Callable[..., Visitor]]:
    """Keeps visitors; at the end none of them may have found anything wrong."""
    visitors: list[Visitor] = []

    def keeping(visitor: Visitor) -> Visitor:
        visitors.append(visitor)
        return visitor

    yield keeping
    for visitor in visitors:
        visitor.page.context.close()
        if visitor.twin:
            visitor.twin.close()
    assert [one for visitor in visitors for one in visitor.heard()] == []


@pytest.fixture
def resident(
    city: Served, browser: Browser, visiting: Callable[..., Visitor], seen: set[tuple[int, str]]
) -> Callable[..., Visitor]:
    """A resident with an old phone: `resident(scripts=False)`."""

    def arriving(*, scripts: bool = True) -> Visitor:
        context = browser.new_context(viewport={"width": PHONE, "height": 740}, java_script_enabled=scripts)
        twin = None if scripts else browser.new_page()
        return visiting(Visitor(context.new_page(), city.address, (PHONE,), seen, twin=twin))

    return arriving


@pytest.fixture
def at_desk(
    city: Served,
    signed_in_as: Callable[..., BrowserContext],
    visiting: Callable[..., Visitor],
    seen: set[tuple[int, str]],
) -> Callable[..., Visitor]:
    """Somebody with a role, signed in with their code and with their key unlocked: `at_desk("liaison")`."""

    def arriving(role: str, widths: tuple[int, ...] = (DESKTOP,)) -> Visitor:
        complaints: list[str] = []

        def looking(page: Page) -> None:
            look(page, new_widths(page, widths, seen), complaints)

        entered = signed_in_as(city, role, looking=looking)
        return visiting(Visitor(entered.new_page(), city.address, widths, seen, complaints))

    return arriving


def fills_in(one: Visitor, text: str, *, desk: str, kind: str = "concern", contact: str = "") -> None:
    """Answers the questions of the form; does not send it."""
    page = one.page
    page.locator(f"[name=kind][value={kind}]").check()
    page.locator("[name=words]").fill(text)
    page.locator(f"[name=desk][value={desk}]").check()
    page.locator("[name=area]").select_option(index=2)
    page.locator("[name=contact]").fill(contact)


def says(one: Visitor, text: str, *, prefix: str = "", slowly: bool = False, **more: str) -> list[str]:
    """Says something, and takes the words of the receipt home."""
    one.goes_to(f"{prefix}/tell/")
    fills_in(one, text, **more)
    if slowly:
        one.page.wait_for_timeout(PERSON_WITHOUT_WORK)
    one.follows(one.page.locator("#send"))
    return words_on_card(one.page)


def words_on_card(page: Page) -> list[str]:
    """The words of the receipt that is shown."""
    expect(page.locator(".card li")).to_have_count(7)
    return page.locator(".card li").all_inner_texts()


def types_two_back(one: Visitor, words: list[str]) -> None:
    """The two words that the receipt page asks for."""
    for asked in one.page.locator(".typed-back input:not([type=hidden])").all():
        place = int((asked.get_attribute("name") or "").removeprefix("word-"))
        asked.fill(words[place - 1])
    one.follows(one.page.locator(".typed-back button"))
    expect(one.page.locator(".card")).to_have_count(0)


def opens_thread(one: Visitor, words: list[str], *, prefix: str = "") -> None:
    """Comes back with the receipt."""
    one.goes_to(f"{prefix}/receipt/")
    one.page.locator("[name=words]").fill(" ".join(words))
    one.follows(one.page.locator("main form.tell button"))


def does(one: Visitor, step: str) -> None:
    """Presses the button of a step in the thread."""
    one.follows(one.page.locator(f"form:has([name=do][value={step}]) button").last)


def reference_of_newest(city: Served) -> str:
    """What desks call the concern that came last; its resident is never told."""
    database = sqlite3.connect(city.data_dir / "hearback.sqlite3")
    try:
        return str(database.execute("SELECT reference FROM concerns_concern ORDER BY id DESC LIMIT 1").fetchone()[0])
    finally:
        database.close()


def opens(one: Visitor, reference: str, *, asking: str = "state=waiting") -> None:
    """From the inbox to a concern."""
    one.goes_to(f"/desk/concerns/?{asking}")
    one.follows(one.page.get_by_role("link", name=reference))


def sends_answer(one: Visitor, text: str) -> None:
    """Writes, looks at it once more, and sends."""
    one.page.locator("#answer_text").fill(text)
    one.page.get_by_role("button", name="See it before it goes").click()
    expect(one.page.locator(".letter")).to_contain_text(text)
    one.looks()
    one.presses(one.page.get_by_role("button", name="Send it"), then="Your answer is on its way")


def test_a_resident_hears_back_in_spanish_without_javascript_and_opens_it_again(
    city: Served, resident: Callable[..., Visitor], at_desk: Callable[..., Visitor]
) -> None:
    ana = resident(scripts=False)
    ana.goes_to("/es/")
    ana.follows(ana.page.locator("main a[href='/es/tell/']").first)
    words = says(ana, SAID, prefix="/es", desk=LIAISONS, slowly=True)
    reference = reference_of_newest(city)
    types_two_back(ana, words)
    ana.follows(ana.page.locator("a.go"))

    liaison = at_desk("liaison", BOTH)
    opens(liaison, reference, asking="state=received&language=es")
    expect(liaison.page.locator(".dialogue").first).to_contain_text(SAID)
    sends_answer(liaison, SPANISH_ANSWER)

    opens_thread(ana, words, prefix="/es")
    expect(ana.page.locator(".thread > li").nth(1)).to_contain_text(SPANISH_ANSWER)
    ana.page.locator("[name=helped][value=no]").check()
    does(ana, "judge")
    expect(ana.page.locator("[name=helped][value=no]")).to_be_checked()
    does(ana, "reopen")
    expect(ana.page.locator("[name=do][value=reopen]")).to_have_count(0)

    opens(liaison, reference, asking="state=being-read")
    expect(liaison.page.locator("section").first).to_contain_text("This did not help")
    assert ana.page.context.cookies() == []


def test_a_resident_takes_everything_back_without_javascript(
    city: Served, resident: Callable[..., Visitor], at_desk: Callable[..., Visitor]
) -> None:
    ana = resident(scripts=False)
    words = says(ana, "Prefiero que nadie lo sepa.", prefix="/es", desk=LIAISONS, slowly=True)
    reference = reference_of_newest(city)
    opens_thread(ana, words, prefix="/es")
    does(ana, "withdraw")
    ana.follows(ana.page.locator(".wrong form button").first)
    expect(ana.page.locator(".thread")).to_have_count(0)
    opens_thread(ana, words, prefix="/es")
    expect(ana.page.locator("#words-error")).to_be_visible()
    at_desk("liaison").is_refused(f"/desk/concerns/{reference}/", status=404)
    verdict = hearback("audit", "verify", "--data-dir", city.data_dir)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_a_liaison_reads_takes_notes_merges_answers_and_closes(
    city: Served, resident: Callable[..., Visitor], at_desk: Callable[..., Visitor]
) -> None:
    ana, ben = resident(), resident()
    words = says(ana, "The street light is out.", desk=LIAISONS, kind="idea")
    first = reference_of_newest(city)
    words_of_duplicate = says(ben, "That light again.", desk=LIAISONS, kind="idea")
    duplicate = reference_of_newest(city)

    liaison = at_desk("liaison", BOTH)
    page = liaison.page
    liaison.goes_to("/desk/concerns/")
    page.get_by_label("Kind").select_option("idea")
    expect(page.locator("#inbox-count")).not_to_be_empty()
    expect(page.locator("table.inbox tbody")).not_to_contain_text("A question")
    liaison.looks()
    liaison.follows(page.get_by_role("link", name=duplicate))
    page.get_by_label("It says the same as").select_option(first)
    liaison.presses(page.get_by_role("button", name="Merge into it"), then="Merged")
    opens(liaison, first)
    expect(page.get_by_text("Your answer also goes to 1 concern")).to_be_visible()
    opens(liaison, duplicate)
    liaison.presses(page.get_by_role("button", name="Take it apart again"), then="Taken apart")

    opens(liaison, first)
    page.get_by_label("Who", exact=True).first.select_option("demo-liaison")
    liaison.presses(page.get_by_role("button", name="Assign"), then="It is written down who looks after it.")
    page.get_by_label("A note for your desk").fill(NOTE)
    liaison.presses(page.get_by_role("button", name="Keep the note"), then="Your note is kept")
    page.get_by_label("A beginning to build on").select_option("idea")
    page.get_by_role("button", name="Put it in").click()
    expect(page.locator("#answer_text")).to_have_value(re.compile(r"^Thank you for your idea.*\[day\]", re.DOTALL))
    page.get_by_role("button", name="See it before it goes").click()
    expect(page.get_by_text("Fill in or take out")).to_be_visible()
    liaison.looks()
    sends_answer(liaison, ANSWER)
    liaison.presses(page.get_by_role("button", name="Close", exact=True), then="Closed")

    opens_thread(ana, words)
    expect(ana.page.locator(".thread")).to_contain_text(ANSWER)
    expect(ana.page.locator("body")).not_to_contain_text(NOTE)
    opens_thread(ben, words_of_duplicate)
    expect(ben.page.locator(".thread > li")).to_have_count(1)
    expect(ben.page.locator("body")).not_to_contain_text(NOTE)


def test_a_partner_reads_only_what_the_resident_agreed_to_hand_over(
    city: Served, resident: Callable[..., Visitor], at_desk: Callable[..., Visitor]
) -> None:
    ana = resident()
    words = says(ana, "My landlord shut off the heating.", desk=LIAISONS, contact="555-0100")
    reference = reference_of_newest(city)
    liaison, partner = at_desk("liaison", BOTH), at_desk("partner", BOTH)
    opens(liaison, reference)
    liaison.page.get_by_label("Which desk").select_option(UNION)
    liaison.presses(liaison.page.get_by_role("button", name="Ask the resident"), then="The resident is asked.")
    partner.is_refused(f"/desk/concerns/{reference}/", status=404)

    opens_thread(ana, words)
    ana.page.locator("[name=with_contact]").check()
    ana.follows(ana.page.locator("button[value=consent]"))
    expect(ana.page.locator("button[value=consent]")).to_have_count(0)

    opens(partner, reference)
    expect(partner.page.locator(".dialogue").first).to_contain_text("shut off the heating")
    sends_answer(partner, "We can come with you to the housing court on Friday.")
    partner.follows(partner.page.get_by_role("button", name="Open it; this is recorded"))
    expect(partner.page.locator(".letter")).to_have_text("555-0100")
    liaison.is_refused(f"/desk/concerns/{reference}/", status=404)

    opens_thread(ana, words)
    expect(ana.page.locator(".thread")).to_contain_text("housing court")


def test_nobody_on_the_police_side_opens_what_was_sent_to_a_partner(
    city: Served, resident: Callable[..., Visitor], at_desk: Callable[..., Visitor]
) -> None:
    says(resident(), "Two officers searched our flat.", desk=UNION)
    here = f"/desk/concerns/{reference_of_newest(city)}/"
    for role in ("liaison", "coordinator"):
        person = at_desk(role)
        for address in (here, f"{here}answer/", f"{here}contact/"):
            expect_closed(person, address)
        person.goes_to("/desk/concerns/?state=")
        expect(person.page.locator("#inbox-list")).not_to_contain_text(here.split("/")[3])


def expect_closed(person: Visitor, address: str) -> None:
    """Neither by hand nor by a form can it be opened."""
    person.refused = True
    got = person.page.goto(person.address + address)
    assert got is not None
    assert got.status in (404, 405), address
    expect(person.page.locator("main")).not_to_contain_text("searched our flat")


def test_a_coordinator_sees_what_is_late_and_the_timetable_takes_it_to_oversight(
    city: Served, past: dict[str, dict[str, Any]], resident: Callable[..., Visitor], at_desk: Callable[..., Visitor]
) -> None:
    late = past["late"]["reference"]
    coordinator, oversight = at_desk("coordinator"), at_desk("oversight")
    coordinator.goes_to("/desk/late/")
    expect(coordinator.page.get_by_role("link", name=late)).to_be_visible()
    expect(coordinator.page.locator("main table").first).not_to_contain_text("Oversight Board")
    oversight.goes_to("/desk/late/")
    expect(oversight.page.locator("main")).not_to_contain_text(late)

    in_a_demo("escalate", city)
    oversight.goes_to("/desk/late/")
    expect(oversight.page.get_by_text(late)).to_be_visible()
    expect(oversight.page.get_by_role("link", name=late)).to_have_count(0)
    oversight.is_refused(f"/desk/concerns/{late}/", status=404)
    ana = resident()
    opens_thread(ana, past["late"]["words"])
    expect(ana.page.locator("dl.about b")).to_have_count(2)


def test_oversight_reads_about_an_officer_who_does_not_and_holds_what_the_law_asks_for(
    city: Served, past: dict[str, dict[str, Any]], resident: Callable[..., Visitor], at_desk: Callable[..., Visitor]
) -> None:
    ana = resident()
    words = says(ana, "Officer Delgado shouted at my son.", desk=BOARD, kind="complaint", contact="555-0199")
    complaint = reference_of_newest(city)
    says(ana, "Badge 4711 shouted at my son.", desk=LIAISONS, kind="complaint")
    about_her = reference_of_newest(city)
    oversight, coordinator, liaison = at_desk("oversight"), at_desk("coordinator"), at_desk("liaison")
    for reference in (complaint, about_her):
        liaison.is_refused(f"/desk/concerns/{reference}/", status=404)
    opens(coordinator, about_her)
    expect(coordinator.page.locator("dl.about")).not_to_contain_text("demo-liaison")

    opens(oversight, complaint, asking="kind=complaint")
    oversight.follows(oversight.page.get_by_role("button", name="Open it; this is recorded"))
    expect(oversight.page.locator(".letter")).to_have_text("555-0199")
    exported = [
        json.loads(line) for line in hearback("audit", "export", "--data-dir", city.data_dir).stdout.splitlines()
    ]
    opened = [entry for entry in exported if entry["verb"] == "concerns.open_contact"]
    assert (opened[-1]["by"], opened[-1]["subject"]) == ("person:demo-oversight", f"concern:{complaint}")
    assert "555-0199" not in str(exported)

    places_and_ends_a_hold(oversight, coordinator, about_her)
    opens_thread(ana, words)


def places_and_ends_a_hold(oversight: Visitor, coordinator: Visitor, reference: str) -> None:
    """On a concern that oversight cannot read; the coordinator sees it meanwhile."""
    oversight.is_refused(f"/desk/concerns/{reference}/", status=404)
    oversight.goes_to("/desk/concerns/holds/")
    oversight.page.get_by_label("Reference of the concern").fill(reference)
    oversight.page.get_by_label("Why").fill("Order 12/2026 of the county court")
    oversight.follows(oversight.page.get_by_role("button", name="Hold it; this is recorded"))
    coordinator.goes_to("/desk/concerns/holds/")
    expect(coordinator.page.locator("table")).to_contain_text(reference)
    expect(coordinator.page.get_by_label("Why")).to_have_count(0)
    oversight.follows(oversight.page.get_by_role("link", name=f"End the hold {reference}"))
    oversight.page.get_by_label("Why").fill("The case is closed.")
    oversight.follows(oversight.page.get_by_role("button", name="End the hold; this is recorded"))
    expect(oversight.page.get_by_text("Nothing is held.")).to_be_visible()


def test_a_partner_writes_down_for_somebody_who_goes_home_with_the_receipt(
    city: Served, resident: Callable[..., Visitor], at_desk: Callable[..., Visitor]
) -> None:
    partner = at_desk("partner", BOTH)
    page = partner.page
    partner.goes_to("/desk/concerns/new/")
    page.get_by_label("How does it come in?").select_option("partner")
    page.get_by_label("Which language does the resident speak?").select_option("es")
    partner.follows(page.get_by_role("button", name="Begin"))
    fills_in(partner, SAID, desk=UNION)
    page.locator("[name=read_out]").check()
    partner.follows(page.get_by_role("button", name="Seal it, and show the receipt"))
    words = words_on_card(page)
    page.emulate_media(media="print")
    printed = page.locator("body").inner_text()
    assert all(word in printed for word in words)
    assert "demo-partner" not in printed
    page.emulate_media(media="screen")
    opens(partner, reference_of_newest(city))
    expect(page.locator("dl.about")).to_contain_text("Recorded by a partner organisation (demo-partner)")

    ana = resident(scripts=False)
    opens_thread(ana, words, prefix="/es")
    expect(ana.page.locator(".thread")).to_contain_text(SAID)
    ana.goes_to("/es/tell/paper/")
    ana.page.emulate_media(media="print")
    expect(ana.page.locator("section.paper")).to_be_visible()
    expect(ana.page.locator("header.top")).to_be_hidden()


def test_four_weeks_after_the_answer_the_page_asks_whether_it_helped(
    past: dict[str, dict[str, Any]], resident: Callable[..., Visitor]
) -> None:
    ana = resident()
    opens_thread(ana, past["violence"]["words"])
    expect(ana.page.get_by_role("heading", name="Were you helped?")).to_have_count(0)
    opens_thread(ana, past["answered"]["words"])
    expect(ana.page.get_by_role("heading", name="Were you helped?")).to_be_visible()
    ana.page.locator("[name=helped][value=yes]").check()
    does(ana, "judge")
    expect(ana.page.get_by_role("heading", name="Were you helped?")).to_have_count(0)
    expect(ana.page.locator("[name=helped][value=yes]")).to_be_checked()
