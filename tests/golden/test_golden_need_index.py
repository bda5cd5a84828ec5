"""The need index against every number the CDC has published for six sets of areas."""

from __future__ import annotations

import json

import numpy as np
import pytest

from hearback.stats.construct_checks import cronbach_alpha, kendall_w, principal_components
from hearback.stats.index_definition import load_definition
from hearback.stats.need_index import compute_index
from places import SHARED, needs_shared
from svi_files import number_columns, text_columns

pytestmark = [pytest.mark.golden, needs_shared]

WITHOUT_PUBLISHED_RANK = {
    "rhode-island-tracts-2018": ["44003980000", "44005990000", "44009990100"],
    "rhode-island-tracts-2020": ["44003980000"],
    "us-counties-2018": ["35039"],
    "pennsylvania-counties-2018": [],
    "pennsylvania-counties-2020": [],
    "pennsylvania-counties-2022": [],
}
"""The airport and water tracts of Rhode Island, where nobody lives, and Rio Arriba, New Mexico, three inputs short."""


@pytest.mark.parametrize("name", WITHOUT_PUBLISHED_RANK)
def test_every_published_number_is_reproduced(name: str) -> None:
    file = number_columns(f"{name}-cdc.csv")
    definition = load_definition(f"cdc-svi-{name[-4:]}")
    inputs = {key: column for key, column in file.items() if key.startswith(("EP_", "E_TOTPOP"))}
    found = compute_index(inputs, definition).as_columns()
    expected = [key for key in file if key.startswith(("EPL_", "SPL_", "RPL_", "F_"))]
    assert sorted(found) == sorted(expected)
    for key in expected:
        published = np.where(file[key] == -999, np.nan, file[key])
        np.testing.assert_allclose(found[key], published, rtol=0, atol=1e-9, err_msg=key)


@pytest.mark.parametrize("name", WITHOUT_PUBLISHED_RANK)
def test_areas_without_a_published_rank_are_out_and_it_is_said_why(name: str) -> None:
    found = compute_index(number_columns(f"{name}-cdc.csv"), load_definition(f"cdc-svi-{name[-4:]}"))
    fips = text_columns(f"{name}-cdc.csv")["FIPS"]
    assert [fips[row] for row in found.out] == WITHOUT_PUBLISHED_RANK[name]
    reason = "POV, UNEMP, PCI missing" if name.startswith("us") else "population is zero or unknown"
    assert set(found.out.values()) <= {reason}
    assert np.flatnonzero(np.isnan(found.overall_rank)).tolist() == list(found.out)


def test_rio_arriba_keeps_the_themes_that_are_complete() -> None:
    found = compute_index(number_columns("us-counties-2018-cdc.csv"), load_definition("cdc-svi-2018"))
    (rio_arriba,) = found.out
    np.testing.assert_allclose(found.theme_ranks[rio_arriba], [np.nan, 0.8758, 0.9268, 0.5409], atol=1e-9)


def test_the_first_theme_of_rhode_island_holds_together_as_computed_in_r() -> None:
    expected = json.loads((SHARED / "golden" / "area_ranks.json").read_text())["index_svi_theme1_RI2020"]
    file = number_columns("rhode-island-tracts-2020-cdc.csv")
    theme = load_definition("cdc-svi-2020").themes[0].indicators
    parts = np.column_stack([file[indicator.column] for indicator in theme])[file["E_TOTPOP"] > 0]
    assert len(parts) == expected["n"]
    standardised = (parts - parts.mean(axis=0)) / parts.std(axis=0)
    assert cronbach_alpha(standardised) == pytest.approx(expected["cronbach_alpha"], rel=1e-12)
    components = principal_components(parts)
    np.testing.assert_allclose(components.eigenvalues, expected["pca_eigen"], rtol=1e-11)
    np.testing.assert_allclose(np.abs(components.first_loadings), expected["pc1_loadings_abs"], rtol=1e-11)
    agreement = kendall_w(parts)
    assert agreement.w == pytest.approx(expected["kendall_W"]["irr_correct"], rel=1e-12)
    assert agreement.w_without_tie_correction == pytest.approx(expected["kendall_W"]["no_tie_correction"], rel=1e-12)
