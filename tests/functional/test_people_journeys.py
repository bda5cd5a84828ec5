"""From a first sign-in to a seat, in a real browser: two locks, a key, an invitation, and everything left behind."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from conftest import Served, _serve, follow, hearback

pytestmark = pytest.mark.functional

PASSWORD = "marble-otter-lantern-17"
PASSPHRASE = "copper kettle under orchard"
WIDTHS = (360, 1280)
DESK = "The union of tenants"
PASSKEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Looked:
    """Looks at pages at both widths, and gathers what is wrong with them."""

    complaints: list[str] = field(default_factory=list)

    def at(self, page: Page) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
                self.complaints.append(f"{page.url} is wider than {width}")
            found = Axe().run(page)
            if found.violations_count:
                self.complaints.append(f"{page.url} at {width}: {found.generate_report()}")

    def listen(self, page: Page) -> Page:
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page


@pytest.fixture(scope="module")
def city(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration city once more, because people are welcomed here; at an address with a name, for passkeys."""
    folder = tmp_path_factory.mktemp("journeys") / "city"
    shutil.copytree(demo_dir, folder)
    for served in _serve(folder):
        yield Served(served.address.replace("127.0.0.1", "localhost"), folder)


def test_a_partner_is_welcomed_invited_and_seated(
    city: Served, browser: Browser, signed_in_as: Callable[..., BrowserContext]
) -> None:
    looked = Looked()
    administrator = looked.listen(signed_in_as(city, "administrator").new_page())
    first_sign_in = welcome(administrator, city, looked)
    desk = make_desk(administrator, city, looked)
    context = browser.new_context()
    partner = looked.listen(context.new_page())
    sign_in_for_the_first_time(partner, first_sign_in, looked)
    make_key(partner, city, looked)
    accept(partner, city, looked)
    partner.goto(desk)
    looked.at(partner)
    expect(partner.get_by_text("Residents can choose this desk.")).to_be_visible()
    leave(partner, city, looked)
    return_with_the_passkey_alone(partner, city)
    return_with_the_passkey_as_second_lock(partner, city, looked)
    assert looked.complaints == []
    context.close()


def welcome(page: Page, city: Served, looked: Looked) -> str:
    page.goto(f"{city.address}/desk/people/")
    looked.at(page)
    page.get_by_label("Name for signing in").fill("nora")
    page.get_by_label("Role").select_option("partner")
    page.get_by_label("First name").fill("Nora")
    page.get_by_label("Last name").fill("Lind")
    follow(page.get_by_role("button", name="Welcome"))
    looked.at(page)
    return page.locator(".key-text").inner_text()


def make_desk(page: Page, city: Served, looked: Looked) -> str:
    page.goto(f"{city.address}/desk/desks/new/")
    looked.at(page)
    page.get_by_label("Name, as residents know it").fill(DESK)
    page.get_by_label("Whose desk is it?").select_option("partner")
    page.get_by_label("Organisation").select_option(index=9)
    follow(page.get_by_role("button", name="Make the desk"))
    page.get_by_label("Who").select_option(label="nora")
    follow(page.get_by_role("button", name="Invite"))
    looked.at(page)
    return page.url


def sign_in_for_the_first_time(page: Page, address: str, looked: Looked) -> None:
    page.goto(address)
    looked.at(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    follow(page.get_by_role("button", name="Choose this password"))
    type_password(page)
    looked.at(page)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEY})
    follow(page.get_by_role("link", name="Make a passkey"))
    looked.at(page)
    page.get_by_role("button", name="Make it").click()
    page.wait_for_url("**/recovery-codes/")
    looked.at(page)
    expect(page.locator(".codes li")).to_have_count(10)


def type_password(page: Page) -> None:
    page.get_by_label("Name").fill("nora")
    page.get_by_label("Password").fill(PASSWORD)
    follow(page.get_by_role("button", name="Sign in", exact=True))


