"""The agency's own people against the community: which groups and languages are there less, and how surely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri
from scipy.stats import binomtest, chi2

from hearback.stats.representation.relative_rates import UnusableCounts, wilson

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Workforce:
    """Staff of k groups, as shares with Wilson intervals, against the community's shares with theirs.

    `ratio` is staff share by community share, `ratio_low`..`ratio_high` what both uncertainties leave open, `p` the
    exact binomial p-value of each group taken alone. `dissimilarity` is the part of the staff that would have to belong
    to another group to equal the community; `chi_square` with `p_all` compares all groups at once; `diversity` is the
    chance that two staff members belong to different groups.
    """

    staff: int
    share: Floats
    share_low: Floats
    share_high: Floats
    community: Floats
    ratio: Floats
    ratio_low: Floats
    ratio_high: Floats
    p: Floats
    dissimilarity: float
    chi_square: float
    p_all: float
    diversity: float
    level: float


def workforce(
    counts: ArrayLike, community: ArrayLike, *, community_se: ArrayLike = 0.0, level: float = 0.95
) -> Workforce:
    """Staff counts (k,) of groups against the community's people or shares (k,), with standard errors in its units.

    Staff are counted, not sampled; their intervals answer whether a difference is more than the chance that a handful
    of posts brings. The ratio's interval joins the two errors on the log scale.
    """
    n, people = np.asarray(counts, dtype=np.float64), np.asarray(community, dtype=np.float64)
    if n.shape != people.shape or n.ndim != 1:
        raise ValueError("counts and community are vectors of one length")
    if not n.sum() > 0:
        raise UnusableCounts("there is no staff to compare", remedy="Give at least one person")
    if not (people > 0).all() or not (n >= 0).all():
        raise UnusableCounts("a group of the community is empty or a count negative", remedy="Leave it out or join it")
    if not (np.isfinite(community_se).all() and (np.asarray(community_se) >= 0).all()):
        raise UnusableCounts("a standard error is negative or missing", remedy="Give 0 where it is not known")
    total, whole = n.sum(), people.sum()
    expected = people / whole
    share = n / total
    low, high = wilson(n, total, level=level)
    z = float(ndtri((1 + level) / 2))
    relative_se = np.asarray(community_se, dtype=np.float64) / people
    statistic = float(((n - expected * total) ** 2 / (expected * total)).sum())
    return Workforce(
        staff=int(total),
        share=share,
        share_low=low,
        share_high=high,
        community=expected,
        ratio=share / expected,
        ratio_low=_joined(share, low, expected, relative_se, z, down=True),
        ratio_high=_joined(share, high, expected, relative_se, z, down=False),
        p=np.array([binomtest(int(one), int(total), part).pvalue for one, part in zip(n, expected, strict=True)]),
        dissimilarity=float(np.abs(share - expected).sum() / 2),
        chi_square=statistic,
        p_all=float(chi2.sf(statistic, n.size - 1)) if n.size > 1 else 1.0,
        diversity=float(1 - (share**2).sum()),
        level=level,
    )


def _joined(share: Floats, bound: Floats, expected: Floats, relative_se: Floats, z: float, *, down: bool) -> Floats:
    """The bound of the ratio: distances of share and community on the log scale, added as squares."""
    middle = np.where(share > 0, share, bound)
    with np.errstate(divide="ignore"):
        own = np.log(np.maximum(bound, 1e-300)) - np.log(np.maximum(middle, 1e-300))
    away = np.hypot(own, z * relative_se)
    found: Floats = np.where(middle > 0, middle / expected * np.exp(-away if down else away), 0.0)
    return found
