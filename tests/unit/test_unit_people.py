"""Giving people a sign-in, changing it and taking it back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.test import Client

from hearback.foundation.access.models import Desk
from hearback.foundation.audit.enums import Actor
from hearback.foundation.audit.queries import last
from hearback.foundation.installation.queries import cards_for
from hearback.foundation.people import actions, queries
from hearback.foundation.people.enums import POLICE_SIDE, Role
from hearback.foundation.people.models import User
from hearback.permission import NotAllowed
from standing_roles import PASSWORD, SETTING_UP, code_now, signed_in, welcomed

pytestmark = pytest.mark.django_db
Join = Callable[..., User]


def test_a_welcomed_person_signs_in_and_reaches_the_desk(at: datetime, client: Client) -> None:
    welcomed("lia", Role.LIAISON, at=at)
    client.post("/desk/login/", {"login": "lia", "password": PASSWORD})
    answer = client.post("/desk/sign-in/authenticate/", {"code": code_now()})
    assert answer.headers["Location"] == "/desk/"
    assert b"You answer residents" in client.get("/desk/").content


def test_nobody_can_make_an_account_alone(client: Client) -> None:
    form = {"username": "eve", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/desk/signup/", form).status_code == 404
    assert queries.holdings() == {"people": 0}


@pytest.mark.parametrize("page", ["email", "password/reset", "confirm-email", "login/code/confirm"])
def test_no_page_asks_for_an_e_mail_address(liaison: User, page: str) -> None:
    assert signed_in(liaison).get(f"/desk/{page}/").status_code == 404


def test_a_weak_password_is_refused_and_leaves_nothing(by: Actor, at: datetime) -> None:
    with pytest.raises(actions.WeakPassword, match="Choose a longer password"):
        actions.welcome(username="lia", role=Role.LIAISON, password="password", by=by, at=at)
    assert queries.holdings() == {"people": 0}
    assert last() is None


def test_welcoming_twice_changes_the_role_and_keeps_one_person(by: Actor, at: datetime) -> None:
    for role in (Role.LIAISON, Role.COORDINATOR):
        person = actions.welcome(username="lia", role=role, password=PASSWORD, by=by, at=at)
    assert queries.holdings() == {"people": 1}
    assert person.actor.role == Role.COORDINATOR


def test_names_that_differ_by_capitals_are_one_name(by: Actor, at: datetime) -> None:
    actions.welcome(username="lia", role=Role.LIAISON, password=PASSWORD, by=by, at=at)
    actions.welcome(username="Lia", role=Role.LIAISON, password=PASSWORD, by=by, at=at)
    assert queries.holdings() == {"people": 1}


def test_welcoming_is_in_the_audit_log_without_the_password(by: Actor, at: datetime) -> None:
    actions.welcome(username="lia", role=Role.LIAISON, password=PASSWORD, by=by, at=at)
    entry = last()
    assert entry is not None
    assert (entry.verb, entry.subject) == ("people.welcome", "person:lia")
    assert PASSWORD not in str(entry.detail)


def test_partners_and_oversight_are_not_police() -> None:
    assert Role.PARTNER not in POLICE_SIDE
    assert Role.OVERSIGHT not in POLICE_SIDE


@pytest.mark.parametrize(
    ("before", "after"), [("liaison", "oversight"), ("partner", "liaison"), ("partner", "oversight")]
)
def test_nobody_changes_sides(before: str, after: str, by: Actor, at: datetime) -> None:
    person = welcomed("sam", Role(before), at=at)
    with pytest.raises(actions.CannotChangeSides):
        actions.change_role(person, role=Role(after), by=by, at=at)
    with pytest.raises(actions.CannotChangeSides):
        actions.welcome(username="sam", role=Role(after), password=PASSWORD, by=by, at=at)


def test_nobody_changes_their_own_role_names_or_sign_in(join: Join, at: datetime) -> None:
    adam = join("adam", Role.ADMINISTRATOR)
    for change in (
        lambda: actions.change_role(adam, role=Role.ANALYST, by=adam.actor, at=at),
        lambda: actions.correct_names(adam, first_name="A", last_name="B", badge="", by=adam.actor, at=at),
        lambda: actions.start_again(adam, by=adam.actor, at=at),
        lambda: actions.say_goodbye(adam, by=adam.actor, at=at),
    ):
        with pytest.raises(NotAllowed):
            change()


AGAINST: dict[str, Callable[..., object]] = {
    "start again": actions.start_again,
    "say goodbye": actions.say_goodbye,
    "correct names": partial(actions.correct_names, first_name="The", last_name="And", badge=""),
    "welcome": lambda person, **acting: actions.welcome(username="ova", role=Role.OVERSIGHT, **acting),
}


@pytest.mark.parametrize("change", AGAINST.values(), ids=AGAINST)
def test_an_administrator_has_no_power_over_people_at_independent_desks(
    change: Callable[..., object], overseer: User, join: Join, at: datetime
) -> None:
    adam = join("adam", Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        change(overseer, by=adam.actor, at=at)
    overseer.refresh_from_db()
    assert overseer.is_active
    assert overseer.check_password(PASSWORD)


def test_a_colleague_at_the_same_desk_helps_and_one_from_another_does_not(
    overseer: User, oversight_desk: Desk, partner_desk: Desk, join: Join, at: datetime
) -> None:
    colleague, stranger = join("olga", Role.OVERSIGHT, oversight_desk), join("pia", Role.PARTNER, partner_desk)
    with pytest.raises(NotAllowed):
        actions.start_again(overseer, by=stranger.actor, at=at)
    actions.start_again(overseer, by=colleague.actor, at=at)
    assert not overseer.has_usable_password()


def test_a_first_sign_in_works_once(at: datetime, client: Client) -> None:
    person = actions.welcome(username="lia", role=Role.LIAISON, by=SETTING_UP, at=at)
    address = queries.first_sign_in_address(person)
    assert b"<strong>lia</strong>" in client.get(address).content
    assert client.post(address, {"password": "short", "again": "short"}).status_code == 200
    assert client.post(address, {"password": PASSWORD, "again": "other"}).status_code == 200
    assert client.post(address, {"password": PASSWORD, "again": PASSWORD}).headers["Location"] == "/desk/login/"
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert client.get(address).status_code == 410
    assert client.post(address, {"password": "another one 123", "again": "another one 123"}).status_code == 410


@pytest.mark.parametrize("spoilt", ["1/x", "zzzzzzzzzzzzz/x", "zzzzzzzzzzzzzzzz/x", "0/a-b", "!!!/x", "ÿ/x"])
def test_a_first_sign_in_that_nobody_was_given_opens_nothing(spoilt: str, client: Client) -> None:
    assert client.get(f"/desk/welcome/{spoilt}/").status_code == 410


def test_a_first_sign_in_grows_old(at: datetime, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    person = actions.welcome(username="lia", role=Role.LIAISON, by=SETTING_UP, at=at)
    address = queries.first_sign_in_address(person)
    later = datetime.now() + timedelta(days=8)
    monkeypatch.setattr(queries._FirstSignIn, "_now", lambda self: later)
    assert client.get(address).status_code == 410


def test_starting_again_ends_sessions_password_and_second_lock(liaison: User, at: datetime) -> None:
    client = signed_in(liaison)
    assert client.get("/desk/desks/").status_code == 200
    actions.start_again(liaison, by=SETTING_UP, at=at)
    assert client.get("/desk/").headers["Location"].startswith("/desk/login/")
    assert not queries.has_second_factor(liaison)
    assert Client().get(queries.first_sign_in_address(liaison)).status_code == 200


def test_a_newer_first_sign_in_ends_the_older(at: datetime, client: Client) -> None:
    person = actions.welcome(username="lia", role=Role.LIAISON, by=SETTING_UP, at=at)
    former = queries.first_sign_in_address(person)
    actions.start_again(person, by=SETTING_UP, at=at)
    assert client.get(former).status_code == 410


def test_goodbye_ends_the_session_at_once(liaison: User, at: datetime) -> None:
    client = signed_in(liaison)
    actions.say_goodbye(liaison, by=SETTING_UP, at=at)
    assert client.get("/desk/").status_code == 302


def test_an_administrator_welcomes_somebody_on_the_page(join: Join) -> None:
    client = signed_in(join("adam", Role.ADMINISTRATOR))
    form = {"username": "lia", "role": "liaison", "first_name": "Lia", "last_name": "Berg", "badge": "4711"}
    page = client.post("/desk/people/", form)
    person = queries.person_named("lia")
    assert person is not None
    assert not person.has_usable_password()
    assert (person.last_name, person.badge) == ("Berg", "4711")
    shown = re.search(rf"/desk/welcome/{person.pk}/[\w-]+/", page.content.decode())
    assert shown
    assert Client().get(shown[0]).status_code == 200
    assert client.post("/desk/people/", form).content.count(b"Somebody has, or had, this name.") == 1


@pytest.mark.parametrize("name", ["Lia", "lía", "l", "lia berg", "../lia", "4lia"])
def test_a_name_that_could_be_mistaken_is_refused(name: str, join: Join) -> None:
    form = {"username": name, "role": "liaison", "first_name": "Lia", "last_name": "Berg"}
    signed_in(join("adam", Role.ADMINISTRATOR)).post("/desk/people/", form)
    assert queries.person_named(name) is None


def test_an_administrator_looks_after_a_person_on_their_page(liaison: User, join: Join) -> None:
    client = signed_in(join("adam", Role.ADMINISTRATOR))
    client.post("/desk/people/lia/names/", {"first_name": "Lia", "last_name": "Stein", "badge": ""})
    client.post("/desk/people/lia/role/", {"role": "coordinator"})
    client.post("/desk/people/lia/role/", {"role": "oversight"})
    liaison.refresh_from_db()
    assert (liaison.last_name, liaison.role) == ("Stein", Role.COORDINATOR)
    assert queries.first_sign_in_address(liaison) is not None
    assert b"/desk/welcome/" in client.post("/desk/people/lia/start-again/").content
    client.post("/desk/people/lia/goodbye/")
    liaison.refresh_from_db()
    assert not liaison.is_active
    assert b"Has left" in client.get("/desk/people/lia/").content


def test_others_do_not_see_the_pages_of_people(liaison: User, overseer: User) -> None:
    for person in (liaison, overseer):
        client = signed_in(person)
        assert client.get("/desk/people/").status_code == 403
        assert client.get("/desk/people/lia/").status_code == 404
    assert signed_in(overseer).post("/desk/people/lia/goodbye/").status_code == 403


def test_the_start_page_shows_the_cards_of_every_slice_urgent_ones_first(join: Join, at: datetime) -> None:
    newcomer = welcomed("nora", Role.LIAISON, at=at, key=False)
    cards = cards_for(newcomer, at=at)
    assert (cards[0].title, cards[0].urgent) == ("Make your key", True)
    assert [card.urgent for card in cards] == sorted([card.urgent for card in cards], reverse=True)
    adam = join("adam", Role.ADMINISTRATOR)
    assert b"Make it now" in signed_in(newcomer).get("/desk/").content
    assert b"What this installation holds" in signed_in(adam).get("/desk/").content
