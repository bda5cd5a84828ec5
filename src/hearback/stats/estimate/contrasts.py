"""Differences and other combinations of estimates from one sample, with the covariance between them, and tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from hearback.stats.design import Floats
from hearback.stats.estimate.estimates import Estimates, Origin, UnusableAnswers, with_intervals


@dataclass(frozen=True)
class WaldTest:
    """F statistic of several combinations being 0 at once, its degrees of freedom and its p-value."""

    f: float
    df_numerator: int
    df_denominator: float
    p: float


def contrasts(estimates: Estimates, weights: ArrayLike, *, names: Sequence[str]) -> Estimates:
    """Combinations of estimates: `weights` (m, k) or (k,), one row per combination, none for what it leaves out.

    Errors: `UnusableAnswers` where a combination uses an estimate that cannot be made, or quantiles.
    """
    rows = np.atleast_2d(np.asarray(weights, dtype=np.float64))
    if rows.shape != (len(names), len(estimates.names)):
        raise ValueError("a contrast has one weight per estimate and one name")
    if estimates.covariance is None:
        raise UnusableAnswers("Quantiles have no joint covariance", remedy="Compare means or shares instead")
    used = (rows != 0).any(axis=0)
    unknown = np.flatnonzero(used & ~np.isfinite(estimates.se))
    if unknown.size:
        raise UnusableAnswers(
            estimates.notes[unknown[0]] or "An estimate without a standard error cannot be compared",
            where=estimates.names[unknown[0]],
        )
    covariance = rows[:, used] @ estimates.covariance[np.ix_(used, used)] @ rows[:, used].T
    origin = estimates.origin
    return with_intervals(
        tuple(names),
        rows[:, used] @ estimates.estimate[used],
        np.sqrt(np.maximum(np.diag(covariance), 0)),
        df=np.array([estimates.df[row != 0].min() for row in rows]),
        n=np.array([estimates.n[row != 0].sum() for row in rows]),
        notes=[""] * len(names),
        level=estimates.level,
        covariance=covariance,
        origin=origin and Origin(origin.design, np.asarray(origin.influence[:, used] @ rows[:, used].T)),
    )


def difference(estimates: Estimates, first: str, second: str) -> Estimates:
    """The estimate named `first` less the one named `second`.

    Errors: `UnusableAnswers` where a name is not among the estimates.
    """
    weights = np.zeros(len(estimates.names))
    for name, sign in ((first, 1.0), (second, -1.0)):
        if name not in estimates.names:
            raise UnusableAnswers(
                f"There is no estimate named {name}", remedy=f"Choose from {', '.join(estimates.names)}"
            )
        weights[estimates.names.index(name)] += sign
    return contrasts(estimates, weights, names=(f"{first} − {second}",))


def wald_test(estimates: Estimates, weights: ArrayLike | None = None) -> WaldTest:
    """Test that all combinations in `weights` (m, k), by default all estimates, are 0, as R's `regTermTest`.

    F on m and the estimates' degrees of freedom. Errors: `UnusableAnswers` where a combination has no error.
    """
    rows = np.eye(len(estimates.names)) if weights is None else np.atleast_2d(np.asarray(weights, dtype=np.float64))
    tested = contrasts(estimates, rows, names=[str(i) for i in range(len(rows))])
    covariance: Floats = np.asarray(tested.covariance)
    if np.linalg.matrix_rank(covariance, hermitian=True) < len(rows):
        raise UnusableAnswers(
            "The combinations to be tested follow from one another", remedy="Leave out those that add up to the others"
        )
    f = float(tested.estimate @ np.linalg.solve(covariance, tested.estimate)) / len(rows)
    df = float(tested.df.min())
    return WaldTest(f, len(rows), df, float(stats.f.sf(f, len(rows), df)))
