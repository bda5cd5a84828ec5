"""What is said of what we keep is what the software does, on the page and beside each field."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from hearback.foundation.access.models import Desk
from hearback.foundation.people.models import User
from hearback.importers.promises import USUAL
from hearback.listen.concerns.enums import ConcernKind
from hearback.listen.concerns.queries import promises
from hearback.listen.concerns.views.keeping import FIELDS, how_long
from residents import said
from standing_roles import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("liaison")]


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "1 day"), (2, "2 days"), (180, "180 days"), (365, "1 year"), (366, "366 days"), (1825, "5 years")],
)
def test_days_are_told_as_people_count_them(days: int, words: str) -> None:
    assert how_long(days) == words


def test_every_kind_stands_there_with_the_time_its_actions_use(client: Client) -> None:
    page = said(client.get("/privacy/"))
    for kind in ConcernKind:
        promise = USUAL[kind]
        assert f"{kind.label} {how_long(promise.keep_days)} {promise.answer} {promise.resolution}" in page


def test_the_page_tells_of_the_end_of_erasing_of_holds_and_of_what_is_never_kept(client: Client) -> None:
    page = said(client.get("/privacy/"))
    for sentence in (*promises.AFTERWARDS, *promises.AT_ONCE, *promises.HELD, *promises.NEVER):
        assert str(sentence) in page


def test_each_field_has_the_same_sentence_on_the_page_on_the_form_and_at_the_desk(
    client: Client, liaison: User
) -> None:
    page, form = said(client.get("/privacy/")), said(client.get("/tell/"))
    desk = said(signed_in(liaison).get("/desk/concerns/new/?source=phone&language=en"))
    assert set(FIELDS) == set(promises.DISCLOSABILITY)
    for field in FIELDS:
        sentence = str(promises.disclosability(field).sentence)
        assert sentence in page
        assert field == "language" or sentence in form
        assert field in ("language", "pin") or sentence in desk


@pytest.mark.parametrize("field", ["words", "file", "contact"])
def test_a_screen_reader_hears_the_sentence_with_its_field(client: Client, field: str) -> None:
    form = client.get("/tell/").content.decode()
    control = re.search(rf'<(?:textarea|input)[^>]*name="{field}"[^>]*>', form)
    assert control
    assert f"{field}-law" in control[0]
    assert f'id="{field}-law"' in form


@pytest.mark.parametrize("address", ["/", "/tell/", "/receipt/", "/tell/paper/"])
def test_the_page_is_found_from(client: Client, address: str, liaison_desk: Desk) -> None:
    page = client.get(address).content.decode()
    assert 'href="/privacy/"' in page
    if address != "/":
        assert 'href="/privacy/"' in page.split("<main", 1)[1].split("</main>")[0]


def test_whoever_prefers_paper_finds_the_form_on_paper(client: Client) -> None:
    assert 'href="/tell/paper/"' in client.get("/tell/").content.decode()
