"""Laplace's approximation of a mixed model's likelihood: the mode of the effects, its curvature, and the slope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hearback.refusal import Refusal
from hearback.stats.small_area.arrow_matrix import ArrowFactor
from hearback.stats.small_area.design import Design
from hearback.stats.small_area.outcomes import Outcome

Floats = NDArray[np.float64]

LONGEST_SEARCH = 100
CLOSE_ENOUGH = 1e-15
"""The Newton decrement at which the mode is found; the error left in the log-determinant is of its square root."""
FARTHEST = 4.0
ROUNDING = 1e-12
"""A loss of height this small, as a share of it, is not a step too long."""


class Unsettled(Refusal):
    """A likelihood whose top was not found."""

    def __init__(self) -> None:
        super().__init__(
            "The likelihood has no top that could be found",
            remedy="Use fewer terms, or leave out those that explain every answer without any scatter",
        )


@dataclass(frozen=True)
class Mode:
    """The most probable latent values given standard deviations, and the approximate log-likelihood there.

    `latent` (total,) are effects divided by their standard deviations, then coefficients of covariates in the design.
    """

    sd: Floats
    scales: Floats
    precision: Floats
    latent: Floats
    predictor: Floats
    factor: ArrowFactor
    log_likelihood: float

    @property
    def values(self) -> Floats:
        """Effects and coefficients on the scale of the linear predictor."""
        return self.scales * self.latent


def find_mode(
    design: Design,
    outcome: Outcome,
    sd: Floats,
    *,
    precision: Floats,
    offset: Floats | float = 0.0,
    start: Floats | None = None,
) -> Mode:
    """The mode by Newton's method with halved steps, and the log-likelihood with all latent values integrated out.

    sd (terms,); `precision` (total,) is 1 for effects and 0 for coefficients with a flat prior, whose integral then
    counts as in REML; `start` are the `values` of a mode near by. For a Gaussian outcome the result is exact. Source:
    Tierney and Kadane 1986, JASA 81, 82-86; equal to lme4's nAGQ = 1 when the design has no covariates and `offset`
    carries them.
    """
    scales = design.scales(sd)
    latent = np.zeros(scales.size) if start is None else _near(start, scales, effects=design.effects)
    predictor = design.columns @ (scales * latent) + offset
    height = outcome.log_density(predictor) - 0.5 * float(precision @ latent**2)
    for _ in range(LONGEST_SEARCH):
        score, weight, _ = outcome.derivatives(predictor)
        slope = scales * (design.columns.T @ score) - precision * latent
        try:
            factor = design.penalised(weight, scales, precision)
        except np.linalg.LinAlgError as error:
            raise Unsettled from error
        step = factor.solve(slope)
        decrement = float(step @ slope)
        if decrement < CLOSE_ENOUGH:
            break
        move, size = design.columns @ (scales * step), 1.0
        while True:
            tried = outcome.log_density(predictor + size * move) - 0.5 * float(precision @ (latent + size * step) ** 2)
            if tried >= height - ROUNDING * abs(height) or size < ROUNDING:
                break
            size /= 2
        latent, predictor, height = latent + size * step, predictor + size * move, tried
    flat = np.count_nonzero(precision == 0)
    integral = 0.5 * (np.log(precision[precision > 0]).sum() + flat * np.log(2 * np.pi) - factor.log_determinant)
    return Mode(sd, scales, precision, latent, predictor, factor, float(height + integral))


def _near(values: Floats, scales: Floats, *, effects: int) -> Floats:
    """Latent values to start from: another mode's predictor, so that no answer starts out certain, but no effect
    further out than normal draws lie."""
    latent = values / scales
    latent[:effects] = np.clip(latent[:effects], -FARTHEST, FARTHEST)
    return np.asarray(latent)


@dataclass(frozen=True)
class Slope:
    """Derivatives of the approximate log-likelihood: by the standard deviations (terms,) and by the offset (m,)."""

    sd: Floats
    offset: Floats
    leverage: Floats
    """Variance (m,) of the linear predictor given the standard deviations."""


def slope_at(mode: Mode, design: Design, outcome: Outcome) -> Slope:
    """The exact gradient of the approximation, the movement of the mode included.

    Source: by implicit differentiation, as in Kristensen and others 2016, Journal of Statistical Software 70(5), eq. 5.
    """
    score, weight, weight_slope = outcome.derivatives(mode.predictor)
    inverse = mode.factor.inverse()
    leverage = design.leverages(inverse, mode.scales)
    pull = leverage * weight_slope
    moved = mode.factor.solve(mode.scales * (design.columns.T @ pull))
    answered = pull - weight * (design.columns @ (mode.scales * moved))
    by_column = design.columns.T @ score
    variance = np.concatenate([inverse[0], inverse[2].diagonal()])
    direct = design.sum_by_term(mode.latent * by_column)
    curvature = design.sum_by_term(1 - mode.precision * variance) / mode.sd
    indirect = design.sum_by_term(mode.latent * (design.columns.T @ answered) + moved * by_column)
    return Slope(sd=direct - curvature - 0.5 * indirect, offset=score - 0.5 * answered, leverage=leverage)
