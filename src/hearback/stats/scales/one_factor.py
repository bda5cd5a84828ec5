"""The one-factor model in one or several groups, by maximum likelihood, with parts of it held equal across groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from hearback.refusal import Refusal
from hearback.stats.scales.answers import Floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LEAST_VARIANCE = 1e-4
"""Of a pooled item variance: the least unique variance, at which an item is taken for the factor itself."""


class FactorNotFound(Refusal):
    """Items whose covariances belong to no factor model that can be computed."""


@dataclass(frozen=True)
class Moments:
    """What the model sees of a group: respondents, item means (p,) and covariances (p, p), divisor n."""

    n: int
    mean: Floats
    covariance: Floats


@dataclass(frozen=True)
class Fit:
    """How well a model fits: likelihood-ratio chi-square against no model, comparative fit index (1 is best), and
    root mean square error of approximation (0 is best)."""

    chi_square: float
    df: int
    cfi: float
    rmsea: float


@dataclass(frozen=True)
class GroupModel:
    """One factor in G groups: loadings, intercepts and uniqueness (G, p), factor variance and mean (G,), and fit.

    The first group's factor has mean 0 and variance 1; others' too, where nothing ties their items to the first's.
    """

    loadings: Floats
    intercepts: Floats
    uniqueness: Floats
    factor_variance: Floats
    factor_mean: Floats
    fit: Fit


@dataclass(frozen=True)
class OneFactor:
    """One factor of variance 1: loadings and uniqueness (p,), fit, respondents, and the items, if any, of which the
    model leaves no unique variance (Heywood cases: a sign of a wrong model or too few answers)."""

    loadings: Floats
    uniqueness: Floats
    fit: Fit
    n: int
    heywood: tuple[int, ...]


def moments(items: Floats) -> Moments:
    """Moments of complete answers (n, p)."""
    return Moments(len(items), items.mean(axis=0), np.cov(items, rowvar=False, bias=True))


def fit_one_factor(items: Floats) -> OneFactor:
    """The factor behind complete answers (n, p), p ≥ 3. Errors: `FactorNotFound`.

    Source: Jöreskog 1967, Psychometrika 32:443.
    """
    group = moments(items)
    nothing = np.zeros(items.shape[1], dtype=np.bool_)
    model = fit_groups([group], equal_loadings=nothing, equal_intercepts=nothing)
    edge = model.uniqueness[0] <= 1.01 * LEAST_VARIANCE * np.diag(group.covariance)
    return OneFactor(model.loadings[0], model.uniqueness[0], model.fit, group.n, tuple(np.flatnonzero(edge).tolist()))


def fit_groups(groups: Sequence[Moments], *, equal_loadings: Bools, equal_intercepts: Bools) -> GroupModel:
    """One factor in each group, the marked (p,) loadings and intercepts equal across groups. Errors: `FactorNotFound`.

    Source: Jöreskog 1971, Psychometrika 36:409, with means as in Sörbom 1974; chi-square with N = sum of n.
    """
    seen, unit = _Seen.of(groups)
    places = _Places.of(len(groups), equal_loadings, equal_intercepts)
    found = optimize.minimize(
        _misfit,
        places.start(seen),
        args=(seen, places),
        jac=True,
        method="L-BFGS-B",
        bounds=places.bounds(),
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 5000, "maxfun": 20000, "maxcor": 20},
    )
    loadings, intercepts, uniqueness, variance, mean = places.unpack(found.x)
    return GroupModel(
        loadings * unit, intercepts * unit, uniqueness * unit**2, variance, mean, _fit(seen, found.fun, places.count)
    )


@dataclass(frozen=True)
class _Seen:
    """All groups' moments in units of the pooled standard deviations: n (G,), means (G, p), covariances (G, p, p)
    and the logarithms of their determinants (G,)."""

    n: Ints
    mean: Floats
    covariance: Floats
    log_determinant: Floats

    @classmethod
    def of(cls, groups: Sequence[Moments]) -> tuple[_Seen, Floats]:
        """The moments, and the units (p,) they are in."""
        n = np.array([group.n for group in groups])
        covariance = np.stack([group.covariance for group in groups])
        unit = np.sqrt(np.average(np.diagonal(covariance, axis1=1, axis2=2), axis=0, weights=n))
        if (np.linalg.matrix_rank(covariance) < unit.size).any():
            raise FactorNotFound(
                "No factor model can be computed: an item follows from the others, or does not vary",
                remedy="Leave out items that repeat others, are sums of them, or that all answer alike",
            )
        covariance = covariance / np.outer(unit, unit)
        mean = np.stack([group.mean for group in groups]) / unit
        return cls(n, mean, covariance, np.linalg.slogdet(covariance)[1]), unit


@dataclass(frozen=True)
class _Places:
    """Where each parameter of the model stands in the vector of free ones: matrices (G, p), and (G,) for the factor,
    where the place after the last is for what is fixed."""

    loadings: Ints
    intercepts: Ints
    uniqueness: Ints
    variance: Ints
    mean: Ints
    count: int

    @classmethod
    def of(cls, groups: int, equal_loadings: Bools, equal_intercepts: Bools) -> _Places:
        count, p = 0, equal_loadings.size
        matrices = []
        for equal in (equal_loadings, equal_intercepts, np.zeros(p, dtype=np.bool_)):
            own = np.arange(count, count + groups * p).reshape(groups, p)
            matrix = np.unique_inverse(np.where(equal, own[0], own)).inverse_indices + count
            matrices.append(matrix)
            count = int(matrix.max()) + 1
        factor = []
        for tied in (equal_loadings.any(), equal_intercepts.any()):
            free = groups - 1 if tied else 0
            factor.append(np.append(-1, np.arange(count, count + free) if tied else np.full(groups - 1, -1)))
            count += free
        variance, mean = (np.where(places < 0, count, places) for places in factor)
        return cls(matrices[0], matrices[1], matrices[2], variance, mean, count)

    def unpack(self, free: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Loadings, intercepts, uniqueness (G, p), factor variance and mean (G,)."""
        ones, zeros = np.append(free, 1.0), np.append(free, 0.0)
        return free[self.loadings], free[self.intercepts], free[self.uniqueness], ones[self.variance], zeros[self.mean]

    def start(self, seen: _Seen) -> Floats:
        """Half of each item's variance from the factor, the sign from the first principal component."""
        first = np.linalg.eigh(np.average(seen.covariance, axis=0, weights=seen.n))[1][:, -1]
        start = np.zeros(self.count + 1)
        start[self.variance] = 1
        start[self.loadings] = np.sign(first) * np.sqrt(0.5) * (1 if first.sum() >= 0 else -1)
        start[self.intercepts] = seen.mean
        start[self.uniqueness] = 0.5 * np.diagonal(seen.covariance, axis1=1, axis2=2) + LEAST_VARIANCE
        return start[:-1]

    def bounds(self) -> list[tuple[float | None, float | None]]:
        """Variances stay above zero."""
        positive = set(self.uniqueness.ravel().tolist()) | set(self.variance.tolist())
        return [(LEAST_VARIANCE if at in positive else None, None) for at in range(self.count)]


