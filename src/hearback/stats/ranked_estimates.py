"""What can be ranked: estimates, their errors and a level, checked before any arithmetic."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.refusal import Refusal

Floats = NDArray[np.float64]


class UnusableEstimates(Refusal):
    """Estimates, standard errors or draws from which no ranking can be made."""


class ImpossibleLevel(Refusal):
    """A confidence level that no method, or not this many draws, can give."""


def signed_estimates(estimates: ArrayLike, *, largest_first: bool) -> Floats:
    """The estimates (n,), negated where rank 1 is the largest; refuses none at all and missing ones."""
    x = np.asarray(estimates, dtype=np.float64)
    if x.ndim != 1:
        raise ValueError(f"estimates have one dimension, not {x.ndim}")
    if x.size == 0:
        raise UnusableEstimates("There is no area to rank")
    _refuse_missing(x, "The estimate")
    return -x if largest_first else x


def standard_errors_of(values: ArrayLike, n: int) -> Floats:
    """Standard errors (n,), finite and not negative."""
    error = _shaped(values, (n,))
    _refuse_missing(error, "The standard error")
    if error.min() < 0:
        raise UnusableEstimates(
            "The standard error is negative",
            where=f"area {1 + int(error.argmin())} of {n}",
            remedy="A negative code stands for missing: leave such areas out of the ranking",
        )
    return error


def covariance_of(values: ArrayLike, n: int) -> Floats:
    """A covariance matrix (n, n): finite, symmetric, no correlation beyond 1."""
    covariance = _shaped(values, (n, n))
    _refuse_missing(covariance.sum(axis=1), "The covariance")
    largest = np.sqrt(np.diag(covariance).clip(min=0))
    beyond = np.abs(covariance) > largest[:, None] * largest * (1 + 1e-9)
    if beyond.any() or not np.allclose(covariance, covariance.T, rtol=1e-9, atol=1e-12 * largest.max() ** 2):
        raise UnusableEstimates(
            "The matrix given is not a covariance: not symmetric, or an area covaries more than it varies",
            remedy="Check that its rows and columns are the areas in the order of the estimates",
        )
    return covariance


def draws_of(values: ArrayLike, n: int) -> Floats:
    """Draws (R, n) of the estimates of n areas, all finite."""
    sample = np.asarray(values, dtype=np.float64)
    if sample.ndim != 2 or sample.shape[1] != n:
        raise ValueError(f"draws of shape {sample.shape} beside {n} estimates")
    _refuse_missing(sample.sum(axis=0), "A draw")
    return sample


def check_level(level: float, *, draws: int | None = None) -> None:
    """Refuse a level outside 0 to 1, or one that so few `draws` cannot give."""
    if not 0 < level < 1:
        raise ImpossibleLevel(
            f"{level:g} is not a confidence level", remedy="Give a share between 0 and 1, such as 0.90"
        )
    if draws is not None and (draws < 3 or order_statistic(draws, level) > draws):
        raise ImpossibleLevel(
            f"{draws} draws are too few for ranges at level {level:g}",
            remedy=f"Use at least {max(3, math.ceil(level / (1 - level) - 1e-9))} draws; 1000 is usual",
        )


def order_statistic(draws: int, level: float) -> int:
    """Which of the sorted draws one more draw stays below with probability `level` or more, counted from 1."""
    return math.ceil(level * (draws + 1) - 1e-9)


def _shaped(values: ArrayLike, shape: tuple[int, ...]) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != shape:
        raise ValueError(f"expected shape {shape}, not {array.shape}")
    return array


def _refuse_missing(values: Floats, what: str) -> None:
    missing = np.flatnonzero(~np.isfinite(values))
    if missing.size:
        raise UnusableEstimates(
            f"{what} is missing or infinite",
            where=f"area {1 + missing[0]} of {values.size}",
            remedy="Leave areas without an estimate and its error out of the ranking",
        )
