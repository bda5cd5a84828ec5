"""Every page that residents see is translated to its last word: in a language of brackets, nothing stands outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import LocalePrefixPattern, get_resolver
from django.utils import timezone
from django.utils.translation import override

import little_city
from concerns import hands
from hearback.foundation.access.models import Desk
from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.foundation.people.models import User
from hearback.importers import city
from hearback.jobs.build_city import build_city
from hearback.listen.concerns.actions import desk as at_desk
from hearback.listen.concerns.actions import upkeep
from hearback.listen.concerns.enums import ConcernKind, State, Tallied
from hearback.listen.concerns.models import Concern, Tally
from hearback.listen.concerns.queries.thresholds import WITHOUT_WORK_AN_HOUR, hour_of
from hearback.report_back.payloads import ClockPage, Kind, KindPromise, Wait
from hearback.report_back.releases import actions as releases
from pseudo import CODE, hard_coded
from residents import SAID, hidden, open_thread, proof_of, token, words_of, worked

pytestmark = [pytest.mark.consistency, pytest.mark.django_db]

NAMES = {
    *("Hearback", "Little", "Nine", "Square", "Squares", "Harbour"),  # the city and its areas
    *("People", "poverty"),  # what its need index is made of
    *("Reading", "Room"),  # an organisation
    *("Need", "in", "Poverty", "Robberies", "Places", "squares"),  # titles of datasets
    *("Invented", "for", "tests"),  # their source
    *("Liaison", "team", "Oversight", "board"),  # desks
    *("English", "Brackets"),  # languages, in themselves
    *("square", "nowhere"),  # what was typed
}
"""What stands on pages as somebody named it."""


def _strangers(answer: HttpResponse) -> set[str]:
    return set(hard_coded(answer.content.decode())) - NAMES


@pytest.fixture
def built(tmp_path: Path, settings: Any, by: Actor, at: datetime) -> None:
    """The little city, with a clock on which everything can be read."""
    settings.DATA_DIR = tmp_path / "data"
    description = city.read(little_city.write(tmp_path / "source"))
    build_city(description, by=by, at=at, rng=np.random.default_rng(1), tell=lambda _: None)
    full = Wait("11", "Square 11", True, 40, 2, 0, 3, 4, 3, None, 0.8)
    page = ClockPage(
        on="2026-03-04",
        smallest_shown=10,
        confidence_percent=95,
        everybody=full,
        kinds=tuple(KindPromise(str(kind.label), 3, 9, full) for kind in ConcernKind),
        languages=(Wait("en", "English", True, 40, None), Wait("en", "English", shown=False)),
        areas=(full,),
    )
    releases.replace(Kind.CLOCK, [(Kind.CLOCK, "", page)], by=by, at=at)


PUBLIC = [
    *(
        "",
        "map/",
        "map/?layer=incidents",
        "map/?layer=organizations",
        "map/?sort=top",
        "map/pin/",
        "clock/",
        "trust/",
        "who-is-missing/",
    ),
    *("areas/", "areas/?q=square", "areas/?q=nowhere", *(f"areas/{key}/" for key in little_city.KEYS)),
    *("data/", "methods/", "charter/", "accessibility/", "tell/paper/", "tell/", "receipt/", "verify/"),
    *("events/", "privacy/", "areas/atlantis/", "no/such/page/"),
]
ELSEWHERE = {"areas/<path:area>/", "data/<str:name>/", "receipt/confirm/"}
"""Read by tests of their own, or by another address of the list."""


def test_public_pages_say_nothing_that_cannot_be_translated(client: Client, built: None, brackets: str) -> None:
    found = {address: _strangers(client.get(f"{brackets}/{address}")) for address in PUBLIC}
    assert {address: words for address, words in found.items() if words} == {}


def test_no_public_address_is_left_out() -> None:
    public = next(one for one in get_resolver().url_patterns if isinstance(one.pattern, LocalePrefixPattern))
    seen = {re.sub(r"\?.*", "", address) for address in PUBLIC} | ELSEWHERE
    assert {str(page.pattern) for slice_ in public.url_patterns for page in slice_.url_patterns} - seen == set()


def test_the_pages_of_datasets_say_nothing_that_cannot_be_translated(
    client: Client, built: None, brackets: str
) -> None:
    addresses = re.findall(rf'href="({brackets}/data/[^"]+/)"', client.get(f"{brackets}/data/").content.decode())
    assert len(addresses) == 4
    for address in addresses:
        assert _strangers(client.get(address)) == set(), address


def test_before_anything_is_built_pages_say_nothing_that_cannot_be_translated(client: Client, brackets: str) -> None:
    assert _strangers(client.get(f"{brackets}/")) == set()
    assert _strangers(client.get(f"{brackets}/tell/")) == set()


def test_the_page_for_our_own_faults_is_translated(brackets: str) -> None:
    with override(CODE):
        assert set(hard_coded(render_to_string("500.html"))) == {"Hearback"}


def test_a_page_that_no_person_has_signed_says_so_with_the_way_to_the_original(
    client: Client, built: None, brackets: str
) -> None:
    page = client.get(f"{brackets}/areas/?q=square").content.decode()
    assert "⟦Machine draft, not yet reviewed by a named person.⟧" in page
    assert '<a href="/areas/?q=square" hreflang="en">' in page
    assert "Machine draft" not in client.get("/areas/?q=square").content.decode()


@pytest.fixture
def everybody(still_clock: None, liaison: User, teammate: User, overseer: User) -> None:
    """People who read."""


def test_nothing_that_stands_in_the_way_of_telling_is_hard_coded(
    client: Client, everybody: None, brackets: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for answer in _obstacles(client, brackets):
        assert answer.status_code != 404
        assert _strangers(answer) == set()
    Tally.objects.update_or_create(
        what=Tallied.WITHOUT_WORK, hour=hour_of(timezone.now()), defaults={"count": WITHOUT_WORK_AN_HOUR}
    )
    assert _strangers(_tell(client, brackets)) == set()
    monkeypatch.setattr(audit, "record", _broken)
    assert _strangers(_tell(client, brackets, **worked(), file=_no_photo())) == set()
    monkeypatch.undo()
    Desk.objects.update(open=False)
    assert _strangers(client.get(f"{brackets}/tell/")) == set()


def _obstacles(client: Client, prefix: str) -> Iterator[HttpResponse]:
    for wrong in (
        {"words": " ", "kind": "", "desk": "", "contact": "x" * 301},
        {"words": "a" * 10_001, "desk": "nowhere", "website": "spam", "safety": "other", "area": "x" * 50},
        {"token": "forged"},
        {"token": token(opened_ago=timedelta(0))},
        {"words": "I have no papers"},
        {"file": _no_photo()},
        {"file": SimpleUploadedFile("photo.jpg", b"")},
        {"words": "a" * (5 * 1024 * 1024)},
    ):
        yield _tell(client, prefix, **wrong)
    form = token()
    _tell(client, prefix, token=form)
    yield _tell(client, prefix, token=form, words="Other words")
    yield client.post(f"{prefix}/receipt/confirm/", {"ticket": "A" * 80})


def test_nothing_on_the_way_back_is_hard_coded(client: Client, everybody: None, brackets: str) -> None:
    for answer in _way_back(client, brackets):
        assert _strangers(answer) == set()


def _way_back(client: Client, prefix: str) -> Iterator[HttpResponse]:
    received = _tell(client, prefix, **worked())
    yield received
    words = words_of(received).split()
    places = re.findall(r'name="word-(\d)"', received.content.decode())
    ticket = {"ticket": hidden(received, "ticket")}
    yield client.post(f"{prefix}/receipt/confirm/", ticket | {f"word-{place}": "xxxx" for place in places})
    typed = {f"word-{place}": words[int(place) - 1] for place in places}
    yield client.post(f"{prefix}/receipt/confirm/", ticket | typed)
    for wrong in ("", "nothing", " ".join([words[0] + "q", *words[1:]]), " ".join([words[1], words[0], *words[2:]])):
        yield open_thread(client, wrong, prefix=prefix)
    yield client.post(f"{prefix}/receipt/", {"words": " ".join(words)})
    yield client.post(f"{prefix}/receipt/", {"ticket": "A" * 80, "do": "reply"})
    proof, salt = proof_of(received)
    for given in (
        {"proof": proof, "words": SAID, "salt": salt},
        {"proof": proof, "words": "Others", "salt": salt},
        {"proof": proof, "words": SAID, "salt": salt[:-1]},
        {"proof": proof[:-3]},
        {"proof": ""},
    ):
        yield client.post(f"{prefix}/verify/", {"token": token(difficulty=0)} | given)
    yield client.post(f"{prefix}/verify/", {"proof": proof})


def test_nothing_in_a_thread_is_hard_coded(
    client: Client, everybody: None, liaison: User, overseer: User, oversight_desk: Desk, brackets: str
) -> None:
    words = words_of(_tell(client, brackets, **worked(), contact="my sister"))
    thread = open_thread(client, words, prefix=brackets)
    concern = Concern.objects.get()

    def step(do: str, **fields: str) -> HttpResponse:
        return client.post(f"{brackets}/receipt/", {"ticket": hidden(thread, "ticket"), "do": do} | fields)

    Concern.objects.update(answer_due=timezone.now().date() - timedelta(days=9), escalated=1)
    pages = [thread, step("reply", words=""), step("reply", words="More"), step("judge"), step("attachment"), step("")]
    Concern.objects.update(escalated=2)
    pages.append(step(""))
    at_desk.answer(concern, "Friday.", **hands(liaison), at=timezone.now() - timedelta(days=30))
    pages += [step(""), step("judge", helped="partly"), step("reopen"), step("withdraw")]
    concern.refresh_from_db()
    at_desk.propose_handover(concern, oversight_desk, by=liaison.actor, at=timezone.now())
    pages += [step(""), step("consent", desk="team"), step("refuse"), step("consent", desk="board")]
    upkeep.hold(concern, reason="Court order 7", by=overseer.actor, at=timezone.now())
    pages.append(step("erase"))
    Concern.objects.update(legal_hold=False)
    pages.append(open_thread(client, words, prefix=brackets))
    for page in pages:
        assert _strangers(page) == set()
    assert Concern.objects.get().state == State.WITHDRAWN


def _tell(client: Client, prefix: str, **fields: Any) -> HttpResponse:
    given = {"token": token(), "kind": "concern", "words": SAID, "desk": "team", "safety": "", "area": ""}
    return client.post(f"{prefix}/tell/", given | fields)


def _no_photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", b"MZ\x90\x00 not a photo")


def _broken(**_: object) -> None:
    raise DatabaseError("database or disk is full")
