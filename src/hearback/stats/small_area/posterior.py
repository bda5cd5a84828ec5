"""What the answers leave open: draws of standard deviations, then of effects and coefficients given them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.optimize import minimize

from hearback.stats.small_area.design import Design, design_of, orthogonal
from hearback.stats.small_area.laplace import Mode, find_mode, slope_at
from hearback.stats.small_area.mixed_model import MixedModel, residual_slope
from hearback.stats.small_area.model_terms import Floats, Ints
from hearback.stats.small_area.outcomes import CellMeans, Outcome

LARGE_SD = 1.0
"""Scale s of the prior of every standard deviation, in units of the outcome (1 logit, or 1 standard deviation of the
answers): density σ exp(-σ²/2s²), so that the variance is exponential with mean 2s² and nearly flat where data speak.
Flat in the standard deviation instead (half-normal), 90 % intervals of areas that differ little cover 85 %."""
LARGE_COEFFICIENT = 5.0
"""Standard deviation of the normal prior of a covariate's coefficient per standard deviation of it, in the same
units; the intercept's prior is flat."""
POINTS = 128
"""How many standard deviations are weighed up: a power of 2, as evenly spread points must be."""
HEAVY_TAILS = 4.0
"""Degrees of freedom of the distribution they are taken from."""
ABSURD = 20.0
"""A standard deviation this large, in units of the outcome, has no weight left; larger ones only overflow."""
STEP = 1e-3
"""For finite differences of the slope."""
FAR = 2.0
"""How many standard deviations off the top the shoulders of the density are measured."""
LEAST_CURVATURE, LEAST_DROP = 0.1, 0.2
"""Where the density is flatter than that, it is taken to be no wider than these allow."""


@dataclass(frozen=True)
class PosteriorDraws:
    """R draws from the posterior of a mixed model.

    `effects[term]` (R, levels) in the order of `model.terms.levels[term]`; `sd[term]` (R,), which also says how far
    a level that the sample never saw may lie; `coefficients` (R, 1 + covariates), the intercept first;
    `effective_points` of the `POINTS` standard deviations that were weighed: below 10, do not trust the draws' tails.
    """

    model: MixedModel
    sd: Mapping[str, Floats]
    effects: Mapping[str, Floats]
    coefficients: Floats
    residual_sd: Floats | None
    effective_points: float

    @property
    def size(self) -> int:
        """The number of draws."""
        return len(self.coefficients)


def posterior_draws(model: MixedModel, *, draws: int = 500, rng: np.random.Generator) -> PosteriorDraws:
    """Draws from the posterior of a fitted model under weakly informative hyperpriors.

    Standard deviations are taken from a heavy-tailed distribution about their joint mode on the logarithmic scale,
    where no wall stands at zero, and reweighed by Laplace's approximation of their posterior with effects and
    coefficients integrated out; effects are normal given them. Sources: Rue, Martino and Chopin 2009, JRSS B 71,
    319-392, section 3; Chung and others 2013, Psychometrika 78, 685-709, on priors that keep off zero; Datta, Rao and
    Smith 2005, Biometrika 92, 183-196, on why flat in the variance.
    """
    posterior = _HyperPosterior.of(model)
    top, mode = posterior.top()
    points, log_proposal = posterior.proposals(top, mode, number=POINTS, rng=rng)
    modes, log_density = posterior.weighed(points, start=mode.values)
    weight = np.exp(log_density - log_proposal - (log_density - log_proposal).max())
    weight /= weight.sum()
    times = np.bincount(_systematic(weight, draws, rng=rng), minlength=POINTS)
    taken = np.flatnonzero(times)
    values = np.concatenate([posterior.values(points[i], modes[i], number=times[i], rng=rng) for i in taken])
    spreads = np.repeat(np.exp(points), times, axis=0) * model.outcome.unit
    shuffled = rng.permutation(draws)
    values, spreads = values[shuffled], spreads[shuffled]
    names = model.terms.random
    return PosteriorDraws(
        model=model,
        sd=dict(zip(names, spreads.T, strict=False)),
        effects=dict(zip(names, posterior.design.by_term(values), strict=True)),
        coefficients=values[:, posterior.design.effects :] @ posterior.back.T,
        residual_sd=spreads[:, -1] if isinstance(model.outcome, CellMeans) else None,
        effective_points=float(1 / (weight**2).sum()),
    )


