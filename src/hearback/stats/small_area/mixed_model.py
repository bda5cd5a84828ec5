"""Mixed models of answers with crossed random terms: logistic by Laplace's approximation, Gaussian by REML."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize

from hearback.stats.small_area.design import Cells, cells_of, design_of, orthogonal
from hearback.stats.small_area.laplace import Mode, Unsettled, find_mode, slope_at
from hearback.stats.small_area.model_terms import Columns, Floats, ModelTerms, terms_of
from hearback.stats.small_area.outcomes import CellMeans, Outcome, YesCounts

FIRST_GUESS = 0.3
"""Standard deviation of every term at the start, in units of the outcome."""
FLAT = 1e-4
"""Largest slope of the log-likelihood at its top."""
NO_SPREAD = 1e-3
"""A standard deviation this small, in units of the outcome, is estimated as zero."""
INTERCEPT = "intercept"


@dataclass(frozen=True)
class MixedModel:
    """A fitted model: standard deviation of each random term, coefficients, and the mode of every effect.

    `effects[term]` are in the order of `terms.levels[term]`. For a logistic model `residual_sd` is None and all is
    on the logit scale; `log_likelihood` is Laplace's (logistic) or restricted (Gaussian).
    """

    terms: ModelTerms
    sd: Mapping[str, float]
    coefficients: Mapping[str, float]
    effects: Mapping[str, Floats]
    residual_sd: float | None
    log_likelihood: float
    respondents: int
    cells: Cells
    outcome: Outcome

    @property
    def without_spread(self) -> tuple[str, ...]:
        """Terms whose standard deviation is estimated as zero: the data do not show that their levels differ, which
        is no proof that they do not; only `posterior_draws` weighs that up."""
        return tuple(term for term, sd in self.sd.items() if sd < NO_SPREAD * self.outcome.unit)

    def effect(self, term: str, level: Hashable) -> float:
        """The effect of one level of a term."""
        return float(self.effects[term][self.terms.levels[term].index(level)])


def fit_logistic(
    answers: ArrayLike,
    columns: Columns,
    *,
    random: Sequence[str],
    covariates: Sequence[str] = (),
    asked: ArrayLike | None = None,
) -> MixedModel:
    """Maximum likelihood of answers 0 or 1 (n,), or of counts of yes among `asked`, by Laplace's approximation.

    `columns` hold one label or number per row; `random` names columns with random intercepts, crossed by colons
    ("area:group"); `covariates` names numeric columns. Equal to R's lme4::glmer with nAGQ = 1 (Bates and others
    2015, Journal of Statistical Software 67(1)).
    """
    terms = terms_of(columns, random=random, covariates=covariates)
    cells = cells_of(columns, terms)
    outcome = YesCounts.gathered(answers, cells.of_row, asked=asked)
    basis, back = orthogonal(cells.fixed, terms.covariates)
    design = design_of(cells, terms, covariates=basis[:, :0])
    precision, k = np.ones(design.effects), len(random)
    latest: Mode | None = None

    def downhill(parameters: Floats) -> tuple[float, Floats]:
        nonlocal latest
        latest = find_mode(
            design,
            outcome,
            _off_zero(parameters[:k]),
            precision=precision,
            offset=basis @ parameters[k:],
            start=None if latest is None else latest.values,
        )
        slope = slope_at(latest, design, outcome)
        return -latest.log_likelihood, -np.concatenate([slope.sd, basis.T @ slope.offset])

    start = np.concatenate([np.full(k, FIRST_GUESS), [outcome.start() / basis[0, 0]], np.zeros(len(covariates))])
    top = _bottom(downhill, start)
    downhill(top)
    assert latest is not None
    return _model(terms, cells, outcome, latest, effects=design.by_term(latest.values), coefficients=back @ top[k:])


def fit_gaussian(
    answers: ArrayLike, columns: Columns, *, random: Sequence[str], covariates: Sequence[str] = ()
) -> MixedModel:
    """Restricted maximum likelihood of numeric answers (n,); arguments as for `fit_logistic`.

    Source: Patterson and Thompson 1971, Biometrika 58, 545-554; equal to R's lme4::lmer.
    """
    terms = terms_of(columns, random=random, covariates=covariates)
    cells = cells_of(columns, terms)
    gathered = CellMeans.gathered(answers, cells.of_row)
    basis, back = orthogonal(cells.fixed, terms.covariates)
    design = design_of(cells, terms, covariates=basis)
    precision = np.repeat([1.0, 0.0], [design.effects, basis.shape[1]])

    def at(parameters: Floats) -> tuple[Mode, CellMeans]:
        outcome = gathered.scattered(gathered.unit * np.exp(parameters[-1]))
        return find_mode(design, outcome, gathered.unit * _off_zero(parameters[:-1]), precision=precision), outcome

    def downhill(parameters: Floats) -> tuple[float, Floats]:
        mode, outcome = at(parameters)
        slope = slope_at(mode, design, outcome)
        by_residual = residual_slope(mode, outcome, slope.leverage)
        return -mode.log_likelihood, -np.append(gathered.unit * slope.sd, by_residual)

    mode, outcome = at(_bottom(downhill, np.append(np.full(len(random), FIRST_GUESS), 0.0)))
    jacobian = float(np.linalg.slogdet(back)[1])
    coefficients = back @ mode.values[design.effects :]
    effects = design.by_term(mode.values)
    return _model(terms, cells, outcome, mode, effects=effects, coefficients=coefficients, jacobian=jacobian)


def residual_slope(mode: Mode, outcome: CellMeans, leverage: Floats) -> float:
    """Derivative of the restricted log-likelihood by the logarithm of the residual standard deviation."""
    weight = outcome.derivatives(mode.predictor)[1]
    return outcome.slope_in_log_residual_sd(mode.predictor) + float(leverage @ weight)


def _bottom(downhill: Callable[[Floats], tuple[float, Floats]], start: Floats) -> Floats:
    """The lowest point. A likelihood is the same for s and −s, so the search needs no wall at zero."""
    found = minimize(downhill, start, jac=True, method="BFGS", options={"gtol": FLAT})
    if not np.isfinite(found.fun) or np.abs(found.jac).max() > 1e3 * FLAT:
        raise Unsettled
    return np.asarray(found.x)


def _off_zero(sd: Floats) -> Floats:
    return np.where(np.abs(sd) < 1e-7, 1e-7, sd)


def _model(
    terms: ModelTerms,
    cells: Cells,
    outcome: Outcome,
    mode: Mode,
    *,
    effects: Sequence[Floats],
    coefficients: Floats,
    jacobian: float = 0.0,
) -> MixedModel:
    return MixedModel(
        terms=terms,
        sd=dict(zip(terms.random, np.abs(mode.sd).tolist(), strict=True)),
        coefficients=dict(zip((INTERCEPT, *terms.covariates), coefficients.tolist(), strict=True)),
        effects=dict(zip(terms.random, effects, strict=True)),
        residual_sd=outcome.residual_sd if isinstance(outcome, CellMeans) else None,
        log_likelihood=mode.log_likelihood + jacobian,
        respondents=cells.of_row.size,
        cells=cells,
        outcome=outcome,
    )
