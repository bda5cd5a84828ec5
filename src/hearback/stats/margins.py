"""Census arithmetic on estimates that carry a margin of error, as the Census Bureau does it and as the CDC does it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hearback.refusal import Refusal

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

Z_90 = 1.645
"""The Census Bureau's own 90 % factor; not 1.6448536, or published standard errors are missed."""

ROUNDING = 1e-12
"""A radicand this close to zero, beside the part's squared margin, is zero computed in floating point."""


class ImpossibleMargin(Refusal):
    """A margin of error below zero: mostly one of the Census Bureau's codes, read as if it were a number."""


@dataclass(frozen=True)
class Estimate:
    """Estimates and their 90 % margins of error, arrays of one shape; NaN is missing."""

    estimate: Floats
    moe: Floats

    def __post_init__(self) -> None:
        if np.shape(self.estimate) != np.shape(self.moe):
            raise ValueError(f"{np.shape(self.estimate)} estimates but {np.shape(self.moe)} margins")
        least = np.min(self.moe, initial=0, where=~np.isnan(self.moe))
        if least < 0:
            raise ImpossibleMargin(
                f"{least:g} is not a margin of error, which is zero or more",
                remedy="Turn codes such as -555555555 (no sampling error) and -999 (missing) into 0 and blank first",
            )


@dataclass(frozen=True)
class Difference:
    """How far two estimates lie apart, and whether that is more than sampling error explains at 90 %."""

    estimate: Floats
    moe: Floats
    z: Floats
    significant: Bools


def moe_to_se(moe: Floats) -> Floats:
    """The standard error behind a 90 % margin of error."""
    return moe / Z_90


def cv(x: Estimate) -> Floats:
    """The coefficient of variation, standard error over estimate, as a share; NaN where the estimate is zero."""
    return _divide(moe_to_se(x.moe), x.estimate)


def total(parts: Estimate) -> Estimate:
    """The sum over the first axis; of all parts estimated at zero only the largest margin counts, once.

    Source: Census Bureau (2020), Understanding and Using ACS Data, chapter 8, and its note on zero estimates.
    """
    zero = parts.estimate == 0
    of_zeros = np.max(parts.moe, axis=0, where=zero, initial=0)
    of_others = np.sum(parts.moe**2, axis=0, where=~zero)
    return Estimate(np.sum(parts.estimate, axis=0), np.sqrt(of_others + of_zeros**2))


def proportion(part: Estimate, whole: Estimate) -> Estimate:
    """The share of `whole` that `part`, one of its parts, makes up; NaN where the whole is zero.

    Where the radicand is negative the margin is that of a ratio. Source: as `total`.
    """
    share = _divide(part.estimate, whole.estimate)
    return Estimate(share, _divide(_margin_of_part(part.moe, share * whole.moe), whole.estimate))


def ratio(a: Estimate, b: Estimate) -> Estimate:
    """How many times b goes into a, where a is not part of b; NaN where b is zero. Source: as `total`."""
    quotient = _divide(a.estimate, b.estimate)
    return Estimate(quotient, _divide(np.hypot(a.moe, quotient * b.moe), np.abs(b.estimate)))


def product(a: Estimate, b: Estimate) -> Estimate:
    """a times b, such as a number of homes and a share of them. Source: as `total`."""
    return Estimate(a.estimate * b.estimate, np.hypot(a.estimate * b.moe, b.estimate * a.moe))


def percent_change(new: Estimate, old: Estimate) -> Estimate:
    """By how many per cent of `old` the estimate has changed; the margin is that of the ratio new/old."""
    change = ratio(new, old)
    return Estimate(100 * (change.estimate - 1), 100 * change.moe)


def difference(a: Estimate, b: Estimate) -> Difference:
    """a minus b, for estimates from samples that do not overlap. Source: as `total`."""
    apart, moe = a.estimate - b.estimate, np.hypot(a.moe, b.moe)
    z = _divide(apart, moe_to_se(moe))
    return Difference(apart, moe, z, np.abs(z) > Z_90)


def cdc_total(parts: Estimate) -> Estimate:
    """The sum over the first axis as CDC/ATSDR publish it: every zero's margin counts, and the margin is cut to a
    whole number.

    Source: CDC/ATSDR SVI 2020 documentation, E_ and M_ columns of HBURD, LIMENG, SNGPNT, MUNIT and CROWD.
    """
    margin = np.sqrt(np.sum(parts.moe**2, axis=0))
    return Estimate(np.sum(parts.estimate, axis=0), np.floor(margin))


def cdc_percentage(part: Estimate, whole: Estimate) -> Estimate:
    """The percentage as CDC/ATSDR publish it: rounded to one decimal, its margin worked out from the rounded one.

    Source: CDC/ATSDR SVI 2020 documentation, EP_ and MP_ columns.
    """
    percentage = _to_one_decimal(100 * _divide(part.estimate, whole.estimate))
    margin = _margin_of_part(part.moe, percentage / 100 * whole.moe)
    return Estimate(percentage, _to_one_decimal(100 * _divide(margin, whole.estimate)))


def _margin_of_part(part: Floats, of_whole: Floats) -> Floats:
    """What is left of the part's margin without the whole's share in it, or both added where less than nothing is."""
    radicand = part**2 - of_whole**2
    radicand = np.where(np.abs(radicand) <= ROUNDING * part**2, 0.0, radicand)
    return np.sqrt(np.where(radicand < 0, part**2 + of_whole**2, radicand))


def _divide(a: Floats, b: Floats) -> Floats:
    undefined = np.full(np.broadcast_shapes(np.shape(a), np.shape(b)), np.nan)
    quotient: Floats = np.divide(a, b, out=undefined, where=b != 0)
    return quotient


def _to_one_decimal(x: Floats) -> Floats:
    """Halves upwards, as spreadsheets round; numpy rounds halves to the even digit."""
    return np.floor(10 * x + 0.5) / 10
