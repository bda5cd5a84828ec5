"""Giving people a sign-in."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from hearback.foundation.audit.enums import Actor
from hearback.foundation.audit.queries import last
from hearback.foundation.people import actions, queries
from hearback.foundation.people.enums import POLICE_SIDE, Role

pytestmark = pytest.mark.django_db
GOOD = "marble-otter-lantern-17"


def test_a_welcomed_person_can_sign_in_and_reach_the_desk(by: Actor, at: datetime, client: Client) -> None:
    actions.welcome(username="lia", role=Role.LIAISON, password=GOOD, by=by, at=at)
    answer = client.post("/desk/login/", {"login": "lia", "password": GOOD})
    assert answer.status_code == 302
    assert client.get("/desk/").status_code == 200


def test_the_desk_sends_strangers_to_sign_in(client: Client) -> None:
    assert client.get("/desk/").headers["Location"].startswith("/desk/login/")


def test_nobody_can_make_an_account_alone(client: Client) -> None:
    client.post("/desk/signup/", {"username": "eve", "password1": GOOD, "password2": GOOD})
    assert queries.holdings() == {"people": 0}


def test_a_weak_password_is_refused_and_leaves_nothing(by: Actor, at: datetime) -> None:
    with pytest.raises(actions.WeakPassword, match="Choose a longer password"):
        actions.welcome(username="lia", role=Role.LIAISON, password="password", by=by, at=at)
    assert queries.holdings() == {"people": 0}
    assert last() is None


def test_welcoming_twice_changes_the_role_and_keeps_one_person(by: Actor, at: datetime) -> None:
    for role in (Role.LIAISON, Role.COORDINATOR):
        person = actions.welcome(username="lia", role=role, password=GOOD, by=by, at=at)
    assert queries.holdings() == {"people": 1}
    assert person.actor.role == Role.COORDINATOR


def test_welcoming_is_in_the_audit_log_without_the_password(by: Actor, at: datetime) -> None:
    actions.welcome(username="lia", role=Role.LIAISON, password=GOOD, by=by, at=at)
    entry = last()
    assert entry is not None
    assert (entry.verb, entry.subject) == ("people.welcome", "person:lia")
    assert GOOD not in str(entry.detail)


def test_partners_and_oversight_are_not_police() -> None:
    assert Role.PARTNER not in POLICE_SIDE
    assert Role.OVERSIGHT not in POLICE_SIDE
