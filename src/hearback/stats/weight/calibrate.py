"""Calibration: weights that meet totals of any auxiliary, within bounds on how far each may move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.refusal import Refusal
from hearback.stats.design import Calibration
from hearback.stats.weight.base_weights import checked_weights
from hearback.stats.weight.targets import Margin, agreed

Floats = NDArray[np.float64]
Distance = Literal["linear", "raking", "logit"]
Bound = float | Floats
Factor = Callable[[Floats], tuple[Floats, Floats, Floats]]
"""From the linear predictor u (n,): the integral of the factor, the factor g itself, and its slope."""

TIGHT = 1e-10
"""Largest distance from a total, beside what the weights of that auxiliary add up to, that counts as met."""
MOST_STEPS = 100
BOUND_STEPS = 30
NUDGE = 1e-11
"""What keeps the Newton step finite where every factor stands at a bound."""
NOBODY = 1e-6
"""Where every factor is smaller, a total is met only by counting nobody."""
UNBOUNDED = (-np.inf, np.inf)


class UnusableAuxiliaries(Refusal):
    """Auxiliaries or totals that are not numbers, or too few of them."""


class UnusableBounds(Refusal):
    """Bounds that leave no room around 1."""


class CalibrationImpossible(Refusal):
    """Totals that no weights within the bounds can meet."""


@dataclass(frozen=True)
class Auxiliaries:
    """What is known of each respondent, `columns` (n, p), and its totals (p,) in the population."""

    names: tuple[str, ...]
    columns: Floats
    totals: Floats

    def with_total(self, name: str, values: ArrayLike, *, total: float) -> Auxiliaries:
        """One more auxiliary, a number of each respondent (n,) whose sum over the population is known."""
        column = np.asarray(values, dtype=np.float64)[:, None]
        return Auxiliaries((*self.names, name), np.hstack([self.columns, column]), np.append(self.totals, total))


@dataclass(frozen=True)
class Calibrated:
    """Calibrated weights in `calibration`, the Newton steps taken, and the misfit of the worst total."""

    calibration: Calibration
    steps: int
    misfit: float

    @property
    def weights(self) -> Floats:
        """The calibrated weights (n,)."""
        return self.calibration.weights_after

    @property
    def factors(self) -> Floats:
        """By how much each weight was multiplied, (n,)."""
        return self.calibration.weights_after / self.calibration.weights_before


def from_margins(margins: Sequence[Margin], *, weights: ArrayLike) -> Auxiliaries:
    """Every category of every margin as an auxiliary. Errors: `agreed`'s refusals."""
    met = agreed(margins, weights=checked_weights(weights))
    return Auxiliaries(
        tuple(f"{one.name}: {category}" for one in met for category in one.categories),
        np.hstack([np.eye(len(one.categories))[one.codes] for one in met]),
        np.concatenate([one.totals for one in met]),
    )


def calibrate(
    weights: ArrayLike,
    auxiliaries: Auxiliaries,
    *,
    distance: Distance = "linear",
    bounds: tuple[Bound, Bound] = UNBOUNDED,
) -> Calibrated:
    """Weights (n,) that meet all totals and lie, by the distance named, as close to the old ones as possible.

    "linear" is the regression estimator, its weights can become negative without bounds; "raking" keeps them above
    zero; "logit" needs finite bounds. `bounds` are the least and largest factor new / old, numbers or (n,); linear
    and raking factors are cut off at them, as in R's `calibrate`.

    Errors: `checked_weights`' refusals, `UnusableAuxiliaries`, `UnusableBounds`, `CalibrationImpossible`.
    Source: Deville and Särndal 1992, Journal of the American Statistical Association 87:376, cases 1, 2, 6 and 7.
    """
    before = checked_weights(weights)
    _refuse_unusable(auxiliaries, before.size)
    ends = _checked_bounds(bounds, distance)
    scale = before @ np.abs(auxiliaries.columns)
    scale[scale == 0] = 1
    columns, totals = auxiliaries.columns / scale, auxiliaries.totals / scale
    try:
        factors, steps = _solve(before, columns, totals, _factor(distance, *ends), ends)
    except np.linalg.LinAlgError as error:
        raise _impossible(before, columns, totals, auxiliaries.names, bounds) from error
    misfit = float(np.abs((before * factors) @ columns - totals).max())
    if not misfit <= TIGHT or np.abs(factors).max() < NOBODY:
        raise _impossible(before, columns, totals, auxiliaries.names, bounds)
    return Calibrated(Calibration(before, before * factors, auxiliaries=auxiliaries.columns), steps, misfit)


def _refuse_unusable(auxiliaries: Auxiliaries, n: int) -> None:
    shape = (n, auxiliaries.totals.size)
    if auxiliaries.columns.shape != shape or len(auxiliaries.names) != shape[1]:
        raise UnusableAuxiliaries(f"Auxiliaries are {auxiliaries.columns.shape}, weights and totals ask for {shape}")
    for at, name in enumerate(auxiliaries.names):
        if not (np.isfinite(auxiliaries.columns[:, at]).all() and np.isfinite(auxiliaries.totals[at])):
            raise UnusableAuxiliaries(
                "The values or the total of an auxiliary are missing",
                where=name,
                remedy="Impute them and say so, or calibrate without this auxiliary",
            )


