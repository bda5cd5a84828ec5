"""What the public may see, as typed shapes: every release's payload is one of these, stored as JSON.

A payload holds finished numbers, finished text and finished outlines, and no key back to a person or a raw row.
Sentences for people are kept as message parts (a translatable template and its values), so that a page can
say them in the reader's language. A map's outlines are released once (`ShapesPage`); a page colours them by the
very rows of the table beside it, in the reader's language, so that map and table cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of release; the value is stored, and is the first part of a release's address in the API."""

    CITY = "city"
    CLOCK = "clock"
    VOICES = "voices"
    SHAPES = "shapes"
    NEED = "need"
    INCIDENTS = "incidents"
    ORGANIZATIONS = "organizations"
    AREA = "area"
    DATASET = "dataset"
    TRUST = "trust"
    TRUST_ITEM = "trust-item"


ALL_KINDS = "all"
"""The key of the release that holds organisations of every kind; each kind has its own beside it."""


def incident_key(category: str, year: int) -> str:
    """The key of the incidents of one category in one year."""
    return f"{category}/{year}"


class Standing(StrEnum):
    """Where an area stands, when its uncertainty is taken seriously."""

    HIGHER = "higher"
    """Surely in the upper half of need (its whole joint rank range is)."""
    LOWER = "lower"
    """Surely in the lower half."""
    UNCERTAIN = "uncertain"
    """Its rank range crosses the middle: it cannot be told apart."""
    UNKNOWN = "unknown"
    """Not enough is known to say anything."""


@dataclass(frozen=True)
class Message:
    """A sentence for people: a template with named places (`{area}`), and the values that go there.

    Whole numbers are grouped as the reader's language does (so a year is given as text); decimals are shown as
    given, so they are rounded before. A value that is a message itself (`Message("Robbery", {})`) is said in the
    reader's language too. Where `plural` is given, `values["count"]` decides which of the two is said.
    """

    template: str
    values: dict[str, str | int | float | Message]
    plural: str = ""


@dataclass(frozen=True)
class Choice:
    """One option of a page's selector, with its address part."""

    key: str
    title: str


@dataclass(frozen=True)
class CityPage:
    """The city as a whole."""

    name: str
    invented: bool
    population: int | None
    area_count: int
    area_singular: str
    area_plural: str
    emergency_number: str
    incident_categories: tuple[Choice, ...]
    incident_years: tuple[int, ...]
    organization_kinds: tuple[Choice, ...]
    dataset_count: int
    need_title: str
    built_on: str
    """ISO date."""


@dataclass(frozen=True)
class Outline:
    """An area as the map draws it: whole numbers in the map's own units, too coarse to measure anything by."""

    area: str
    name: str
    path: str
    """SVG path data."""
    x: int
    y: int
    """A point inside the area."""
    where: str = ""
    """The neighbourhood it lies in, for people who do not know the area by its code; empty where unknown."""


@dataclass(frozen=True)
class Frame:
    """Where the map lies: what a click on it needs to become a place."""

    west: float
    north: float
    units_per_degree: float
    """Units for one degree of latitude; a degree of longitude has `squeeze` times as many."""
    squeeze: float
    margin: int


@dataclass(frozen=True)
class ShapesPage:
    """The outlines of all areas, in reading order (north to south); every map of the city is made of these."""

    width: int
    height: int
    outlines: tuple[Outline, ...]
    frame: Frame | None = None
    schematic: bool = False
    """Whether squares stand for areas of which no outlines are known."""


@dataclass(frozen=True)
class NeedRow:
    """An area's line in the table beside the need map."""

    area: str
    name: str
    standing: Standing
    score: float | None
    """0 (least need) to 1 (most), as the percentile-rank index gives it."""
    rank: int | None
    """1 = most need."""
    rank_low: int | None
    rank_high: int | None
    p_top_tenth: float | None
    """Probability (0 to 1) of being among the tenth of areas with most need."""
    thin: tuple[Message, ...]
    """Why the data are thin; empty where they are not."""


@dataclass(frozen=True)
class NeedPage:
    """Need in every area, and how surely it is known."""

    title: str
    rows: tuple[NeedRow, ...]
    has_margins: bool
    confidence_percent: int
    summary: tuple[Message, ...]
    indicators: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class IncidentRow:
    """An area's line in the table beside an incident map."""

    area: str
    name: str
    count: int | None
    """None where it is too small to show, or would give away one that is."""
    rate: float | None
    """Smoothed incidents per 1,000 residents; None where it may not or cannot be said."""
    rate_low: float | None
    rate_high: float | None
    pattern: str
    """`hot`, `cold`, `uncertain` or `unknown`, after false-discovery control."""
    thin: tuple[Message, ...]
    """Why the data are thin; empty where they are not."""


