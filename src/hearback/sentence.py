"""A finished English sentence that remembers how it was made, so that a page can say it in another language."""

from __future__ import annotations

from typing import TypedDict

Value = str | int | float


class Kept(TypedDict):
    """A sentence as JSON."""

    template: str
    values: dict[str, Value]


class Sentence(str):
    """Text like any other, made of a template with named places (`{rows}`) and the values that went there.

    Rooms that know nothing of languages say `Sentence("{rows} rows were read", rows=9)` in the place of an f-string.
    """

    template: str
    values: dict[str, Value]

    def __new__(cls, template: str, /, **values: Value) -> Sentence:
        """Whole numbers are grouped; decimals are shown as given, so they are rounded before."""
        written = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
        made = super().__new__(cls, template.format(**written) if values else template)
        made.template, made.values = template, values
        return made

    @property
    def kept(self) -> Kept:
        """Template and values, ready for JSON."""
        return {"template": self.template, "values": self.values}


def kept(text: str) -> Kept:
    """How a sentence is stored; text that remembers nothing is its own template."""
    return text.kept if isinstance(text, Sentence) else {"template": text, "values": {}}


def read_back(stored: Kept) -> Sentence:
    """The sentence that was stored."""
    return Sentence(stored["template"], **stored["values"])
