"""Margins against the numbers printed by the Census Bureau and published by the CDC."""

from __future__ import annotations

import json

import numpy as np
import pytest

from hearback.stats.margins import (
    Estimate,
    cdc_percentage,
    cdc_total,
    cv,
    difference,
    moe_to_se,
    percent_change,
    product,
    proportion,
    ratio,
    total,
)
from places import SHARED, needs_shared
from svi_files import number_columns, text_columns

pytestmark = [pytest.mark.golden, needs_shared]

NEVER_MARRIED_WOMEN = Estimate(np.array([135173, 43104, 24842]), np.array([3860, 2642, 1957]))
NEVER_MARRIED_MEN = Estimate(np.array([156720, 44613, 25507]), np.array([4222, 2819, 2259]))
WOMEN = Estimate(np.array([466037, 97360, 67101]), np.array([391, 572, 459]))
"""Of 15 and over in Fairfax, Arlington and Alexandria, the worked example of chapter 8 of the ACS handbook."""


@pytest.fixture(scope="module")
def golden():
    return json.loads((SHARED / "golden" / "area_ranks.json").read_text())


def same(found: Estimate, expected) -> None:
    assert found.estimate == pytest.approx(expected["est"], rel=1e-12)
    assert found.moe == pytest.approx(expected["moe"], rel=1e-12)


def test_the_handbooks_sum(golden) -> None:
    found = total(NEVER_MARRIED_WOMEN)
    same(found, golden["sum_handbook"])
    assert f"{found.estimate:,.0f} ± {found.moe:,.0f}" == "203,119 ± 5,070"


def test_the_handbooks_proportion(golden) -> None:
    found = proportion(Estimate(203119, 5070), total(WOMEN))
    same(found, golden["proportion_handbook"])
    assert f"{found.estimate:.3f} ± {found.moe:.3f}" == "0.322 ± 0.008"
    unrounded = proportion(total(NEVER_MARRIED_WOMEN), total(WOMEN))
    assert unrounded.moe == pytest.approx(golden["proportion_handbook"]["moe_unrounded_num"], rel=1e-12)


def test_the_handbooks_ratio(golden) -> None:
    found = ratio(total(NEVER_MARRIED_MEN), Estimate(203119, 5070))
    assert f"{found.estimate:.3f} ± {found.moe:.3f}" == "1.117 ± 0.039"
    same(found, golden["ratio_handbook"])


def test_the_handbooks_product() -> None:
    found = product(Estimate(74506512, 228238), Estimate(0.824, 0.001))
    assert f"{found.estimate:,.0f} ± {found.moe:,.0f}" == "61,393,366 ± 202,289"


def test_the_handbooks_percent_change(golden) -> None:
    same(percent_change(Estimate(135173, 3860), Estimate(139301, 4047)), golden["pctchange_handbook"])


def test_of_all_zeros_only_the_largest_margin_counts(golden) -> None:
    estimates, margins = np.array(golden["zero_rule"]["cells"], dtype=float).T
    assert total(Estimate(estimates, margins)).moe == pytest.approx(golden["zero_rule"]["moe"], rel=1e-12)


def test_a_negative_radicand_falls_back_to_the_ratio(golden) -> None:
    expected = golden["proportion_fallback"]
    same(proportion(Estimate(*expected["num"]), Estimate(*expected["den"])), expected)


def test_standard_error_and_coefficient_of_variation(golden) -> None:
    expected = golden["moe_to_se"]
    assert moe_to_se(np.array(expected["moe90"])) == pytest.approx(expected["se"], rel=1e-12)
    assert cv(Estimate(203119, expected["moe90"])) == pytest.approx(expected["cv"], rel=1e-12)


def test_a_difference_is_told_from_chance(golden) -> None:
    expected = golden["significance"]
    found = difference(Estimate(*expected["A"]), Estimate(*expected["B"]))
    assert found.z == pytest.approx(expected["Z"], rel=1e-9)
    assert bool(found.significant) is expected["significant_90"]


ENGLISH_NOT_WELL = [f"B16005_{cell:03}" for cell in (7, 8, 12, 13, 17, 18, 22, 23, 29, 30, 34, 35, 39, 40, 44, 45)]
PARTS_AND_WHOLE = {
    "HBURD": ([f"S2503_C01_{cell:03}" for cell in (28, 32, 36, 40)], "S2503_C01_001"),
    "LIMENG": (ENGLISH_NOT_WELL, "B16005_001"),
    "SNGPNT": (["B11012_010", "B11012_015"], "DP02_0001"),
    "MUNIT": (["DP04_0012", "DP04_0013"], "DP04_0001"),
    "CROWD": (["DP04_0078", "DP04_0079"], "DP04_0002"),
    "POV150": (["S1701_C01_040"], "S1701_C01_001"),
    "AGE17": (["B09001_001"], "S0601_C01_001"),
    "GROUPQ": (["B26001_001"], "S0601_C01_001"),
}


@pytest.mark.parametrize("indicator", PARTS_AND_WHOLE)
def test_cdc_margins_of_rhode_island_follow_from_the_census_tables(indicator: str) -> None:
    acs, cdc = number_columns("rhode-island-tracts-2020-acs.csv"), number_columns("rhode-island-tracts-2020-cdc.csv")
    row_of = {geoid: row for row, geoid in enumerate(text_columns("rhode-island-tracts-2020-acs.csv")["GEOID"])}
    rows = [row_of[fips] for fips in text_columns("rhode-island-tracts-2020-cdc.csv")["FIPS"]]
    assert len(rows) == 247
    cells, whole = PARTS_AND_WHOLE[indicator]
    parts = Estimate(np.array([acs[f"{c}E"][rows] for c in cells]), np.array([acs[f"{c}M"][rows] for c in cells]))
    found = cdc_total(parts)
    np.testing.assert_array_equal(found.estimate, cdc[f"E_{indicator}"])
    np.testing.assert_array_equal(found.moe, cdc[f"M_{indicator}"])
    share = cdc_percentage(found, Estimate(acs[f"{whole}E"][rows], acs[f"{whole}M"][rows]))
    lived_in = cdc["E_TOTPOP"] > 0
    assert lived_in.sum() == 246
    np.testing.assert_allclose(share.estimate[lived_in], cdc[f"EP_{indicator}"][lived_in], rtol=0, atol=1e-9)
    np.testing.assert_allclose(share.moe[lived_in], cdc[f"MP_{indicator}"][lived_in], rtol=0, atol=1e-9)
