"""Giving people a sign-in."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.refusal import Refusal


class WeakPassword(Refusal):
    """The password would be guessed."""


@transaction.atomic
def welcome(*, username: str, role: Role, password: str, by: Actor, at: datetime) -> User:
    """Give somebody a sign-in, or a new password and role if they had one."""
    person = User.objects.filter(username=username).first() or User(username=username, date_joined=at)
    person.role = role
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages), where=username, remedy="Choose a longer password") from error
    person.set_password(password)
    person.save()
    audit.record(verb="people.welcome", subject=f"person:{username}", by=by, at=at, detail={"role": role})
    return person
