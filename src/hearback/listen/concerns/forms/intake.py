"""What somebody records for a resident: the resident's own form, with who wrote it down and how it came in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from hearback.foundation.people.enums import Role
from hearback.listen.concerns.enums import Source
from hearback.listen.concerns.forms.resident import Tell

SOURCES: dict[Role, tuple[Source, ...]] = {
    Role.PARTNER: (Source.PARTNER, Source.PHONE, Source.PAPER),
    Role.LIAISON: (Source.WALK_IN, Source.PHONE, Source.PAPER),
    Role.COORDINATOR: (Source.WALK_IN, Source.PHONE, Source.PAPER),
}
"""How things come in, by who records them."""

ON_SCREENS = ("pin", "website")
"""Fields of the resident's form that nobody answers for somebody else."""


class Beginning(forms.Form):
    """How it comes in and in which language, so that the questions can be read out in it."""

    source = forms.ChoiceField(label=gettext_lazy("How does it come in?"))
    language = forms.ChoiceField(label=gettext_lazy("Which language does the resident speak?"))

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [(source.value, source.label) for source in SOURCES[Role(role)]]
        self.fields["language"].choices = settings.LANGUAGES


class Recording(Tell):
    """The resident's form without what only a screen of theirs can ask. Who may read it is read out and chosen."""

    read_out = forms.BooleanField(
        label=gettext_lazy("I read out who may read it, and the resident chose."),
        error_messages={"required": gettext_lazy("Read it out and let the resident choose.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ON_SCREENS:
            del self.fields[name]
