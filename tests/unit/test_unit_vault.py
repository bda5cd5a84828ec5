"""Keys: made once, confirmed from paper, unlocked in one browser, and changed without losing anything."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory

from hearback.foundation.access.actions import give_seat
from hearback.foundation.access.models import Desk
from hearback.foundation.access.queries import readers
from hearback.foundation.audit.enums import Actor
from hearback.foundation.audit.models import Entry
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.foundation.vault import actions, queries
from hearback.foundation.vault.models import PersonalKey
from hearback.permission import NotAllowed
from hearback.sealing.envelopes import open_sealed, public_key_of, seal
from hearback.sealing.personal_keys import WrongPassphrase, WrongRecoveryKey
from standing_roles import CHEAP, PASSPHRASE, PASSWORD, SETTING_UP, give_key, signed_in, unlocked, welcomed

pytestmark = pytest.mark.django_db
OTHER = "seven silver spoons dancing"


@pytest.fixture
def keyless(at: datetime) -> User:
    """Somebody who could have a key and has none."""
    return welcomed("nora", Role.LIAISON, at=at, key=False)


def make(person: User, at: datetime, **others: object) -> str:
    return actions.make_key(person, by=person.actor, at=at, cost=CHEAP, **({"passphrase": PASSPHRASE} | others))


def private_key_in(client: Client, person: User, cookie: str | None = None) -> bytes | None:
    """What a view would get with this browser's session and its cookie, or another."""
    request = RequestFactory().get("/desk/")
    request.session, request.user = client.session, person
    if queries.COOKIE in client.cookies:
        request.COOKIES[queries.COOKIE] = client.cookies[queries.COOKIE].value
    if cookie is not None:
        request.COOKIES[queries.COOKIE] = cookie
    return queries.unlocked_key(request)


def test_what_is_sealed_to_a_person_opens_with_their_passphrase(liaison: User, at: datetime) -> None:
    envelope = seal(b"a key", to=bytes(liaison.key.public_key), info=b"here")
    private_key = actions.unlock(liaison, passphrase=PASSPHRASE, by=liaison.actor, at=at)
    assert open_sealed(envelope, private_key=private_key, info=b"here") == b"a key"


def test_nothing_is_sealed_to_a_key_before_its_owner_holds_the_recovery_key(keyless: User, at: datetime) -> None:
    recovery_key = make(keyless, at)
    assert not queries.has_key(keyless)
    with pytest.raises(actions.NotTypedBack):
        actions.confirm_key(keyless, recovery_key=recovery_key, typed="AAAAA AA", by=keyless.actor, at=at)
    typed = queries.third_and_last(recovery_key)
    actions.confirm_key(keyless, recovery_key=recovery_key, typed=typed, by=keyless.actor, at=at)
    assert queries.has_key(keyless)


def test_what_is_typed_back_may_have_blanks_and_small_letters(keyless: User, at: datetime) -> None:
    recovery_key = make(keyless, at)
    groups = recovery_key.split()
    typed = f" {groups[2].lower()} - {groups[-1].lower()} ".replace("0", "o").replace("1", "l")
    actions.confirm_key(keyless, recovery_key=recovery_key, typed=typed, by=keyless.actor, at=at)
    assert queries.has_key(keyless)


def test_a_recovery_key_that_the_page_did_not_show_confirms_nothing(keyless: User, liaison: User, at: datetime) -> None:
    make(keyless, at)
    others = make(liaison, at, replacing=True)
    with pytest.raises(WrongRecoveryKey):
        actions.confirm_key(keyless, recovery_key=others, typed=queries.third_and_last(others), by=keyless.actor, at=at)


def test_an_unconfirmed_key_can_be_made_anew_and_one_in_use_only_on_purpose(keyless: User, at: datetime) -> None:
    make(keyless, at)
    give_key(keyless, at=at)
    with pytest.raises(actions.AlreadyHasKey):
        make(keyless, at)
    before = bytes(PersonalKey.objects.get().public_key)
    make(keyless, at, replacing=True)
    assert bytes(PersonalKey.objects.get().public_key) != before


@pytest.mark.parametrize("poor", ["short", "password1234", PASSWORD, "eleven char"])
def test_a_poor_passphrase_or_the_sign_in_password_is_refused(poor: str, keyless: User, at: datetime) -> None:
    with pytest.raises(actions.WeakPassphrase):
        make(keyless, at, passphrase=poor)
    assert queries.key_of(keyless) is None


