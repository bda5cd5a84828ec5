"""Forms for keys and what opens them."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def _secret(label: str, autocomplete: str) -> forms.CharField:
    """A field that is never sent back to the page, and whose blanks are left as they are typed."""
    return forms.CharField(label=label, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}))


class NewPassphrase(forms.Form):
    """A passphrase, typed twice."""

    passphrase = _secret(_("Passphrase"), "off")
    again = _secret(_("The same again"), "off")

    def clean_again(self) -> str:
        """The second must be the first."""
        if self.cleaned_data.get("passphrase") != self.cleaned_data["again"]:
            raise ValidationError(_("The two are not the same."))
        return self.cleaned_data["again"]


class ReplacingKey(NewPassphrase):
    """A new key in place of one that can no longer be opened."""

    give_up = forms.BooleanField(
        label=_("I know: what was sealed to my old key stays closed to me, and I have to be given my seats again.")
    )


class ChangePassphrase(NewPassphrase):
    """The old passphrase, and the new one twice."""

    old = _secret(_("Passphrase until now"), "off")
    field_order = ("old", "passphrase", "again")


class Recovery(NewPassphrase):
    """The printed recovery key, and a new passphrase twice."""

    recovery_key = forms.CharField(
        label=_("Recovery key"), widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    field_order = ("recovery_key", "passphrase", "again")


class Unlocking(forms.Form):
    """The passphrase of one's key."""

    passphrase = _secret(_("Passphrase of your key"), "off")


class TypedBack(forms.Form):
    """Two groups of the recovery key, typed from paper; the page that shows the key carries it along."""

    recovery_key = forms.CharField(widget=forms.HiddenInput)
    typed = forms.CharField(
        label=_("The third group and the last group"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "size": 10}),
    )
