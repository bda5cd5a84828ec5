"""Weighted linear and logistic regression with design-based standard errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit

from hearback.stats.design import Design, Floats
from hearback.stats.estimate.estimates import Estimates, Statistic, UnusableAnswers, answer_columns, estimated

INTERCEPT = "(Intercept)"
MOST_STEPS = 25
TIGHT = 1e-8
"""Relative change of the deviance at which R's `glm.fit` ends."""
STILL = 0.01
"""How far a fit that has ended may still want to move on the scale of the link: a perfect prediction walks on by 1."""


class UnusableModel(UnusableAnswers):
    """A regression that the answers do not determine."""


def linear_regression(
    design: Design, outcome: ArrayLike, predictors: ArrayLike, *, names: Sequence[str], level: float = 0.95
) -> Estimates:
    """Coefficients of the weighted least-squares regression of `outcome` (n,) on `predictors` (n, p) and a constant.

    Who lacks any value takes no part. Degrees of freedom are the design's less p, as R's `svyglm`.
    Source: Binder 1983, Int. Statistical Review 51:279. Errors: `UnusableModel` where predictors depend on each other.
    """
    return _fitted(design, outcome, predictors, _LINEAR, names=names, level=level)


def logistic_regression(
    design: Design, outcome: ArrayLike, predictors: ArrayLike, *, names: Sequence[str], level: float = 0.95
) -> Estimates:
    """Coefficients, as log odds ratios, of the weighted logistic regression of 0/1 `outcome` (n,); otherwise as
    `linear_regression` (R: `svyglm` with `quasibinomial`).

    Errors: `UnusableModel` also where outcomes are not 0 or 1, all the same, or perfectly told by the predictors.
    """
    answers = np.asarray(outcome, dtype=np.float64)
    known = answers[np.isfinite(answers)]
    if not np.isin(known, (0, 1)).all():
        raise UnusableModel("The outcome of a logistic regression is 0 or 1", remedy="Recode it, or use a linear one")
    if np.unique(known).size == 1:
        raise UnusableModel("All outcomes are the same, so no odds can be compared")
    return _fitted(design, answers, predictors, _LOGISTIC, names=names, level=level)


@dataclass(frozen=True)
class _Family:
    """How an outcome relates to its linear predictor (link, its inverse), varies and deviates, as functions of means;
    `start` makes first means of outcomes and weights. Links are canonical: the slope of the mean is the variance."""

    mean: Callable[[Floats], Floats]
    link: Callable[[Floats], Floats]
    variance: Callable[[Floats], Floats]
    deviance: Callable[[Floats, Floats], Floats]
    start: Callable[[Floats, Floats], Floats]


_LINEAR = _Family(
    mean=lambda linear: linear,
    link=lambda mean: mean,
    variance=np.ones_like,
    deviance=lambda y, mean: (y - mean) ** 2,
    start=lambda y, weights: y,
)
_LOGISTIC = _Family(
    mean=lambda linear: np.asarray(expit(linear)),
    link=lambda mean: np.asarray(logit(mean)),
    variance=lambda mean: mean * (1 - mean),
    deviance=lambda y, mean: -2 * np.log(np.maximum(np.where(y == 1, mean, 1 - mean), np.finfo(float).tiny)),
    start=lambda y, weights: (weights * y + 0.5) / (weights + 1),
)


def _fitted(
    design: Design, outcome: ArrayLike, predictors: ArrayLike, family: _Family, *, names: Sequence[str], level: float
) -> Estimates:
    x, named = answer_columns(design, predictors, names)
    y = answer_columns(design, outcome, None)[0][:, 0]
    used = np.isfinite(x).all(axis=1) & np.isfinite(y) & (design.weights > 0)
    x = np.column_stack([np.ones(used.sum()), x[used]])
    y, named = y[used], (INTERCEPT, *named)
    _refuse_undetermined(x, named)
    within = design.domain(used)
    fit = _reweighted_least_squares(x, y, within.weights[used], family)
    influence = np.zeros((design.n, len(named)))
    influence[used] = within.weights[used, None] * fit.influence
    statistic = Statistic(
        names=named,
        estimate=fit.coefficients,
        influence=influence,
        replicate=lambda weights: np.stack(
            [
                _reweighted_least_squares(x, y, column, family, start=fit.coefficients).coefficients
                for column in weights[used].T
            ]
        ),
        n=np.full(len(named), used.sum()),
        notes=("",) * len(named),
    )
    return estimated(design, statistic, level=level, df=within.df + 1 - len(named))


def _refuse_undetermined(x: Floats, names: tuple[str, ...]) -> None:
    size = np.sqrt((x**2).sum(axis=0))
    spread = np.linalg.qr(x / np.where(size > 0, size, 1.0), mode="r") if len(x) >= len(names) else np.zeros((1, 1))
    if len(x) < len(names):
        raise UnusableModel(f"{len(x)} complete answers cannot determine {len(names)} coefficients")
    dependent = np.flatnonzero(np.abs(np.diag(spread)) < 1e-9)
    if dependent.size:
        raise UnusableModel(
            f"The predictor {names[dependent[0]]} follows from those before it",
            remedy="Leave it out, or leave one category out as the reference",
        )


@dataclass(frozen=True, eq=False)
class _Fit:
    """Coefficients (p,) and what each respondent adds to them per unit of weight, (n, p)."""

    coefficients: Floats
    influence: Floats


def _reweighted_least_squares(
    x: Floats, y: Floats, weights: Floats, family: _Family, *, start: Floats | None = None
) -> _Fit:
    """The weighted fit by the steps of R's `glm.fit`, ended when it ends, so that results agree digit by digit.

    Errors: `UnusableModel` where the steps do not end, or end on a fit that still moves.
    """
    scale = weights[weights > 0].mean()
    weights = weights / scale
    linear = family.link(family.start(y, weights)) if start is None else x @ start
    mean, deviance = family.mean(linear), np.inf
    for _ in range(MOST_STEPS):
        variance = family.variance(mean)
        information = x.T @ (x * (weights * variance)[:, None])
        score = x.T @ (weights * (variance * linear + y - mean))
        try:
            inverse = np.linalg.inv(information)
        except np.linalg.LinAlgError:
            break
        coefficients = inverse @ score
        linear = x @ coefficients
        mean, before = family.mean(linear), deviance
        deviance = float((weights * family.deviance(y, mean)).sum())
        if abs(deviance - before) < TIGHT * (deviance + 0.1):
            if not np.abs(x @ (inverse @ (x.T @ (weights * (y - mean))))).max() < STILL:
                break
            working = variance * (y - mean) / np.maximum(family.variance(mean), np.finfo(float).tiny)
            influence = (x * working[:, None]) @ inverse / scale
            return _Fit(coefficients, influence)
    raise UnusableModel(
        "The regression does not settle: some predictor tells the outcome perfectly",
        remedy="Leave that predictor out or join its rare categories",
    )