def make_key(page: Page, city: Served, looked: Looked) -> None:
    page.goto(f"{city.address}/desk/keys/")
    looked.at(page)
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_label("The same again").fill(PASSPHRASE)
    follow(page.get_by_role("button", name="Make the key"))
    looked.at(page)
    groups = page.locator(".key-text").inner_text().split()
    page.get_by_label("The third group").fill(f"{groups[2]} {groups[-1]}")
    follow(page.get_by_role("button", name="I have it"))
    looked.at(page)
    follow(page.get_by_role("link", name="Unlock it"))
    looked.at(page)
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    follow(page.get_by_role("button", name="Unlock"))
    expect(page.get_by_text("It is unlocked in this browser")).to_be_visible()


def accept(page: Page, city: Served, looked: Looked) -> None:
    page.goto(f"{city.address}/desk/")
    looked.at(page)
    follow(page.get_by_role("link", name="Read what it means"))
    looked.at(page)
    page.get_by_label("Type the name of the desk").fill(DESK)
    follow(page.get_by_role("button", name="Accept"))


def leave(page: Page, city: Served, looked: Looked) -> None:
    page.goto(f"{city.address}/desk/logout/")
    looked.at(page)
    follow(page.get_by_role("main").get_by_role("button", name="Sign out"))
    assert {cookie["name"] for cookie in page.context.cookies()} == {"csrftoken"}
    page.goto(f"{city.address}/desk/keys/")
    expect(page).to_have_url(re.compile("/desk/login/"))


def return_with_the_passkey_alone(page: Page, city: Served) -> None:
    page.goto(f"{city.address}/desk/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/desk/")
    page.goto(f"{city.address}/desk/logout/")
    follow(page.get_by_role("main").get_by_role("button", name="Sign out"))


def return_with_the_passkey_as_second_lock(page: Page, city: Served, looked: Looked) -> None:
    page.goto(f"{city.address}/desk/login/")
    looked.at(page)
    type_password(page)
    looked.at(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/desk/")


def test_the_command_line_welcomes_the_first_administrator(city: Served, browser: Browser) -> None:
    for _ in range(2):  # the second time the person starts again
        done = hearback("welcome", "rosa", "--data-dir", city.data_dir)
        assert done.returncode == 0, done.stderr
        page = browser.new_page()
        answer = page.goto(city.address + done.stdout.splitlines()[-1])
        assert answer is not None
        assert answer.status == 200
        expect(page.get_by_text("rosa", exact=True)).to_be_visible()
        page.close()


@pytest.mark.parametrize(
    "address",
    [
        "desks/",
        "sign-in/",
        "sign-in/webauthn/",
        "sign-in/recovery-codes/generate/",
        "sign-in/totp/deactivate/",
        "password/",
        "keys/",
        "keys/passphrase/",
        "keys/recover/",
        "keys/replace/",
        "reauthenticate/",
        "logout/",
    ],
)
def test_the_page_is_quiet_accessible_and_fits(
    address: str, city: Served, signed_in_as: Callable[..., BrowserContext]
) -> None:
    looked = Looked()
    context = signed_in_as(city, "oversight")
    page = looked.listen(context.new_page())
    answer = page.goto(f"{city.address}/desk/{address}")
    assert answer is not None
    assert answer.status == 200
    looked.at(page)
    context.close()
    assert looked.complaints == []


def test_at_an_address_made_of_numbers_only_the_code_app_is_offered(
    city: Served, browser: Browser, signed_in_as: Callable[..., BrowserContext]
) -> None:
    numbers = city.address.replace("localhost", "127.0.0.1")
    administrator = signed_in_as(city, "administrator").new_page()
    administrator.goto(f"{city.address}/desk/people/")
    administrator.get_by_label("Name for signing in").fill("otto")
    administrator.get_by_label("First name").fill("Otto")
    administrator.get_by_label("Last name").fill("Lind")
    follow(administrator.get_by_role("button", name="Welcome"))
    page = browser.new_page()
    page.goto(administrator.locator(".key-text").inner_text().replace(city.address, numbers))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    follow(page.get_by_role("button", name="Choose this password"))
    page.get_by_label("Name").fill("otto")
    page.get_by_label("Password").fill(PASSWORD)
    follow(page.get_by_role("button", name="Sign in", exact=True))
    expect(page.get_by_role("link", name="Set up the app")).to_be_visible()
    expect(page.get_by_role("link", name="Make a passkey")).to_have_count(0)
    page.close()
