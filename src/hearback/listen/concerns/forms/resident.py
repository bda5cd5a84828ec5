"""What a resident can send: a concern, a receipt's words, an answer in the thread, a proof to be checked."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hearback.foundation.places.queries import area_with
from hearback.listen.concerns.enums import ConcernKind, Safety
from hearback.listen.concerns.queries.invisible import without_invisible
from hearback.listen.concerns.queries.pins import read_pin
from hearback.listen.concerns.queries.scanner import NotScanned, scan
from hearback.listen.concerns.queries.status_words import seems_to_state_status
from hearback.listen.concerns.queries.uploads import Upload, cleaned
from hearback.refusal import Refusal
from hearback.sealing import receipts, retyping

if TYPE_CHECKING:
    from hearback.foundation.access.models import Desk
    from hearback.foundation.places.models import Area

UNSCANNED = Upload("", b"")
"""Stands for a file that nobody could tell to be clean; nothing of it is kept."""
LONGEST_WORDS = 10_000
LONGEST_CONTACT = 300
LONGEST_KEY = 40

_log = logging.getLogger(__name__)


class Words(forms.CharField):
    """Free text of at most so many characters; line ends are made the same whatever the browser sends."""

    def __init__(self, *, longest: int = LONGEST_WORDS, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest

    def to_python(self, value: object) -> str:
        """The text without blanks around it."""
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n").strip()

    def validate(self, value: str) -> None:
        """Says how long it is when it is too long, instead of cutting it off."""
        if self.required and not without_invisible(value).strip():
            raise ValidationError(_("Please write something."))
        if len(value) > self.longest:
            sentence = _("Your text has {count} characters. We can take {most}. Please make it shorter.")
            raise ValidationError(sentence.format(count=len(value), most=self.longest))


class PhotoOrVoice(forms.FileField):
    """A photo or a voice note, scanned where there is a scanner, and cleaned before anything else sees it."""

    def clean(self, data: Any, initial: Any = None) -> Upload | None:
        """The file made anew; nothing where none was sent, and `UNSCANNED` where the scanner is silent."""
        if not data:
            return None
        content = data.read()
        try:
            scan(content)
            return cleaned(content)
        except NotScanned as silence:
            _log.error("An attachment was refused: %s", silence.problem)
            return UNSCANNED
        except Refusal as refusal:
            raise ValidationError(f"{refusal.problem} {refusal.remedy}") from refusal


class Attaching:
    """A form with a file that is left out, and the sender told so, where the scanner is silent."""

    unscanned = False

    def clean_file(self) -> Upload | None:
        """The file, unless nobody could tell whether it is clean."""
        file = self.cleaned_data["file"]
        self.unscanned = file is UNSCANNED
        return None if self.unscanned else file


class Tell(Attaching, forms.Form):
    """A concern. No field asks for a name, and none for immigration status."""

    kind = forms.ChoiceField(choices=ConcernKind)
    words = Words()
    area = Words(required=False, longest=LONGEST_KEY)
    pin = Words(required=False, longest=LONGEST_KEY)
    file = PhotoOrVoice(required=False)
    desk = forms.ChoiceField()
    contact = Words(required=False, longest=LONGEST_CONTACT)
    safety = forms.ChoiceField(required=False, choices=Safety)
    website = forms.CharField(required=False)
    """Hidden from people; a program that fills in everything gives itself away."""

    def __init__(self, *args: Any, desks: Sequence[Desk], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desks = {desk.key: desk for desk in desks}
        self.fields["desk"].choices = [(key, desk.name) for key, desk in self.desks.items()]
        self.fields["kind"].error_messages["required"] = _("Please choose what it is.")
        self.fields["desk"].error_messages["required"] = _("Please choose who may read it.")
        self.fields["desk"].error_messages["invalid_choice"] = _("Nobody reads there now. Please choose again.")

    @property
    def seems_to_state_status(self) -> bool:
        """Whether something that was written freely, how to reach the writer too, seems to tell a status."""
        return any(seems_to_state_status(self.cleaned_data[name]) for name in ("words", "contact"))

    def clean_pin(self) -> tuple[float, float] | None:
        """The place, made coarse again: nobody relies on the browser."""
        return read_pin(self.cleaned_data["pin"])

    def clean_website(self) -> str:
        """Empty, or it is not taken; what was written stays on the page."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("Please leave this field empty. It is there to stop programs."))
        return ""

    def clean_desk(self) -> Desk:
        """The desk itself."""
        return self.desks[self.cleaned_data["desk"]]

    def clean_area(self) -> Area | None:
        """The area itself, if one was chosen."""
        return area_with(self.cleaned_data["area"]) if self.cleaned_data["area"] else None


class Reply(Attaching, forms.Form):
    """Something more in the thread: words, a photo or a voice note, or both."""

    words = Words(required=False)
    file = PhotoOrVoice(required=False)

    def clean(self) -> dict[str, Any]:
        """Words, unless there is a file that is kept; a file that is refused says so itself."""
        given = super().clean()
        kept = given.get("file") or "file" in self.errors
        if "words" in given and not kept and not without_invisible(given["words"]).strip():
            self.add_error("words", _("Please write something."))
        return given


class TypedReceipt(forms.Form):
    """The words of a receipt, as somebody typed them."""

    words = forms.CharField(max_length=receipts.LONGEST_TEXT)


class CheckProof(forms.Form):
    """A proof of submission, and if somebody wants to show what was said, the words and the line beside them."""

    proof = Words(longest=retyping.LONGEST_TEXT)
    words = Words(required=False)
    salt = Words(required=False, longest=200)
