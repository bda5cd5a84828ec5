"""What every estimate comes with: standard error, interval, degrees of freedom, design effect, respondents, notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from hearback.refusal import Refusal
from hearback.stats.design import Codes, Design, Floats
from hearback.stats.variance.linearization import Influence, linearized_covariance
from hearback.stats.variance.replicates import replicate_covariance

ROUNDING = 1e-14
"""A variance this small beside the square of its estimate is rounding: the estimate has no error."""
NOBODY = "cannot be estimated: nobody answered"
ALONE = "no error can be estimated: one answer only"
ONE_UNIT = "no error can be estimated: all answers come from one sampling unit"
SAME = "no spread: all answers are the same"
NO_DF = "no interval: too few sampling units"


class UnusableAnswers(Refusal):
    """Answers from which the estimate asked for cannot be made."""


@dataclass(frozen=True, eq=False)
class Estimates:
    """k estimates with standard errors, intervals of probability `level`, and their covariance (k, k).

    `df` (k,) are degrees of freedom, `n` (k,) the respondents behind each; `deff` is the design effect, None where it
    cannot be estimated; `notes` say in words what is unusual about an estimate, "" for most. An estimate that cannot
    be made is NaN and its note says why. `covariance` is None where only intervals are known (quantiles).
    """

    names: tuple[str, ...]
    estimate: Floats
    se: Floats
    ci_low: Floats
    ci_high: Floats
    df: Floats
    deff: tuple[float | None, ...]
    n: Codes
    notes: tuple[str, ...]
    level: float
    covariance: Floats | None
    origin: Origin | None = field(default=None, repr=False)

    @property
    def t(self) -> Floats:
        """Estimates over standard errors, (k,)."""
        return np.divide(self.estimate, self.se, out=np.full_like(self.se, np.nan), where=self.se > 0)

    @property
    def p(self) -> Floats:
        """Two-sided p-values (k,) of "the true value is 0", by Student's t."""
        return np.asarray(2 * stats.t.sf(np.abs(self.t), self.df))


@dataclass(frozen=True, eq=False)
class Origin:
    """The design and influence values (n, k) that estimates came from: what comparing waves needs."""

    design: Design
    influence: Influence


@dataclass(frozen=True, eq=False)
class Statistic:
    """A function of weights, k numbers wide, before its variance is known.

    `influence` (n, k) includes the weights; `replicate` turns replicate weights (n, R) into estimates (R, k);
    `srs_variance` (k,) is what a simple random sample of n would have, NaN where that is not defined; `answered(i)`
    (n,) are the rows that the i-th number is about.
    """

    names: tuple[str, ...]
    estimate: Floats
    influence: Influence
    replicate: Callable[[Floats], Floats]
    n: Codes
    notes: tuple[str, ...]
    srs_variance: Floats | None = None
    answered: Callable[[int], NDArray[np.bool_]] | None = None


def estimated(design: Design, statistic: Statistic, *, level: float, df: ArrayLike | None = None) -> Estimates:
    """A statistic with its variance under the design, by replicates where it has them, otherwise by linearisation."""
    if design.replicates is None:
        covariance = linearized_covariance(design, statistic.influence)
    else:
        copies = statistic.replicate(design.replicates.weights)
        covariance = replicate_covariance(design.replicates, copies, estimate=statistic.estimate)
    variance = np.diag(covariance).copy()
    variance[variance <= ROUNDING * statistic.estimate**2] = 0.0
    one_unit = _within_one_unit(design, variance, statistic)
    variance[np.isnan(statistic.estimate) | (np.array(statistic.notes) == ALONE) | one_unit] = np.nan
    return with_intervals(
        statistic.names,
        statistic.estimate,
        np.sqrt(variance),
        df=np.broadcast_to(np.asarray(design.df if df is None else df, dtype=np.float64), variance.shape),
        deff=_design_effects(variance, statistic.srs_variance),
        n=statistic.n,
        notes=[note or (ONE_UNIT if one else "") for note, one in zip(statistic.notes, one_unit, strict=True)],
        level=level,
        covariance=covariance,
        origin=Origin(design, statistic.influence),
    )


def _within_one_unit(design: Design, variance: Floats, statistic: Statistic) -> NDArray[np.bool_]:
    """Where answers differ and no variance is seen, because one unit's deviations from its own mean cancel."""
    found = np.zeros(variance.size, dtype=np.bool_)
    if statistic.srs_variance is not None and statistic.answered is not None and design.lonely != "certainty":
        stage = design.stages[0]
        for i in np.flatnonzero((variance == 0) & (np.nan_to_num(statistic.srs_variance) > 0)).tolist():
            units = np.unique(stage.unit[statistic.answered(i)])
            found[i] = units.size <= np.unique(stage.stratum[units]).size
    return found


def with_intervals(
    names: tuple[str, ...],
    estimate: Floats,
    se: Floats,
    *,
    df: Floats,
    n: Codes,
    notes: Sequence[str],
    level: float,
    covariance: Floats | None,
    deff: tuple[float | None, ...] | None = None,
    origin: Origin | None = None,
) -> Estimates:
    """Estimates with symmetric intervals by Student's t."""
    half = t_quantile(level, df) * se
    lacking = np.isfinite(estimate) & ~np.isfinite(half)
    return Estimates(
        names=names,
        estimate=estimate,
        se=se,
        ci_low=estimate - half,
        ci_high=estimate + half,
        df=df,
        deff=deff or (None,) * len(names),
        n=n,
        notes=tuple(note or (NO_DF if lacks else "") for note, lacks in zip(notes, lacking, strict=True)),
        level=level,
        covariance=covariance,
        origin=origin,
    )


def t_quantile(level: float, df: ArrayLike) -> Floats:
    """Half the width, in standard errors, of an interval of probability `level`; NaN without degrees of freedom."""
    if not 0 < level < 1:
        raise UnusableAnswers(f"The level of an interval lies between 0 and 1, which {level:g} does not")
    return np.asarray(stats.t.ppf((1 + level) / 2, np.asarray(df, dtype=np.float64)))


def answer_columns(design: Design, values: ArrayLike, names: Sequence[str] | None) -> tuple[Floats, tuple[str, ...]]:
    """Answers as (n, k) numbers, NaN where missing, with their names.

    Errors: `UnusableAnswers` where an answer is infinite or the columns do not fit the design.
    """
    columns = np.asarray(values, dtype=np.float64)
    columns = columns[:, None] if columns.ndim == 1 else columns
    if columns.shape[0] != design.n:
        raise UnusableAnswers(f"There are {columns.shape[0]:,} answers for {design.n:,} respondents in the design")
    if np.isinf(columns).any():
        raise UnusableAnswers("An answer is infinite", remedy="Leave unknown answers empty")
    named = tuple(names) if names is not None else tuple(f"item {j + 1}" for j in range(columns.shape[1]))
    if len(named) != columns.shape[1]:
        raise ValueError("every column of answers has one name")
    return columns, named


def _design_effects(variance: Floats, srs_variance: Floats | None) -> tuple[float | None, ...]:
    if srs_variance is None:
        return (None,) * variance.size
    return tuple(
        float(v / s) if np.isfinite(v) and s > 0 else None for v, s in zip(variance, srs_variance, strict=True)
    )
