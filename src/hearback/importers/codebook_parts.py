"""A survey's codebook and its parts: what a file's columns and codes mean, and how the people were found."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

from hearback.importers.city_sources import Source
from hearback.importers.slugs import slug
from hearback.importers.toml_records import short

Kind: TypeAlias = Literal["ordinal", "nominal", "number", "text"]
Mode: TypeAlias = Literal["probability", "opt-in", "census", "not-stated"]
Breakdown: TypeAlias = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Codes that are no answers, by the reason they stand for. A blank is always `no_answer`."""

    refused: tuple[str, ...] = ()
    dont_know: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    no_answer: tuple[str, ...] = ()

    def reasons(self) -> dict[str, str]:
        """From each code to its reason; the blank is among them."""
        return {"": "no_answer"} | {
            code_of(code): entry.name for entry in fields(self) for code in getattr(self, entry.name)
        }


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The answers that several items may share."""

    kind: Kind = "ordinal"
    labels: Mapping[str, str] = field(default_factory=dict)
    favourable: tuple[str, ...] = ()
    lowest: float | None = None
    highest: float | None = None
    missing: Missing | None = None


@dataclass(frozen=True, kw_only=True)
class ItemText:
    """An item as it stands in the codebook."""

    wording: str
    answers: str
    column: str | None = None
    reversed: bool = False
    translations: Mapping[str, str] = field(default_factory=dict)
    missing: Missing | None = None
    by: Breakdown = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question: where its answers stand and what each code says. Codes are numbers, written as text."""

    id: str
    column: str
    wording: str
    kind: Kind
    labels: Mapping[str, str]
    """In the order of the codebook."""
    favourable: tuple[str, ...]
    lowest: float | None
    highest: float | None
    reversed: bool
    """A high code is a low opinion. Answers are kept as they were given; whoever makes a score turns them round."""
    translations: Mapping[str, str]
    missing: Missing
    by: Breakdown
    """For scores: columns by kind of group and group."""

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest that an answer can be; infinite where the codebook does not say."""
        return (
            -math.inf if self.lowest is None else self.lowest,
            math.inf if self.highest is None else self.highest,
        )


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Items that together measure one thing, and how many of them somebody must have answered."""

    id: str
    title: str = short(200)
    items: tuple[str, ...]
    fewest: int | None = None


@dataclass(frozen=True, kw_only=True)
class Group:
    """What sort of person somebody is, in words: `labels` gives the file's words others."""

    id: str
    title: str = short(200)
    column: str
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AreaColumn:
    """Where the key of somebody's area stands."""

    column: str
    key_digits: int | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Replicates:
    """Columns of replicate weights; `*` in a name stands for a number."""

    kind: Literal["JK1", "JKn", "BRR", "Fay", "bootstrap", "SDR"]
    columns: tuple[str, ...]
    fay: float | None = None


@dataclass(frozen=True, kw_only=True)
class Design:
    """How the people were drawn: columns as R's `survey` calls them, one `psu` and one `fpc` per stage."""

    weights: str | None = None
    strata: str | None = None
    psu: tuple[str, ...] = ()
    fpc: tuple[str, ...] = ()
    replicates: Replicates | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column but those of replicates, which may be patterns."""
        return tuple(filter(None, (self.weights, self.strata, *self.psu, *self.fpc)))


@dataclass(frozen=True, kw_only=True)
class AttentionCheck:
    """A question with a right answer: who gives another was not reading, and is left out."""

    column: str
    right: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Dispositions:
    """What became of everybody who was asked, in the classes of AAPOR's Standard Definitions (2023).

    `stated_rate` is a response rate that somebody printed, for want of the counts behind it.
    """

    complete: int | None = None
    partial: int = 0
    refusal: int = 0
    non_contact: int = 0
    other: int = 0
    unknown_household: int = 0
    unknown_other: int = 0
    ineligible: int = 0
    stated_rate: float | None = None


@dataclass(frozen=True, kw_only=True)
class FieldworkFile:
    """A table of how many people were asked, and how many answered, in each area where anybody was."""

    file: Path
    area: str
    """The column with the area's key, as `asked` and `answered` are columns of numbers."""
    asked: str
    answered: str
    key_digits: int | None = None


@dataclass(frozen=True, kw_only=True)
class Codebook(Source):
    """One wave of a survey, as its codebook describes it."""

    path: Path
    """The codebook itself; `file` holds the answers."""
    name: str = short(150)
    """Of the survey, whose waves all have it."""
    wave: str = short(40)
    key: str = ""
    """The survey in addresses; otherwise made of its name."""
    kind: Literal["responses", "scores"] = "responses"
    mode: Mode
    population: str
    frame: str
    contact: str = ""
    fielded_from: date | None = None
    fielded_to: date | None = None
    languages: tuple[str, ...] = ()
    exact_wording: bool = True
    header_lines: int = 1
    sheet: str | None = None
    respondent: str | None = None
    personal: tuple[str, ...] = ()
    questionnaire: Path | None = None
    period: str | None = None
    """For scores: the column with the year."""
    items: tuple[Item, ...] = ()
    scales: tuple[Scale, ...] = ()
    groups: tuple[Group, ...] = ()
    area: AreaColumn | None = None
    design: Design = field(default_factory=Design)
    attention: tuple[AttentionCheck, ...] = ()
    response: Dispositions | None = None
    fieldwork: FieldworkFile | None = None

    @property
    def wave_key(self) -> str:
        """The wave in addresses."""
        return slug(self.wave)


def code_of(text: str) -> str:
    """A code in its one form: `4.0`, ` 4` and `4` are the same number; words are compared without their case."""
    number = number_of(text)
    return text.strip().casefold() if number is None else f"{number:.15g}"


def number_of(text: str) -> float | None:
    """The number that a text is, if it is one; Python's own 1_000 is none."""
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None
