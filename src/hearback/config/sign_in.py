"""How allauth signs people in here: no sign-up, no e-mail, no address of any machine, sealed second factors."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from hearback.foundation.people.models import User
from hearback.foundation.places.queries import city
from hearback.sealing import base64url
from hearback.sealing.binding import bound, subkey
from hearback.sealing.contents import decrypt, encrypt


class Accounts(DefaultAccountAdapter):
    """Accounts are made by an administrator, never by whoever finds the page, and never asked for an address."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return ""

    def get_http_user_agent(self, request: HttpRequest) -> str:
        return ""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Only what went wrong: a remark kept for later would outlive signing out."""
        if level >= messages.ERROR:
            super().add_message(request, level, *args, **kwargs)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Somebody who signed in a moment ago is not asked again, so that setting up a second factor is one walk."""
        recent = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(context.request, context.request.user)
        return not any(record["at"] > recent for record in records)


class SecondFactors(DefaultMFAAdapter):
    """Secrets of second factors lie in the database under a key from the installation's secret."""

    def encrypt(self, text: str) -> str:
        return base64url.encoded(encrypt(text.encode(), key=_key(), context=bound("second factor")))

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(base64url.decoded(encrypted_text), key=_key(), context=bound("second factor")).decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        made = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey {number}").format(number=made + 1)

    def get_totp_issuer(self) -> str:
        place = city()
        return f"Hearback {place.name}" if place else "Hearback"


def nobody(request: HttpRequest) -> None:
    """The network address that django-axes may know: none."""


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The name under which tries are counted: capitals make no other person, as they make none at sign-in."""
    return ((credentials or {}).get("username") or "").strip().lower()


def _key() -> bytes:
    return subkey(settings.SECRET_KEY.encode(), purpose="second factors")
