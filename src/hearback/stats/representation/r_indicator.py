"""R-indicators: how much chances to answer differ between people, and along which traits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from hearback.refusal import Refusal

Floats = NDArray[np.float64]

STEPS = 50


class NoResponseModel(Refusal):
    """Chances to answer that cannot be modelled."""


@dataclass(frozen=True)
class RIndicator:
    """`r` is 1 where everybody is as likely to answer; `s_rho` is the standard deviation of the chances.

    `largest_bias` is the most that the mean of any variable can be off through nonresponse, in standard deviations of
    that variable, if the model holds. `coefficients` are those of the logistic model, the intercept first.
    """

    r: float
    s_rho: float
    mean_propensity: float
    largest_bias: float
    propensities: Floats
    coefficients: Floats


def r_indicator(responded: ArrayLike, traits: ArrayLike, *, weights: ArrayLike | None = None) -> RIndicator:
    """From who responded (n,) and traits (n, p) known of everybody in the sample, with design weights (n,).

    Raises NoResponseModel where everybody or nobody responded, or where traits tell respondents apart for certain.
    Source: Schouten, Cobben & Bethlehem 2009, equations 5 and 12 (R = 1 − 2 S(ρ), S with n − 1).
    """
    y = np.asarray(responded, dtype=np.float64)
    x = np.column_stack([np.ones(y.size), np.asarray(traits, dtype=np.float64)])
    w = np.ones(y.size) if weights is None else np.asarray(weights, dtype=np.float64)
    if not (np.isfinite(x).all() and np.isfinite(w).all() and (w > 0).all()):
        raise NoResponseModel(
            "a trait or weight is missing", remedy="Leave these people out, and say how many they are"
        )
    if y.min() == y.max():
        raise NoResponseModel("everybody responded, or nobody", remedy="Give the whole sample, with those who did not")
    coefficients = _logistic(y, x, w)
    rho = expit(x @ coefficients)
    mean = float(np.average(rho, weights=w))
    s_rho = float(np.sqrt((w * (rho - mean) ** 2).sum() / (w.sum() * (1 - 1 / y.size))))
    return RIndicator(1 - 2 * s_rho, s_rho, mean, s_rho / mean, rho, coefficients)


def partial_unconditional(
    found: RIndicator, groups: ArrayLike, *, weights: ArrayLike | None = None
) -> tuple[float, Mapping[str, float]]:
    """How much of the differences lies between groups (n,), and what each group adds: below 0 where it answers less.

    Source: Schouten, Shlomo & Skinner 2011, unconditional partial R-indicators.
    """
    labels, code = np.unique(np.asarray(groups), return_inverse=True)
    w = np.ones(code.size) if weights is None else np.asarray(weights, dtype=np.float64)
    part = np.bincount(code, w) / w.sum()
    distance = np.bincount(code, w * found.propensities) / np.bincount(code, w) - found.mean_propensity
    levels = {str(label): float(value) for label, value in zip(labels, np.sqrt(part) * distance, strict=True)}
    return float(np.sqrt((part * distance**2).sum())), levels


def _logistic(y: Floats, x: Floats, w: Floats) -> Floats:
    """Newton's steps; traits that separate the two kinds of people for certain never come to rest."""
    b = np.zeros(x.shape[1])
    for _ in range(STEPS):
        mu = expit(x @ b)
        information = (x * (w * mu * (1 - mu))[:, None]).T @ x
        try:
            step = np.linalg.solve(information, x.T @ (w * (y - mu)))
        except np.linalg.LinAlgError:
            break
        b += step
        if np.abs(step).max() < 1e-12 * max(1.0, np.abs(b).max()):
            return b
    raise NoResponseModel(
        "the traits tell for certain who responds, or say the same twice", remedy="Leave one out, or join categories"
    )
