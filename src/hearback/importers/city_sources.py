"""The sources that a city's description names: what each must say, and which keys go together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeAlias

import holidays

from hearback.importers import toml_records
from hearback.importers.incident_columns import CountColumns, PointColumns, WideCountColumns
from hearback.importers.indicators import TABLE_SUFFIXES, ColumnSpec
from hearback.importers.language_names import TAG
from hearback.importers.nearest import advice
from hearback.importers.times import TimeColumns
from hearback.importers.toml_records import Place, short

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ID = re.compile(r"[a-z][a-z0-9-]{0,49}")
FEWEST_DRAWS, MOST_DRAWS = 100, 100_000
Columns: TypeAlias = str | tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file, and what must be said about it wherever its numbers are shown; titles name datasets."""

    title: str = short(200)
    file: Path
    source: str
    licence: str = short(200)
    vintage: str = short(200)


@dataclass(frozen=True, kw_only=True)
class AreaLayer(Source):
    """One way to divide the city; pages and maps are about the primary one. Its title is the plural."""

    id: str
    key: str
    singular: str = short(100)
    plural: str = short(100)
    name: str | None = None
    key_digits: int | None = None
    population: str | None = None
    layer: str | None = None
    primary: bool = False
    repair: bool = False


@dataclass(frozen=True, kw_only=True)
class IndicatorSource(Source):
    """A table of indicators for the areas of one layer; the layout `svi` has its own key and columns."""

    areas: str
    layout: Literal["plain", "acs", "svi"] = "plain"
    key: str | None = None
    key_digits: int | None = None
    name: str | None = None
    columns: Mapping[str, ColumnSpec] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    accept_unmatched: str = ""


@dataclass(frozen=True, kw_only=True)
class IncidentSource(Source):
    """Incidents, one per row with its place or counted by area; `categories` maps the city's words to NIBRS."""

    layout: Literal["points", "counts"]
    categories: Mapping[str, str]
    category: str | None = None
    longitude: str | None = None
    latitude: str | None = None
    areas: str | None = None
    area: str | None = None
    count: str | None = None
    date: str | None = None
    year: str | None = None
    month: str | None = None
    accept_unmatched: str = ""
    accept_outside: str = ""

    @property
    def columns(self) -> PointColumns | CountColumns | WideCountColumns:
        """The columns, as the incident importer takes them."""
        time = TimeColumns(date=self.date, year=self.year, month=self.month)
        if self.longitude and self.latitude and self.category:
            return PointColumns(longitude=self.longitude, latitude=self.latitude, category=self.category, time=time)
        if self.category and self.count:
            return CountColumns(area=str(self.area), category=self.category, count=self.count, time=time)
        return WideCountColumns(area=str(self.area), time=time)


@dataclass(frozen=True, kw_only=True)
class OrganizationSource(Source):
    """Local organisations and sites, of one kind or of the kinds that `kinds` gives to a column's words."""

    name: str
    kind: str | None = None
    kind_column: str | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    languages: str | None = None
    language_columns: Mapping[str, str] = field(default_factory=dict)
    address: str | None = None
    contacts: tuple[str, ...] = ()
    longitude: str | None = None
    latitude: str | None = None
    layer: str | None = None


@dataclass(frozen=True, kw_only=True)
class PopulationSource(Source):
    """How many people of which groups there are; `groups` gives each kind of group its column."""

    count: str
    groups: Mapping[str, str]
    who: Literal["residents", "adults", "staff"] = "residents"
    areas: str | None = None
    area: str | None = None
    margin: str | None = None
    accept_unmatched: str = ""


@dataclass(frozen=True, kw_only=True)
class NeedSource:
    """Which need index is computed: a packaged definition by its name, or a file of the city's own."""

    definition: str | Path
    draws: int = 2000
    level: float = 0.9


def area_layers(tables: Any, whole: Place) -> tuple[AreaLayer, ...]:
    """The tables under [areas], of which exactly one is primary."""
    if not isinstance(tables, dict) or not tables:
        raise whole.refusal("no layer of areas is described", "Begin one with a line such as: [areas.tract]")
    layers = tuple(_area_layer(id_, table, whole.at(f"[areas.{id_}]")) for id_, table in tables.items())
    primary = sum(layer.primary for layer in layers)
    if primary != 1:
        raise whole.at("[areas]").refusal(
            f"{primary} layers are primary, and pages are about exactly one",
            "Write primary = true in the table of that layer only",
        )
    return layers


