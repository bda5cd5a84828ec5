"""Reads a survey's codebook, and the questionnaire that it may share with other waves, from TOML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from hearback.importers import codebook_checks, toml_records
from hearback.importers.city_sources import ID, language_tag
from hearback.importers.codebook_parts import (
    Answers,
    AreaColumn,
    AttentionCheck,
    Breakdown,
    Codebook,
    Design,
    Dispositions,
    FieldworkFile,
    Group,
    Item,
    ItemText,
    Missing,
    Replicates,
    Scale,
    code_of,
)
from hearback.importers.nearest import advice
from hearback.importers.slugs import slug
from hearback.importers.toml_records import Place

TABLES = (
    *("survey", "missing", "answers", "items", "scales", "groups", "area"),
    *("design", "attention", "response", "fieldwork"),
)
FROM_QUESTIONNAIRE = ("missing", "answers", "items", "scales", "groups", "area", "attention")
"""Tables that waves of one survey may share in a file of their own."""


@dataclass(frozen=True, kw_only=True)
class SurveySource:
    """A survey as a city's description names it, and the layer whose keys its areas are."""

    codebook: Codebook
    areas: str | None = None
    accept_unmatched: str = ""
    truth: Path | None = None
    """What is true, where the city is invented."""


def survey_source(table: Any, place: Place) -> SurveySource:
    """One table under [[surveys]], with its codebook."""
    source = toml_records.fill(SurveySource, table, place=place, readers={Codebook: _named_codebook})
    if source.truth and source.codebook.kind == "scores":
        raise place.at("truth").refusal("the key does nothing here: it is for answers", "Remove it")
    return source


def read(path: Path) -> Codebook:
    """The codebook in a TOML file, checked as far as it can be without opening the file with the answers.

    Raises TomlRefusal, which names the table, the key and what to write instead.
    """
    tables, places = _tables(path)
    whole = Place(path)
    if "survey" not in tables:
        raise whole.refusal("the table [survey] is missing", "Begin it with a line such as: [survey]")
    missing = _missing(tables.get("missing", {}), places["missing"])
    answers = _answers(tables.get("answers", {}), places["answers"])
    codebook = toml_records.fill(
        Codebook,
        tables["survey"],
        place=places["survey"],
        readers={date | None: _date},
        given={
            "path": path,
            "title": "",
            "items": _items(tables.get("items", {}), places["items"], known=answers, missing=missing),
            "scales": _each(Scale, tables.get("scales", {}), places["scales"]),
            "groups": _each(Group, tables.get("groups", {}), places["groups"]),
            "area": _maybe(AreaColumn, tables.get("area"), places["area"]),
            "design": _design(tables.get("design", {}), places["design"]),
            "attention": _checks(tables.get("attention", []), places["attention"]),
            "response": _maybe(Dispositions, tables.get("response"), places["response"]),
            "fieldwork": _maybe(FieldworkFile, tables.get("fieldwork"), places["fieldwork"]),
        },
    )
    for tag in codebook.languages:
        language_tag(tag, places["survey"].at("languages"))
    codebook = replace(codebook, title=f"{codebook.name}, {codebook.wave}", key=codebook.key or slug(codebook.name))
    codebook_checks.check(codebook, places)
    return codebook


def _named_codebook(value: Any, place: Place) -> Codebook:
    return read(toml_records.file(value, place))


def _tables(path: Path) -> tuple[dict[str, Any], dict[str, Place]]:
    """The tables of the codebook and of the questionnaire it names, and the place of each."""
    tables = toml_records.load(path)
    toml_records.refuse_unknown(tables, TABLES, place=Place(path))
    places = {name: Place(path, f"[{name}]") for name in TABLES}
    named = tables["survey"].get("questionnaire") if isinstance(tables.get("survey"), dict) else None
    if named is None:
        return tables, places
    shared_path = toml_records.file(named, places["survey"].at("questionnaire"))
    shared = toml_records.load(shared_path)
    toml_records.refuse_unknown(shared, FROM_QUESTIONNAIRE, place=Place(shared_path))
    for name in shared:
        if name in tables:
            raise places[name].refusal(
                f"the table also stands in the questionnaire {shared_path.name}", "Keep it in one of the two files"
            )
        places[name] = Place(shared_path, f"[{name}]")
    return tables | shared, places


def _missing(table: Any, place: Place) -> Missing:
    return toml_records.fill(Missing, table, place=place)


MISSING_READERS = {Missing | None: _missing}


def _answers(tables: Any, place: Place) -> dict[str, Answers]:
    return {
        name: toml_records.fill(Answers, table, place=here, readers=MISSING_READERS)
        for name, table, here in _below(tables, place)
    }


def _items(tables: Any, place: Place, *, known: Mapping[str, Answers], missing: Missing) -> tuple[Item, ...]:
    """Every item with the answers it names; without missing codes of its own, those of all."""
    return tuple(_item(id_, table, here, known, missing) for id_, table, here in _named(tables, place))


def _item(id_: str, table: Any, place: Place, known: Mapping[str, Answers], missing: Missing) -> Item:
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


def _each(record: Any, tables: Any, place: Place) -> tuple[Any, ...]:
    """One record for each table below a table, its name as `id`."""
    return tuple(
        toml_records.fill(record, table, place=here, given={"id": id_}) for id_, table, here in _named(tables, place)
    )


def _named(tables: Any, place: Place) -> Iterator[tuple[str, Any, Place]]:
    """As `_below`, of tables whose names become keys."""
    for name, table, here in _below(tables, place):
        if not ID.fullmatch(name.replace("_", "-")):
            raise here.refusal(f'"{name}" cannot be a name', "Use small letters, digits, hyphens and underscores")
        yield name, table, here


def _below(tables: Any, place: Place) -> Iterator[tuple[str, Any, Place]]:
    """Each table below a table, with its name and its place."""
    if not isinstance(tables, dict):
        raise place.refusal(
            "a table of tables is needed here", f"Begin one with a line such as: {place.within[:-1]}.NAME]"
        )
    for name, table in tables.items():
        yield name, table, place.at(name)


def _design(table: Any, place: Place) -> Design:
    return toml_records.fill(Design, table, place=place, readers={Replicates | None: partial(_maybe, Replicates)})


def _checks(entries: Any, place: Place) -> tuple[AttentionCheck, ...]:
    if not isinstance(entries, list):
        raise place.refusal("there may be several of these tables", "Write the name in double brackets: [[attention]]")
    return tuple(toml_records.fill(AttentionCheck, table, place=place) for table in entries)


def _maybe(record: Any, table: Any, place: Place) -> Any:
    return None if table is None else toml_records.fill(record, table, place=place)


def _date(value: Any, place: Place) -> date:
    if not isinstance(value, date):
        raise place.refusal(f"{value} is no date", "Write it without quotation marks: 2026-11-27")
    return value