@dataclass(frozen=True)
class _HyperPosterior:
    """The posterior of the logarithms of the standard deviations, residual last if there is one, in units."""

    model: MixedModel
    design: Design
    precision: Floats
    back: Floats

    @classmethod
    def of(cls, model: MixedModel) -> _HyperPosterior:
        basis, back = orthogonal(model.cells.fixed, model.terms.covariates)
        design = design_of(model.cells, model.terms, covariates=basis)
        coefficients = np.full(basis.shape[1], (LARGE_COEFFICIENT * model.outcome.unit) ** -2)
        coefficients[0] = 0
        return cls(model, design, np.concatenate([np.ones(design.effects), coefficients]), back)

    def outcome(self, logs: Floats) -> Outcome:
        known = self.model.outcome
        return known.scattered(known.unit * float(np.exp(logs[-1]))) if isinstance(known, CellMeans) else known

    def mode(self, logs: Floats, start: Floats | None = None) -> Mode:
        terms = len(self.design.terms)
        sd = np.exp(logs[:terms]) * self.model.outcome.unit
        return find_mode(self.design, self.outcome(logs), sd, precision=self.precision, start=start)

    def log_density(self, logs: Floats, mode: Mode) -> float:
        """Laplace's log-likelihood, priors and the Jacobian of the logarithm; flat in the residual's logarithm."""
        own = logs[: len(self.design.terms)]
        return mode.log_likelihood + float((2 * own - 0.5 * (np.exp(own) / LARGE_SD) ** 2).sum())

    def slope(self, logs: Floats, mode: Mode) -> Floats:
        terms = len(self.design.terms)
        outcome = self.outcome(logs)
        found = slope_at(mode, self.design, outcome)
        by_log = found.sd * mode.sd + 2 - (np.exp(logs[:terms]) / LARGE_SD) ** 2
        if isinstance(outcome, CellMeans):
            return np.append(by_log, residual_slope(mode, outcome, found.leverage))
        return by_log

    def top(self) -> tuple[Floats, Mode]:
        spreads = list(self.model.sd.values())
        if self.model.residual_sd is not None:
            spreads.append(self.model.residual_sd)
        start = np.log(np.clip(np.array(spreads) / self.model.outcome.unit, 0.05, 2 * LARGE_SD))
        latest: Mode | None = None

        def downhill(logs: Floats) -> tuple[float, Floats]:
            nonlocal latest
            latest = self.mode(logs, start=None if latest is None else latest.values)
            return -self.log_density(logs, latest), -self.slope(logs, latest)

        found = minimize(downhill, start, jac=True, method="BFGS", options={"gtol": 1e-2}).x
        return found, self.mode(found)

    def proposals(self, top: Floats, mode: Mode, *, number: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Evenly spread points of a Student distribution about the top, and their log-density but for a constant."""
        k = top.size
        around = [top + sign * STEP * unit for unit in np.eye(k) for sign in (1, -1)]
        slopes = np.array([self.slope(p, self.mode(p, start=mode.values)) for p in around]).reshape(k, 2, k)
        curvature = -(slopes[:, 0] - slopes[:, 1]) / (2 * STEP)
        roots, directions = np.linalg.eigh((curvature + curvature.T) / 2)
        axes = directions / np.sqrt(np.maximum(roots, LEAST_CURVATURE)) @ directions.T
        down, up = (self._width(top, mode, sign * axes) for sign in (-1, 1))
        uniform = np.clip(stats.qmc.Sobol(k, rng=rng).random(number), 1e-9, 1 - 1e-9)
        standard = _two_halves(uniform, below=down / (down + up))
        log_density = stats.t.logpdf(standard, HEAVY_TAILS).sum(axis=1)
        points = top + standard * np.where(standard < 0, down, up) @ axes.T
        return np.minimum(points, np.log(ABSURD)), log_density

    def _width(self, top: Floats, mode: Mode, axes: Floats) -> Floats:
        """How many of the standard deviations at the top, along each axis, one standard deviation further out is."""
        far = [top + FAR * axis for axis in axes.T]
        heights = [self.log_density(point, self.mode(point, start=mode.values)) for point in far]
        drop = self.log_density(top, mode) - np.array(heights)
        return np.asarray(FAR / np.sqrt(2 * np.maximum(drop, LEAST_DROP)))

    def weighed(self, points: Floats, *, start: Floats) -> tuple[Floats, Floats]:
        """The mode's values at each point and the log-density there; factors of all would fill a laptop's memory."""
        values, heights = np.empty((len(points), start.size)), np.empty(len(points))
        for i, point in enumerate(points):
            mode = self.mode(point, start=start)
            values[i], heights[i] = mode.values, self.log_density(point, mode)
        return values, heights

    def values(self, logs: Floats, near: Floats, *, number: int, rng: np.random.Generator) -> Floats:
        """Draws (number, total) of effects and coefficients given standard deviations."""
        mode = self.mode(logs, start=near)
        return mode.values + mode.scales * mode.factor.draws(number, rng=rng)


def _two_halves(uniform: Floats, *, below: Floats) -> Floats:
    """Student quantiles of which the share `below` is negative instead of a half."""
    low = stats.t.ppf(uniform / (2 * below), HEAVY_TAILS)
    return np.where(uniform < below, low, -stats.t.ppf((1 - uniform) / (2 * (1 - below)), HEAVY_TAILS))


def _systematic(weight: Floats, number: int, *, rng: np.random.Generator) -> Ints:
    """Points drawn in proportion to their weight with as little chance as possible."""
    ticks = (np.arange(number) + rng.random()) / number
    return np.minimum(np.searchsorted(np.cumsum(weight), ticks), weight.size - 1)
