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

INCOMPLETE = 0.1
"""A year with less than this share of the median year's incidents is not shown."""


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
    years = whole_years(counts)
    cube = counts.cube(areas=areas, years=years, categories=categories)
    for column, year in enumerate(years):
        for layer, category in enumerate(categories):
            yield _pattern(category, year, cube[:, column, layer], population, weights, rng)


def whole_years(counts: Counts) -> list[int]:
    """The years that are not plainly incomplete: with at least a tenth of the incidents of the median year.

    A file that ends in January would otherwise show a year in which nothing happens any more.
    """
    years = np.unique(counts.year)
    totals = np.array([counts.count[counts.year == year].sum() for year in years])
    return years[totals >= INCOMPLETE * np.median(totals)].tolist() if years.size else []


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
