"""The uncertainty of CDC's own index on its published margins."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.index_definition import load_definition
from hearback.stats.index_uncertainty import simulate_index, weight_sensitivity
from places import needs_shared
from svi_files import number_columns, text_columns

pytestmark = [pytest.mark.golden, needs_shared]


@pytest.fixture(scope="module")
def rhode_island():
    columns, definition = number_columns("rhode-island-tracts-2020-cdc.csv"), load_definition("cdc-svi-2020")
    found = simulate_index(columns, columns, definition, draws=300, rng=np.random.default_rng(3))
    return columns, definition, found


def test_ranks_follow_the_published_ones_with_most_need_first(rhode_island) -> None:
    columns, _, found = rhode_island
    ranked = columns["RPL_THEMES"] != -999
    np.testing.assert_array_equal(np.isnan(found.rank), ~ranked)
    published = columns["SPL_THEMES"][ranked]
    np.testing.assert_array_equal(found.rank[ranked], 1 + (published > published[:, None] + 1e-9).sum(axis=1))


def test_ranges_hold_the_published_rank_and_are_wide(rhode_island) -> None:
    _, _, found = rhode_island
    ranged = ~np.isnan(found.rank)
    assert ((found.rank_low <= found.rank) & (found.rank <= found.rank_high))[ranged].all()
    width = (found.rank_high - found.rank_low)[ranged].mean()
    assert 246 / 2 < width < 246


def test_the_probabilities_add_up_to_a_tenth_of_the_areas(rhode_island) -> None:
    _, _, found = rhode_island
    assert np.nansum(found.p_top_tenth) == pytest.approx(25, abs=0.1)
    assert found.p_top_tenth[found.rank <= 3].min() > 0.95
    assert found.p_top_tenth[found.rank > 123].max() < 0.05


def test_leaving_one_indicator_out_moves_ranks_less_than_sampling_error_may(rhode_island) -> None:
    columns, definition, found = rhode_island
    hangs = weight_sensitivity(columns, definition)
    assert np.nanmean(hangs.rank_high - hangs.rank_low) < np.nanmean(found.rank_high - found.rank_low) / 3


def test_the_county_without_published_rank_has_no_range() -> None:
    columns, definition = number_columns("us-counties-2018-cdc.csv"), load_definition("cdc-svi-2018")
    new_mexico = np.array(text_columns("us-counties-2018-cdc.csv")["ST_ABBR"]) == "NM"
    state = {name: column[new_mexico] for name, column in columns.items()}
    found = simulate_index(state, state, definition, draws=100, rng=np.random.default_rng(4))
    fips = np.array(text_columns("us-counties-2018-cdc.csv")["FIPS"])[new_mexico]
    assert len(fips) == 33
    assert fips[np.isnan(found.rank_low)].tolist() == ["35039"]
    assert np.nanmax(found.rank_high) == 32
