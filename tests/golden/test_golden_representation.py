"""R-indicators and workforce comparisons against R."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from hearback.stats.representation.r_indicator import partial_unconditional, r_indicator
from hearback.stats.representation.workforce import workforce
from places import SHARED, needs_shared

pytestmark = [pytest.mark.golden, needs_shared]


def _golden(file: str, part: str) -> dict[str, object]:
    return json.loads((SHARED / "golden" / file).read_text())[part]


def test_the_r_indicator_of_the_schools_equals_r() -> None:
    expected = _golden("small_area.json", "R_indicator")
    with (SHARED / "golden/apipop_response.csv").open() as file:
        rows = list(csv.DictReader(file))
    stype = np.array([row["stype"] for row in rows])
    traits = np.column_stack(
        [
            stype == "H",
            stype == "M",
            *(np.array([float(row[name]) for row in rows]) for name in ("meals", "ell")),
        ]
    )
    found = r_indicator([int(row["resp"]) for row in rows], traits)

    assert sorted(found.coefficients) == pytest.approx(sorted(expected["coef"]), rel=1e-8)
    assert found.mean_propensity == pytest.approx(expected["mean_propensity"], rel=1e-10)
    assert found.s_rho == pytest.approx(expected["S_rho"], rel=1e-8)
    assert found.r == pytest.approx(expected["R"], rel=1e-8)
    assert found.largest_bias == pytest.approx(expected["max_bias_std"], rel=1e-8)
    between, levels = partial_unconditional(found, stype)
    assert between == pytest.approx(expected["partial_uncond_stype_between"], rel=1e-8)
    assert levels == pytest.approx(expected["partial_uncond_stype_levels"], rel=1e-8)


def test_the_workforce_comparison_equals_r() -> None:
    expected = _golden("disparity.json", "workforce")
    found = workforce(expected["counts"], expected["pop"])

    assert found.share == pytest.approx(expected["share"], rel=1e-12)
    assert found.ratio == pytest.approx(expected["ratio"], rel=1e-12)
    assert found.dissimilarity == pytest.approx(expected["dissimilarity"], rel=1e-12)
    assert found.chi_square == pytest.approx(expected["chisq"], rel=1e-12)
    assert found.p_all == pytest.approx(expected["p"], rel=1e-8)
    assert found.p == pytest.approx(expected["exact_binom_p"], rel=1e-6)
    intervals = np.column_stack([found.share_low, found.share_high])
    assert intervals == pytest.approx(np.array(expected["wilson"]), rel=1e-8)
    assert found.diversity == pytest.approx(expected["simpson_diversity"], rel=1e-12)
