"""Released rows made ready for a table: their words in the reader's language, and a bar for a range."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hearback.design.templatetags.say import rounded
from hearback.portal.figures import Line, standing_line
from hearback.portal.words import PATTERNS
from hearback.report_back.drawing.markup import Svg
from hearback.report_back.drawing.ranges import draw_range
from hearback.report_back.payloads import Choice, IncidentRow, NeedRow, OrganizationRow


@dataclass(frozen=True)
class Interval:
    """A number as the reader writes it, where it may lie, and the same as a bar."""

    value: str
    low: str
    high: str
    bar: Svg


@dataclass(frozen=True)
class NeedLine:
    """A row of the need table; `where` is the neighbourhood, `index` stands where there are no margins."""

    row: NeedRow
    where: str
    standing: Line
    rank: Interval | None
    index: str


@dataclass(frozen=True)
class IncidentLine:
    """A row of the incident table; `where` is the neighbourhood."""

    row: IncidentRow
    where: str
    pattern: str
    rate: Interval | None


@dataclass(frozen=True)
class OrganizationLine:
    """An organisation, with its kind in words."""

    row: OrganizationRow
    kind: str


def need_lines(rows: Sequence[NeedRow], *, where: Mapping[str, str]) -> list[NeedLine]:
    """Need rows; a bar runs from the first rank to the last."""
    ranked = sum(row.rank is not None for row in rows)
    return [
        NeedLine(
            row,
            where=where.get(row.area, ""),
            standing=standing_line(row.standing),
            rank=interval(row.rank, row.rank_low, row.rank_high, least=1, most=ranked, decimals=0),
            index="" if row.score is None else rounded(row.score, decimals=2),
        )
        for row in rows
    ]


def incident_lines(rows: Sequence[IncidentRow], *, where: Mapping[str, str]) -> list[IncidentLine]:
    """Incident rows; a bar runs from 0 to the highest rate in the table."""
    most = max((row.rate_high or row.rate or 0.0 for row in rows), default=0.0)
    decimals = 2 if most < 2 else 1
    return [
        IncidentLine(
            row,
            where=where.get(row.area, ""),
            pattern=str(PATTERNS[row.pattern]),
            rate=interval(row.rate, row.rate_low, row.rate_high, least=0, most=most, decimals=decimals),
        )
        for row in rows
    ]


def organization_lines(rows: Iterable[OrganizationRow], *, kinds: Sequence[Choice]) -> list[OrganizationLine]:
    """Organisations with the title of their kind; a kind the city does not name is shown by its key."""
    titles = {kind.key: _(kind.title) for kind in kinds}
    return [OrganizationLine(row, titles.get(row.kind, row.kind)) for row in rows]


def interval(
    value: float | None, low: float | None, high: float | None, *, least: float, most: float, decimals: int
) -> Interval | None:
    """A number with its range; nothing where it is not known."""
    if value is None or low is None or high is None:
        return None
    return Interval(
        value=rounded(value, decimals=decimals),
        low=rounded(low, decimals=decimals),
        high=rounded(high, decimals=decimals),
        bar=draw_range(low, high, value=value, least=least, most=most),
    )
