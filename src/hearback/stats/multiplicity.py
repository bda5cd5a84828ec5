"""P-values of many tests adjusted, so that what is named holds for all of them together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.refusal import Refusal

Floats = NDArray[np.float64]
Correction = Literal["bonferroni", "holm", "benjamini-hochberg", "benjamini-yekutieli"]


class UnusablePValues(Refusal):
    """P-values or a level outside 0 to 1, or a correction nobody knows."""


def adjust(p: ArrayLike, *, correction: Correction) -> Floats:
    """Adjusted p-values by the correction named, shape (n,)."""
    if correction not in CORRECTIONS:
        raise UnusablePValues(
            f"There is no correction {correction!r}", remedy=f"Choose one of {', '.join(CORRECTIONS)}"
        )
    return CORRECTIONS[correction](p)


def bonferroni(p: ArrayLike) -> Floats:
    """Adjusted p-values (n,): any false discovery among all tests at most at the level, whatever their dependence.

    Here and below, tests without a p-value (NaN) are not counted and stay NaN.
    """
    return _adjusted(p, lambda ordered: ordered * ordered.size)


def holm(p: ArrayLike) -> Floats:
    """Adjusted p-values (n,): the same promise as Bonferroni, never with fewer discoveries.

    Source: Holm 1979, Scandinavian Journal of Statistics 6, 65-70.
    """
    return _adjusted(p, lambda ordered: np.maximum.accumulate(ordered * np.arange(ordered.size, 0, -1)))


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Adjusted p-values (n,): at most the level, on average, of the discoveries are false.

    Holds for independent and for positively dependent tests. Source: Benjamini and Hochberg 1995,
    Journal of the Royal Statistical Society B 57, 289-300.
    """
    return _adjusted(p, _step_up)


def benjamini_yekutieli(p: ArrayLike) -> Floats:
    """Adjusted p-values (n,): the promise of Benjamini-Hochberg under any dependence, with fewer discoveries.

    Source: Benjamini and Yekutieli 2001, Annals of Statistics 29, theorem 1.3.
    """
    return _adjusted(p, lambda ordered: _step_up(ordered) * harmonic(ordered.size))


def largest_p_for_one_discovery(n: int, *, level: float, correction: Correction) -> float:
    """The p-value that one test must reach to be a discovery at `level` when the other n - 1 are far from it."""
    if not 0 < level < 1:
        raise UnusablePValues(f"A level lies between 0 and 1, which {level:g} does not")
    return level / n / (harmonic(n) if correction == "benjamini-yekutieli" else 1)


def harmonic(n: int) -> float:
    """The sum 1 + 1/2 + … + 1/n."""
    return float((1 / np.arange(1, n + 1)).sum())


def _adjusted(p: ArrayLike, rule: Callable[[Floats], Floats]) -> Floats:
    """The rule applied to the known p-values in ascending order, cut at 1 and put back in place."""
    given = np.array(p, dtype=np.float64)
    if ((given < 0) | (given > 1)).any():
        raise UnusablePValues("A p-value lies outside 0 to 1")
    known = np.flatnonzero(~np.isnan(given))
    order = known[np.argsort(given[known], kind="stable")]
    given[order] = np.minimum(rule(given[order]), 1)
    return given


def _step_up(ordered: Floats) -> Floats:
    ratio = ordered * ordered.size / np.arange(1, ordered.size + 1)
    return np.minimum.accumulate(ratio[::-1])[::-1]


CORRECTIONS: dict[Correction, Callable[[ArrayLike], Floats]] = {
    "bonferroni": bonferroni,
    "holm": holm,
    "benjamini-hochberg": benjamini_hochberg,
    "benjamini-yekutieli": benjamini_yekutieli,
}
