"""What computing yields before it is on record: estimates, contrasts and checks of scales, frozen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from hearback.understand.trust.enums import Method, Showing, Statistic

LEVEL = 0.95
"""Of intervals from a sample's design."""


@dataclass(frozen=True, kw_only=True)
class Estimated:
    """One row of `models.Estimate`, its wave left out. No number here is ever NaN: what is not known is None."""

    item: str
    statistic: Statistic
    by: str = ""
    group: str = ""
    method: Method
    estimate: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = LEVEL
    df: float | None = None
    deff: float | None = None
    n: int | None = None
    showing: Showing = Showing.SHOWN
    pooled_with: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Contrasted:
    """One row of `models.Contrast`; `earlier` is the key of the wave that is taken away."""

    earlier: str = ""
    item: str
    statistic: Statistic
    method: Method
    by: str = ""
    group: str = ""
    other: str = ""
    difference: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = LEVEL
    p_more: float | None = None
    p_value: float | None = None
    p_adjusted: float | None = None
    showing: Showing = Showing.SHOWN
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One row of `models.ScaleCheck`."""

    scale: str
    by: str = ""
    n: int
    alpha: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = LEVEL
    omega: float | None = None
    verdict: str = ""
    comparable: bool | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AreaCompared:
    """An area's own answers beside what the model makes of them; where nobody answered, only the model speaks."""

    area: str
    n: int
    direct: float | None = None
    modelled: float
    foreseen: bool | None = None


@dataclass(frozen=True, kw_only=True)
class ModelChecked:
    """One row of `models.ModelCheck`."""

    item: str
    statistic: Statistic
    level: float
    compared: int
    foreseen: int
    fits: bool
    kept: float | None = None
    areas: tuple[AreaCompared, ...]


@dataclass(frozen=True)
class Findings:
    """All that is found about one wave, by its key."""

    wave: str
    estimates: tuple[Estimated, ...]
    contrasts: tuple[Contrasted, ...] = ()
    scales: tuple[Checked, ...] = ()
    models: tuple[ModelChecked, ...] = ()


def known(number: Any) -> float | None:
    """A number as the database takes it: None for what is missing, infinite or not a number."""
    return None if number is None or not math.isfinite(number) else float(number)
