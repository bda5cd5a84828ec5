"""Finished public pages kept in memory: never stale, never of another reader, never more than fits."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from hearback.foundation.audit.enums import Actor
from hearback.foundation.people.models import User
from hearback.portal import published
from hearback.portal.finished import MOST_BYTES, FinishedPages
from hearback.portal.published import edition_and_address
from hearback.report_back.payloads import CityPage, Kind
from hearback.report_back.releases import actions as releases
from standing_roles import signed_in

pytestmark = pytest.mark.django_db
GZIP = {"HTTP_ACCEPT_ENCODING": "gzip"}


def publish(name: str, *, by: Actor, at: datetime) -> None:
    page = CityPage(name, True, 1, 1, "area", "areas", "911", (), (), (), 0, "", "2026-03-04")
    releases.publish([(Kind.CITY, "", page)], by=by, at=at)


@pytest.fixture(autouse=True)
def edition(by: Actor, at: datetime) -> None:
    publish("Linnet Bay", by=by, at=at)


def kept() -> int:
    return len(caches["pages"]._cache)


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_a_page_is_made_once_and_then_costs_one_question_about_the_edition(client: Client) -> None:
    first, again = client.get("/charter/"), client.get("/charter/")
    assert first.content == again.content
    assert dict(first.items()) == dict(again.items())
    assert queries(client, "/charter/") == 1
    assert queries(client, "/methods/") > 1


def test_a_new_edition_is_seen_at_once(client: Client, by: Actor, at: datetime) -> None:
    assert b"Linnet Bay" in client.get("/charter/").content
    publish("Heron Point", by=by, at=at)
    page = client.get("/charter/")
    assert b"Heron Point" in page.content
    assert b"Linnet Bay" not in page.content


def test_languages_and_addresses_are_kept_apart(client: Client) -> None:
    for _ in range(2):
        assert client.get("/es/charter/")["Content-Language"] == "es"
        assert client.get("/charter/")["Content-Language"] == "en"
        assert b'href="/es/methods/"' in client.get("/es/charter/").content
        assert b'href="/methods/"' in client.get("/charter/").content


def test_compressed_and_plain_readers_get_their_own(client: Client) -> None:
    for _ in range(2):
        assert client.get("/charter/", **GZIP)["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in client.get("/charter/")


def test_whoever_has_the_page_is_told_that_it_is_the_same(client: Client, by: Actor, at: datetime) -> None:
    for encoding in ({}, GZIP):
        mark = client.get("/charter/", **encoding)["ETag"]
        unchanged = client.get("/charter/", headers={"if-none-match": mark}, **encoding)
        assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", mark)
        assert unchanged["Cache-Control"] == "public, max-age=60"
    publish("Heron Point", by=by, at=at)
    assert client.get("/charter/", headers={"if-none-match": mark}).status_code == 200


def test_a_mended_translation_is_seen_by_whoever_has_the_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = client.get("/es/charter/")["ETag"]
    monkeypatch.setattr(published, "program", lambda: "with another catalog")
    assert client.get("/es/charter/", headers={"if-none-match": mark}).status_code == 200


@pytest.mark.parametrize("file", ["locale/es/LC_MESSAGES/django.mo", "portal/templates/portal/map.html", "words.py"])
def test_the_program_is_another_when_a_file_that_says_something_changes(tmp_path: Path, file: str) -> None:
    saying = tmp_path / file
    saying.parent.mkdir(parents=True, exist_ok=True)
    saying.write_bytes(b"what was said")
    before = published.digest_of(tmp_path)
    assert published.digest_of(tmp_path) == before
    saying.write_bytes(b"what is said")
    assert published.digest_of(tmp_path) != before


def test_asking_for_the_head_gives_the_headers_alone_and_spoils_no_page(client: Client) -> None:
    before = client.head("/charter/")
    page = client.get("/charter/")
    after = client.head("/charter/")
    assert (before.content, after.content) == (b"", b"")
    assert len(page.content) > 1000
    assert client.get("/charter/").content == page.content
    assert after["ETag"] == before["ETag"] == page["ETag"]


@pytest.mark.parametrize("more", [{"HTTP_COOKIE": "desk=abc"}, {"HTTP_AUTHORIZATION": "Basic YTpi"}])
def test_whoever_brings_a_cookie_or_a_sign_in_neither_fills_nor_uses_the_store(
    client: Client, more: dict[str, str]
) -> None:
    client.get("/charter/", **more)
    assert kept() == 0
    client.get("/charter/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/charter/", **more)
    assert len(asked) > 1


def test_desk_pages_receipts_and_forms_are_not_kept_as_finished(client: Client, liaison: User) -> None:
    signed_in(liaison).get("/desk/")
    client.get("/desk/")
    client.get("/nowhere/")
    client.get("/health/")
    assert kept() == 0
    for address in ("/tell/", "/receipt/", "/verify/"):
        tokens = {client.get(address).content for _ in range(2)}
        assert len(tokens) == 2


def test_before_the_first_edition_and_for_pages_that_are_not_there_nothing_is_kept(client: Client) -> None:
    assert client.get("/clock/").status_code == 404
    assert kept() == 0


def test_junk_behind_the_address_does_not_fill_the_memory(client: Client) -> None:
    store = caches["pages"]
    assert store._max_entries * MOST_BYTES < 20_000_000
    for number in range(store._max_entries + 20):
        client.get(f"/charter/?junk={number}")
    assert kept() <= store._max_entries


def test_a_page_that_says_another_address_in_its_links_is_another_page(client: Client) -> None:
    assert b"from-a-friend" not in client.get("/charter/").content
    client.get("/charter/?said=from-a-friend")
    assert b"from-a-friend" not in client.get("/charter/").content


@pytest.mark.parametrize("spoilt", ["status", "mark", "cookie", "size"])
def test_only_a_whole_page_of_this_very_edition_is_kept(spoilt: str) -> None:
    request = RequestFactory().get("/charter/")

    def view(asked: HttpRequest) -> HttpResponse:
        mark = '"of another edition"' if spoilt == "mark" else str(edition_and_address(asked))
        answer = HttpResponse(
            b"x" * (MOST_BYTES + 1 if spoilt == "size" else 10),
            status=500 if spoilt == "status" else 200,
            headers={"ETag": mark},
        )
        if spoilt == "cookie":
            answer.set_cookie("desk", "abc")
        return answer

    FinishedPages(view)(request)
    assert kept() == 0


def test_a_host_that_is_refused_gets_nothing_from_the_store(client: Client) -> None:
    client.get("/charter/")
    assert client.get("/charter/", headers={"host": "elsewhere.example"}).status_code == 400
