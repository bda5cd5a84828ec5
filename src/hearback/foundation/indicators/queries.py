"""Reading what indicators mean, and their values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import yaml
from numpy.typing import NDArray

from hearback.foundation.indicators.models import Value
from hearback.refusal import Refusal

if TYPE_CHECKING:
    from hearback.foundation.places.models import Area

DEFINITIONS = Path(__file__).parent / "definitions"


class UnknownIndicator(Refusal):
    """A description names an indicator that nobody defined."""


@dataclass(frozen=True)
class Indicator:
    """What an indicator says: `sentence` tells its value to people, `unit` is `share`, `dollars`, …."""

    id: str
    title: str
    unit: str
    more_means_need: bool
    sentence: str
    caution: str = ""
    cdc_column: str = ""
    """The column of a CDC/ATSDR file that holds it; shares are percent there."""

    @property
    def cdc_margin(self) -> str:
        """The column of a CDC/ATSDR file that holds its margin of error."""
        return self.cdc_column.replace("EP_", "MP_")

    @property
    def cdc_scale(self) -> int:
        """How many of CDC's units make one of ours."""
        return 100 if self.unit == "share" else 1


@dataclass(frozen=True)
class IndicatorTable:
    """Values by area: one column per indicator, NaN where there is none."""

    areas: tuple[str, ...]
    estimates: dict[str, NDArray[np.float64]]
    margins: dict[str, NDArray[np.float64]]


@cache
def definitions() -> dict[str, Indicator]:
    """Every reviewed indicator by its id, one file each."""
    return {
        file.stem: Indicator(id=file.stem, **yaml.safe_load(file.read_text(encoding="utf-8")))
        for file in sorted(DEFINITIONS.glob("*.yaml"))
    }


def definition(indicator: str, *, where: str = "") -> Indicator:
    """The definition of one indicator; an unknown id is refused with the ids that exist."""
    if indicator not in definitions():
        known = ", ".join(definitions())
        raise UnknownIndicator(f"there is no indicator “{indicator}”", where=where, remedy=f"Use one of: {known}")
    return definitions()[indicator]


def values_by_area(areas: list[Area]) -> IndicatorTable:
    """All indicator values of these areas, in their order; the newest dataset wins where two say something."""
    place = {area.pk: row for row, area in enumerate(areas)}
    estimates: dict[str, NDArray[np.float64]] = {}
    margins: dict[str, NDArray[np.float64]] = {}
    for value in Value.objects.filter(area__in=areas).order_by("vintage", "pk").iterator():
        column = estimates.setdefault(value.indicator, np.full(len(areas), np.nan))
        margin = margins.setdefault(value.indicator, np.full(len(areas), np.nan))
        column[place[value.area_id]] = value.estimate
        margin[place[value.area_id]] = np.nan if value.margin is None else value.margin
    return IndicatorTable(tuple(area.key for area in areas), estimates, margins)


def values_of(areas: list[Area]) -> dict[int, list[Value]]:
    """Every value of these areas, by the area's primary key, in the order of indicators."""
    found: dict[int, list[Value]] = {}
    for value in Value.objects.filter(area__in=areas).order_by("indicator", "vintage"):
        found.setdefault(value.area_id, []).append(value)
    return found


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    return {
        "indicators": Value.objects.values("indicator").distinct().count(),
        "indicator_values": Value.objects.count(),
    }
