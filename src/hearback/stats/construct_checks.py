"""Whether the parts of an index belong together: internal consistency, principal components, concordance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PrincipalComponents:
    """Eigenvalues (p,) of the correlation matrix, largest first, and the first component's loadings (p,).

    The loadings have length 1 together and a sum that is not negative.
    """

    eigenvalues: Floats
    first_loadings: Floats


@dataclass(frozen=True)
class Concordance:
    """Kendall's W, from 0 (the indicators rank the areas without regard to each other) to 1 (all alike)."""

    w: float
    w_without_tie_correction: float


def cronbach_alpha(parts: Floats) -> float:
    """Internal consistency of the sum of p parts over n areas (n, p), p ≥ 2; NaN if the sum does not vary.
    Standardise parts in different units first, which gives the standardised alpha.

    Source: Cronbach (1951), Psychometrika 16:297.
    """
    p = parts.shape[1]
    whole = np.var(parts.sum(axis=1), ddof=1)
    if whole == 0:
        return float("nan")
    return float(p / (p - 1) * (1 - np.var(parts, axis=0, ddof=1).sum() / whole))


def principal_components(parts: Floats) -> PrincipalComponents:
    """Principal components of the standardised parts (n, p), each of which must vary."""
    values, vectors = np.linalg.eigh(np.corrcoef(parts, rowvar=False))
    first = vectors[:, -1]
    return PrincipalComponents(values[::-1], first if first.sum() >= 0 else -first)


def kendall_w(parts: Floats) -> Concordance:
    """How far p indicators (n, p) agree in ranking n areas; ties share the middle rank.

    Source: Kendall and Babington Smith (1939), Annals of Mathematical Statistics 10:275.
    """
    n, p = parts.shape
    ranks = rankdata(parts, axis=0)
    spread = n * np.var(ranks.sum(axis=1))
    ties = sum(_ties(column) for column in parts.T)
    largest = p**2 * (n**3 - n)
    return Concordance(float(12 * spread / (largest - p * ties)), float(12 * spread / largest))


def _ties(column: Floats) -> int:
    counts = np.unique_counts(column).counts
    return int((counts**3 - counts).sum())
