"""What may truly lie behind several noisy estimates per area, each area learning from all others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEPS = 300
SETTLED = 1e-4
"""EM ends when no entry of the covariance, in units of the observed variances, moves by more than this."""

RIDGE = 1e-9
"""Added to variances in those units, so that indicators known exactly do not make a matrix singular."""

FEWEST_FOR_TREND = 20
"""With fewer areas no trend of true values with how badly they are measured is estimated."""

ROUNDING = 1e-9
"""Areas whose errors differ by less than this, in logarithms, are measured equally well."""


@dataclass(frozen=True)
class PlausibleTruths:
    """The distribution of the true values of n areas on p indicators, given the estimates: normal, area by area.

    `means` are (n, p); `roots` (n, p, p) times their own transpose are the covariances.
    """

    means: Floats
    roots: Floats

    def draw(self, *, draws: int, rng: np.random.Generator) -> Floats:
        """True values that may lie behind the estimates, (draws, n, p)."""
        n, p = self.means.shape
        around = self.roots @ rng.standard_normal((n, p, draws))
        return self.means + np.moveaxis(around, 2, 0)


def plausible_truths(estimates: Floats, standard_errors: Floats) -> PlausibleTruths:
    """The true values behind `estimates` (n, p) with known `standard_errors` (n, p), n ≥ 2.

    True values are taken to vary between areas like a multivariate normal distribution around a mean that may rise or
    fall with how badly an area is measured, for small and poor places often are. Mean and covariance are found by
    maximum likelihood (EM); each area's estimates are then drawn towards them as far as their errors demand, with
    what its other indicators say. Correlations between indicators are scaled by n/(n + p), for few areas say little
    about them. Errors are independent. An estimate without error stays what it is.

    Source: Efron and Morris (1972), Biometrika 59:335; Dempster, Laird and Rubin (1977), JRSS B 39:1; for the trend
    with the error, Chen (2022), "Empirical Bayes when estimation precision predicts parameters", arXiv:2212.14444.
    """
    centre, scale = estimates.mean(axis=0), estimates.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    z, noise = (estimates - centre) / scale, standard_errors / scale
    means, covariances = _expectation_maximisation(z, noise**2)
    values, vectors = np.linalg.eigh(covariances)
    roots = vectors * np.sqrt(np.maximum(values, 0))[:, None, :]
    exact = standard_errors == 0
    return PlausibleTruths(
        means=np.where(exact, estimates, centre + scale * means),
        roots=np.where(exact[:, :, None], 0.0, scale[:, None] * roots),
    )


def _expectation_maximisation(z: Floats, noise: Floats) -> tuple[Floats, Floats]:
    """Posterior means (n, p) and covariances (n, p, p) of standardised values with error variances `noise` (n, p)."""
    n, p = z.shape
    credible = np.where(np.eye(p) > 0, 1.0, n / (n + p))
    trend = _trend(noise)
    centre, between = np.zeros((n, p)), credible * (z.T @ z) / n
    for _ in range(STEPS):
        means, covariances = _posterior(z, noise, centre, between)
        centre, previous = trend @ (trend.T @ means), between
        deviations = means - centre
        between = credible * (covariances.mean(axis=0) + deviations.T @ deviations / n)
        if np.abs(between - previous).max() < SETTLED:
            break
    return _posterior(z, noise, centre, between)


def _trend(noise: Floats) -> Floats:
    """Orthonormal columns (n, 1 or 2) that span a constant and, given areas enough, how badly each is measured."""
    n = len(noise)
    known = noise > 0
    log = np.log(np.where(known, noise, 1.0))
    usual = log.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    badly = np.where(known, log - usual, 0.0).mean(axis=1)
    badly -= badly.mean()
    constant = np.full((n, 1), n**-0.5)
    if n < FEWEST_FOR_TREND or np.abs(badly).max() < ROUNDING:
        return constant
    return np.column_stack([constant, badly / np.linalg.norm(badly)])


def _posterior(z: Floats, noise: Floats, centre: Floats, between: Floats) -> tuple[Floats, Floats]:
    total = between + (noise + RIDGE)[:, :, None] * np.eye(z.shape[1])
    trust = np.linalg.solve(total, np.broadcast_to(between, total.shape)).swapaxes(1, 2)
    means = centre + np.einsum("nij,nj->ni", trust, z - centre)
    covariances = between - trust @ between
    return means, (covariances + covariances.swapaxes(1, 2)) / 2
