"""The five standing roles of permission tests: a liaison with her district, her teammate, a colleague with no access,
an anonymous resident, a member of oversight. Each who can have a key has one, under `PASSPHRASE`."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import pytest
import shapely
from allauth.mfa.totp.internal import auth
from django.core.cache import caches
from django.test import Client

from hearback.foundation.access import actions as access
from hearback.foundation.access.enums import SEATED, DeskKind
from hearback.foundation.access.models import Desk
from hearback.foundation.audit.enums import RESIDENT, Actor, software
from hearback.foundation.people import actions as people
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.foundation.places.models import Area, Layer
from hearback.foundation.vault import actions as vault
from hearback.foundation.vault.queries import third_and_last
from hearback.sealing.personal_keys import Cost

PASSWORD = "marble-otter-lantern-17"
PASSPHRASE = "copper kettle under orchard"
CODE_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CHEAP = Cost(memory_kib=8, passes=1)
"""A passphrase that costs nothing to try: only for tests."""

SETTING_UP = software("test")


def welcomed(username: str, role: Role, *, at: datetime, key: bool = True) -> User:
    """Somebody with a sign-in, a code app and, if the role can sit at a desk, a key."""
    person = people.welcome(username=username, role=role, password=PASSWORD, by=SETTING_UP, at=at)
    people.set_up_known_code(person, secret=CODE_SECRET, by=SETTING_UP, at=at)
    if key and any(role in roles for roles in SEATED.values()):
        give_key(person, at=at)
    return person


def give_key(person: User, *, at: datetime, replacing: bool = False) -> str:
    """A confirmed key under `PASSPHRASE`; gives its recovery key."""
    recovery_key = vault.make_key(
        person, passphrase=PASSPHRASE, by=person.actor, at=at, replacing=replacing, cost=CHEAP
    )
    vault.confirm_key(person, recovery_key=recovery_key, typed=third_and_last(recovery_key), by=person.actor, at=at)
    return recovery_key


def signed_in(person: User) -> Client:
    """A browser in which the person has signed in; the key is still locked."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def unlocked(person: User) -> Client:
    """A browser in which the person has signed in and unlocked the key."""
    client = signed_in(person)
    answer = client.post("/desk/keys/unlock/", {"passphrase": PASSPHRASE})
    assert answer.status_code == 302, answer.content.decode()
    return client


def code_now() -> str:
    """What everybody's code app shows."""
    return auth.format_hotp_value(auth.hotp_value(CODE_SECRET, int(time.time()) // 30))


@pytest.fixture(autouse=True)
def no_tries_counted() -> None:
    """Tries at sign-in are counted in memory, which outlives a test; so do pages that are kept."""
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def district(db: None) -> Area:
    """A district of the city."""
    alone = not Layer.objects.exists()
    layer = Layer.objects.create(key="district", singular="district", plural="districts", vintage="2025", primary=alone)
    return Area.objects.create(layer=layer, key="harbour", name="Harbour", wkb=shapely.box(0, 0, 1, 1).wkb)


@pytest.fixture
def liaison_desk(db: None, at: datetime) -> Desk:
    """The desk of the agency's liaisons."""
    return access.open_desk(key="team", kind=DeskKind.LIAISON, name="Liaison team", by=SETTING_UP, at=at)


@pytest.fixture
def oversight_desk(db: None, at: datetime) -> Desk:
    """The desk of independent oversight."""
    return access.open_desk(key="board", kind=DeskKind.OVERSIGHT, name="Oversight board", by=SETTING_UP, at=at)


@pytest.fixture
def partner_desk(db: None, at: datetime) -> Desk:
    """The desk of a partner organisation."""
    return access.open_desk(key="union", kind=DeskKind.PARTNER, name="Tenants' union", by=SETTING_UP, at=at)


@pytest.fixture
def liaison(liaison_desk: Desk, district: Area, at: datetime) -> User:
    """A liaison with her district."""
    person = welcomed("lia", Role.LIAISON, at=at)
    access.give_seat(liaison_desk, person=person, district=district, by=SETTING_UP, at=at)
    return person


@pytest.fixture
def teammate(liaison_desk: Desk, at: datetime) -> User:
    """Her teammate, at the same desk, for the whole city."""
    person = welcomed("tom", Role.LIAISON, at=at)
    access.give_seat(liaison_desk, person=person, by=SETTING_UP, at=at)
    return person


@pytest.fixture
def outsider(db: None, at: datetime) -> User:
    """A colleague with no access: a liaison with a key and without a seat."""
    return welcomed("otto", Role.LIAISON, at=at)


@pytest.fixture
def resident() -> Actor:
    """An anonymous resident."""
    return RESIDENT


@pytest.fixture
def overseer(oversight_desk: Desk, at: datetime) -> User:
    """A member of oversight."""
    person = welcomed("ova", Role.OVERSIGHT, at=at)
    access.give_seat(oversight_desk, person=person, by=SETTING_UP, at=at)
    return person


@pytest.fixture
def join(at: datetime) -> Callable[..., User]:
    """Somebody of any role, seated at desks if they are named: `join("pia", Role.PARTNER, desk)`."""

    def joining(username: str, role: Role, *desks: Desk) -> User:
        person = welcomed(username, role, at=at)
        for desk in desks:
            access.give_seat(desk, person=person, by=SETTING_UP, at=at)
        return person

    return joining
