"""What was answered, gathered by cell: counts of yes for a logistic model, means for a Gaussian one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln, expit

from hearback.refusal import Refusal

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class UnusableAnswers(Refusal):
    """Answers from which nothing can be estimated."""


@dataclass(frozen=True)
class YesCounts:
    """`yes` answers among `asked` in each cell (m,), on the logit scale."""

    yes: Floats
    asked: Floats
    constant: float = 0.0
    unit: float = 1.0

    @classmethod
    def gathered(cls, answers: ArrayLike, cell: Ints, *, asked: ArrayLike | None = None) -> YesCounts:
        """From answers 0 or 1 of each respondent, or counts of yes among `asked`, by the cell each row is in."""
        total = np.ones(cell.size) if asked is None else checked_answers(asked, rows=cell.size)
        yes = checked_answers(answers, rows=cell.size)
        _refuse_impossible_counts(yes, total, given=asked is not None)
        combinations = -np.log1p(total) - betaln(yes + 1, total - yes + 1)
        by_cell = np.bincount(cell, yes).astype(np.float64), np.bincount(cell, total).astype(np.float64)
        return cls(*by_cell, constant=float(combinations.sum()))

    def log_density(self, predictor: Floats) -> float:
        """Binomial log-likelihood with the combinations of each row as it was given."""
        return float((self.yes * predictor - self.asked * np.logaddexp(0, predictor)).sum()) + self.constant

    def derivatives(self, predictor: Floats) -> tuple[Floats, Floats, Floats]:
        """Of the binomial log-likelihood."""
        share = expit(predictor)
        weight = self.asked * share * (1 - share)
        return self.yes - self.asked * share, weight, weight * (1 - 2 * share)

    def start(self) -> float:
        """The logit of the overall share."""
        return float(np.log(self.yes.sum() / (self.asked - self.yes).sum()))


@dataclass(frozen=True)
class CellMeans:
    """Means of `count` answers in each cell (m,), which scatter within cells with standard deviation `residual_sd`."""

    count: Floats
    mean: Floats
    within: float
    """Sum of squares of the answers about their cell's mean."""
    unit: float
    residual_sd: float

    @classmethod
    def gathered(cls, answers: ArrayLike, cell: Ints) -> CellMeans:
        """From the number each respondent gave, by the cell each row is in."""
        values = checked_answers(answers, rows=cell.size)
        unit = float(values.std())
        if unit <= 1e-12 * np.abs(values).max():
            raise _all_equal(values[0])
        count = np.bincount(cell).astype(np.float64)
        mean = np.bincount(cell, values) / count
        return cls(count, mean, float(((values - mean[cell]) ** 2).sum()), unit, residual_sd=unit)

    def scattered(self, residual_sd: float) -> Self:
        """The same answers under another residual standard deviation."""
        return replace(self, residual_sd=residual_sd)

    def log_density(self, predictor: Floats) -> float:
        """Normal log-likelihood of all answers."""
        squares = self.within + float((self.count * (self.mean - predictor) ** 2).sum())
        scale = self.count.sum() * np.log(2 * np.pi * self.residual_sd**2)
        return float(-0.5 * (scale + squares / self.residual_sd**2))

    def derivatives(self, predictor: Floats) -> tuple[Floats, Floats, Floats]:
        """Of the normal log-likelihood."""
        weight = self.count / self.residual_sd**2
        return weight * (self.mean - predictor), weight, np.zeros_like(predictor)

    def slope_in_log_residual_sd(self, predictor: Floats) -> float:
        """Derivative of the log-likelihood by the logarithm of the residual standard deviation."""
        squares = self.within + float((self.count * (self.mean - predictor) ** 2).sum())
        return squares / self.residual_sd**2 - float(self.count.sum())

    def start(self) -> float:
        """The overall mean."""
        return float((self.count * self.mean).sum() / self.count.sum())


Outcome = YesCounts | CellMeans


def checked_answers(answers: ArrayLike, *, rows: int) -> Floats:
    """Answers (rows,) as numbers; refuses missing ones."""
    values = np.asarray(answers, dtype=np.float64)
    if values.shape != (rows,):
        raise UnusableAnswers(f"There are {values.size} answers for {rows} rows")
    missing = np.flatnonzero(~np.isfinite(values))
    if missing.size:
        raise UnusableAnswers(
            "The answer is missing",
            where=f"row {missing[0] + 1}",
            remedy="Leave out respondents who did not answer; account for them by weights or the model's groups",
        )
    return values


def _refuse_impossible_counts(yes: Floats, asked: Floats, *, given: bool) -> None:
    impossible = np.flatnonzero((yes < 0) | (yes > asked) | (yes != np.round(yes)) | (asked != np.round(asked)))
    if impossible.size:
        problem = f"{yes[impossible[0]]:g} cannot be the number of yes among {asked[impossible[0]]:g}"
        raise UnusableAnswers(
            problem if given else f"The answer is {yes[impossible[0]]:g}, neither 0 nor 1",
            where=f"row {impossible[0] + 1}",
            remedy="Code yes as 1 and no as 0, missing codes such as 9 left out; for scores use the Gaussian model",
        )
    if yes.sum() == 0 or (yes == asked).all():
        raise _all_equal(float(yes.sum() > 0))


def _all_equal(value: float) -> UnusableAnswers:
    return UnusableAnswers(
        f"All answers are {value:g}, so how areas differ cannot be estimated",
        remedy="Publish the overall count with an exact interval instead of a model",
    )
