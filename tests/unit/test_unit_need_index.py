"""The traps of the need index, one invented table each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hearback.stats.index_definition import IndexDefinition, Indicator, Theme, load_definition, packaged_definitions
from hearback.stats.need_index import MissingColumns, compute_index, percent_rank

INCOME = Indicator("INCOME", "Income", "income", "low")
POVERTY = Indicator("POVERTY", "Poverty", "poverty", "high")
CROWDING = Indicator("CROWDING", "Crowding", "crowding", "high")


def index_of(*indicators: Indicator, **settings) -> IndexDefinition:
    themes = tuple(Theme(indicator.title, (indicator,)) for indicator in indicators)
    return IndexDefinition(id="small", title="Small", source="invented", themes=themes, **settings)


def test_ties_share_the_lowest_rank() -> None:
    np.testing.assert_allclose(percent_rank(np.array([3.0, 1.0, 3.0, 9.0, 3.0])), [0.25, 0, 0.25, 1, 0.25])


def test_a_value_without_others_to_compare_with_has_no_rank() -> None:
    assert np.isnan(percent_rank(np.array([5.0, np.nan]))).all()


def test_low_income_means_need_and_its_ties_share_the_highest_rank() -> None:
    found = compute_index({"income": np.array([10.0, 20.0, 20.0, 90.0])}, index_of(INCOME))
    np.testing.assert_allclose(found.percentile_ranks[:, 0], [1, 0.6667, 0.6667, 0])


def test_places_where_nobody_lives_take_no_part() -> None:
    columns = {"poverty": np.array([0.0, 5.0, 7.0, 9.0]), "people": np.array([0.0, 100.0, 100.0, 100.0])}
    found = compute_index(columns, index_of(POVERTY, population="people"))
    np.testing.assert_allclose(found.overall_rank, [np.nan, 0, 0.5, 1])
    assert found.out == {0: "population is zero or unknown"}


def test_a_missing_indicator_takes_the_overall_rank_but_leaves_the_other_theme() -> None:
    columns = {"poverty": np.array([-999.0, 5.0, 7.0]), "crowding": np.array([3.0, 1.0, 2.0])}
    found = compute_index(columns, index_of(POVERTY, CROWDING, missing=-999))
    np.testing.assert_allclose(found.theme_ranks, [[np.nan, 1], [0, 0], [1, 0.5]])
    np.testing.assert_allclose(found.overall_rank, [np.nan, 0, 1])
    assert found.out == {0: "POVERTY missing"}


def test_the_code_for_missing_is_a_number_like_any_other_where_none_is_declared() -> None:
    found = compute_index({"poverty": np.array([-999.0, 5.0, np.inf, np.nan])}, index_of(POVERTY))
    np.testing.assert_allclose(found.overall_rank, [0, 1, np.nan, np.nan])


def test_sums_that_differ_by_a_rounding_error_tie() -> None:
    definition = index_of(*(replace(POVERTY, id=f"P{k}", column=f"p{k}") for k in range(3)), decimals=1)
    ranks = np.array([[1, 2, 3], [3, 1, 2], [2, 3, 1], [0, 0, 0], *[[9, 9, 9]] * 7], dtype=float)
    found = compute_index({f"p{k}": ranks[:, k] for k in range(3)}, definition)
    assert len(set(found.percentile_ranks[:3].sum(axis=1))) == 2
    assert len(set(found.overall_sum[:3])) == 1
    assert len(set(found.overall_rank[:3])) == 1


def test_flags_begin_at_the_ninetieth_percentile() -> None:
    found = compute_index({"poverty": np.arange(11.0)}, index_of(POVERTY)).as_columns()
    np.testing.assert_array_equal(found["F_POVERTY"], [0] * 9 + [1, 1])
    np.testing.assert_array_equal(found["F_TOTAL"], found["F_POVERTY"])


def test_missing_columns_are_named_all_at_once() -> None:
    with pytest.raises(MissingColumns, match="no column poverty, people, of which the index small is made"):
        compute_index({"income": np.ones(3)}, index_of(INCOME, POVERTY, population="people"))


def test_columns_come_in_the_order_of_the_cdc() -> None:
    found = compute_index({"income": np.arange(3.0), "poverty": np.arange(3.0)}, index_of(INCOME, POVERTY))
    assert list(found.as_columns()) == [
        *("EPL_INCOME", "SPL_THEME1", "RPL_THEME1", "EPL_POVERTY", "SPL_THEME2", "RPL_THEME2"),
        *("SPL_THEMES", "RPL_THEMES", "F_INCOME", "F_THEME1", "F_POVERTY", "F_THEME2", "F_TOTAL"),
    ]


@pytest.mark.parametrize("name", packaged_definitions())
def test_packaged_definitions_name_their_source_and_every_margin(name: str) -> None:
    definition = load_definition(name)
    assert definition.id == name
    assert "American Community Survey" in definition.source
    assert all(indicator.margin == indicator.column.replace("EP_", "MP_") for indicator in definition.indicators)
    assert [i.id for i in definition.indicators if i.need_is == "low"] == (["PCI"] if name.endswith("2018") else [])


def test_a_city_writes_its_own_index_over_plain_names(tmp_path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(
        "id: ours\ntitle: Our need\nsource: the city\nthemes:\n  - title: Money\n    indicators:\n"
        "      - {id: poverty_rate, title: Poverty, need_is: high, possible: [0, 1], margin: poverty_rate}\n"
        "      - {id: median_income, title: Income, need_is: low}\n"
    )
    definition = load_definition(str(file))
    poverty, income = definition.indicators
    assert (poverty.column, poverty.possible, poverty.margin) == ("poverty_rate", (0, 1), "poverty_rate")
    assert (income.column, income.margin, definition.decimals) == ("median_income", None, 4)
    assert definition == load_definition(file)
