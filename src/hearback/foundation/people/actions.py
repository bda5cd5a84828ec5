"""Giving people a sign-in, changing it, and taking it back."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction

from hearback.foundation.access import actions as access
from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.foundation.people.enums import POLICE_SIDE, Role
from hearback.foundation.people.models import User
from hearback.foundation.people.permissions import (
    may_change_role,
    may_correct_names,
    may_say_goodbye,
    may_start_again,
    may_welcome,
)
from hearback.foundation.people.queries import person_named
from hearback.permission import demand
from hearback.refusal import Refusal


class WeakPassword(Refusal):
    """The password would be guessed."""


class CannotChangeSides(Refusal):
    """A role of the police side stays there, and a partner's or oversight's role stays what it is."""


@transaction.atomic
def welcome(
    *,
    username: str,
    role: Role,
    by: Actor,
    at: datetime,
    password: str = "",
    first_name: str = "",
    last_name: str = "",
    badge: str = "",
) -> User:
    """Give somebody a sign-in, or a new password and role if they had one.

    Without a password they choose it themselves at `queries.first_sign_in_address`, and nobody else ever knows it.
    """
    demand(may_welcome, by)
    person = person_named(username) or User(username=username, date_joined=at)
    if person.pk:
        demand(may_start_again, by, person)
        _stay_on_side(person, role)
    person.role, person.first_name, person.last_name, person.badge = role, first_name, last_name, badge
    if password:
        _set_password(person, password)
    else:
        person.set_unusable_password()
    person.save()
    access.leave_unfit_seats(person, by=by, at=at)
    audit.record(verb="people.welcome", subject=f"person:{username}", by=by, at=at, detail={"role": role})
    return person


@transaction.atomic
def choose_password(person: User, *, password: str, by: Actor, at: datetime) -> None:
    """The person's own password, chosen at their first sign-in."""
    _set_password(person, password)
    person.save()
    audit.record(verb="people.choose-password", subject=f"person:{person.username}", by=by, at=at)


@transaction.atomic
def set_up_known_code(person: User, *, secret: str, by: Actor, at: datetime) -> None:
    """A code app whose secret (base 32) is known to more than its owner: for invented people, in demonstrations and
    tests."""
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(secret)}
    )
    audit.record(verb="people.set-up-known-code", subject=f"person:{person.username}", by=by, at=at)


@transaction.atomic
def start_again(person: User, *, by: Actor, at: datetime) -> None:
    """For somebody who lost password or second factor: both are gone, every session ends, and
    `queries.first_sign_in_address` works once more. Their key and what is sealed to it stay locked as they were."""
    demand(may_start_again, by, person)
    person.set_unusable_password()
    person.save()
    Authenticator.objects.filter(user_id=person.pk).delete()
    audit.record(verb="people.start-again", subject=f"person:{person.username}", by=by, at=at)


@transaction.atomic
def correct_names(person: User, *, first_name: str, last_name: str, badge: str, by: Actor, at: datetime) -> None:
    """What residents may call somebody. Nobody corrects their own: a concern that names somebody is kept from them."""
    demand(may_correct_names, by, person)
    person.first_name, person.last_name, person.badge = first_name, last_name, badge
    person.save()
    audit.record(verb="people.correct-names", subject=f"person:{person.username}", by=by, at=at)


@transaction.atomic
def change_role(person: User, *, role: Role, by: Actor, at: datetime) -> None:
    """Another role on the police side. Seats that do not go with it are left."""
    demand(may_change_role, by, person)
    _stay_on_side(person, role)
    before, person.role = person.role, role
    person.save()
    access.leave_unfit_seats(person, by=by, at=at)
    detail = {"from": before, "to": role}
    audit.record(verb="people.change-role", subject=f"person:{person.username}", by=by, at=at, detail=detail)


@transaction.atomic
def say_goodbye(person: User, *, by: Actor, at: datetime) -> None:
    """The person can no longer sign in and leaves every seat; what they did stays on record."""
    demand(may_say_goodbye, by, person)
    person.is_active = False
    person.save()
    access.leave_unfit_seats(person, by=by, at=at)
    audit.record(verb="people.say-goodbye", subject=f"person:{person.username}", by=by, at=at)


@transaction.atomic
def forget_sessions(*, by: Actor, at: datetime) -> int:
    """Delete the sessions that ended before this moment; gives how many."""
    ended, _ = Session.objects.filter(expire_date__lt=at).delete()
    audit.record(verb="people.forget-sessions", subject="sessions", by=by, at=at, detail={"ended": ended})
    return ended


def _stay_on_side(person: User, role: Role) -> None:
    if person.role != role and not {person.role, role} <= POLICE_SIDE:
        raise CannotChangeSides(
            "nobody moves between the police, a partner and oversight",
            where=person.username,
            remedy="Welcome the person under another name, and say goodbye to this one",
        )


def _set_password(person: User, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise WeakPassword(
            " ".join(error.messages), where=person.username, remedy="Choose a longer password"
        ) from error
    person.set_password(password)
