"""A city's description: which files it has, what their columns mean, and what somebody has accepted by name."""

from __future__ import annotations

import re
import tomllib
import unicodedata
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from types import NoneType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from hearback.importers.incidents import CountColumns, PointColumns, Time
from hearback.importers.indicators import ColumnSpec
from hearback.importers.language_names import TAG
from hearback.importers.nearest import advice
from hearback.importers.vector import Bounds
from hearback.refusal import Refusal

LARGEST_BYTES = 1_000_000
ID = re.compile(r"[a-z][a-z0-9-]*")
TABLES = ("city", "areas", "indicators", "incidents", "organizations", "need")

Record = TypeVar("Record")


class CityRefusal(Refusal):
    """A description that does not say what is needed, or says what is not understood."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file, and what must be said about it wherever its numbers are shown."""

    file: Path
    source: str
    licence: str
    vintage: str


@dataclass(frozen=True, kw_only=True)
class AreaLayer(Source):
    """One way to divide the city; the primary one is what pages and maps are about."""

    id: str
    key: str
    singular: str
    plural: str
    name: str | None = None
    key_digits: int | None = None
    population: str | None = None
    layer: str | None = None
    primary: bool = False
    repair: bool = False

    @property
    def title(self) -> str:
        """What the dataset is called."""
        return self.plural


@dataclass(frozen=True, kw_only=True)
class IndicatorSource(Source):
    """A table of indicators of the areas of one layer; `columns` is empty for the layout `svi`."""

    title: str
    areas: str
    layout: Literal["plain", "acs", "svi"] = "plain"
    key: str | None = None
    key_digits: int | None = None
    columns: Mapping[str, ColumnSpec] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    accept_unmatched: str = ""


@dataclass(frozen=True, kw_only=True)
class IncidentSource(Source):
    """Incidents, one per row as points or counted by area; `categories` maps the city's words to NIBRS ids."""

    title: str
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
    accept_outside: str = ""

    @property
    def columns(self) -> PointColumns | CountColumns:
        """The columns, as the incident importer takes them."""
        time = Time(date=self.date, year=self.year, month=self.month)
        if self.layout == "counts":
            return CountColumns(area=str(self.area), time=time, category=self.category, count=self.count)
        return PointColumns(
            longitude=str(self.longitude), latitude=str(self.latitude), category=str(self.category), time=time
        )


@dataclass(frozen=True, kw_only=True)
class OrganizationSource(Source):
    """Local organisations and sites; of one kind, or of the kinds that `kinds` gives to a column's words."""

    title: str
    name: str
    kind: str | None = None
    kind_column: str | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    languages: str | None = None
    language_columns: Mapping[str, str] = field(default_factory=dict)
    address: str | None = None
    contacts: tuple[str, ...] = ()
    layer: str | None = None


@dataclass(frozen=True, kw_only=True)
class NeedSource:
    """Which need index is computed: a packaged definition by its name, or a file of the city's own."""

    definition: str | Path
    draws: int = 2000
    level: float = 0.9


@dataclass(frozen=True, kw_only=True)
class City:
    """Everything that a build reads."""

    file: Path
    name: str
    timezone: str
    slug: str = ""
    emergency_number: str = "911"
    invented: bool = False
    default_language: str = "en"
    languages: tuple[str, ...] = ()
    bounds: Bounds | None = None
    areas: tuple[AreaLayer, ...]
    indicators: tuple[IndicatorSource, ...]
    incidents: tuple[IncidentSource, ...]
    organizations: tuple[OrganizationSource, ...]
    need: NeedSource | None

    @property
    def primary(self) -> AreaLayer:
        """The layer that pages and maps are about."""
        return next(layer for layer in self.areas if layer.primary)