def _checked_bounds(bounds: tuple[Bound, Bound], distance: Distance) -> tuple[Floats, Floats]:
    low, high = (np.asarray(bound, dtype=np.float64) for bound in bounds)
    if not ((low <= high).all() and (low < np.inf).all() and (high > 0).all()):
        raise UnusableBounds("The least factor is above the largest", remedy="Bounds such as 0.3 and 3 hold 1 between")
    if distance == "logit" and not ((low < 1) & (high > 1) & np.isfinite(low) & np.isfinite(high)).all():
        raise UnusableBounds(
            "Logit calibration needs finite bounds around 1", remedy="Give bounds such as 0.3 and 3, or choose raking"
        )
    return low, high


def _factor(distance: Distance, low: Floats, high: Floats) -> Factor:
    return {"linear": _linear, "raking": _exponential, "logit": _logit}[distance](low, high)


def _linear(low: Floats, high: Floats) -> Factor:
    def factor(u: Floats) -> tuple[Floats, Floats, Floats]:
        g = np.clip(1 + u, low, high)
        return g * u - (g - 1) ** 2 / 2, g, np.asarray(g == 1 + u, dtype=np.float64)

    return factor


def _exponential(low: Floats, high: Floats) -> Factor:
    least = np.maximum(low, 0)

    def factor(u: Floats) -> tuple[Floats, Floats, Floats]:
        e = np.exp(np.minimum(u, 500))
        g = np.clip(e, least, high)
        logarithm = np.log(g, where=g > 0, out=np.zeros_like(g))
        return g * u - (g * logarithm - g), g, np.where(g == e, g, 0)

    return factor


def _logit(low: Floats, high: Floats) -> Factor:
    a = (high - low) / ((1 - low) * (high - 1))
    shift = np.log((high - 1) / (1 - low))

    def factor(u: Floats) -> tuple[Floats, Floats, Floats]:
        p = 0.5 * (1 + np.tanh((a * u - shift) / 2))
        integral = low * u + (high - low) / a * np.logaddexp(0, a * u - shift)
        return integral, low + (high - low) * p, (high - low) * a * p * (1 - p)

    return factor


def _solve(
    before: Floats, columns: Floats, totals: Floats, factor: Factor, ends: tuple[Floats, Floats]
) -> tuple[Floats, int]:
    """Factors (n,) at the minimum of the convex dual, by Newton steps halved until they descend."""
    multipliers = np.zeros(totals.size)
    integral, g, slope = factor(columns @ multipliers)
    value = float(before @ integral)
    unclipped = columns.T @ (columns * before[:, None])
    for steps in range(MOST_STEPS):
        gradient = (before * g) @ columns - totals
        if np.abs(gradient).max() <= TIGHT / 10 or _beyond(
            before, columns @ multipliers, float(totals @ multipliers), ends
        ):
            return g, steps
        hessian = columns.T @ (columns * (before * slope)[:, None])
        step = -np.linalg.lstsq(hessian + NUDGE * unclipped, gradient)[0]
        for _ in range(40):
            trial = multipliers + step
            integral, g_new, slope_new = factor(columns @ trial)
            new = float(before @ integral - totals @ trial)
            if new <= value + 1e-4 * float(gradient @ step) + 1e-15 * abs(value):
                break
            step = step / 2
        multipliers, g, slope, value = trial, g_new, slope_new, new
    return g, MOST_STEPS


def _beyond(before: Floats, along: Floats, wanted: float, ends: tuple[Floats, Floats]) -> bool:
    """Whether even factors at their bounds reach less than is wanted in this direction: then none meet the totals."""
    low, high = ends
    reached = np.multiply(np.where(along > 0, high, low), along, where=along != 0, out=np.zeros_like(along))
    return bool(before @ reached < wanted - 1e-9 * abs(wanted))


def _impossible(
    before: Floats, columns: Floats, totals: Floats, names: tuple[str, ...], bounds: tuple[Bound, Bound]
) -> CalibrationImpossible:
    if np.abs(before @ columns - totals).max() <= TIGHT:
        return CalibrationImpossible(
            "The totals are met already, by factors of 1, which the bounds leave out",
            remedy="Let the bounds hold 1 between them, such as 0.3 and 3",
        )
    least = _least_move(before, columns, totals)
    if np.isfinite(least):
        return CalibrationImpossible(
            f"The totals are not met by factors from {np.min(bounds[0]):g} to {np.max(bounds[1]):g}",
            remedy=f"Some factor must differ from 1 by {least:.2f} or more: widen the bounds, or merge categories",
        )
    furthest = names[int(np.abs(totals - before @ columns).argmax())]
    return CalibrationImpossible(
        f"No weights at all meet these totals; furthest off is {furthest}",
        remedy="Check that the totals belong together, and that each category has respondents",
    )


def _least_move(before: Floats, columns: Floats, totals: Floats) -> float:
    """How far from 1 some factor must lie at least for the totals to be met; infinity where none meet them.

    By duality the largest r'b / sum(d |x'b|) over all b, r what is missing to the totals: every b gives a true bound,
    and reweighted least squares, ever closer to least absolute values, a sharp one.
    """
    missing = totals - before @ columns
    bound, size = 0.0, np.ones(before.size)
    for _ in range(BOUND_STEPS):
        hessian = columns.T @ (columns * (before / size)[:, None])
        direction = np.linalg.lstsq(hessian, missing)[0]
        if bound == 0 and np.abs(hessian @ direction - missing).max() > 1e-8 * np.abs(missing).max():
            return float("inf")
        along = np.abs(columns @ direction)
        bound = max(bound, float(missing @ direction / (before @ along)))
        size = np.maximum(along, 1e-9 * along.max())
    return bound
