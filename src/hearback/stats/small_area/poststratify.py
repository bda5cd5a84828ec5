"""From a model to areas: predictions for every cell of the population, weighed by how many people are in it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hearback.stats.small_area.area_draws import AreaDraws
from hearback.stats.small_area.mixed_model import MixedModel
from hearback.stats.small_area.model_terms import Columns, Floats
from hearback.stats.small_area.population import Population
from hearback.stats.small_area.posterior import PosteriorDraws


@dataclass(frozen=True)
class AreaEstimates:
    """The estimate of each area (n,): a share of yes, or a mean; `population` (n,) are the people in its cells.

    `unseen` are the levels, by term, that the population has and the sample never saw.
    """

    areas: tuple[Hashable, ...]
    estimate: Floats
    population: Floats
    unseen: Mapping[str, tuple[Hashable, ...]]


def poststratify(
    model: MixedModel, cells: Columns, counts: ArrayLike, *, area: str, averaged_over: Sequence[str] = ()
) -> AreaEstimates:
    """Estimates of areas at the fitted model's mode, without intervals.

    `cells` have the model's columns for every cell of the population, `counts` the people in each; `area` is the
    column to report by. Levels the sample never saw have effect 0. Terms in `averaged_over` (who interviewed, when)
    are not of the population; their effect is left at its mean, 0. Source: Park, Gelman and Bafumi 2004, Political
    Analysis 12, 375-385.
    """
    population = Population.of(model, cells, counts, area=area, averaged_over=averaged_over)
    tables = {
        term: np.append(model.effects[term], np.zeros(len(unseen)))[:, None]
        for term, unseen in population.unseen.items()
    }
    found = population.means(tables, np.array([list(model.coefficients.values())]))
    return AreaEstimates(population.areas, found[0], population.people, population.unseen)


def poststratify_draws(
    posterior: PosteriorDraws,
    cells: Columns,
    counts: ArrayLike,
    *,
    area: str,
    averaged_over: Sequence[str] = (),
    level: float = 0.9,
    rng: np.random.Generator,
) -> AreaDraws:
    """Estimates of areas with all draws; arguments as for `poststratify`.

    Levels the sample never saw are drawn from their term's distribution, anew in every draw: such areas get wide
    intervals, not false certainty.
    """
    population = Population.of(posterior.model, cells, counts, area=area, averaged_over=averaged_over)
    tables = {}
    for term, unseen in population.unseen.items():
        drawn = rng.normal(size=(len(unseen), posterior.size)) * posterior.sd[term]
        tables[term] = np.concatenate([posterior.effects[term].T, drawn])
    draws = population.means(tables, posterior.coefficients)
    return AreaDraws(population.areas, draws, population.people, level=level, unseen=population.unseen)
