"""Forms for desks, seats and invitations."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hearback.foundation.access import queries
from hearback.foundation.access.enums import DeskKind
from hearback.foundation.access.models import Desk
from hearback.foundation.organizations.queries import directory
from hearback.foundation.places.queries import areas


class NewDesk(forms.Form):
    """A desk that residents can choose once somebody can read there."""

    reserved = frozenset({"new", "invitation"})

    kind = forms.ChoiceField(label=gettext_lazy("Whose desk is it?"), choices=DeskKind.choices)
    name = forms.CharField(label=gettext_lazy("Name, as residents know it"), max_length=200)
    organization = forms.ChoiceField(label=gettext_lazy("Organisation, for a partner's desk"), required=False)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages read there"), choices=lambda: settings.LANGUAGES, required=False
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.organizations = {str(place.pk): place for place in directory()}
        named = [(key, f"{place.name} ({place.reference})") for key, place in self.organizations.items()]
        self.fields["organization"].choices = [("", "-"), *named]

    def clean(self) -> dict[str, object]:
        """A partner's desk names its organisation, and no two desks have the same name."""
        given = super().clean()
        given["key"] = slugify(given.get("name", ""))[:50]
        if not given["key"] or given["key"] in self.reserved or queries.desk_with(given["key"]):
            self.add_error("name", _("Choose a name that no other desk has."))
        given["organization"] = self.organizations.get(given.get("organization", ""))
        if (given.get("kind") == DeskKind.PARTNER) != bool(given["organization"]):
            raise ValidationError(_("A partner's desk, and no other, belongs to an organisation."))
        return given


class GiveSeat(forms.Form):
    """Who gets the seat, and which district they look after first."""

    person = forms.ChoiceField(label=gettext_lazy("Who"))
    district = forms.ChoiceField(label=gettext_lazy("Looks after first"), required=False)

    def __init__(self, desk: Desk, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in queries.people_who_could_sit_at(desk)}
        self.districts = {area.key: area for area in areas()}
        self.fields["person"].choices = [(key, person.username) for key, person in self.people.items()]
        named = [(key, area.name) for key, area in self.districts.items()]
        self.fields["district"].choices = [("", _("The whole city")), *named]


class Invite(forms.Form):
    """Who is asked to take the first seat."""

    person = forms.ChoiceField(label=gettext_lazy("Who"))

    def __init__(self, desk: Desk, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in queries.people_whose_role_fits(desk)}
        self.fields["person"].choices = [(key, person.username) for key, person in self.people.items()]


class Answer(forms.Form):
    """Yes or no to an invitation; a yes repeats the desk's name, so that nobody accepts by mistake."""

    name = forms.CharField(label=gettext_lazy("Type the name of the desk to accept"), required=False)
    answer = forms.ChoiceField(choices=[("accept", ""), ("decline", "")])

    def __init__(self, desk: Desk, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk

    def clean(self) -> dict[str, object]:
        """The name must be the desk's."""
        given = super().clean()
        if given.get("answer") == "accept" and given.get("name", "").strip().lower() != self.desk.name.lower():
            self.add_error("name", _("This is not the name of the desk."))
        return given