def indicator_source(table: Any, place: Place) -> IndicatorSource:
    """One table under [[indicators]]."""
    source = toml_records.fill(IndicatorSource, table, place=place, readers={Mapping[str, ColumnSpec]: _columns})
    if source.layout == "svi":
        _refuse_idle(source, ("key", "columns", "name"), place, because="the layout svi knows its own")
    else:
        _refuse_absent(source, ("key", "columns"), place, because=f"the layout {source.layout} needs it")
    return source


def incident_source(table: Any, place: Place) -> IncidentSource:
    """One table under [[incidents]]."""
    source = toml_records.fill(IncidentSource, table, place=place)
    if source.layout == "points":
        _refuse_absent(source, ("longitude", "latitude", "category"), place, because="points need it")
        _refuse_idle(source, ("areas", "area", "count", "accept_unmatched"), place, because="points do without")
    else:
        _refuse_absent(source, ("areas", "area"), place, because="counts need it")
        _refuse_idle(source, ("longitude", "latitude", "accept_outside"), place, because="counts do without")
        if source.category or source.count:
            _refuse_absent(source, ("category", "count"), place, because="category and count come together")
    if source.date:
        _refuse_idle(source, ("year", "month"), place, because="date says it already")
    else:
        _refuse_absent(source, ("year",), place, because="incidents need it, or date")
    _refuse_absent(source, ("categories",), place, because="each of the file's words needs a category")
    return source


def organization_source(table: Any, place: Place) -> OrganizationSource:
    """One table under [[organizations]]."""
    source = toml_records.fill(OrganizationSource, table, place=place)
    if source.kind_column:
        _refuse_absent(source, ("kinds",), place, because="kind_column needs it")
        _refuse_idle(source, ("kind",), place, because="kind_column says it already")
    else:
        _refuse_absent(source, ("kind",), place, because="organisations need it, or kind_column")
        _refuse_idle(source, ("kinds",), place, because="it belongs to kind_column")
    if source.longitude or source.latitude or source.file.suffix.lower() in TABLE_SUFFIXES:
        _refuse_absent(source, ("longitude", "latitude"), place, because="a table needs it")
        _refuse_idle(source, ("layer",), place, because="tables do without")
    for kind in (source.kind, *source.kinds.values()):
        if kind is not None and not ID.fullmatch(kind):
            raise place.refusal(
                f'"{kind}" cannot name a kind', 'Use small letters, digits and hyphens, such as "recreation-centre"'
            )
    tagged = {language_tag(tag, place.at("language_columns")): name for tag, name in source.language_columns.items()}
    return replace(source, language_columns=tagged)


@dataclass(frozen=True, kw_only=True)
class CalendarSource:
    """The days on which somebody at the agency is there to answer."""

    workdays: tuple[str, ...] = WEEKDAYS[:5]
    country: str = ""
    subdivision: str = ""
    days_off: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DeskSource:
    """A desk that residents can write to, once people with keys sit at it."""

    key: str
    kind: Literal["liaison", "partner", "oversight"]
    name: str
    languages: tuple[str, ...] = ()
    organization: str | None = None


def calendar_source(table: Any, place: Place) -> CalendarSource:
    """The table [calendar]."""
    source = toml_records.fill(CalendarSource, table, place=place)
    for day in source.workdays:
        if day not in WEEKDAYS:
            raise place.at("workdays").refusal(f'"{day}" is no weekday', advice(day, WEEKDAYS))
    for day in source.days_off:
        if not _is_date(day):
            raise place.at("days_off").refusal(f'"{day}" is no date', 'Write "2026-11-27"')
    if source.country and source.country not in holidays.list_supported_countries():
        raise place.at("country").refusal(
            f'no holidays are known for "{source.country}"', 'Write "US", or list days_off'
        )
    return source


