"""Reading who has a sign-in, and whether a first sign-in is still to be used."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.http import base36_to_int, int_to_base36
from django.utils.translation import gettext as _

from hearback.foundation.people.enums import DeskCard, Role
from hearback.foundation.people.models import User

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes alone are none: they stand in for one of these."""


class _FirstSignIn(PasswordResetTokenGenerator):
    """Signed by the installation's secret over the person's password: choosing one uses the token up."""

    key_salt = "hearback first sign-in"


_first_sign_in = _FirstSignIn()


def everybody() -> list[User]:
    """Everybody who ever had a sign-in, those who still have one first, by name."""
    return list(User.objects.order_by("-is_active", "username"))


def person_named(username: str) -> User | None:
    """The person with this name, however it is capitalised: names that differ only by capitals are one name."""
    return User.objects.filter(username__iexact=username).first()


def has_second_factor(person: User) -> bool:
    """Whether signing in takes more than the password."""
    return Authenticator.objects.filter(user_id=person.pk, type__in=SECOND_FACTORS).exists()


def first_sign_in_address(person: User) -> str:
    """Where somebody without a password chooses one: works once, and for a week."""
    return reverse("people:first-sign-in", args=[int_to_base36(person.pk), _first_sign_in.make_token(person)])


def person_at_first_sign_in(number: str, token: str) -> User | None:
    """Whose first sign-in this is; nobody's when it was used, replaced or is too old."""
    try:
        person = User.objects.filter(pk=base36_to_int(number), is_active=True).first()
    except (ValueError, OverflowError):  # no number, or larger than any that a database holds
        return None
    return person if person and _first_sign_in.check_token(person, token) else None


def desk_cards(person: User, *, at: datetime) -> list[DeskCard]:
    """For administrators: who has not yet used their first sign-in."""
    if person.role != Role.ADMINISTRATOR:
        return []
    waiting = User.objects.filter(is_active=True, last_login=None).count()
    return [
        DeskCard(
            title=_("People and their sign-ins"),
            text=_("Welcome somebody, or help somebody who lost their password."),
            address=reverse("people:everybody"),
            link=_("See everybody"),
        ),
        *(
            [
                DeskCard(
                    title=_("Not signed in yet"),
                    text=_("They were welcomed and have not signed in so far."),
                    address=reverse("people:everybody"),
                    link=_("See who"),
                    count=waiting,
                )
            ]
            if waiting
            else []
        ),
    ]


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    return {"people": User.objects.filter(is_active=True).count()}
