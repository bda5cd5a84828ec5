"""The parts of a codebook: items and their answers, missing codes, groups, scales, design and dispositions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, TypeAlias

from hearback.importers import toml_records
from hearback.importers.city_sources import ID
from hearback.importers.nearest import advice
from hearback.importers.toml_records import Place, Reader, short

Kind: TypeAlias = Literal["ordinal", "nominal", "number", "text"]
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


def code_of(text: str) -> str:
    """A code in its one form: `4.0`, ` 4` and `4` are the same number; words are compared without their case."""
    stripped = text.strip()
    try:
        number = float(stripped)
    except ValueError:
        return stripped.casefold()
    return f"{number:.15g}" if "_" not in stripped else stripped


def read_items(items: Any, answers: Any, *, missing: Missing, places: Mapping[str, Place]) -> tuple[Item, ...]:
    """The tables under [items], each with the answers it names; without missing codes of its own, those of all."""
    known = _answers(answers, places["answers"])
    if not isinstance(items, dict):
        raise places["items"].refusal("a table of items is needed here", "Begin one with a line such as: [items.trust]")
    return tuple(_item(id_, table, known, missing, places["items"].at(id_)) for id_, table in items.items())


def read_design(table: Any, place: Place) -> Design:
    """The table [design]."""
    return toml_records.fill(
        Design,
        table,
        place=place,
        readers={Replicates | None: lambda value, at: toml_records.fill(Replicates, value, place=at)},
    )


def _answers(tables: Any, place: Place) -> dict[str, Answers]:
    if not isinstance(tables, dict):
        raise place.refusal("a table of answers is needed here", "Begin one with a line such as: [answers.agreement]")
    return {
        name: toml_records.fill(Answers, table, place=place.at(name), readers=MISSING_READERS)
        for name, table in tables.items()
    }


def _item(id_: str, table: Any, known: Mapping[str, Answers], missing: Missing, place: Place) -> Item:
    if not ID.fullmatch(id_.replace("_", "-")):
        raise place.refusal(f'"{id_}" cannot name an item', "Use small letters, digits, hyphens and underscores")
    written = toml_records.fill(ItemText, table, place=place, readers={**MISSING_READERS, Breakdown: _breakdown})
    if written.answers not in known:
        raise place.at("answers").refusal(f"there are no [answers.{written.answers}]", advice(written.answers, known))
    answers = known[written.answers]
    return Item(
        id=id_,
        column=written.column or id_,
        wording=written.wording,
        kind=answers.kind,
        labels={code_of(code): label for code, label in answers.labels.items()},
        favourable=tuple(map(code_of, answers.favourable)),
        lowest=answers.lowest,
        highest=answers.highest,
        reversed=written.reversed,
        translations=written.translations,
        missing=written.missing or answers.missing or missing,
        by=written.by,
    )


def _breakdown(value: Any, place: Place) -> Breakdown:
    if not isinstance(value, dict):
        raise place.refusal("a table of groups is needed here", 'Write: race = { "White" = "COLUMN" }')
    return {kind: toml_records.words(groups, place.at(kind)) for kind, groups in value.items()}


def _missing(value: Any, place: Place) -> Missing:
    return toml_records.fill(Missing, value, place=place)


MISSING_READERS: Mapping[Any, Reader] = {Missing | None: _missing}
