"""A city's description: its files, what their columns mean, and what somebody has accepted by name."""

from __future__ import annotations

import zoneinfo
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from hearback.importers import city_sources, codebooks, promises, slugs, toml_records
from hearback.importers.city_sources import (
    ID,
    AreaLayer,
    CalendarSource,
    DeskSource,
    IncidentSource,
    IndicatorSource,
    NeedSource,
    OrganizationSource,
    PopulationSource,
    Source,
    language_tag,
)
from hearback.importers.codebooks import SurveySource
from hearback.importers.nearest import advice
from hearback.importers.promises import USUAL, Promise
from hearback.importers.toml_records import Place, short
from hearback.importers.vector import Bounds

__all__ = [
    "AreaLayer",
    "CalendarSource",
    "City",
    "DeskSource",
    "IncidentSource",
    "IndicatorSource",
    "NeedSource",
    "OrganizationSource",
    "PopulationSource",
    "Promise",
    "Source",
    "SurveySource",
    "read",
    "template",
]

TABLES = (
    "city",
    "areas",
    "indicators",
    "incidents",
    "organizations",
    "populations",
    "surveys",
    "need",
    "calendar",
    "promises",
    "desks",
)
Record = TypeVar("Record")


@dataclass(frozen=True, kw_only=True)
class City:
    """Everything that a build reads."""

    file: Path
    name: str = short(200)
    slug: str = ""
    timezone: str
    emergency_number: str = short(20, default="911")
    invented: bool = False
    default_language: str = "en"
    languages: tuple[str, ...] = ()
    bounds: Bounds | None = None
    areas: tuple[AreaLayer, ...]
    indicators: tuple[IndicatorSource, ...]
    incidents: tuple[IncidentSource, ...]
    organizations: tuple[OrganizationSource, ...]
    populations: tuple[PopulationSource, ...] = ()
    surveys: tuple[SurveySource, ...] = ()
    need: NeedSource | None
    calendar: CalendarSource
    promises: Mapping[str, Promise] = field(default_factory=lambda: USUAL)
    desks: tuple[DeskSource, ...]

    @property
    def primary(self) -> AreaLayer:
        """The layer that pages and maps are about."""
        return next(layer for layer in self.areas if layer.primary)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every file with its title, source, licence and vintage."""
        surveys = (survey.codebook for survey in self.surveys)
        return (*self.areas, *self.indicators, *self.incidents, *self.organizations, *self.populations, *surveys)


def read(path: Path) -> City:
    """The description in a TOML file, checked as far as it can be without opening the files it names.

    Raises TomlRefusal, which names the table, the key and what to write instead.
    """
    tables = toml_records.load(path, begin_with="; `hearback init DIR` writes a file to begin with")
    whole = Place(path)
    toml_records.refuse_unknown(tables, TABLES, place=whole)
    for needed in ("city", "areas"):
        if needed not in tables:
            raise whole.refusal(f"the table [{needed}] is missing", "`hearback init DIR` writes a description with it")
    city = toml_records.fill(
        City,
        tables["city"],
        place=whole.at("[city]"),
        readers={Bounds | None: _bounds},
        given={
            "file": path,
            "areas": city_sources.area_layers(tables["areas"], whole),
            "indicators": _several(tables, "indicators", whole, city_sources.indicator_source),
            "incidents": _several(tables, "incidents", whole, city_sources.incident_source),
            "organizations": _several(tables, "organizations", whole, city_sources.organization_source),
            "populations": _several(tables, "populations", whole, city_sources.population_source),
            "surveys": _several(tables, "surveys", whole, codebooks.survey_source),
            "need": city_sources.need_source(tables["need"], whole.at("[need]")) if "need" in tables else None,
            "calendar": city_sources.calendar_source(tables.get("calendar", {}), whole.at("[calendar]")),
            "promises": promises.promises(tables.get("promises", {}), whole),
            "desks": _several(tables, "desks", whole, city_sources.desk_source),
        },
    )
    _refuse_unknown_layers(city)
    _refuse_doubles(city)
    _refuse_truth(city)
    return _completed(city)


def template() -> str:
    """A commented description to begin with; it can be read once its paths are filled in."""
    return Path(__file__).with_name("city_template.toml").read_text(encoding="utf-8")


def _several(
    tables: dict[str, Any], name: str, whole: Place, read_one: Callable[[Any, Place], Record]
) -> tuple[Record, ...]:
    entries = tables.get(name, [])
    if not isinstance(entries, list):
        raise whole.at(f"[{name}]").refusal(
            "there may be several of these tables", f"Write the name in double brackets: [[{name}]]"
        )
    return tuple(read_one(table, whole.at(_name(name, at, table))) for at, table in enumerate(entries, start=1))


def _name(name: str, at: int, table: Any) -> str:
    title = table.get("title") if isinstance(table, dict) else None
    return f"[[{name}]] no. {at}" + (f" ({title})" if title else "")


def _bounds(value: Any, place: Place) -> Bounds:
    numbers = isinstance(value, list) and all(isinstance(edge, int | float) for edge in value)
    if not (numbers and len(value) == 4 and -180 <= value[0] < value[2] <= 180 and -90 <= value[1] < value[3] <= 90):
        raise place.refusal(
            f"{value} is no box of degrees", "Write [west, south, east, north], such as [-77.2, 38.7, -76.8, 39.1]"
        )
    west, south, east, north = map(float, value)
    return west, south, east, north


def _refuse_unknown_layers(city: City) -> None:
    known = [layer.id for layer in city.areas]
    named: list[tuple[str, str | None]] = [
        *((source.title, source.areas) for source in city.indicators),
        *((source.title, source.areas) for source in city.incidents),
        *((source.title, source.areas) for source in city.populations),
        *((source.codebook.title, source.areas) for source in city.surveys),
    ]
    for title, areas in named:
        if areas is not None and areas not in known:
            raise Place(city.file, f'the table "{title}"').refusal(
                f"there is no layer [areas.{areas}]", advice(areas, known)
            )


def _refuse_doubles(city: City) -> None:
    """Titles name datasets on the data page, and an indicator of a layer has one source."""
    for title, times in Counter(source.title for source in city.sources).items():
        if times > 1:
            raise Place(city.file).refusal(f'{times} datasets are called "{title}"', "Give each a title of its own")
    columns = ((source.areas, indicator) for source in city.indicators for indicator in source.columns)
    for (layer, indicator), times in Counter(columns).items():
        if times > 1:
            raise Place(city.file, "[[indicators]]").refusal(
                f'the indicator "{indicator}" of [areas.{layer}] comes from {times} tables', "Keep one of them"
            )


def _refuse_truth(city: City) -> None:
    for source in city.surveys:
        if source.truth and not city.invented:
            raise Place(city.file, f'[[surveys]] "{source.codebook.title}", truth').refusal(
                "what is true is known only of an invented city", "Remove the key truth"
            )


def _completed(city: City) -> City:
    """With slug and languages filled in, and with what only the whole can tell checked."""
    place = Place(city.file, "[city]")
    if city.timezone not in zoneinfo.available_timezones():
        raise place.at("timezone").refusal(
            f'there is no timezone "{city.timezone}"', advice(city.timezone, sorted(zoneinfo.available_timezones()))
        )
    languages = [
        language_tag(city.default_language, place.at("default_language")),
        *(language_tag(tag, place.at("languages")) for tag in city.languages),
    ]
    slug = city.slug or slugs.slug(city.name)
    if not ID.fullmatch(slug):
        raise place.at("slug").refusal(
            f'"{slug}" cannot stand in an address', 'Write small letters, digits and hyphens: slug = "new-town"'
        )
    return replace(city, slug=slug, default_language=languages[0], languages=tuple(dict.fromkeys(languages)))
