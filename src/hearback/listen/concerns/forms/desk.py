"""Forms of the workspace: what the inbox shows, an answer, a note, and choices among people, desks and concerns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hearback.design.templatetags.languages import own_name
from hearback.listen.concerns.enums import WAITING, ConcernKind, State
from hearback.listen.concerns.models import Concern
from hearback.listen.concerns.queries.desk import Filter
from hearback.listen.concerns.queries.holds import concern_called
from hearback.listen.concerns.queries.reply_templates import blanks_in

LONGEST_ANSWER = 10_000
LONGEST_REASON = 300
LONGEST_USED = 500
ALL_WAITING = "waiting"
"""Not a state, but the states in which somebody waits: what an inbox shows first."""


class Filtering(forms.Form):
    """What the inbox shows; choices are those that occur in it."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("Area"), required=False)
    mine = forms.BooleanField(label=gettext_lazy("Only mine"), required=False)
    late = forms.BooleanField(label=gettext_lazy("Only late ones"), required=False)

    def __init__(self, *args: Any, concerns: Iterable[Concern], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = {concern.area.key: concern.area.name for concern in concerns if concern.area}
        languages = {concern.language: own_name(concern.language) for concern in concerns}
        states = [(state, label) for state, label in State.choices if state != State.WITHDRAWN]
        self.fields["state"].choices = [("", _("All")), (ALL_WAITING, _("Waiting for an answer")), *states]
        self.fields["kind"].choices = [("", _("All")), *ConcernKind.choices]
        self.fields["language"].choices = [("", _("All")), *sorted(languages.items())]
        self.fields["area"].choices = [("", _("All")), *sorted(areas.items(), key=lambda pair: pair[1])]

    @property
    def wanted(self) -> Filter:
        """The filter; fields with values that do not occur filter nothing."""
        given = dict(self.cleaned_data) if self.is_valid() else {}
        if given.get("state") == ALL_WAITING:
            given["state"] = ""
        return Filter(**given)

    def shows(self, concern: Concern) -> bool:
        """Whether a concern that passes the filter also waits, where only waiting ones are wanted."""
        return self["state"].value() != ALL_WAITING or concern.state in WAITING


class Writing(forms.Form):
    """Words to somebody."""

    text = forms.CharField(
        label=gettext_lazy("Your words"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )


class Answering(Writing):
    """An answer to the resident. `seen` is how many messages the writer had before them.

    `original` holds the writer's own words where a machine drafted the answer from them, `used` the keys of templates
    that were put in. Both are shown beside the answer, and neither is sent.
    """

    template = forms.ChoiceField(label=gettext_lazy("A beginning to build on"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    original = forms.CharField(max_length=LONGEST_ANSWER, widget=forms.HiddenInput, required=False)
    used = forms.CharField(max_length=LONGEST_USED, widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, templates: Mapping[str, str], originals: Mapping[str, str], language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, auto_id="answer_%s", **kwargs)
        self.originals = originals
        self.fields["template"].choices = [("", _("None")), *templates.items()]
        self.fields["text"].label = _("Your answer")
        self.fields["text"].widget.attrs |= {"lang": language, "rows": 10}

    def clean_text(self) -> str:
        """Every blank of a template has to be filled in."""
        blanks = blanks_in(self.cleaned_data["text"])
        if blanks:
            raise ValidationError(_("Fill in or take out: {blanks}").format(blanks=", ".join(blanks)))
        return self.cleaned_data["text"]

    @property
    def beginnings(self) -> list[str]:
        """What the templates that were put in say in English, where they are in another language."""
        used = dict.fromkeys(str(self["used"].value() or "").split())
        return [self.originals[key] for key in used if key in self.originals]


class Reasoning(forms.Form):
    """Why the law no longer asks that something be kept."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("The order, its date and who gave it, or the law. No word of what the resident said."),
    )


class Holding(Reasoning):
    """What the law asks to be kept, and why."""

    field_order = ("reference", "reason")
    reference = forms.CharField(label=gettext_lazy("Reference of the concern"), max_length=20)

    def clean_reference(self) -> Concern:
        """The concern itself."""
        concern = concern_called(self.cleaned_data["reference"].strip().upper())
        if concern is None:
            raise ValidationError(_("There is no concern under this reference."))
        return concern


class Noting(Writing):
    """A note for the people of the desk."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="note_%s", **kwargs)
        self.fields["text"].label = _("A note for your desk")
        self.fields["text"].widget.attrs |= {"rows": 3}


class Picking(forms.Form):
    """One of several people, desks or concerns."""

    chosen = forms.ChoiceField()

    def __init__(
        self, options: Mapping[str, tuple[str, Any]], *args: Any, label: str, name: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, auto_id=f"{name}_%s", **kwargs)
        self.options = options
        self.fields["chosen"].label = label
        self.fields["chosen"].choices = [(key, title) for key, (title, _value) in options.items()]

    @property
    def picked(self) -> Any:
        """What was chosen."""
        return self.options[self.cleaned_data["chosen"]][1]


class Sharing(forms.Form):
    """Which concerns to share; all of them unless somebody chooses."""

    concerns = forms.MultipleChoiceField(label=gettext_lazy("Concerns to share"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, concerns: Iterable[Concern], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = {concern.reference: concern for concern in concerns}
        self.fields["concerns"].choices = [
            (reference, f"{concern.get_kind_display()} {reference}, {concern.received_at:%Y-%m-%d}")
            for reference, concern in self.found.items()
        ]
        self.initial["concerns"] = list(self.found)

    @property
    def picked(self) -> list[Concern]:
        """The chosen concerns."""
        return [self.found[reference] for reference in self.cleaned_data["concerns"]]
