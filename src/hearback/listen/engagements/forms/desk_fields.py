"""What people of a desk write into its forms: words, a line, a moment, a number of people."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_PEOPLE = 100_000
BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Fillers of Korean syllables and the Braille cell without dots: letters and a symbol of which nobody sees anything."""


class Words(forms.CharField):
    """Words of at most so many characters, counted as people count them: a line end is one."""

    def __init__(self, *, longest: int, missing: Any = "", **kwargs: Any) -> None:
        super().__init__(required=bool(missing), error_messages={"required": missing}, **kwargs)
        self.longest = longest

    def to_python(self, value: object) -> str:
        """The text without blanks around it; nothing where there is nothing that anybody sees."""
        text = super().to_python(value).replace("\r\n", "\n").replace("\r", "\n").strip()
        return text if any(map(_is_seen, text)) else ""

    def validate(self, value: str) -> None:
        """Says how long it is when it is too long, instead of cutting it off."""
        super().validate(value)
        if len(value) > self.longest:
            sentence = _("This has {count} characters; {most} is the most. Please make it shorter.")
            raise ValidationError(sentence.format(count=len(value), most=self.longest))


class Line(Words):
    """Words on one line."""

    def to_python(self, value: object) -> str:
        """Without line ends."""
        return " ".join(super().to_python(value).split())


class Moment(forms.DateTimeField):
    """A day and an hour in the time zone that holds now."""

    def __init__(self, *, missing: Any, **kwargs: Any) -> None:
        wrong = gettext_lazy("Give a day and an hour, such as 2027-03-04 18:30.")
        super().__init__(
            error_messages={"required": missing, "invalid": wrong},
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            **kwargs,
        )

    def to_python(self, value: object) -> datetime | None:
        """The moment; none where clocks are changed, and an hour is there twice or not at all."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            raise ValidationError(
                _("The clocks change in this hour, so it is there twice or not at all. Choose another.")
            ) from error


class People(forms.IntegerField):
    """A number of people."""

    def __init__(self, *, missing: Any = "", **kwargs: Any) -> None:
        wrong = dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Give a whole number from 0 to 100,000.")
        )
        super().__init__(
            min_value=0,
            max_value=MOST_PEOPLE,
            required=bool(missing),
            error_messages=wrong | {"required": missing},
            **kwargs,
        )


def _is_seen(sign: str) -> bool:
    """Whether a sign shows by itself: neither a blank nor a control sign, nor a mark that needs a letter under it."""
    return unicodedata.category(sign)[0] in "LNPS" and sign not in BLANK_LETTERS
