"""Making a key, confirming it, unlocking it, and changing what opens it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from hearback.foundation.access import actions as access
from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.foundation.vault.models import PersonalKey
from hearback.foundation.vault.permissions import may_make_key, may_use_key
from hearback.foundation.vault.queries import fingerprint, key_of, third_and_last
from hearback.permission import demand
from hearback.refusal import Refusal
from hearback.sealing import personal_keys
from hearback.sealing.personal_keys import USUAL_COST, Cost, LockedKey

if TYPE_CHECKING:
    from hearback.foundation.people.models import User


class WeakPassphrase(Refusal):
    """The passphrase would be guessed, or is already the sign-in password."""


class AlreadyHasKey(Refusal):
    """Another key would close everything that was sealed to this one."""


class NoKey(Refusal):
    """There is no key to open."""


class NotTypedBack(Refusal):
    """What was typed is not what was printed."""


@transaction.atomic
def make_key(
    person: User, *, passphrase: str, by: Actor, at: datetime, replacing: bool = False, cost: Cost = USUAL_COST
) -> str:
    """A new key pair under the passphrase; gives the recovery key, which is shown once and stored nowhere.

    Nothing is sealed to the key before `confirm_key`. With `replacing`, a key in use is given up: what was sealed to
    it stays closed for this person, and every seat has to be given again.
    """
    demand(may_make_key, by, person)
    former = key_of(person)
    if former and former.confirmed_at and not replacing:
        raise AlreadyHasKey("you have a key", remedy="Change its passphrase, or say that you want to give it up")
    _check(passphrase, person)
    new = personal_keys.create(passphrase, cost=cost)
    key = former or PersonalKey(person=person)
    key.made_at, key.confirmed_at = at, None
    _store(key, new.locked)
    access.leave_unfit_seats(person, by=by, at=at)
    audit.record(verb="vault.make-key", subject=_subject(person), by=by, at=at, detail={"key": fingerprint(key)})
    return new.recovery_key


@transaction.atomic
def confirm_key(person: User, *, recovery_key: str, typed: str, by: Actor, at: datetime) -> None:
    """Begin to use the key, once its owner typed back the third group and the last of the recovery key."""
    demand(may_use_key, by, person)
    key = _key(person)
    if _as_printed(typed) != third_and_last(recovery_key):
        raise NotTypedBack("these are not the two groups", remedy="Look at what you printed or wrote down")
    personal_keys.recover(key.locked, recovery_key)
    key.confirmed_at = at
    key.save()
    audit.record(verb="vault.confirm-key", subject=_subject(person), by=by, at=at, detail={"key": fingerprint(key)})


@transaction.atomic
def unlock(person: User, *, passphrase: str, by: Actor, at: datetime) -> bytes:
    """The private key. That it was opened is on record; what it opens is not."""
    demand(may_use_key, by, person)
    private_key = personal_keys.unlock(_key(person).locked, passphrase)
    audit.record(verb="vault.unlock", subject=_subject(person), by=by, at=at)
    return private_key


@transaction.atomic
def change_passphrase(person: User, *, old: str, new: str, by: Actor, at: datetime, cost: Cost = USUAL_COST) -> None:
    """The same key under another passphrase; the printed recovery key stays good."""
    demand(may_use_key, by, person)
    key = _key(person)
    _check(new, person)
    private_key = personal_keys.unlock(key.locked, old)
    _store(key, personal_keys.change_passphrase(key.locked, private_key, to=new, cost=cost))
    audit.record(verb="vault.change-passphrase", subject=_subject(person), by=by, at=at)


@transaction.atomic
def recover(
    person: User, *, recovery_key: str, passphrase: str, by: Actor, at: datetime, cost: Cost = USUAL_COST
) -> str:
    """A new passphrase, by the printed recovery key; gives the new recovery key that replaces it, shown once."""
    demand(may_use_key, by, person)
    key = _key(person)
    _check(passphrase, person)
    private_key = personal_keys.recover(key.locked, recovery_key)
    locked = personal_keys.change_passphrase(key.locked, private_key, to=passphrase, cost=cost)
    new = personal_keys.renew_recovery_key(locked, private_key)
    _store(key, new.locked)
    audit.record(verb="vault.recover", subject=_subject(person), by=by, at=at)
    return new.recovery_key


def _check(passphrase: str, person: User) -> None:
    try:
        validate_password(passphrase, person)
    except ValidationError as error:
        raise WeakPassphrase(
            " ".join(error.messages), remedy="Take four or more words that do not belong together"
        ) from error
    if person.check_password(passphrase):
        raise WeakPassphrase(
            "this is your sign-in password",
            remedy="Take another: whoever learns your password must not be able to open your key",
        )


def _key(person: User) -> PersonalKey:
    key = key_of(person)
    if key is None:
        raise NoKey("you have no key yet", remedy="Make one")
    return key


def _store(key: PersonalKey, locked: LockedKey) -> None:
    key.public_key, key.locked_by_passphrase = locked.public_key, locked.by_passphrase
    key.locked_by_recovery = locked.by_recovery
    key.save()


def _subject(person: User) -> str:
    return f"person:{person.username}"


def _as_printed(typed: str) -> str:
    """Capitals without blanks or hyphens; letters that are not in use are read as the signs they look like."""
    kept = "".join(sign for sign in typed.upper() if sign.isalnum())
    return kept.translate(str.maketrans("OILU", "011V"))