def desk_source(table: Any, place: Place) -> DeskSource:
    """One table of [[desks]]."""
    source = toml_records.fill(DeskSource, table, place=place)
    if not ID.fullmatch(source.key):
        raise place.at("key").refusal(f'"{source.key}" cannot stand in an address', "Use small letters and hyphens")
    languages = tuple(language_tag(tag, place.at("languages")) for tag in source.languages)
    return replace(source, languages=languages)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def population_source(table: Any, place: Place) -> PopulationSource:
    """One table under [[populations]]."""
    source = toml_records.fill(PopulationSource, table, place=place)
    if (source.areas is None) != (source.area is None):
        raise place.refusal(
            "areas and area go together", "Write the layer under areas and the column with its keys under area"
        )
    return source


def need_source(table: Any, place: Place) -> NeedSource:
    """The table [need]."""
    source = toml_records.fill(NeedSource, table, place=place, readers={str | Path: _definition})
    if not FEWEST_DRAWS <= source.draws <= MOST_DRAWS:
        raise place.at("draws").refusal(
            f"{source.draws} draws are too few or too many",
            f"Write a number from {FEWEST_DRAWS} to {MOST_DRAWS}, or leave the line out for 2000",
        )
    if not 0.5 < source.level < 1:
        raise place.at("level").refusal(f"{source.level} is no level of confidence", "Write 0.9 for 90 %")
    return source


def language_tag(written: str, place: Place) -> str:
    """A tag of a language (RFC 5646: language, script, region) in small letters."""
    tag = written.casefold()
    if not TAG.fullmatch(tag):
        raise place.refusal(f'"{written}" is no language tag', 'Write tags such as "es", "zh-hant" or "pt-br"')
    return tag


@dataclass(frozen=True)
class _Estimate:
    estimate: Columns
    margin: Columns | None = None
    percent: bool = False


@dataclass(frozen=True)
class _Part:
    numerator: Columns
    denominator: Columns
    numerator_margin: Columns | None = None
    denominator_margin: Columns | None = None
    rule: Literal["proportion", "ratio"] = "proportion"


def _area_layer(id_: str, table: Any, place: Place) -> AreaLayer:
    if not ID.fullmatch(id_):
        raise place.refusal(
            f'"{id_}" cannot name a layer', "Use small letters, digits and hyphens, such as [areas.police-beat]"
        )
    layer = toml_records.fill(AreaLayer, table, place=place, given={"id": id_, "title": ""})
    return replace(layer, title=layer.plural)


def _definition(value: Any, place: Place) -> str | Path:
    name = toml_records.text(value, place)
    return toml_records.file(value, place) if name.endswith((".yaml", ".yml")) else name


def _columns(value: Any, place: Place) -> dict[str, ColumnSpec]:
    if not isinstance(value, dict):
        raise place.refusal("this is not a table of columns", 'Write lines such as: poverty = "POV"')
    return {indicator: _column(spec, place.at(indicator)) for indicator, spec in value.items()}


def _column(spec: Any, place: Place) -> ColumnSpec:
    if not isinstance(spec, dict):
        return ColumnSpec(estimate=_added_up(spec, place))
    readers = {Columns: _added_up, Columns | None: _added_up}
    if "numerator" not in spec:
        plain = toml_records.fill(_Estimate, spec, place=place, readers=readers)
        return ColumnSpec(estimate=plain.estimate, margin=plain.margin, percent=plain.percent)
    part = toml_records.fill(_Part, spec, place=place, readers=readers)
    return ColumnSpec(
        estimate=part.numerator,
        margin=part.numerator_margin,
        denominator=part.denominator,
        denominator_margin=part.denominator_margin,
        rule=part.rule,
    )


def _added_up(value: Any, place: Place) -> Columns:
    return toml_records.texts(value, place) if isinstance(value, list) else toml_records.text(value, place)


def _refuse_absent(source: Source, keys: tuple[str, ...], place: Place, *, because: str) -> None:
    for key in keys:
        if not getattr(source, key):
            raise place.refusal(f'the key "{key}" is missing: {because}', f"Add a line that begins with: {key} =")


def _refuse_idle(source: Source, keys: tuple[str, ...], place: Place, *, because: str) -> None:
    for key in keys:
        if getattr(source, key):
            raise place.refusal(f'the key "{key}" does nothing here: {because}', "Remove it")
