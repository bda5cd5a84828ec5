"""Whether a model of areas may be leaned on: each area's own answers beside what the model makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from hearback.stats.small_area.model_checks import UncheckableModel, calibration, shrinkage
from hearback.understand.trust.enums import AREA
from hearback.understand.trust.queries.areas import AREA_LEVEL, Modelled
from hearback.understand.trust.queries.results import AreaCompared, ModelChecked

SELDOM = 0.05
"""A model that foresees the answers of so few areas as happens more seldom than this, if it fits, is warned of."""


def models_checked(models: Iterable[Modelled], *, rng: np.random.Generator) -> Iterator[ModelChecked]:
    """A check of every model; none of one in which every area has a single respondent, for it cannot be checked."""
    for one in models:
        try:
            yield _checked(one, rng=rng)
        except UncheckableModel:
            continue


def _checked(one: Modelled, *, rng: np.random.Generator) -> ModelChecked:
    beside = shrinkage(one.posterior.model, one.draws, area=AREA)
    foretold = calibration(one.posterior, area=AREA, rng=rng)
    within = foretold.within(AREA_LEVEL)
    direct = beside.direct
    own = {area: at for at, area in enumerate(direct.areas)}
    return ModelChecked(
        item=one.question.item,
        statistic=one.statistic,
        level=AREA_LEVEL,
        compared=within.size,
        foreseen=int(within.sum()),
        fits=foretold.chance(AREA_LEVEL) >= SELDOM,
        kept=beside.kept if np.ptp(direct.mean) > 0 else None,
        areas=tuple(
            AreaCompared(
                area=str(area),
                n=int(direct.respondents[own[area]]) if area in own else 0,
                direct=float(direct.mean[own[area]]) if area in own else None,
                modelled=float(modelled),
                foreseen=bool(within[own[area]]) if area in own else None,
            )
            for area, modelled in zip(one.draws.areas, one.draws.estimate, strict=True)
        ),
    )