def test_a_changed_passphrase_opens_the_same_key_and_the_recovery_key_stays_good(keyless: User, at: datetime) -> None:
    recovery_key = give_key(keyless, at=at)
    private_key = actions.unlock(keyless, passphrase=PASSPHRASE, by=keyless.actor, at=at)
    actions.change_passphrase(keyless, old=PASSPHRASE, new=OTHER, by=keyless.actor, at=at, cost=CHEAP)
    assert actions.unlock(keyless, passphrase=OTHER, by=keyless.actor, at=at) == private_key
    with pytest.raises(WrongPassphrase):
        actions.unlock(keyless, passphrase=PASSPHRASE, by=keyless.actor, at=at)
    actions.recover(keyless, recovery_key=recovery_key, passphrase=PASSPHRASE, by=keyless.actor, at=at, cost=CHEAP)
    assert actions.unlock(keyless, passphrase=PASSPHRASE, by=keyless.actor, at=at) == private_key


def test_a_used_recovery_key_is_replaced_and_the_seat_stays(keyless: User, liaison_desk: Desk, at: datetime) -> None:
    recovery_key = give_key(keyless, at=at)
    give_seat(liaison_desk, person=keyless, by=SETTING_UP, at=at)
    recover = {"passphrase": OTHER, "by": keyless.actor, "at": at, "cost": CHEAP}
    renewed = actions.recover(keyless, recovery_key=recovery_key, **recover)
    with pytest.raises(WrongRecoveryKey):
        actions.recover(keyless, recovery_key=recovery_key, **recover)
    actions.recover(keyless, recovery_key=renewed, **recover)
    assert readers(liaison_desk) == [keyless]


def test_a_wrong_passphrase_leaves_no_unlocking_on_record(liaison: User, at: datetime) -> None:
    with pytest.raises(WrongPassphrase):
        actions.unlock(liaison, passphrase=OTHER, by=liaison.actor, at=at)
    assert not Entry.objects.filter(verb="vault.unlock").exists()
    actions.unlock(liaison, passphrase=PASSPHRASE, by=liaison.actor, at=at)
    assert Entry.objects.filter(verb="vault.unlock", by="person:lia").count() == 1


def test_nobody_touches_the_key_of_another(liaison: User, teammate: User, resident: Actor, at: datetime) -> None:
    for actor in (teammate.actor, resident):
        with pytest.raises(NotAllowed):
            actions.unlock(liaison, passphrase=PASSPHRASE, by=actor, at=at)
        with pytest.raises(NotAllowed):
            actions.make_key(liaison, passphrase=OTHER, by=actor, at=at, replacing=True)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR])
def test_roles_that_cannot_sit_anywhere_have_no_key(role: Role, at: datetime) -> None:
    person = welcomed("ada", role, at=at)
    with pytest.raises(NotAllowed):
        make(person, at)
    assert signed_in(person).get("/desk/keys/").status_code == 403


def test_an_unlocked_key_is_there_for_views_until_it_is_locked(liaison: User) -> None:
    client = unlocked(liaison)
    private_key = private_key_in(client, liaison)
    assert private_key is not None
    assert public_key_of(private_key) == bytes(PersonalKey.objects.get(person=liaison).public_key)
    assert b"It is unlocked in this browser" in client.get("/desk/keys/").content
    client.post("/desk/keys/lock/")
    assert private_key_in(client, liaison) is None
    assert queries.SESSION_ENTRY not in client.session
    assert b"It is locked" in client.get("/desk/keys/").content


