"""The inbox, what is late, sharing with newcomers, and the cards of the start page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from concerns import WORDS, Sent, hands
from hearback.foundation.access import actions as access
from hearback.foundation.access.models import Desk
from hearback.foundation.audit.enums import Actor
from hearback.foundation.calendar.queries import WorkCalendar
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.foundation.places.models import Area
from hearback.listen.concerns.actions import desk as at_desk
from hearback.listen.concerns.actions import upkeep
from hearback.listen.concerns.enums import ConcernKind
from hearback.listen.concerns.queries.cards import desk_cards
from hearback.listen.concerns.queries.due import due
from standing_roles import signed_in, unlocked

pytestmark = pytest.mark.django_db
Sends = Callable[..., Sent]
Joins = Callable[..., User]

WORKING = WorkCalendar(timezone="UTC", workdays=frozenset(range(5)))
ADDRESSES = ("/desk/concerns/", "/desk/concerns/newcomers/", "/desk/concerns/newcomers/lia/", "/desk/late/")


def shown(person: User, address: str = "/desk/concerns/") -> str:
    """A page of the workspace as the person sees it with a locked key."""
    answer = signed_in(person).get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_resident_is_sent_to_sign_in(address: str, client: Client) -> None:
    assert client.get(address)["Location"].startswith("/desk/login/")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR])
def test_roles_that_read_nothing_are_refused(address: str, role: Role, join: Joins) -> None:
    assert signed_in(join("ada", role)).get(address).status_code == 403


def test_everybody_sees_what_was_sealed_to_them_and_no_word_of_it(
    sent: Sends, liaison: User, teammate: User, outsider: User, overseer: User, liaison_desk: Desk, oversight_desk: Desk
) -> None:
    ours, theirs = sent(liaison_desk).concern.reference, sent(oversight_desk).concern.reference
    for person in (liaison, teammate):
        assert ours in shown(person)
        assert theirs not in shown(person)
    assert theirs in shown(overseer)
    assert ours not in shown(overseer)
    assert "no seat at any desk" in shown(outsider)
    assert WORDS not in shown(liaison)


def test_filters_work_as_plain_addresses(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk, district: Area, at: datetime
) -> None:
    spanish = sent(liaison_desk, text="Hola.", language="es", area=district).concern
    question = sent(liaison_desk, kind=ConcernKind.QUESTION).concern
    at_desk.assign(question, liaison, by=liaison.actor, at=at)
    for query, found, left_out in (
        ("language=es", spanish, question),
        ("kind=question", question, spanish),
        (f"area={district.key}", spanish, question),
        ("mine=on", question, spanish),
        ("state=being-read", question, spanish),
    ):
        page = shown(liaison, f"/desk/concerns/?{query}")
        assert found.reference in page
        assert left_out.reference not in page


def test_a_filter_that_does_not_exist_filters_nothing(sent: Sends, liaison: User, liaison_desk: Desk) -> None:
    one = sent(liaison_desk).concern
    assert one.reference in shown(liaison, "/desk/concerns/?kind=rumour&page=seven")


def test_what_is_answered_leaves_the_first_view_and_stays_in_all(
    sent: Sends, liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk).concern
    at_desk.answer(one, "Yes.", **hands(liaison), at=at)
    assert one.reference not in shown(liaison)
    assert one.reference in shown(liaison, "/desk/concerns/?state=")


def test_late_ones_are_told_in_words(sent: Sends, liaison: User, liaison_desk: Desk) -> None:
    """Sent in 2026: late by now whenever this runs."""
    one = sent(liaison_desk, at=datetime(2024, 3, 4, 15, 0, tzinfo=UTC)).concern
    page = shown(liaison, "/desk/concerns/?late=on")
    assert one.reference in page
    assert "Late by" in page


@pytest.mark.parametrize(
    ("today", "days", "late"),
    [
        (date(2026, 3, 6), 1, False),
        (date(2026, 3, 8), 1, False),
        (date(2026, 3, 9), 0, False),
        (date(2026, 3, 10), 1, True),
        (date(2026, 3, 14), 4, True),
    ],
)
def test_the_clock_counts_working_days_both_ways(
    today: date, days: int, late: bool, sent: Sends, liaison: User, liaison_desk: Desk
) -> None:
    """Due on Monday, 9 March 2026; the 7th, 8th, 14th are weekend."""
    concern = sent(liaison_desk).concern
    concern.answer_due = date(2026, 3, 9)
    told = due(concern, calendar=WORKING, today=today)
    assert (told.working_days, told.late, told.waiting) == (days, late, True)


def test_what_was_answered_and_not_closed_in_time_stands_in_the_inbox_and_on_the_start_page(
    sent: Sends, liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    """Answered in time; to be closed by Wednesday, 25 March 2026, long ago whenever this runs."""
    one = sent(liaison_desk).concern
    at_desk.answer(one, "I ask the city.", **hands(liaison), at=at)
    told = due(one, calendar=WORKING, today=date(2026, 3, 25))
    assert (told.day, told.waiting, told.open, told.late) == (date(2026, 3, 25), False, True, False)
    page = shown(liaison, "/desk/concerns/?late=on")
    assert one.reference in page
    assert "Answered, and not closed in time" in page
    titles = [card.title for card in desk_cards(liaison, at=datetime(2026, 3, 26, 15, tzinfo=UTC))]
    assert "Answered, and not closed in time" in titles
    at_desk.close(one, by=liaison.actor, at=at)
    assert one.reference not in shown(liaison, "/desk/concerns/?late=on")
    assert not due(one, calendar=WORKING, today=date(2026, 4, 1)).open


def test_a_coordinator_sees_late_ones_of_liaison_desks_without_a_word(
    sent: Sends, liaison: User, partner_desk: Desk, liaison_desk: Desk, join: Joins
) -> None:
    join("pia", Role.PARTNER, partner_desk)
    long_ago = datetime(2024, 3, 4, 15, 0, tzinfo=UTC)
    ours, theirs = sent(liaison_desk, at=long_ago).concern, sent(partner_desk, at=long_ago).concern
    page = shown(join("cora", Role.COORDINATOR), "/desk/late/")
    assert ours.reference in page
    assert theirs.reference not in page
    assert WORDS not in page
    assert f"/desk/concerns/{ours.reference}/" not in page


def test_oversight_sees_what_came_up_to_it(
    sent: Sends, liaison: User, overseer: User, liaison_desk: Desk, by: Actor, at: datetime
) -> None:
    one = sent(liaison_desk, at=datetime(2024, 3, 4, 15, 0, tzinfo=UTC)).concern
    assert one.reference not in shown(overseer, "/desk/late/")
    upkeep.escalate(by=by, at=at)
    assert one.reference in shown(overseer, "/desk/late/")


def test_the_late_page_shows_waits_with_intervals(
    sent: Sends, liaison: User, overseer: User, liaison_desk: Desk, at: datetime
) -> None:
    for days in (1, 2, 5, 6, 7, 8):
        one = sent(liaison_desk, text=f"Number {days}.").concern
        at_desk.answer(one, "Yes.", **hands(liaison), at=at + timedelta(days=days))
    page = shown(overseer, "/desk/late/")
    assert "Liaison team" in page
    assert " to " in page.partition("Half wait at most")[2]


@pytest.mark.parametrize("who", ["liaison", "teammate", "outsider"])
def test_liaisons_and_partners_do_not_see_the_late_page(who: str, request: pytest.FixtureRequest) -> None:
    assert signed_in(request.getfixturevalue(who)).get("/desk/late/").status_code == 403


@pytest.fixture
def newcomer(sent: Sends, liaison: User, liaison_desk: Desk, join: Joins) -> User:
    """Somebody who came to the desk after two concerns."""
    sent(liaison_desk)
    sent(liaison_desk, text="Officer Nadir was rude.")
    person = join("nora", Role.LIAISON, liaison_desk)
    person.last_name = "Nadir"
    person.save()
    return person


def test_what_came_before_is_shared_with_a_newcomer_but_not_what_names_them(newcomer: User, liaison: User) -> None:
    client = unlocked(liaison)
    assert "2 concerns" in client.get("/desk/concerns/newcomers/").content.decode()
    page = client.get("/desk/concerns/newcomers/nora/").content.decode()
    assert "1 concern is not offered" in page
    assert "Nothing was sealed to you so far" in shown(newcomer)
    reference = page.partition('name="concerns" value="')[2].partition('"')[0]
    assert client.post("/desk/concerns/newcomers/nora/", {"concerns": [reference]}).status_code == 302
    assert reference in shown(newcomer)


def test_sharing_needs_the_key_and_a_common_desk(newcomer: User, liaison: User, outsider: User, overseer: User) -> None:
    assert "unlock" in signed_in(liaison).get("/desk/concerns/newcomers/nora/")["Location"]
    for stranger in (outsider, overseer):
        assert unlocked(stranger).get("/desk/concerns/newcomers/nora/").status_code == 404


def test_the_start_page_counts_what_waits_what_is_late_and_who_is_new(newcomer: User, liaison: User) -> None:
    cards = desk_cards(liaison, at=datetime(2026, 3, 30, tzinfo=UTC))
    assert [(card.title, card.count) for card in cards] == [
        ("Residents wait for an answer", 2),
        ("Late", 2),
        ("nora cannot open everything yet", 2),
    ]
    assert "Residents wait for an answer" in signed_in(liaison).get("/desk/").content.decode()


def test_cards_leave_out_what_a_colleague_took(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk).concern
    at_desk.assign(one, teammate, by=teammate.actor, at=at)
    assert [card.count for card in desk_cards(liaison, at=at)] == [0]
    assert [card.count for card in desk_cards(teammate, at=at)] == [1]


def test_whoever_reads_nothing_gets_no_card(join: Joins, at: datetime) -> None:
    assert desk_cards(join("ada", Role.ADMINISTRATOR), at=at) == []


def test_somebody_who_lost_the_seat_sees_nothing(
    sent: Sends, liaison: User, liaison_desk: Desk, by: Actor, at: datetime
) -> None:
    one = sent(liaison_desk).concern
    access.leave_seat(liaison_desk, person=liaison, by=by, at=at)
    assert one.reference not in shown(liaison)
