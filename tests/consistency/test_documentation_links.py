"""Every link in the documentation leads somewhere, and every picture is shown, described and small."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from places import ROOT

pytestmark = pytest.mark.consistency

OURS = ("docs", "examples", "src", "tests", "benchmarks")
PAGES = sorted([*ROOT.glob("*.md"), *(page for folder in OURS for page in (ROOT / folder).rglob("*.md"))])
PICTURES = sorted((ROOT / "docs" / "pictures").iterdir())
LARGEST_PICTURE = 200_000
PNG = b"\x89PNG\r\n\x1a\n"


def prose(page: Path) -> str:
    """A page without its code, in which brackets are no links."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^ {4}.*$", "", text, flags=re.MULTILINE))


def links(page: Path) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", prose(page))


def anchors(page: Path) -> set[str]:
    """The names of a page's headings as forges make them: small letters, hyphens for spaces, nothing else."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page: Path) -> list[str]:
    """A page's relative links that lead nowhere."""
    found = []
    for link in links(page):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            found.append(link)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_a_broken_link_and_a_broken_anchor_are_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A heading: here\n[a](page.md#a-heading-here) [b](gone.md) [c](#gone) [d](https://example.org)\n`[e](gone)`\n"
    )
    assert broken(page) == ["gone.md", "#gone"]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_every_picture_is_small_and_shown_with_words_for_those_who_cannot_see_it(picture: Path) -> None:
    shown = [
        words
        for page in PAGES
        for words, link in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
        if (page.parent / link).resolve() == picture.resolve()
    ]
    assert picture.read_bytes().startswith(PNG)
    assert picture.stat().st_size < LARGEST_PICTURE
    assert shown
    assert all(len(words) > 20 for words in shown)


def test_no_page_names_a_place_on_somebodys_machine() -> None:
    places = re.compile(r"(?<![\w.])/(?:work|tmp|root|home)/\w")
    assert [page.name for page in PAGES if places.search(page.read_text(encoding="utf-8"))] == []
