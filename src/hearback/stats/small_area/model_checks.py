"""Checks of a small-area model that a person can read: what it drew together, what it would have foreseen, and why."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import binom

from hearback.refusal import Refusal
from hearback.stats.small_area.area_draws import AreaDraws
from hearback.stats.small_area.mixed_model import MixedModel
from hearback.stats.small_area.model_terms import Floats, Ints
from hearback.stats.small_area.outcomes import CellMeans, YesCounts
from hearback.stats.small_area.posterior import PosteriorDraws

LOGISTIC_VARIANCE = np.pi**2 / 3
"""The variance of the logistic distribution: what a single answer scatters by, in squared log-odds."""


class UncheckableModel(Refusal):
    """A model whose areas cannot be compared with their own answers."""


@dataclass(frozen=True)
class DirectMeans:
    """Plain means (n,) of the areas that have respondents, with standard errors from the scatter within all areas
    together, so that even one respondent has one."""

    areas: tuple[Hashable, ...]
    respondents: Floats
    mean: Floats
    standard_error: Floats


@dataclass(frozen=True)
class Shrinkage:
    """Direct and modelled estimates (n,) of the same areas, side by side.

    `kept` is the share of the differences between direct estimates that the model keeps: the slope of the modelled on
    the direct ones, weighed by respondents.
    """

    direct: DirectMeans
    modelled: Floats
    modelled_sd: Floats
    kept: float


@dataclass(frozen=True)
class Calibration:
    """How often the answers of an area lie where the model foresees them.

    `foreseen` (n,) are the expected direct means, `place` (n,) is the share of foreseen means below the one observed,
    and `held[level]` the share of areas within their interval at that level. The answers have been used to fit: shares
    above their level are as they should be, shares well below mean that the model does not fit.
    """

    direct: DirectMeans
    foreseen: Floats
    place: Floats
    held: Mapping[float, float]

    def within(self, level: float) -> NDArray[np.bool_]:
        """Of each area (n,), whether its direct mean lies in the middle `level` of the foreseen ones."""
        return np.abs(self.place - 0.5) <= level / 2

    def chance(self, level: float) -> float:
        """The probability that so few areas or fewer lie within, were each to do so with probability `level`.

        The exact lower tail of the binomial distribution, areas taken as independent. Because the answers have been
        used to fit, a model that fits is below a small value more seldom than the value says.
        """
        within = self.within(level)
        return float(binom.cdf(within.sum(), within.size, level))


def direct_means(model: MixedModel, *, area: str) -> DirectMeans:
    """Means of the answers that a model was fitted to; `area` is one of its random terms."""
    count, total, within = _answers(model)
    of_area, areas = _areas(model, area)
    respondents, sums = np.bincount(of_area, count).astype(np.float64), np.bincount(of_area, total)
    mean = sums / respondents
    freedom = respondents.sum() - len(areas)
    if freedom <= 0:
        raise UncheckableModel(
            "Every area has one respondent, so the error of direct means cannot be estimated",
            remedy="Compare larger areas",
        )
    squares = within + float((total**2 / count).sum()) - float((sums**2 / respondents).sum())
    return DirectMeans(areas, respondents, mean, np.sqrt(squares / freedom / respondents))


def shrinkage(model: MixedModel, estimates: AreaDraws, *, area: str) -> Shrinkage:
    """What the model did to the direct means of the areas in `estimates`, areas without respondents left out."""
    direct = direct_means(model, area=area)
    at = [estimates.areas.index(name) for name in direct.areas]
    modelled = estimates.estimate[at]
    centred = direct.mean - np.average(direct.mean, weights=direct.respondents)
    scatter = float((direct.respondents * centred**2).sum())
    kept = float((direct.respondents * centred * modelled).sum()) / scatter if scatter > 0 else 0.0
    return Shrinkage(direct, modelled, estimates.sd[at], kept)


def calibration(
    posterior: PosteriorDraws, *, area: str, levels: Sequence[float] = (0.5, 0.8, 0.9), rng: np.random.Generator
) -> Calibration:
    """Direct means against those of answers drawn anew for the same respondents, area by area.

    Source: Gelman, Meng and Stern 1996, Statistica Sinica 6, 733-807, posterior predictive checks.
    """
    direct = direct_means(posterior.model, area=area)
    of_area, areas = _areas(posterior.model, area)
    answers = _answers_anew(posterior, rng=rng)
    drawn = np.stack([np.bincount(of_area, total, minlength=len(areas)) for total in answers]) / direct.respondents
    place = ((drawn < direct.mean).mean(axis=0) + (drawn <= direct.mean).mean(axis=0)) / 2
    found = Calibration(direct, drawn.mean(axis=0), place, {})
    return replace(found, held={level: float(found.within(level).mean()) for level in levels})


def variance_shares(posterior: PosteriorDraws) -> dict[str, float]:
    """The mean share of the variance of a single answer that each random term explains, on the linear predictor."""
    alone = LOGISTIC_VARIANCE if posterior.residual_sd is None else posterior.residual_sd**2
    total = sum(sd**2 for sd in posterior.sd.values()) + alone
    return {term: float((sd**2 / total).mean()) for term, sd in posterior.sd.items()}


def _answers(model: MixedModel) -> tuple[Floats, Floats, float]:
    """Respondents and sums of answers of each cell (m,), and the sum of squares within cells."""
    known = model.outcome
    if isinstance(known, YesCounts):
        return known.asked, known.yes, float((known.yes * (1 - known.yes / known.asked)).sum())
    return known.count, known.count * known.mean, known.within


def _areas(model: MixedModel, area: str) -> tuple[Ints, tuple[Hashable, ...]]:
    if area not in model.terms.random:
        raise ValueError(f"{area!r} is not a random term of the model")
    return model.cells.codes[:, model.terms.random.index(area)], model.terms.levels[area]


def _answers_anew(posterior: PosteriorDraws, *, rng: np.random.Generator) -> Floats:
    """Sums of answers (R, m) that the same respondents might have given."""
    cells, known = posterior.model.cells, posterior.model.outcome
    predictor = posterior.coefficients @ cells.fixed.T
    for effects, codes in zip(posterior.effects.values(), cells.codes.T, strict=True):
        predictor += effects[:, codes]
    if isinstance(known, CellMeans):
        assert posterior.residual_sd is not None
        noise = rng.normal(size=predictor.shape) * posterior.residual_sd[:, None] * np.sqrt(known.count)
        return np.asarray(known.count * predictor + noise)
    return rng.binomial(known.asked.astype(np.int64), expit(predictor)).astype(np.float64)
