"""Released rows made ready for a table: their words in the reader's language, and a bar for a range."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hearback.portal.figures import Line, standing_line
from hearback.portal.words import PATTERNS
from hearback.report_back.drawing.markup import Svg
from hearback.report_back.drawing.ranges import draw_range
from hearback.report_back.payloads import Choice, IncidentRow, NeedRow, OrganizationRow


@dataclass(frozen=True)
class NeedLine:
    """A row of the need table, with its standing in words and its rank range as a bar."""

    row: NeedRow
    standing: Line
    bar: Svg | None


@dataclass(frozen=True)
class IncidentLine:
    """A row of the incident table, with its pattern in words and its rate as a bar."""

    row: IncidentRow
    pattern: str
    bar: Svg | None


@dataclass(frozen=True)
class OrganizationLine:
    """An organisation, with its kind in words."""

    row: OrganizationRow
    kind: str


def need_line(row: NeedRow, *, ranked: int) -> NeedLine:
    """A need row; its bar runs from rank 1 to rank `ranked`."""
    bar = None
    if row.rank_low is not None and row.rank_high is not None:
        bar = draw_range(row.rank_low, row.rank_high, value=row.rank, least=1, most=ranked)
    return NeedLine(row, standing_line(row.standing), bar)


def incident_line(row: IncidentRow, *, most: float) -> IncidentLine:
    """An incident row; its bar runs from 0 to `most`, the highest rate in the table."""
    bar = None
    if row.rate_low is not None and row.rate_high is not None:
        bar = draw_range(row.rate_low, row.rate_high, value=row.rate, least=0, most=most)
    return IncidentLine(row, str(PATTERNS[row.pattern]), bar)


def organization_lines(rows: Iterable[OrganizationRow], *, kinds: Sequence[Choice]) -> list[OrganizationLine]:
    """Organisations with the title of their kind; a kind the city does not name is shown by its key."""
    titles = {kind.key: _(kind.title) for kind in kinds}
    return [OrganizationLine(row, titles.get(row.kind, row.kind)) for row in rows]
