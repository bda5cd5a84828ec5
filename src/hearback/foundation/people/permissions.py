"""Who may open what in the workspace."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class NoSignUp(DefaultAccountAdapter):
    """Accounts are made by an administrator, never by whoever finds the page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
