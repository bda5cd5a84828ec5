"""A survey's codebook: which questions a file answers, what its codes mean, and how the people were found."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from hearback.importers import codebook_checks, toml_records
from hearback.importers.city_sources import ID, Source, language_tag
from hearback.importers.codebook_parts import (
    MISSING_READERS,
    AreaColumn,
    AttentionCheck,
    Design,
    Dispositions,
    FieldworkFile,
    Group,
    Item,
    Missing,
    Scale,
    read_design,
    read_items,
)
from hearback.importers.slugs import slug
from hearback.importers.toml_records import Place, short

TABLES = (
    *("survey", "missing", "answers", "items", "scales", "groups", "area"),
    *("design", "attention", "response", "fieldwork"),
)
FROM_QUESTIONNAIRE = ("missing", "answers", "items", "scales", "groups", "area", "attention")
"""Tables that waves of one survey may share in a file of their own."""

Mode = Literal["probability", "opt-in", "census", "not-stated"]


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


@dataclass(frozen=True, kw_only=True)
class SurveySource:
    """A survey as a city's description names it, and the layer whose keys its areas are."""

    codebook: Codebook
    areas: str | None = None
    accept_unmatched: str = ""


def survey_source(table: Any, place: Place) -> SurveySource:
    """One table under [[surveys]], with its codebook."""
    return toml_records.fill(SurveySource, table, place=place, readers={Codebook: _named_codebook})


def read(path: Path) -> Codebook:
    """The codebook in a TOML file, checked as far as it can be without opening the file with the answers.

    Raises TomlRefusal, which names the table, the key and what to write instead.
    """
    tables, places = _tables(path)
    whole = Place(path)
    if "survey" not in tables:
        raise whole.refusal("the table [survey] is missing", "Begin it with a line such as: [survey]")
    missing = _missing(tables.get("missing", {}), places["missing"])
    codebook = toml_records.fill(
        Codebook,
        tables["survey"],
        place=places["survey"],
        readers={date | None: _date},
        given={
            "path": path,
            "title": "",
            "items": read_items(tables.get("items", {}), tables.get("answers", {}), missing=missing, places=places),
            "scales": _each(Scale, tables.get("scales", {}), places["scales"]),
            "groups": _each(Group, tables.get("groups", {}), places["groups"]),
            "area": _maybe(AreaColumn, tables.get("area"), places["area"]),
            "design": read_design(tables.get("design", {}), places["design"]),
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
    return toml_records.fill(Missing, table, place=place, readers=MISSING_READERS)


def _each(record: Any, tables: Any, place: Place) -> tuple[Any, ...]:
    """One record for each table below a table, its name as `id`."""
    if not isinstance(tables, dict):
        raise place.refusal(
            "a table of tables is needed here", f"Begin one with a line such as: {place.within[:-1]}.NAME]"
        )
    found = []
    for id_, table in tables.items():
        here = place.at(id_)
        if not ID.fullmatch(id_.replace("_", "-")):
            raise here.refusal(f'"{id_}" cannot be a name', "Use small letters, digits, hyphens and underscores")
        found.append(toml_records.fill(record, table, place=here, given={"id": id_}))
    return tuple(found)


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
