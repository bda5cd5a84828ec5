"""Taylor linearisation: from influence values of respondents to the covariance of estimates, through calibrations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from hearback.stats.design import Calibration, Codes, Design, Floats
from hearback.stats.variance.stage_spread import StageSpread, stage_spreads

Sparse = sparse.csr_array
Influence = Floats | Sparse
"""What each respondent adds to the error of each estimate, weight included: (n, k), sparse where domains are many."""

DEPENDENT = 1e-10
"""Directions of the auxiliaries this much shorter than the longest are combinations of the others."""


def linearized_covariance(design: Design, influence: Influence) -> Floats:
    """Covariance (k, k) of estimates whose errors are sums over respondents of `influence` (n, k).

    First the influence values are freed of what the calibrations explain: residuals of their regression on the
    auxiliaries, with the weights from before the calibration or, for raking, as R has it, unweighted. Then, stage by
    stage, the totals of units vary about the means of their strata: n / (n − 1) × (1 − n / N), times the share drawn
    at the stages before. Without populations this is the with-replacement estimator. Errors: `LonelyUnit`.
    Source: Särndal, Swensson & Wretman 1992, ch. 4 and 6; Deville & Särndal 1992; conventions of R `survey`.
    """
    spreads = stage_spreads(design)
    if isinstance(influence, np.ndarray):
        return sum_of_stages(spreads, calibration_residuals(design, influence))
    return _sparse_covariance(design, spreads, influence)


def calibration_residuals(design: Design, influence: Floats) -> Floats:
    """Influence values (n, k) less what each calibration of the design, in turn, explains of them."""
    residuals = influence
    for calibration in design.calibrations:
        known = _regression(calibration)
        explained = known.inverse @ (known.weighted.T @ residuals)
        residuals = residuals - calibration.weights_after[:, None] * (known.auxiliaries @ explained)
    return residuals


def sum_of_stages(spreads: list[StageSpread], influence: Floats) -> Floats:
    """Covariance (k, k) of sums of dense influence values (n, k) without calibrations."""
    total = np.zeros((influence.shape[1],) * 2)
    for spread in spreads:
        units = spread.unit_totals(influence)
        means = spread.stratum_totals(units) / spread.stage.sample[:, None]
        units = units - np.where(spread.centred[:, None], means, 0.0)[spread.stage.stratum]
        total += units.T @ (units * spread.scale[spread.stage.stratum, None])
    return total


def _sparse_covariance(design: Design, spreads: list[StageSpread], influence: Sparse) -> Floats:
    """The same without an (n, k) residual in memory: residuals are influence values less few explained directions,
    so their covariance follows from that of both together, (k + p, k + p)."""
    k = influence.shape[1]
    regressions = [(one, _regression(one)) for one in design.calibrations]
    blocks = [influence, *(Sparse(known.auxiliaries * one.weights_after[:, None]) for one, known in regressions)]
    together = Sparse(sparse.hstack(blocks, format="csr"))
    mixture = np.eye(together.shape[1], k)
    end = k
    for _, known in regressions:
        start, end = end, end + known.auxiliaries.shape[1]
        mixture[start:end] = -known.inverse @ ((known.weighted.T @ together) @ mixture)
    covariance = sum((_second_moments(spread, together) for spread in spreads), np.zeros((end, end)))
    return np.asarray(mixture.T @ covariance @ mixture)


def _second_moments(spread: StageSpread, influence: Sparse) -> Floats:
    units = spread.unit_totals(influence)
    strata = spread.stratum_totals(units).toarray()
    weighted = units * spread.scale[spread.stage.stratum, None]
    about_means = spread.scale * spread.centred / spread.stage.sample
    return np.asarray((units.T @ weighted).toarray() - strata.T @ (strata * about_means[:, None]))


@dataclass(frozen=True, eq=False)
class _Regression:
    """Auxiliaries (n, p), the same times regression weight over calibrated weight, and the inverse (p, p) of their
    weighted cross products: coefficients of influence values z are inverse @ weighted.T @ z."""

    auxiliaries: Floats | Sparse
    weighted: Floats | Sparse
    inverse: Floats


def _regression(calibration: Calibration) -> _Regression:
    weights = calibration.weights_before
    if len(calibration.groups) > 1:
        weights = (weights > 0).astype(np.float64)  # R's and svy's choice for raking; the estimate does not need it
    if calibration.auxiliaries is None:
        auxiliaries: Floats | Sparse = _indicators(calibration.groups)
    else:
        auxiliaries = _independent(calibration.auxiliaries, np.sqrt(weights)[:, None])
    products = auxiliaries.T @ (auxiliaries * weights[:, None])
    dense = products if isinstance(products, np.ndarray) else products.toarray()
    size = np.sqrt(np.maximum(np.diag(dense), np.finfo(float).tiny))
    both = np.outer(size, size)
    after = calibration.weights_after
    share = np.divide(weights, after, out=np.zeros_like(weights), where=after != 0)
    inverse = np.linalg.pinv(dense / both, rcond=DEPENDENT, hermitian=True) / both
    scaled = auxiliaries * share[:, None]
    return _Regression(auxiliaries, scaled if isinstance(scaled, np.ndarray) else Sparse(scaled), inverse)


def _independent(auxiliaries: Floats, root_weights: Floats) -> Floats:
    """Columns that span what the auxiliaries (n, p) span, orthogonal under the weights."""
    left, lengths, _ = np.linalg.svd(root_weights * auxiliaries, full_matrices=False)
    basis = left[:, lengths > DEPENDENT * lengths.max(initial=0)]
    return np.asarray(np.divide(basis, root_weights, out=np.zeros_like(basis), where=root_weights > 0))


def _indicators(margins: tuple[Codes, ...]) -> Sparse:
    """One column of 0 and 1 per category of every margin, (n, p)."""
    sizes = [int(codes.max(initial=0)) + 1 for codes in margins]
    first = np.cumsum([0, *sizes[:-1]])
    columns = np.stack(margins, axis=1) + first
    rows = np.arange(0, columns.size + 1, len(margins))
    return Sparse((np.ones(columns.size), columns.ravel(), rows), shape=(len(columns), sum(sizes)))
