"""Names that try to be something else: they are built as what they are, text, and no page is turned around by them."""

from __future__ import annotations

from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import numpy as np
import pytest
import shapely
from django.test import Client

import little_city
from hearback.foundation.audit.enums import Actor
from hearback.importers import city
from hearback.jobs.build_city import build_city
from vector_files import geojson

pytestmark = [pytest.mark.faults, pytest.mark.django_db]

SCRIPT = "<script>alert(1)</script>"
TURNED = "Harbour\u202eevil\u2066"
NAMES = (
    SCRIPT,
    "\"><img src=x onerror=alert(1)>'",
    TURNED,
    "Two\nlines\r\nand\ttabs",
    "{{ 7|add:7 }} {% load %} %(name)s {number}",
    "../../../etc/passwd",
    "n" * 200,
    "\u0000nul",
    "𝔘𝔫𝔦 كود 中文 👩‍👩‍👧",
)
KEYS = ("<b>", '"quoted"', "../../x", "a/b", "per%20cent", "a?b=c#d", "k" * 120, "zwölf", "10 ")


class Links(HTMLParser):
    """Gathers where a page leads, and every script in it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.inline = 0
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.inline += tag == "script" and "src" not in given
        self.handlers += [name for name in given if name.startswith("on")]
        if tag == "a" and given.get("href"):
            self.found.add(str(given["href"]))


@pytest.fixture
def hostile(tmp_path: Path, settings: Any, by: Actor, at: datetime) -> None:
    """The little city, built with such names wherever a file or its description can bring one."""
    settings.DATA_DIR = tmp_path / "data"
    path = little_city.write(tmp_path / "source")
    squares = [
        ({"id": key, "called": name, "people": 900}, shapely.box(*corner, corner[0] + 0.01, corner[1] + 0.01))
        for n, (key, name) in enumerate(zip(KEYS, NAMES, strict=True))
        for corner in [little_city.corner(n)]
    ]
    geojson(path.parent / "squares.geojson", squares)
    places = [
        ({"called": name, "kind": "library", "speaks": name, "phone": name}, shapely.Point(-76.995, 39.005))
        for name in NAMES
    ]
    geojson(path.parent / "places.geojson", places)
    shares = "".join(f'"{key.replace(chr(34), chr(34) * 2)}",0.{n + 1},0.01\n' for n, key in enumerate(KEYS))
    (path.parent / "poverty.csv").write_text(f"id,share,moe\n{shares}")
    text = path.read_text().replace('"Little Nine"', "'''" + SCRIPT + "'''\nslug = \"nine\"")
    text = text.replace('title = "Poverty in squares"', "title = '../../x \"><b>'").replace(
        "Invented for tests", SCRIPT
    )
    path.write_text(text)
    build_city(city.read(path), by=by, at=at, rng=np.random.default_rng(1))


def test_every_page_shows_them_as_text_and_every_link_leads_somewhere(hostile: None, client: Client) -> None:
    waiting, seen = ["/", "/map/?layer=incidents", "/map/?layer=organizations", "/areas/?q=alert"], set()
    while waiting:
        address = waiting.pop()
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code in (200, 302), address
        page = answer.content.decode()
        assert "alert(1)</script>" not in page, address
        assert "\u202e" not in page, address
        read = Links()
        read.feed(page)
        assert read.inline == 0, address
        assert read.handlers == [], address
        for link in {urljoin(address, link).partition("#")[0] for link in read.found}:
            below = link.removeprefix("/").partition("/")[0]
            if below in ("areas", "data", "map") and link not in seen and link not in waiting:
                waiting.append(link)
    assert sum(address.startswith("/areas/") for address in seen) >= len(KEYS) + 1
