"""Are two questions related? Rao and Scott's corrections of Pearson's chi-square for designed samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from hearback.stats.design import Design, Floats
from hearback.stats.estimate.domains import domains
from hearback.stats.estimate.estimates import UnusableAnswers
from hearback.stats.estimate.ratios import means


@dataclass(frozen=True, eq=False)
class RaoScott:
    """Shares (r, c) of a table and two tests that its rows and columns are unrelated.

    Second order: `f` on `df_numerator` and `df_denominator`, with `p` (the one to report). First order: Pearson's
    `pearson` over the mean generalised design effect `mean_deff`, as chi-square on `df_first`, with `p_first`.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    shares: Floats
    n: int
    pearson: float
    f: float
    df_numerator: float
    df_denominator: float
    p: float
    mean_deff: float
    df_first: int
    p_first: float


def rao_scott(design: Design, rows: ArrayLike, columns: ArrayLike) -> RaoScott:
    """Test of independence of two labels (n,) per respondent; who lacks either takes no part.

    Degrees of freedom as R's `svychisq`. Source: Rao & Scott 1984, Annals of Statistics 12:46.
    Errors: `UnusableAnswers` with fewer than two rows or columns.
    """
    down, across = domains(design, rows), domains(design, columns)
    within = design.domain(down.inside & across.inside)
    used = within.weights != 0
    kept_rows, row = np.unique(down.codes[used], return_inverse=True)
    kept_columns, column = np.unique(across.codes[used], return_inverse=True)
    r, c = kept_rows.size, kept_columns.size
    if r < 2 or c < 2:
        raise UnusableAnswers("All who answered both questions gave the same answer to one of them")
    cells = np.full((design.n, r * c), np.nan)
    cells[used] = (row * c + column)[:, None] == np.arange(r * c)
    shares = means(within, cells)
    n = int(used.sum())
    delta = _generalised_deffs(shares.estimate, np.asarray(shares.covariance), r=r, c=c, n=n)
    table = shares.estimate.reshape(r, c)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    pearson = float(n * ((table - expected) ** 2 / expected).sum())
    trace, df_first = float(np.trace(delta)), (r - 1) * (c - 1)
    if trace <= 0:
        raise UnusableAnswers("The table has no sampling error, so there is nothing to test")
    df = trace**2 / float(np.trace(delta @ delta))
    f = pearson / trace
    return RaoScott(
        rows=tuple(down.names[i] for i in kept_rows),
        columns=tuple(across.names[i] for i in kept_columns),
        shares=table,
        n=n,
        pearson=pearson,
        f=f,
        df_numerator=df,
        df_denominator=df * within.df,
        p=float(stats.f.sf(f, df, df * within.df)),
        mean_deff=trace / df_first,
        df_first=df_first,
        p_first=float(stats.chi2.sf(pearson / (trace / df_first), df_first)),
    )


def _generalised_deffs(shares: Floats, covariance: Floats, *, r: int, c: int, n: int) -> Floats:
    """The matrix whose eigenvalues are the generalised design effects of the interactions."""
    inverse = np.divide(1.0, shares, out=np.zeros_like(shares), where=shares > 0)
    row, column = np.divmod(np.arange(r * c), c)
    of_row, of_column = row[:, None] == np.arange(r), column[:, None] == np.arange(c)
    main = np.hstack([of_row, of_column[:, 1:]]).astype(np.float64)
    both = np.stack([of_row[:, i] & of_column[:, j] for i in range(1, r) for j in range(1, c)], axis=1)
    interactions = both - main @ np.linalg.lstsq(main, both.astype(np.float64), rcond=None)[0]
    weighted = inverse[:, None] * interactions
    simple = interactions.T @ weighted / n
    return np.asarray(np.linalg.solve(simple, weighted.T @ covariance @ weighted))
