"""Fay and Herriot's model: direct estimates with known sampling variances, borrowing strength from each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from hearback.refusal import Refusal

Floats = NDArray[np.float64]
GRID = 400
"""Values of the variance between areas that the posterior weighs up."""
APART = 1e-12
"""Of two samples of people, neither has a sampling variance so much smaller."""
SPARSER = 10
"""Of these, every so manieth is enough to bracket the tops of the likelihood."""


class UnusableDirectEstimates(Refusal):
    """Direct estimates, sampling variances or covariates that a Fay–Herriot model cannot use."""


@dataclass(frozen=True)
class FayHerriot:
    """Estimates (n,) of areas with their mean squared errors, and what they are made of.

    `weight_on_direct` (n,) is the share of each direct estimate in its own; the rest comes from the covariates.
    `variance` is between areas beyond covariates; where `variance_is_zero`, every estimate is the covariates' alone
    and `mse` knows no better: take intervals from `fay_herriot_draws`.
    """

    estimate: Floats
    mse: Floats
    direct: Floats
    weight_on_direct: Floats
    coefficients: Floats
    coefficient_se: Floats
    variance: float
    log_likelihood: float
    restricted_log_likelihood: float

    @property
    def variance_is_zero(self) -> bool:
        """Whether the areas differ no more than their sampling errors and covariates explain."""
        return self.variance == 0


def fay_herriot(direct: ArrayLike, sampling_variance: ArrayLike, *, covariates: ArrayLike | None = None) -> FayHerriot:
    """Empirical best linear unbiased predictions with the variance between areas by restricted maximum likelihood.

    direct, sampling_variance (n,); covariates (n, p) without the intercept. The mean squared error has the terms for
    shrinkage, for the coefficients and, twice, for the variance's own error. Sources: Fay and Herriot 1979, JASA 74,
    269-277; Prasad and Rao 1990, JASA 85, 163-171; Datta and Lahiri 2000, Statistica Sinica 10, 613-627, eq. 3.6.
    """
    areas = _Areas.of(direct, sampling_variance, covariates)
    variance = areas.restricted_maximum()
    total, coefficients, spread = areas.regression(variance)
    on_direct = variance / total
    leverage = np.einsum("ij,jk,ik->i", areas.fixed, spread, areas.fixed)
    shrinkage, regression = on_direct * areas.noise, (1 - on_direct) ** 2 * leverage
    estimation = areas.noise**2 / total**3 * 2 / (1 / total**2).sum()
    fitted = areas.fixed @ coefficients
    squares = ((areas.direct - fitted) ** 2 / total).sum()
    return FayHerriot(
        estimate=fitted + on_direct * (areas.direct - fitted),
        mse=shrinkage + regression + 2 * estimation,
        direct=areas.direct,
        weight_on_direct=on_direct,
        coefficients=coefficients,
        coefficient_se=np.sqrt(spread.diagonal()),
        variance=variance,
        log_likelihood=float(-0.5 * (np.log(2 * np.pi * total).sum() + squares)),
        restricted_log_likelihood=areas.restricted(variance),
    )


def fay_herriot_draws(
    direct: ArrayLike,
    sampling_variance: ArrayLike,
    *,
    covariates: ArrayLike | None = None,
    draws: int = 1000,
    rng: np.random.Generator,
) -> Floats:
    """Draws (R, n) of the areas' true values, exact under a flat prior of coefficients and of the variance.

    They remain honest where the variance is estimated as zero, since they weigh up all it may be. Source: Morris 1983,
    JASA 78, 47-55; Datta, Rao and Smith 2005, Biometrika 92, 183-196, on the flat prior.
    """
    areas = _Areas.of(direct, sampling_variance, covariates)
    n, p = areas.fixed.shape
    if n < p + 3:
        raise UnusableDirectEstimates(
            f"{n} areas are too few to say how far areas differ beyond {p} coefficients",
            remedy=f"Use at least {p + 3} areas or fewer covariates",
        )
    variances, weight = areas.possible_variances()
    times = rng.multinomial(draws, weight)
    parts = [areas.draws(v, number, rng=rng) for v, number in zip(variances, times, strict=True) if number]
    return rng.permutation(np.concatenate(parts))


@dataclass(frozen=True)
class _Areas:
    direct: Floats
    noise: Floats
    fixed: Floats

    @classmethod
    def of(cls, direct: ArrayLike, sampling_variance: ArrayLike, covariates: ArrayLike | None) -> _Areas:
        y = np.asarray(direct, dtype=np.float64)
        noise = np.asarray(sampling_variance, dtype=np.float64)
        if y.ndim != 1 or noise.shape != y.shape:
            raise UnusableDirectEstimates(f"There are {noise.size} sampling variances for {y.size} direct estimates")
        fixed = np.ones((y.size, 1))
        if covariates is not None:
            fixed = np.column_stack([fixed, np.asarray(covariates, dtype=np.float64)])
        _refuse_unusable(y, noise, fixed)
        return cls(y, noise, fixed)

    def regression(self, variance: float) -> tuple[Floats, Floats, Floats]:
        """Total variances (n,), coefficients and their covariance matrix, by generalised least squares."""
        total = variance + self.noise
        spread = np.asarray(np.linalg.inv(self.fixed.T @ (self.fixed / total[:, None])), dtype=np.float64)
        return total, spread @ (self.fixed.T @ (self.direct / total)), spread

    def restricted(self, variance: float) -> float:
        """The restricted log-likelihood."""
        total, coefficients, spread = self.regression(variance)
        squares = ((self.direct - self.fixed @ coefficients) ** 2 / total).sum()
        n, p = self.fixed.shape
        constant = (n - p) * np.log(2 * np.pi)
        return float(-0.5 * (constant + np.log(total).sum() - np.linalg.slogdet(spread)[1] + squares))

    def restricted_slope(self, variance: float) -> float:
        """Derivative of the restricted log-likelihood by the variance between areas."""
        total, coefficients, spread = self.regression(variance)
        residual = (self.direct - self.fixed @ coefficients) / total
        leverage = np.einsum("ij,jk,ik->i", self.fixed, spread, self.fixed)
        return float(0.5 * ((residual**2).sum() - (1 / total - leverage / total**2).sum()))

    def restricted_maximum(self) -> float:
        """The highest top of the restricted likelihood; 0 where it falls from 0 on."""
        grid = np.concatenate([[0.0], self.scales()[::SPARSER]])
        slopes = np.array([self.restricted_slope(v) for v in grid])
        falls = np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] <= 0))
        tops = [float(brentq(self.restricted_slope, grid[i], grid[i + 1], xtol=1e-300, rtol=1e-14)) for i in falls]
        if slopes[0] <= 0:
            tops.append(0.0)
        return max(tops, key=self.restricted)

    def scales(self) -> Floats:
        """Variances from next to nothing to more than the direct estimates can show."""
        largest = 100 * (self.direct.var() + self.noise.max())
        return np.geomspace(1e-6 * self.noise.min(), largest, GRID)

    def possible_variances(self) -> tuple[Floats, Floats]:
        """Variances and the probability of each under a flat prior."""
        edges = np.concatenate([[0.0], self.scales()])
        middles = (edges[1:] + edges[:-1]) / 2
        log_weight = np.array([self.restricted(v) for v in middles]) + np.log(np.diff(edges))
        weight = np.exp(log_weight - log_weight.max())
        return middles, weight / weight.sum()

    def draws(self, variance: float, number: int, *, rng: np.random.Generator) -> Floats:
        total, coefficients, spread = self.regression(variance)
        on_direct = variance / total
        drawn = rng.multivariate_normal(coefficients, spread, size=number, method="cholesky") @ self.fixed.T
        centre = drawn + on_direct * (self.direct - drawn)
        return np.asarray(centre + rng.normal(size=centre.shape) * np.sqrt(on_direct * self.noise))


def _refuse_unusable(y: Floats, noise: Floats, fixed: Floats) -> None:
    missing = np.flatnonzero(~(np.isfinite(y) & np.isfinite(fixed).all(axis=1)))
    if missing.size:
        raise UnusableDirectEstimates(
            "The direct estimate or a covariate is missing",
            where=f"area {missing[0] + 1} of {y.size}",
            remedy="Leave out areas without a direct estimate; predict them from the coefficients",
        )
    wrong = np.flatnonzero(~(np.isfinite(noise) & (noise > 0)))
    if wrong.size:
        raise UnusableDirectEstimates(
            f"The sampling variance is {noise[wrong[0]]:g}, which no sample of people can have",
            where=f"area {wrong[0] + 1} of {y.size}",
            remedy="Smooth variances over areas by their sample sizes first; one respondent, or all alike, gives 0",
        )
    if noise.min() < APART * noise.max():
        raise UnusableDirectEstimates(
            f"The sampling variances reach from {noise.min():g} to {noise.max():g}",
            where=f"area {int(noise.argmin()) + 1} of {y.size}",
            remedy="Check that all are variances in the square of the estimate's unit, and none is a code",
        )
    n, p = fixed.shape
    if n <= p or np.linalg.matrix_rank(fixed) < p:
        raise UnusableDirectEstimates(
            f"{p} coefficients cannot be estimated from {n} areas",
            remedy="Leave out covariates that are constant or follow from others, or use more areas",
        )
