"""How often a model of areas that fits is warned of, on surveys drawn from the model itself."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.small_area.mixed_model import fit_logistic
from hearback.stats.small_area.model_checks import calibration
from hearback.stats.small_area.posterior import posterior_draws
from hearback.understand.trust.queries.areas import AREA_LEVEL
from hearback.understand.trust.queries.fit import SELDOM
from places import FULL_SIMULATIONS
from small_area_examples import invented

pytestmark = pytest.mark.simulation

REPETITIONS = 400 if FULL_SIMULATIONS else 40


@pytest.mark.parametrize("respondents", [60, 300, 1500])
def test_a_model_that_fits_is_warned_of_at_most_as_often_as_the_bound_says(respondents: int) -> None:
    """Also where areas have a handful of answers, whose means can take a handful of values."""
    warned = []
    for seed in range(REPETITIONS):
        answers, yes, _ = invented(seed, respondents=respondents)
        model = fit_logistic(yes, answers, random=["area", "group"], covariates=["need"])
        rng = np.random.default_rng(seed)
        found = calibration(posterior_draws(model, draws=400, rng=rng), area="area", rng=rng)
        warned.append(found.chance(AREA_LEVEL) < SELDOM)
    assert np.mean(warned) <= SELDOM
