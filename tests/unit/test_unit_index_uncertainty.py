"""What the uncertainty of an index does with exact, missing and impossible margins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hearback.stats.index_definition import IndexDefinition, Indicator, Theme
from hearback.stats.index_uncertainty import UnusableMargins, simulate_index, weight_sensitivity
from hearback.stats.need_index import compute_index

POVERTY = Indicator("POVERTY", "Poverty", "poverty", "high", margin="poverty", possible=(0, 100))
INCOME = Indicator("INCOME", "Income", "income", "low", margin="income")
INDEX = IndexDefinition("small", "Small", "invented", (Theme("Money", (POVERTY, INCOME)),), population="people")

COLUMNS = {
    "poverty": np.array([40.0, 30.0, 20.0, 10.0, 5.0, 50.0]),
    "income": np.array([10.0, 12.0, 14.0, 16.0, 18.0, 1.0]),
    "people": np.array([900.0, 900.0, 900.0, 900.0, 900.0, 0.0]),
}
EXACT = {"poverty": np.zeros(6), "income": np.zeros(6)}


def simulate(margins, definition=INDEX, columns=COLUMNS, draws=100, seed=5):
    return simulate_index(columns, margins, definition, draws=draws, rng=np.random.default_rng(seed))


def test_without_error_every_area_holds_its_own_rank() -> None:
    found = simulate(EXACT)
    expected = [1, 2, 3, 4, 5, np.nan]
    for ranks in (found.rank, found.rank_low, found.rank_high):
        np.testing.assert_array_equal(ranks, expected)
    np.testing.assert_array_equal(found.p_top_tenth, [1, 0, 0, 0, 0, np.nan])


def test_error_larger_than_all_differences_leaves_every_rank_open() -> None:
    found = simulate({"poverty": np.full(6, 300.0), "income": np.full(6, 90.0)})
    np.testing.assert_array_equal(found.rank_low[:5], 1)
    np.testing.assert_array_equal(found.rank_high[:5], 5)
    assert (found.p_top_tenth[:5] > 0).all()


def test_an_area_without_margins_has_no_range_and_may_stand_before_all_others() -> None:
    margins = EXACT | {"income": np.array([0, 0, np.nan, 0, 0, 0])}
    found = simulate(margins)
    np.testing.assert_array_equal(found.rank[:5], [1, 2, 3, 4, 5])
    np.testing.assert_array_equal(found.rank_low[:5], [1, 2, np.nan, 3, 4])
    np.testing.assert_array_equal(found.rank_high[:5], [2, 3, np.nan, 4, 5])
    assert np.isnan(found.p_top_tenth[2])


def test_the_code_for_missing_is_no_margin() -> None:
    found = simulate(EXACT | {"income": np.array([0, 0, -999, 0, 0, 0])}, replace(INDEX, missing=-999))
    assert np.flatnonzero(np.isnan(found.rank_low)).tolist() == [2, 5]


@pytest.mark.parametrize("margins", [{}, {"poverty": np.zeros(6)}])
def test_without_the_declared_columns_nothing_is_ranged(margins) -> None:
    found = simulate(margins)
    np.testing.assert_array_equal(found.rank[:5], [1, 2, 3, 4, 5])
    assert np.isnan([found.rank_low, found.rank_high, found.p_top_tenth]).all()


def test_an_index_that_declares_no_margins_claims_no_certainty() -> None:
    bare = replace(INDEX, themes=(Theme("Money", (replace(POVERTY, margin=None), replace(INCOME, margin=None))),))
    assert np.isnan(simulate(EXACT, bare).rank_low).all()


def test_an_indicator_without_margin_column_is_exact_beside_one_with_margins() -> None:
    definition = replace(INDEX, themes=(Theme("Money", (POVERTY, replace(INCOME, margin=None))),))
    found = simulate({"poverty": np.zeros(6)}, definition)
    np.testing.assert_array_equal(found.rank_high[:5], [1, 2, 3, 4, 5])


def test_the_same_seed_gives_the_same_ranges() -> None:
    margins = {"poverty": np.full(6, 9.0), "income": np.full(6, 2.0)}
    first, again, other = simulate(margins), simulate(margins), simulate(margins, seed=6)
    np.testing.assert_array_equal(first.p_top_tenth, again.p_top_tenth)
    assert not np.array_equal(first.p_top_tenth, other.p_top_tenth, equal_nan=True)


def test_a_margin_below_zero_is_refused_with_its_place() -> None:
    with pytest.raises(UnusableMargins, match="column income: row 2 has a margin of -5.55556e"):
        simulate(EXACT | {"income": np.array([0, -555555555.0, 0, 0, 0, 0])})


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(UnusableMargins, match="99 draws are too few"):
        simulate(EXACT, draws=99)


def test_one_area_alone_is_not_ranged() -> None:
    found = simulate(EXACT, columns=COLUMNS | {"people": np.array([900.0, 0, 0, 0, 0, 0])})
    assert np.isnan([found.rank, found.rank_low, found.p_top_tenth]).all()


def test_a_rank_that_hangs_on_one_indicator_is_shown_to() -> None:
    columns = COLUMNS | {"income": np.array([10.0, 12.0, 14.0, 16.0, 1.0, 1.0])}
    found = weight_sensitivity(columns, INDEX)
    assert (found.rank_low[4], found.rank_high[4]) == (1, 5)
    assert np.isnan(found.rank[5])
    assert (found.rank_low[:5] <= found.rank[:5]).all()
    assert (found.rank[:5] <= found.rank_high[:5]).all()
    np.testing.assert_array_equal(found.rank, simulate(EXACT, columns=columns).rank)
    assert compute_index(columns, INDEX).out == {5: "population is zero or unknown"}


def test_an_index_of_one_indicator_hangs_on_nothing_else() -> None:
    found = weight_sensitivity(COLUMNS, replace(INDEX, themes=(Theme("Money", (POVERTY,)),)))
    np.testing.assert_array_equal(found.rank_low, found.rank)
    np.testing.assert_array_equal(found.rank_high, found.rank)