def test_the_cookie_of_an_unlocked_key_stays_in_the_workspace(liaison: User) -> None:
    cookie = unlocked(liaison).cookies[queries.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == ("/desk/", True, "Strict", "")


def test_a_copied_session_opens_nothing_without_its_browser(liaison: User, at: datetime) -> None:
    client = unlocked(liaison)
    other = unlocked(liaison)
    assert private_key_in(client, liaison, cookie="") is None
    assert private_key_in(client, liaison, cookie="A" * 43) is None
    assert private_key_in(client, liaison, cookie=other.cookies[queries.COOKIE].value) is None
    thief = Client()
    thief.cookies["desk"] = client.cookies["desk"].value
    assert b"It is locked" in thief.get("/desk/keys/").content


def test_a_session_opens_nothing_for_another_person(liaison: User, teammate: User) -> None:
    client = unlocked(liaison)
    assert private_key_in(client, teammate) is None


def test_signing_out_locks_the_key_and_takes_the_cookie_back(liaison: User) -> None:
    client = unlocked(liaison)
    answer = client.post("/desk/logout/")
    assert answer.cookies[queries.COOKIE].value == ""
    assert not Session.objects.exists()


def test_a_session_that_ended_leaves_the_key_locked(liaison: User, at: datetime) -> None:
    client = unlocked(liaison)
    session = client.session
    session["signed_in_at"] = 0
    session.save()
    client.get("/desk/keys/")
    assert not Session.objects.exists()
    assert client.cookies[queries.COOKIE].value == ""


def test_a_key_is_made_and_confirmed_on_its_pages(keyless: User) -> None:
    client = signed_in(keyless)
    assert client.get("/desk/keys/").headers["Location"] == "/desk/keys/make/"
    unequal = client.post("/desk/keys/make/", {"passphrase": PASSPHRASE, "again": OTHER})
    assert b"not the same" in unequal.content
    page = client.post("/desk/keys/make/", {"passphrase": PASSPHRASE, "again": PASSPHRASE})
    recovery_key = page.context["recovery_key"]
    assert recovery_key.encode() in page.content
    wrong = client.post("/desk/keys/confirm/", {"recovery_key": recovery_key, "typed": "AAAAA AA"})
    assert recovery_key.encode() in wrong.content
    right = {"recovery_key": recovery_key, "typed": queries.third_and_last(recovery_key)}
    assert client.post("/desk/keys/confirm/", right).headers["Location"] == "/desk/keys/"
    assert recovery_key.encode() not in client.get("/desk/keys/").content
    assert queries.fingerprint_of(keyless).encode() in client.get("/desk/keys/").content


def test_unlocking_leads_on_to_the_page_one_came_from_and_nowhere_else(liaison: User) -> None:
    for wanted, onward in (
        ("/desk/desks/team/", "/desk/desks/team/"),
        ("https://evil.example/desk/", "/desk/keys/"),
        ("//evil.example/desk/", "/desk/keys/"),
        ("/logout", "/desk/keys/"),
    ):
        answer = signed_in(liaison).post("/desk/keys/unlock/", {"passphrase": PASSPHRASE, "next": wanted})
        assert answer.headers["Location"] == onward


def test_tries_at_a_passphrase_run_out(liaison: User) -> None:
    client = signed_in(liaison)
    for _ in range(10):
        assert b"does not open your key" in client.post("/desk/keys/unlock/", {"passphrase": OTHER}).content
    assert b"too many tries" in client.post("/desk/keys/unlock/", {"passphrase": PASSPHRASE}).content


def test_what_opens_a_key_is_changed_on_its_pages(keyless: User, at: datetime) -> None:
    recovery_key = give_key(keyless, at=at)
    client = signed_in(keyless)
    twice = {"passphrase": OTHER, "again": OTHER}
    assert client.post("/desk/keys/passphrase/", twice | {"old": "wrong"}).status_code == 200
    assert client.post("/desk/keys/passphrase/", twice | {"old": PASSPHRASE}).status_code == 302
    page = client.post(
        "/desk/keys/recover/", {"passphrase": PASSPHRASE, "again": PASSPHRASE, "recovery_key": recovery_key}
    )
    assert page.context["recovery_key"] != recovery_key
    assert client.post("/desk/keys/replace/", twice).status_code == 200
    assert queries.has_key(keyless)
    client.post("/desk/keys/replace/", twice | {"give_up": "on"})
    assert not queries.has_key(keyless)


def test_a_public_key_exchanged_in_the_database_is_noticed(
    liaison: User, teammate: User, liaison_desk: Desk, at: datetime
) -> None:
    PersonalKey.objects.filter(person=liaison).update(public_key=teammate.key.public_key)
    answer = signed_in(liaison).post("/desk/keys/unlock/", {"passphrase": PASSPHRASE})
    assert b"The public key kept for you is not yours" in answer.content


def test_passphrases_and_recovery_keys_are_never_sent_back_or_recorded(keyless: User, at: datetime) -> None:
    recovery_key = give_key(keyless, at=at)
    client = signed_in(keyless)
    answer = client.post("/desk/keys/unlock/", {"passphrase": OTHER})
    assert OTHER.encode() not in answer.content
    recorded = str(list(Entry.objects.values()))
    assert PASSPHRASE not in recorded
    assert recovery_key not in recorded


def test_readers_have_their_public_key_at_hand(liaison: User, liaison_desk: Desk) -> None:
    (reader,) = readers(liaison_desk)
    assert bytes(reader.key.public_key) == bytes(PersonalKey.objects.get(person=liaison).public_key)


def test_status_counts_keys_in_use(liaison: User, keyless: User, at: datetime) -> None:
    make(keyless, at)
    assert queries.holdings() == {"keys": 1}
