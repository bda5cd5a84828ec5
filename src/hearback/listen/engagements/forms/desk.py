"""Forms of the workspace: what is announced or was held, why words are sent back, and how many took part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hearback.foundation.places.queries import area_choices, area_with
from hearback.listen.engagements.actions import Miscounted, Occasion
from hearback.listen.engagements.enums import EngagementKind, Ground
from hearback.listen.engagements.forms.desk_fields import Line, Moment, People, Words
from hearback.listen.engagements.queries.counted import KindAsked

if TYPE_CHECKING:
    from hearback.foundation.access.models import Desk
    from hearback.foundation.places.models import Area

LONGEST_TITLE, LONGEST_TEXT, LONGEST_PLACE, LONGEST_REMARK = 120, 1_500, 200, 500
LONGEST_TIME = timedelta(days=31)
A_YEAR = timedelta(days=366)

WHAT_IT_IS = {
    EngagementKind.FORUM: gettext_lazy("A meeting at which anybody may speak."),
    EngagementKind.EVENT: gettext_lazy("Something held where people are, at which they are listened to."),
    EngagementKind.PULSE: gettext_lazy(
        "One or a few questions that anybody may answer: on paper, by phone or at a stand."
    ),
}


class Announcing(forms.Form):
    """What is announced; what was held is asked for less, since nothing of it is published. Without desks, it is about
    an announcement that has one."""

    desk = forms.ChoiceField(label=gettext_lazy("In the name of which desk?"))
    kind = forms.ChoiceField(choices=EngagementKind, error_messages={"required": gettext_lazy("Choose what it is.")})
    title = Line(
        label=gettext_lazy("What is it called?"), longest=LONGEST_TITLE, missing=gettext_lazy("Give it a title.")
    )
    text = Words(
        label=gettext_lazy("What happens there, for whom is it, and what comes of it?"),
        longest=LONGEST_TEXT,
        missing=gettext_lazy("Say what happens there."),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("In which language did you write this?"),
        choices=lambda: [("", _("Choose one")), *settings.LANGUAGES],
        error_messages={"required": gettext_lazy("Choose the language of your words: they are read out in it.")},
    )
    spoken = forms.MultipleChoiceField(
        choices=lambda: settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one language that people can speak there.")},
    )
    starts_at = Moment(label=gettext_lazy("It begins"), missing=gettext_lazy("Say when it begins."))
    ends_at = Moment(label=gettext_lazy("It ends"), missing=gettext_lazy("Say when it ends."))
    place = Line(label=gettext_lazy("Where is it?"), longest=LONGEST_PLACE)
    area = forms.ChoiceField(label=gettext_lazy("Is it for one area?"), required=False)
    kinds = tuple(WHAT_IT_IS.items())
    """Each kind with what it is."""

    def __init__(self, *args: Any, at: datetime, desks: Sequence[Desk] = (), held: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.held, self.desks = at, held, {desk.key: desk for desk in desks}
        self.fields["desk"].choices = [(key, desk.name) for key, desk in self.desks.items()]
        self.fields["area"].choices = [("", _("No, for everybody")), *area_choices()]
        self.fields["spoken"].required = not held
        for name in ("starts_at", "ends_at"):
            self.fields[name].help_text = _("Time zone: {zone}").format(zone=timezone.get_current_timezone_name())
        for name in ("title", "text", "place"):
            self.fields[name].widget.attrs |= {"dir": "auto"}
        if len(self.desks) == 1:
            self.fields["desk"].widget, self.fields["desk"].initial = forms.HiddenInput(), next(iter(self.desks))
        for name in [*(["text"] if held else []), *([] if desks else ["desk"])]:
            del self.fields[name]

    @property
    def occasion(self) -> Occasion:
        """What was written, as actions take it."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "desk"}
        return Occasion(
            **given | {"kind": EngagementKind(given["kind"]), "spoken": tuple(dict.fromkeys(given["spoken"]))}
        )

    def clean_desk(self) -> Desk:
        """The desk itself."""
        return self.desks[self.cleaned_data["desk"]]

    def clean_area(self) -> Area | None:
        """The area itself, if one was chosen."""
        return area_with(self.cleaned_data["area"]) if self.cleaned_data["area"] else None

    def clean(self) -> dict[str, Any]:
        """A meeting has a place, and every occasion a time that can be."""
        given = super().clean()
        somewhere = {EngagementKind.FORUM, EngagementKind.EVENT}
        if not self.held and given.get("kind") in somewhere and given.get("place") == "":
            self.add_error("place", _("Say where it is, so that people find it."))
        if "starts_at" in given and "ends_at" in given:
            for name, sentence in _impossible(given["starts_at"], given["ends_at"], at=self.at, held=self.held):
                self.add_error(name, sentence)
        return given