@dataclass(frozen=True)
class IncidentPage:
    """Incidents of one category in one year."""

    category: Choice
    year: int
    breaks: tuple[float, ...]
    """Where one colour ends and the next begins, in incidents per 1,000 residents; the same in every year."""
    smallest_shown: int
    """Counts below this are not shown."""
    rows: tuple[IncidentRow, ...]
    total: int | None
    """All of them; None where even the total would give away a number too small to show."""
    located: int | None
    """Those whose place is known and lies in an area."""
    hot: int
    cold: int
    raw_hits: int
    """How many areas would have been called hot or cold without false-discovery control."""
    summary: tuple[Message, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class OrganizationRow:
    """An organisation or site as the public may see it: never a contact."""

    name: str
    kind: str
    area: str
    area_name: str
    languages: tuple[str, ...]
    x: int | None
    y: int | None
    """Its place in the map's own units; None where it has none, or where the place is kept back."""


@dataclass(frozen=True)
class OrganizationPage:
    """Local organisations and sites of one kind, or of all."""

    kind: Choice
    rows: tuple[OrganizationRow, ...]
    without_area: int
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """One thing known about an area: the sentence, how surely, from where and when."""

    subject: str
    sentence: Message
    certainty: Message
    source: str
    vintage: str
    translations: dict[str, str] = field(default_factory=dict)
    """The subject in other languages, where it was worded in them; otherwise the catalogs have it."""


@dataclass(frozen=True)
class AreaPage:
    """One area: what is known, how surely, from which source and year, and what is not known."""

    area: str
    name: str
    population: int | None
    standing: Standing
    facts: tuple[Fact, ...]
    unknowns: tuple[Message, ...]
    organizations: tuple[OrganizationRow, ...]
    neighbours: tuple[Choice, ...]
    lies_in: tuple[Choice, ...] = ()
    """The areas of other layers it lies in: `key` says their sort (`neighbourhood`), `title` is the area's name."""


@dataclass(frozen=True)
class RefusedGroup:
    """Rows of a dataset that were left out, for one reason."""

    reason: Message
    rows: int


@dataclass(frozen=True)
class JoinPage:
    """How a dataset's keys met the areas' keys."""

    left: str
    right: str
    matched: int
    left_over: tuple[str, ...]
    right_over: tuple[str, ...]
    accepted: str


@dataclass(frozen=True)
class DatasetPage:
    """One dataset: source, licence, vintage, checksum and the whole quality report."""

    name: str
    title: str
    source: str
    licence: str
    vintage: str
    checksum: str
    rows_read: int
    rows_kept: int
    refused: tuple[RefusedGroup, ...]
    joins: tuple[JoinPage, ...]
    notes: tuple[Message, ...]


@dataclass(frozen=True)
class Closing:
    """Working days until concerns were closed and stayed so; infinite numbers are None."""

    median: float | None
    median_low: float | None
    median_high: float | None
    ninetieth: float | None
    ninetieth_low: float | None
    ninetieth_high: float | None


@dataclass(frozen=True)
class Wait:
    """Working days until somebody answered, for everybody, a language or an area; infinite numbers are None.

    A group of fewer than `ClockPage.smallest_shown`, or one that would give such a group away, has `shown` false and
    nothing else.
    """

    key: str
    name: str
    shown: bool
    concerns: int | None = None
    median: float | None = None
    median_low: float | None = None
    median_high: float | None = None
    ninetieth: float | None = None
    ninetieth_low: float | None = None
    ninetieth_high: float | None = None
    helped: float | None = None
    """Share (0 to 1) of those who said whether it helped; None where too few did."""
    helped_low: float | None = None
    helped_high: float | None = None
    closing: Closing | None = None
    """None where `shown` is false, and in what was released before ends were counted."""


@dataclass(frozen=True)
class KindPromise:
    """What is promised for a kind of concern, and what was kept."""

    title: str
    answer_days: int
    resolution_days: int
    wait: Wait


@dataclass(frozen=True)
class ClockPage:
    """How fast people are answered, beside what they are promised."""

    on: str
    """ISO date."""
    smallest_shown: int
    confidence_percent: int
    everybody: Wait
    kinds: tuple[KindPromise, ...]
    languages: tuple[Wait, ...]
    areas: tuple[Wait, ...]
