"""Reading keys: who has one, and a person's own while it is unlocked in their browser."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from hearback.foundation.access.enums import SEATED
from hearback.foundation.people.enums import DeskCard
from hearback.foundation.vault.models import PersonalKey
from hearback.sealing import base64url, retyping
from hearback.sealing.binding import KEY_BYTES, bound
from hearback.sealing.contents import CannotReadContent, decrypt, encrypt

if TYPE_CHECKING:
    from hearback.foundation.people.models import User

COOKIE = "desk-key"
"""Holds a random key in the person's browser and nowhere else; the session holds the private key under it."""

SESSION_ENTRY = "unlocked-key"
FINGERPRINT_BYTES = 10


def key_of(person: User) -> PersonalKey | None:
    """The person's key, confirmed or not."""
    return PersonalKey.objects.filter(person=person).first()


def has_key(person: User) -> bool:
    """Whether things can be sealed to this person."""
    return PersonalKey.objects.filter(person=person, confirmed_at__isnull=False).exists()


def fingerprint(key: PersonalKey) -> str:
    """The public key in one line of groups, short enough to compare by telephone."""
    return retyping.written(hashlib.sha256(bytes(key.public_key)).digest()[:FINGERPRINT_BYTES])


def fingerprint_of(person: User) -> str:
    """The fingerprint of a person's key; empty where there is none."""
    key = key_of(person)
    return fingerprint(key) if key else ""


def third_and_last(recovery_key: str) -> str:
    """What the owner of a printed recovery key is asked to type back."""
    groups = recovery_key.split()
    return groups[2] + groups[-1] if len(groups) > 2 else ""


def unlocked_key(request: HttpRequest) -> bytes | None:
    """The private key of whoever signed in, while it is unlocked; needs their session and their browser's cookie."""
    kept = request.session.get(SESSION_ENTRY)
    try:
        cookie = base64url.decoded(request.COOKIES.get(COOKIE, ""))
        if not kept or len(cookie) != KEY_BYTES:
            return None
        return decrypt(base64url.decoded(kept), key=cookie, context=_context(request.user))
    except (ValueError, CannotReadContent):
        return None


def kept_under(cookie: bytes, private_key: bytes, person: User) -> str:
    """What the session may hold of an unlocked key: text that is of no use without the cookie."""
    return base64url.encoded(encrypt(private_key, key=cookie, context=_context(person)))


def desk_cards(person: User, *, at: datetime) -> list[DeskCard]:
    """For people whose role can sit at a desk and who have no key so far."""
    if has_key(person) or not any(person.role in roles for roles in SEATED.values()):
        return []
    return [
        DeskCard(
            title=_("Make your key"),
            text=_("What residents write is sealed. Without a key of your own you cannot be given a seat at a desk."),
            address=reverse("vault:key"),
            link=_("Make it now"),
            urgent=True,
        )
    ]


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    return {"keys": PersonalKey.objects.filter(confirmed_at__isnull=False).count()}


def _context(person: User) -> bytes:
    return bound("unlocked key", str(person.pk))