def _impossible(starts_at: datetime, ends_at: datetime, *, at: datetime, held: bool) -> Iterator[tuple[str, str]]:
    """What cannot be about its time, each with the field it is about."""
    if held and starts_at < at - A_YEAR:
        yield "starts_at", _("It was more than a year ago. What was held in the last year can be recorded.")
    if not held and starts_at <= at:
        yield "starts_at", _("It has begun already. What was held can be recorded when it is over.")
    if not held and starts_at > at + A_YEAR:
        yield "starts_at", _("It is more than a year away. Announce it when it is nearer.")
    if ends_at <= starts_at:
        yield "ends_at", _("It ends before it begins. Correct one of the two.")
    elif ends_at - starts_at > LONGEST_TIME:
        yield (
            "ends_at",
            _("It takes more than {days} days. Write down its parts one by one.").format(days=LONGEST_TIME.days),
        )
    elif held and ends_at > at:
        yield "ends_at", _("It is not over yet. Announce it, or record it when it is over.")


class SendingBack(forms.Form):
    """Why words are not published, and what to change."""

    ground = forms.ChoiceField(
        choices=Ground, error_messages={"required": gettext_lazy("Choose a ground. There is no other.")}
    )
    remark = Words(
        label=gettext_lazy("What should be changed?"),
        longest=LONGEST_REMARK,
        missing=gettext_lazy("Say what should be changed, so that they can change it."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


@dataclass(frozen=True)
class Asked:
    """A kind of group on the form, with a field for each of its groups and what is wrong with them together."""

    title: str
    fields: tuple[forms.BoundField, ...]
    wrong: str

    @property
    def open(self) -> bool:
        """Whether there is something to see in it."""
        return bool(self.wrong) or any(field.value() not in (None, "") or field.errors for field in self.fields)


class Counting(forms.Form):
    """How many people took part, and how many of each group as they said themselves."""

    people = People(
        label=gettext_lazy("How many people took part?"), missing=gettext_lazy("Say how many people took part.")
    )

    def __init__(self, *args: Any, kinds: Sequence[KindAsked], before: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, initial=dict(before), **kwargs)
        self.kinds, self.wrong = kinds, dict[str, str]()
        for kind in kinds:
            for group, title in kind.groups:
                self.fields[field_name(kind.key, group)] = People(label=title)

    @property
    def asked(self) -> list[Asked]:
        """Each kind of group with its fields."""
        return [
            Asked(
                kind.title,
                tuple(self[field_name(kind.key, group)] for group, _title in kind.groups),
                self.wrong.get(kind.key, ""),
            )
            for kind in self.kinds
        ]

    @property
    def groups(self) -> dict[str, dict[str, int]]:
        """People by kind and group, of those kinds and groups alone that are asked for."""
        return {
            kind.key: {group: self.cleaned_data[field_name(kind.key, group)] or 0 for group, _title in kind.groups}
            for kind in self.kinds
        }

    def refuse(self, refusal: Miscounted) -> None:
        """Says what cannot be where it is."""
        sentence = capfirst(Miscounted(refusal.problem, remedy=refusal.remedy).sentence)
        if refusal.where:
            self.wrong[refusal.where] = sentence
        else:
            self.add_error("people", sentence)


def field_name(kind: str, group: str) -> str:
    """How the field of a group is called: a name of its own, without blanks, whatever the group is called."""
    return f"{quote(kind, safe='')}/{quote(group, safe='')}"
