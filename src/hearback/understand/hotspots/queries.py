"""Patterns of incidents by category and year: rates that few people cannot distort, and clusters beyond chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from hearback.evidence.counts import Counts
from hearback.importers import nibrs
from hearback.stats.hotspots import Hotspots, classify_rates
from hearback.stats.rates import SmoothedRates, empirical_bayes
from hearback.stats.spatial_weights import SpatialWeights, contiguity


@dataclass(frozen=True)
class Pattern:
    """Incidents of one category in one year, by area (n,), and those that lie in no area."""

    category: str
    year: int
    counts: NDArray[np.int64]
    outside: int
    rates: SmoothedRates
    clusters: Hotspots


def find_patterns(
    counts: Counts,
    *,
    areas: Sequence[str],
    polygons: Sequence[shapely.Geometry],
    population: NDArray[np.float64],
    rng: np.random.Generator,
) -> Iterator[Pattern]:
    """The pattern of every category and year that may be shown by area; sensitive categories are left out.

    `population` (n,) is NaN where it is not known. The same `rng` state gives the same patterns.
    """
    weights = contiguity(polygons)
    categories = [name for name in np.unique(counts.category).tolist() if not nibrs.category(name).sensitive]
    years = np.unique(counts.year).tolist()
    cube = counts.cube(areas=areas, years=years, categories=categories)
    for column, year in enumerate(years):
        for layer, category in enumerate(categories):
            yield _pattern(category, year, cube[:, column, layer], population, weights, rng)


def _pattern(
    category: str,
    year: int,
    column: NDArray[np.int64],
    population: NDArray[np.float64],
    weights: SpatialWeights,
    rng: np.random.Generator,
) -> Pattern:
    inside = column[:-1]
    return Pattern(
        category=category,
        year=year,
        counts=inside,
        outside=int(column[-1]),
        rates=empirical_bayes(inside, population),
        clusters=classify_rates(inside, population, weights, rng=rng),
    )
