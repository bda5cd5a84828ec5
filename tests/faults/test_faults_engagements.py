"""Announcements by people who do not wish well: raced, forged, endless, unseen, at the end of time."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from engagements import (
    HELD,
    NEW,
    WRITTEN,
    decides,
    errors_of,
    page_of,
    sends_back,
    state_of,
    text_of,
)
from hearback.foundation.access import actions as access
from hearback.foundation.access.models import Desk
from hearback.foundation.audit.queries import exported
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.foundation.places.models import City
from hearback.foundation.populations.models import Population
from hearback.listen.engagements import actions
from hearback.listen.engagements.actions import MOST_WAITING
from hearback.listen.engagements.enums import State
from hearback.listen.engagements.models import Engagement
from installations import Installation
from places import FULL_SIMULATIONS
from standing_roles import SETTING_UP, signed_in

pytestmark = pytest.mark.faults
page = pytest.mark.usefixtures("db", "still_clock")
CLICKS, RACES = 8, 20 if FULL_SIMULATIONS else 4
STEPS = ("reword", "count", "withdraw", "appeal", "call-off")

UNSEEN = ("\u3164", "\u2800", "\u115f \u1160", "\uffa0\ufe0f", "\x07", "\x1b", "\u034f", "\u202e", "\U000e0041")
"""Letters, symbols, marks and controls of which nobody sees anything."""
ODD = (
    "<script>",
    "\u202eeman",
    "a" + "\u0336" * 119,
    "\N{FAMILY}",
    "\uff48\uff49",
    "{{ 7|add:7 }} %(x)s",
    "W" * 120,
    "٢٠٢٦",
)


@pytest.fixture
def city(db: None) -> City:
    """Without it there are no public pages."""
    return City.objects.create(name="Little Nine", timezone="America/New_York", workdays=[0, 1, 2, 3, 4])


# Raced


def test_many_clicks_in_one_moment_are_one_announcement_and_a_flood_stops(installation: Installation) -> None:
    found = installation.do("announce_from_threads", str(CLICKS))
    assert len(found["clicked"]) == 1
    assert found["waiting"] == MOST_WAITING
    assert found["answers"] == 5 * CLICKS


def test_nothing_is_published_that_was_reworded_while_it_was_read(installation: Installation) -> None:
    assert installation.do("decide_while_rewording", str(RACES)) == []


# Odd words, moments and numbers


@page
@pytest.mark.parametrize("words", UNSEEN)
@pytest.mark.parametrize("field", ["title", "text", "place"])
def test_words_of_which_nobody_sees_anything_are_none(field: str, words: str, partner: User) -> None:
    assert list(errors_of(signed_in(partner).post(NEW, WRITTEN | {"desk": "union", field: words}))) == [field]


@page
@pytest.mark.parametrize("words", ODD)
def test_odd_words_stay_words(words: str, partner: User, coordinator: User, client: Client, city: City) -> None:
    signed_in(partner).post(NEW, WRITTEN | {"desk": "union", "title": words, "place": words})
    one = Engagement.objects.get()
    decides(coordinator, one)
    assert (one.title, state_of(one)) == (words, State.PUBLISHED)
    assert "<script>" not in text_of(client.get("/events/")).partition("<main")[2]


LAST_DAYS = [("9999-12-10T00:00", "9999-12-20T00:00"), ("9999-12-30T00:00", "9999-12-31T23:59")]


@page
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
@pytest.mark.parametrize("moments", [*LAST_DAYS, ("0001-01-01T00:00", "0001-01-01T02:00")])
@pytest.mark.parametrize("form", [NEW, HELD])
def test_the_ends_of_time_are_no_moments(
    form: str, moments: tuple[str, str], zone: str, partner: User, city: City
) -> None:
    city.timezone = zone
    city.save()
    given = {"desk": "union", "starts_at": moments[0], "ends_at": moments[1]}
    assert set(errors_of(signed_in(partner).post(form, WRITTEN | given))) <= {"starts_at", "ends_at"}


@page
@pytest.mark.parametrize("typed", ["-1", "1e309", "²", "9" * 5_000, "\x00", "0x10", "100001", "true"])
def test_what_is_no_number_of_people_is_refused(typed: str, partner: User, held: Engagement) -> None:
    assert list(errors_of(signed_in(partner).post(page_of(held, "count"), {"people": typed}))) == ["people"]


@page
@pytest.mark.parametrize("seen", ["²", "-1", "1e0", "9" * 100, "", "true", "1.0", "2"])
def test_a_version_that_nobody_read_publishes_nothing(seen: str, coordinator: User, announced: Engagement) -> None:
    assert decides(coordinator, announced, seen=seen).status_code == 409
    assert state_of(announced) == State.WAITING


@page
@pytest.mark.parametrize("size", [3_000_000, 20_000_000])
def test_what_is_endless_is_not_read_to_its_end(size: int, partner: User) -> None:
    client = signed_in(partner)
    client.raise_request_exception = False
    assert client.post(NEW, WRITTEN | {"desk": "union", "text": "x" * size}).status_code in {413, 422}
    assert not Engagement.objects.exists()


# In another's name


@page
@pytest.mark.parametrize("step", STEPS)
def test_another_partners_is_not_theirs_to_touch(
    step: str, announced: Engagement, held: Engagement, join: Callable[..., User], at: datetime
) -> None:
    rival = Desk.objects.create(key="rival", kind="partner", name="Rival")
    client = signed_in(join("rita", Role.PARTNER, rival))
    for one in (announced, held):
        before = Engagement.objects.filter(pk=one.pk).values().get()
        assert client.get(page_of(one)).status_code == 403
        given = WRITTEN | {"people": "12", "desk": "union", "state": "published", "reference": one.reference}
        assert client.post(page_of(one, step), given).status_code == 403
        assert Engagement.objects.filter(pk=one.pk).values().get() == before


@page
def test_forged_fields_publish_nothing(partner: User) -> None:
    forged = {"desk": "union", "state": "published", "version": "7", "written_by": "", "id": "1", "people": "9"}
    signed_in(partner).post(NEW, WRITTEN | forged)
    one = Engagement.objects.get()
    assert (one.state, one.version, one.written_by, one.people) == (State.WAITING, 1, partner, None)


@page
def test_a_form_from_elsewhere_does_nothing(partner: User, coordinator: User, announced: Engagement) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(page_of(announced, "publish"), {"seen": 1}).status_code == 403
    assert state_of(announced) == State.WAITING


@page
def test_whoever_left_the_desk_meanwhile_does_nothing_more(
    partner: User, partner_desk: Desk, announced: Engagement, at: datetime
) -> None:
    client = signed_in(partner)
    access.leave_seat(partner_desk, person=partner, by=SETTING_UP, at=at)
    assert client.post(NEW, WRITTEN | {"desk": "union"}).status_code == 403
    for step in STEPS:
        assert client.post(page_of(announced, step), WRITTEN).status_code == 403
    assert (Engagement.objects.count(), state_of(announced)) == (1, State.WAITING)


@page
def test_whose_sign_in_ended_meanwhile_decides_nothing_more(coordinator: User, announced: Engagement) -> None:
    client = signed_in(coordinator)
    User.objects.filter(pk=coordinator.pk).update(is_active=False)
    assert client.post(page_of(announced, "publish"), {"seen": 1}).url.startswith("/desk/login/")
    assert state_of(announced) == State.WAITING


@page
def test_a_second_click_on_other_words_does_not_make_the_words_that_are_being_read_old(
    partner: User, coordinator: User, announced: Engagement
) -> None:
    for _click in range(2):
        signed_in(partner).post(page_of(announced, "reword"), WRITTEN)
    announced.refresh_from_db()
    assert announced.version == 2
    decides(coordinator, announced)
    assert state_of(announced) == State.PUBLISHED


# Who came


@page
def test_of_which_groups_people_came_only_their_own_desk_sees(
    partner: User, coordinator: User, overseer: User, held: Engagement, languages: Population
) -> None:
    counts = {"people": "12", "language/en": "11", "language/h%20t%3C%27": "1"}
    signed_in(partner).post(page_of(held, "count"), counts)
    assert "<bdi>English</bdi> 11" in text_of(signed_in(partner).get(page_of(held)))
    for person in (coordinator, overseer):
        shown = text_of(signed_in(person).get(page_of(held)))
        assert "<dd>12</dd>" in shown
        assert "<bdi>English</bdi>" not in shown.partition("People who took part")[2]


@page
def test_the_audit_log_holds_no_word_and_no_group(
    partner: User, coordinator: User, announced: Engagement, held: Engagement, languages: Population
) -> None:
    sends_back(coordinator, announced)
    actions.count(held, people=12, groups={"language": {"en": 11}}, by=partner.actor, at=timezone.now())
    log = [json.loads(line) for line in exported()]
    assert [one["detail"] for one in log if one["verb"] == "engagements.count"] == [{"people": 12}]
    for hidden in (announced.title, announced.text, "Which Mill Street?", "language"):
        assert hidden not in json.dumps(log)