def _misfit(free: Floats, seen: _Seen, places: _Places) -> tuple[float, Floats]:
    """Minus twice the log-likelihood against no model, over N, and its gradient."""
    loadings, intercepts, uniqueness, variance, mean = places.unpack(free)
    share, p = seen.n / seen.n.sum(), loadings.shape[1]
    implied = variance[:, None, None] * loadings[:, :, None] * loadings[:, None, :]
    implied[:, np.arange(p), np.arange(p)] += uniqueness
    inverse = np.linalg.inv(implied)
    apart = seen.mean - intercepts - loadings * mean[:, None]
    ratio = inverse @ (seen.covariance + apart[:, :, None] * apart[:, None, :])
    misfit = np.linalg.slogdet(implied)[1] - seen.log_determinant + np.trace(ratio, axis1=1, axis2=2) - p
    by_covariance = share[:, None, None] * (inverse - ratio @ inverse)
    by_mean = -2 * share[:, None] * (inverse @ apart[:, :, None])[:, :, 0]
    turned = (by_covariance @ loadings[:, :, None])[:, :, 0]
    gradient = np.zeros(places.count + 1)
    np.add.at(gradient, places.loadings, 2 * variance[:, None] * turned + by_mean * mean[:, None])
    np.add.at(gradient, places.intercepts, by_mean)
    np.add.at(gradient, places.uniqueness, np.diagonal(by_covariance, axis1=1, axis2=2))
    np.add.at(gradient, places.variance, (loadings * turned).sum(axis=1))
    np.add.at(gradient, places.mean, (by_mean * loadings).sum(axis=1))
    return float(share @ misfit), gradient[:-1]


def _fit(seen: _Seen, misfit: float, parameters: int) -> Fit:
    groups, p = seen.mean.shape
    everybody = int(seen.n.sum())
    df = groups * (p * (p + 3) // 2) - parameters
    chi_square = max(0.0, everybody * misfit)
    variances = np.diagonal(seen.covariance, axis1=1, axis2=2)
    unrelated = float(seen.n @ (np.log(variances).sum(axis=1) - seen.log_determinant))
    excess = max(0.0, chi_square - df)
    of_unrelated = max(unrelated - groups * p * (p - 1) / 2, excess)
    cfi = 1 - excess / of_unrelated if of_unrelated > 0 else 1.0
    rmsea = np.sqrt(groups * excess / (df * everybody)) if df > 0 else 0.0
    return Fit(chi_square, df, float(cfi), float(rmsea))
