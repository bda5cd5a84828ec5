"""The page on which people are invited: what stands there and what never does, and how announcements get there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from hearback.design.templatetags.say import UNBROKEN
from hearback.foundation.access.models import Desk
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.foundation.places.models import Area, City
from hearback.listen.engagements import actions
from hearback.listen.engagements.actions import FEWEST_FOR_GROUPS, Occasion
from hearback.listen.engagements.enums import EngagementKind, Ground
from hearback.listen.engagements.models import Decision, Engagement
from hearback.listen.engagements.views.public import told_when
from pseudo import hard_coded
from residents import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]
Invites = Callable[..., Engagement]
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def reader(join: Callable[..., User]) -> User:
    """The second person, who reads announcements."""
    return join("cora", Role.COORDINATOR)


@pytest.fixture
def waiting(liaison: User, liaison_desk: Desk, at: datetime) -> Invites:
    """Something announced that nobody has read yet; without more it is a meeting in a week."""

    def one(**other: Any) -> Engagement:
        by, desk = other.pop("by", liaison).actor, other.pop("desk", liaison_desk)
        in_a_week = at + timedelta(days=7)
        occasion = Occasion(
            EngagementKind.FORUM, "Safe streets", "en", in_a_week, in_a_week + timedelta(hours=2), place="Library"
        )
        return actions.announce(desk, replace(occasion, **other), by=by, at=at)

    return one


@pytest.fixture
def invited(waiting: Invites, reader: User, at: datetime) -> Invites:
    """Something announced and published."""

    def one(**other: Any) -> Engagement:
        engagement = waiting(**other)
        return actions.publish(engagement, seen=engagement.version, by=reader.actor, at=at)

    return one


@pytest.fixture
def city(db: None) -> City:
    return City.objects.create(
        name="Linnet Bay", timezone="America/New_York", emergency_number="911", default_language="en"
    )


def _html(client: Client, address: str = "/events/") -> str:
    return client.get(address).content.decode()


def test_what_was_published_stands_there_with_everything_one_needs_to_come(
    client: Client, invited: Invites, city: City, district: Area
) -> None:
    invited(text="Bring a neighbour.\nThere is tea.", spoken=("en", "es", "ht"), area=district)
    page = said(client.get("/events/"))
    assert "A meeting to speak and be heard Safe streets" in page
    assert "Wednesday, March 11, 2026, 11 a.m. to 1 p.m." in page
    assert "Where Library Harbour" in page
    assert "Spoken there English , Español , Kreyòl ayisyen" in page
    assert "Who invites Liaison team The liaison team of the police" in page
    html = _html(client)
    assert "Bring a neighbour.<br>There is tea." in html
    assert 'href="/areas/harbour/"' in html
    assert "Written in" not in page


def test_nothing_but_what_was_published_is_shown(
    client: Client, waiting: Invites, invited: Invites, reader: User, liaison: User, at: datetime
) -> None:
    waiting(title="Not read yet")
    returned, appealed, withdrawn = waiting(title="Sent back"), waiting(title="Appealed"), waiting(title="Taken back")
    reworded = waiting(title="Words that were sent back")
    for one in (returned, appealed, reworded):
        actions.send_back(one, ground=Ground.UNCLEAR, remark="", seen=1, by=reader.actor, at=at)
    actions.appeal(appealed, by=liaison.actor, at=at)
    actions.withdraw(withdrawn, by=liaison.actor, at=at)
    later = at + timedelta(days=9)
    anew = Occasion(EngagementKind.FORUM, "Words not read", "en", later, later + timedelta(hours=1))
    actions.reword(reworded, anew, by=liaison.actor, at=at)
    held = Occasion(EngagementKind.EVENT, "Held before", "en", at - timedelta(days=2), at - timedelta(days=1))
    actions.record_held(reworded.desk, held, by=liaison.actor, at=at)
    assert '<li class="invitation"' not in _html(client)
    assert "Nothing is announced right now." in said(client.get("/events/"))


def test_oversights_last_word_brings_it_to_the_page(
    client: Client, waiting: Invites, reader: User, overseer: User, liaison: User, at: datetime
) -> None:
    one = waiting(title="What the police did wrong in May")
    actions.send_back(one, ground=Ground.HARM, remark="", seen=1, by=reader.actor, at=at)
    actions.appeal(one, by=liaison.actor, at=at)
    actions.publish(one, seen=1, by=overseer.actor, at=at)
    page = said(client.get("/events/"))
    assert "What the police did wrong in May" in page
    assert "It threatens or demeans people (sent back for this: 1)" in page
    assert "In the last twelve months: 1 published, 1 sent back." in page


def test_what_is_called_off_says_so_at_once_until_it_would_have_been_over(
    client: Client, invited: Invites, liaison: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = invited()
    before = client.get("/events/")
    assert before["Cache-Control"] == "no-cache"
    assert client.get("/events/", headers={"if-none-match": before["ETag"]}).status_code == 304
    actions.call_off(one, by=liaison.actor, at=at)
    after = client.get("/events/", headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert "Safe streets Called off. This does not take place. Please do not come." in said(after)
    assert re.search(r"<s>[^<]*March 11, 2026", after.content.decode())
    monkeypatch.setattr(timezone, "now", lambda: one.ends_at)
    assert "Safe streets" not in said(client.get("/events/"))


def test_the_soonest_is_first_and_what_is_over_is_gone(
    client: Client, invited: Invites, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in (9, 3, 6):
        day = at + timedelta(days=days)
        invited(title=f"In {days} days", starts_at=day, ends_at=day + timedelta(hours=1))
    assert re.findall(r"In \d days", said(client.get("/events/"))) == ["In 3 days", "In 6 days", "In 9 days"]
    monkeypatch.setattr(timezone, "now", lambda: at + timedelta(days=3, hours=1))
    assert re.findall(r"In \d days", said(client.get("/events/"))) == ["In 6 days", "In 9 days"]


@pytest.mark.parametrize(
    ("language", "hours", "told"),
    [
        ("en", 2, "Thursday, March 5, 2026, 7:30 p.m. to 9:30 p.m."),
        ("en", 30, "Thursday, March 5, 2026, 7:30 p.m., to Saturday, March 7, 2026, 1:30 a.m."),
        ("es", 2, "jueves, 5 de marzo de 2026, de 19:30 a 21:30"),
        ("ht", 2, "jedi 5 mas 2026, 19:30 rive 21:30"),
        ("zh-hans", 2, "2026年3月5日星期四 19:30 至 21:30"),
    ],
)
def test_when_it_is_stands_there_on_the_clocks_of_the_place_as_the_reader_writes_it(
    language: str, hours: int, told: str
) -> None:
    start = datetime(2026, 3, 6, 0, 30, tzinfo=UTC)
    with override(language):
        when = told_when(start, start + timedelta(hours=hours), zone=NEW_YORK)
    assert when.replace(UNBROKEN, " ") == told


def test_words_of_another_language_and_direction_are_marked_and_named(client: Client, invited: Invites) -> None:
    invited(title="لقاء الجيران", text="أهلاً بكم", language="ar", spoken=("ar",))
    html = _html(client)
    assert '<h3><bdi lang="ar">لقاء الجيران</bdi></h3>' in html
    assert '<div lang="ar" dir="auto"><p>أهلاً بكم</p></div>' in html
    assert "Written in العربية ." in said(client.get("/events/"))
    assert 'Written in <bdi lang="ar">' not in _html(client, "/ar/events/")


def test_what_somebody_wrote_cannot_become_part_of_the_page(client: Client, invited: Invites) -> None:
    nasty = '<script>alert("x")</script>'
    invited(title=nasty, text=f"{nasty}\n<img src=x onerror=alert(1)>", place=f'"{nasty}', language='"><script>')
    html = _html(client)
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;") == 3


def test_an_area_that_is_no_more_is_named_without_a_link(client: Client, invited: Invites, district: Area) -> None:
    invited(area=district)
    Area.objects.update(retired=True)
    html = _html(client)
    assert "<bdi>Harbour</bdi>" in html
    assert "/areas/harbour/" not in html


def test_a_partners_invitation_says_whose_it_is(
    client: Client, invited: Invites, partner_desk: Desk, join: Callable[..., User]
) -> None:
    pia = join("pia", Role.PARTNER, partner_desk)
    invited(kind=EngagementKind.PULSE, desk=partner_desk, by=pia)
    page = said(client.get("/events/"))
    assert "A few short questions Safe streets" in page
    assert "Who invites Tenants' union A partner organisation" in page


def test_every_ground_is_told_and_only_those_that_were_given_have_a_number(
    client: Client, waiting: Invites, reader: User, at: datetime
) -> None:
    for ground in (Ground.PAPERS, Ground.PAPERS, Ground.SELLING):
        actions.send_back(waiting(), ground=ground, remark="", seen=1, by=reader.actor, at=at)
    old = waiting()
    actions.send_back(old, ground=Ground.PERSON, remark="", seen=1, by=reader.actor, at=at)
    Decision.objects.filter(engagement=old).update(at=at - timedelta(days=366))
    page = said(client.get("/events/"))
    for ground, number in ((Ground.PAPERS, 2), (Ground.SELLING, 1)):
        assert f"{ground.label} (sent back for this: {number})" in page
    for ground in (Ground.PERSON, Ground.HARM, Ground.UNCLEAR):
        assert str(ground.label) in page
        assert f"{ground.label} (" not in page
    assert "In the last twelve months: 0 published, 3 sent back." in page
    assert f"where fewer than {FEWEST_FOR_GROUPS} came" in page


def test_the_page_asks_the_database_the_same_few_things_however_much_is_announced(
    client: Client, invited: Invites, city: City, district: Area, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        invited(title=f"Meeting {number}", area=district)
    with django_assert_max_num_queries(7) as asked:
        html = _html(client)
    with CaptureQueriesContext(connection) as again:
        assert _html(client) == html
    assert len(again) == 2, "which edition is the newest, and what is announced"
    assert html.count('<li class="invitation"') == 12
    assert not any("wkb" in one["sql"] for one in asked.captured_queries)


def test_the_page_leaves_nothing_behind_and_runs_nothing(client: Client, invited: Invites) -> None:
    invited()
    answer = client.get("/events/")
    assert not answer.cookies
    assert "Set-Cookie" not in answer
    assert "Cookie" not in answer.get("Vary", "")
    assert "<script" not in answer.content.decode()
    assert "<form" not in answer.content.decode()
    assert client.post("/events/").status_code == 405


def test_before_there_is_a_city_the_page_stands(client: Client) -> None:
    answer = client.get("/events/")
    assert answer.status_code == 200
    assert 'href="/tell/"' in answer.content.decode()


def test_everything_on_it_but_what_people_wrote_is_translated(
    client: Client, invited: Invites, liaison: User, reader: User, waiting: Invites, brackets: str, at: datetime
) -> None:
    invited(text="Bring a neighbour.", spoken=("es",))
    long = invited(ends_at=at + timedelta(days=9))
    actions.call_off(long, by=liaison.actor, at=at)
    actions.send_back(waiting(), ground=Ground.HARM, remark="", seen=1, by=reader.actor, at=at)
    assert set(hard_coded(_html(client, f"{brackets}/events/"))) <= {"Hearback", "English", "Brackets"}


@pytest.mark.parametrize("address", ["/privacy/", "/charter/", "/"])
def test_the_page_is_found_from(client: Client, address: str, city: City) -> None:
    assert 'href="/events/' in _html(client, address)
