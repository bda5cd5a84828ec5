"""Computing need from indicators, and reading the newest assessment."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hearback.foundation.indicators.queries import definitions
from hearback.stats.index_definition import IndexDefinition
from hearback.stats.index_uncertainty import IndexUncertainty, WeightSensitivity, simulate_index, weight_sensitivity
from hearback.stats.need_index import IndexResult, compute_index
from hearback.understand.need.models import Assessment, Score

if TYPE_CHECKING:
    from hearback.foundation.indicators.queries import IndicatorTable

Floats = NDArray[np.float64]

CDC_DECIMALS = 1
"""CDC ranks percentages as it publishes them: more decimals would break ties that its ranks have."""


@dataclass(frozen=True)
class Need:
    """A need index of areas, with what is known of its uncertainty."""

    areas: tuple[str, ...]
    index: IndexResult
    uncertainty: IndexUncertainty
    sensitivity: WeightSensitivity
    level: float
    draws: int
    seed: int


def assess(
    table: IndicatorTable,
    population: Floats,
    definition: IndexDefinition,
    *,
    draws: int,
    level: float,
    seed: int,
) -> Need:
    """Compute the index over the areas of `table`, carry its margins to ranks, and vary what it is made of.

    `population` (n,) is NaN where it is not known; the definition may ask that areas without people stay out.
    """
    columns, margins = columns_for(table, population, definition)
    return Need(
        areas=table.areas,
        index=compute_index(columns, definition),
        uncertainty=simulate_index(
            columns, margins, definition, draws=draws, level=level, rng=np.random.default_rng(seed)
        ),
        sensitivity=weight_sensitivity(columns, definition),
        level=level,
        draws=draws,
        seed=seed,
    )


def columns_for(
    table: IndicatorTable, population: Floats, definition: IndexDefinition
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Columns and margins under the names a definition may use: Hearback's ids, or CDC's names in percent."""
    columns, margins = dict(table.estimates), dict(table.margins)
    for name in table.estimates:
        indicator = definitions()[name]
        if indicator.cdc_column:
            columns[indicator.cdc_column] = np.round(indicator.cdc_scale * table.estimates[name], CDC_DECIMALS)
            margins[indicator.cdc_margin] = indicator.cdc_scale * table.margins[name]
    if definition.population:
        columns[definition.population] = population
    return columns, margins


def latest() -> Assessment | None:
    """The newest assessment, once there is one."""
    return Assessment.objects.order_by("-pk").first()


def scores(assessment: Assessment) -> list[Score]:
    """Every area's score in an assessment."""
    return list(assessment.scores.select_related("area"))


def indicator_titles(assessment: Assessment) -> tuple[str, ...]:
    """What the index is made of, in words."""
    return tuple(assessment.indicator_titles)


def indicators_used(assessment: Assessment) -> frozenset[str]:
    """The ids of the indicators that an assessment is made of."""
    themes = json.loads(assessment.definition)["themes"]
    columns = {indicator["column"] for theme in themes for indicator in theme["indicators"]}
    return frozenset(one.id for one in definitions().values() if columns & {one.id, one.cdc_column})


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    newest = latest()
    return {"areas_assessed": newest.scores.filter(rank__isnull=False).count() if newest else 0}
