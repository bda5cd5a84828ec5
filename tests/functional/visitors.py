"""Somebody in a browser, whose every page is looked at: no broken accessibility rule, nothing wider than the screen."""

from __future__ import annotations

from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from conftest import follow

BONES = """() => location.pathname.replace(/[A-Z0-9]{10}/, "") + document.documentElement.lang + [...new Set(
    [...document.querySelectorAll("body *:not(option)")].map(
        e => [e.tagName, e.id, e.className, e.lang, e.getAttribute("role"), e.hidden, e.disabled].join(" ")
    )
)].sort().join()"""
"""Which page it is and which sorts of elements it has: what can break a rule, whatever the words."""


@dataclass
class Visitor:
    """Somebody in a browser; every page they come to is looked at, in each of `widths`."""

    page: Page
    address: str
    widths: tuple[int, ...]
    seen: set[tuple[int, str]]
    complaints: list[str] = field(default_factory=list)
    twin: Page | None = None
    """Where JavaScript is off, the checker cannot run either: it looks at the same page in here."""
    refused: bool = False

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def goes_to(self, path: str) -> None:
        """Types an address."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, path
        self.looks()

    def is_refused(self, path: str, *, status: int) -> None:
        """Types an address that is not for them."""
        self.refused = True
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == status, path
        self.looks()

    def follows(self, element: Locator) -> None:
        """Clicks on what leads to another page."""
        follow(element)
        self.looks()

    def presses(self, element: Locator, *, then: str) -> None:
        """Clicks on what changes a part of the page, and reads what is said; the page can still be loaded again."""
        here = self.page.url
        element.click()
        expect(self.page.locator("[role=status].notice")).to_contain_text(then)
        expect(self.page).to_have_url(here)
        self.looks()

    def looks(self) -> None:
        """Looks at the page as it is now, unless one with the same bones was looked at before."""
        new = new_widths(self.page, self.widths, self.seen)
        if new:
            look(self.page if self.twin is None else show_again(self.page, self.twin), new, self.complaints)

    def heard(self) -> list[str]:
        """What was wrong; what was refused on purpose stands in the console too."""
        expected = ("status of 404", "status of 405") if self.refused else ("status of 422",)
        return [one for one in self.complaints if not any(status in one for status in expected)]


def new_widths(page: Page, widths: tuple[int, ...], seen: set[tuple[int, str]]) -> tuple[int, ...]:
    """In which widths no page with the same bones was looked at before."""
    bones = page.evaluate(BONES)
    new = tuple(width for width in widths if (width, bones) not in seen)
    seen.update((width, bones) for width in new)
    return new


def look(page: Page, widths: tuple[int, ...], complaints: list[str]) -> None:
    """No broken accessibility rule and nothing wider than the screen."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            complaints.append(f"{page.url} is wider than {width}")
        broken = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        complaints.extend(f"{page.url} at {width}: {rule['id']} {rule['nodes'][0]['html']}" for rule in broken)


def show_again(page: Page, twin: Page) -> Page:
    """What the page shows, in a browser that runs the checker and no script of the page."""
    shown = page.content()
    twin.unroute_all()
    twin.route("**/*.js", lambda script: script.abort())
    twin.route(page.url, lambda asked: asked.fulfill(body=shown, content_type="text/html; charset=utf-8"))
    twin.goto(page.url)
    return twin
