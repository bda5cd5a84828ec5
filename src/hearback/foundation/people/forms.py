"""Forms for sign-ins, and the code of the second factor that works once."""

from __future__ import annotations

import hashlib

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hearback.foundation.people.enums import POLICE_SIDE, Role
from hearback.foundation.people.queries import person_named

CODE_LIFETIME = 90
"""Seconds in which a code could be accepted: its own half minute and, for clocks that drift, one before and after."""


class KnownAs(forms.Form):
    """What residents may call somebody: a concern that names them is never sealed to them."""

    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150)
    badge = forms.CharField(label=gettext_lazy("Badge number, if there is one"), max_length=20, required=False)


class Welcome(KnownAs):
    """Somebody new: a name that cannot be mistaken for another, and a role."""

    field_order = ("username", "role", "first_name", "last_name", "badge")

    username = forms.CharField(
        label=gettext_lazy("Name for signing in"),
        max_length=60,
        validators=[RegexValidator(r"^[a-z][a-z0-9._-]+$", gettext_lazy("Small letters, digits, dot and dash."))],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)

    def clean_username(self) -> str:
        """Names are given once and for all, because the audit log speaks of people by name."""
        if person_named(self.cleaned_data["username"]):
            raise ValidationError(_("Somebody has, or had, this name."))
        return self.cleaned_data["username"]


class NewRole(forms.Form):
    """Another role on the police side."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[choice for choice in Role.choices if choice[0] in POLICE_SIDE]
    )


class FirstPassword(forms.Form):
    """A password of one's own, typed twice."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("The same again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """The second must be the first."""
        if self.cleaned_data.get("password") != self.cleaned_data["again"]:
            raise ValidationError(_("The two are not the same."))
        return self.cleaned_data["again"]


class _WorksOnce:
    """Refuses a code that was accepted before. allauth remembers one for half a minute, a tolerant clock longer."""

    def clean_code(self) -> str:
        code = super().clean_code()
        digest = hashlib.sha256(f"{self.user.pk} {code}".encode()).hexdigest()
        if not cache.add(f"spent-code-{digest}", 1, timeout=CODE_LIFETIME):
            raise ValidationError(_("This code was used already. Wait for the next one."))
        return code


class SecondFactorForm(_WorksOnce, AuthenticateForm):
    """The code at sign-in."""


class SecondFactorAgainForm(_WorksOnce, ReauthenticateForm):
    """The code before something that matters is changed."""
