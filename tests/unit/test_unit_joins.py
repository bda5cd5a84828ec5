"""A join says what met and what did not, and stops where too much is left over."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.importers import delimited, indicators, joins
from hearback.importers.indicators import ColumnSpec
from hearback.importers.joins import JoinRefusal, KeyRefusal
from places import SHARED, needs_shared

KEYS = st.lists(st.text("0123456789", min_size=1, max_size=2), max_size=12)


@settings(deadline=None)
@given(left=KEYS, right=KEYS)
def test_each_key_is_matched_or_left_over_exactly_once(left: list[str], right: list[str]) -> None:
    found = joins.audit(left, right, left="table", right="areas", accepted="to see all of it")
    assert found.matched == len(set(left) & set(right))
    assert set(found.left_over) == set(left) - set(right)
    assert set(found.right_over) == set(right) - set(left)
    assert len(found.left_over) == len(set(found.left_over))


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_two_in_a_hundred_may_stay_unmatched_on_either_side_and_no_more(missing: int) -> None:
    areas = [str(number) for number in range(100)]
    for sides in ((areas[missing:], areas), (areas, areas[missing:])):
        if missing <= 2:
            assert joins.audit(*sides, left="table", right="areas").matched == 100 - missing
        else:
            with pytest.raises(JoinRefusal):
                joins.audit(*sides, left="table", right="areas")


def test_nothing_to_join_is_refused() -> None:
    with pytest.raises(JoinRefusal):
        joins.audit([], ["1"], left="table", right="areas")
    with pytest.raises(JoinRefusal):
        joins.audit(["1"], [], left="table", right="areas")


def test_the_reason_for_accepting_is_kept_only_where_one_was_needed() -> None:
    assert joins.audit(["1", "2"], ["1"], left="t", right="a", accepted="tract 2 is a lake").accepted
    assert not joins.audit(["1"], ["1"], left="t", right="a", accepted="tract 2 is a lake").accepted


def test_a_name_with_another_key_on_the_other_side_stops_the_join() -> None:
    with pytest.raises(JoinRefusal, match=r"the same name has different keys .*: Shaw \(7 / 8\)\. .*accept_unmatched"):
        joins.audit(["7", "8"], ["7", "8"], left="t", right="a", names=(["Shaw", "Anacostia"], ["Ivy City", "Shaw"]))


def test_names_that_agree_or_stand_for_several_places_do_not_stop_the_join() -> None:
    names = (["Shaw", "Lincoln", "Lincoln", ""], ["Shaw", "Elsewhere", "Lincoln", ""])
    assert joins.audit(list("1234"), list("1234"), left="t", right="a", names=names).matched == 4


@needs_shared
def test_the_deprivation_file_of_2020_fits_only_part_of_the_tracts_of_2010() -> None:
    dc = SHARED / "data" / "washington-dc"
    income = ColumnSpec("median_income_2010", unit="dollars")
    table = indicators.read(
        dc / "acs-deprivation-tracts-2020.csv", key="GEOID", columns={"poverty": ColumnSpec("POV")}
    ).table
    areas = indicators.read(dc / "census-tracts-2010.geojson", key="geoid", columns={"income": income}).table
    with pytest.raises(JoinRefusal) as caught:
        joins.audit(table.keys, areas.keys, left="deprivation", right="tracts-2010")
    found = caught.value.audit
    assert (found.matched, len(found.left_over), len(found.right_over)) == (154, 52, 25)
    assert set(found.left_over) == set(table.keys) - set(areas.keys)
    assert set(found.right_over) == set(areas.keys) - set(table.keys)
    assert caught.value.sentence == (
        "deprivation joined with tracts-2010: 154 keys match, but 52 of 206 in deprivation have no area "
        "(11001009510, 11001009511, 11001010201, 11001010202, 11001010601, …) and 25 of 179 areas in tracts-2010 "
        "have no row (11001001001, 11001004400, 11001001302, 11001003700, 11001003800, …). Correct the keys, or "
        'accept it by adding the line: accept_unmatched = "why this is right".'
    )
    assert (
        joins.audit(
            table.keys, areas.keys, left="deprivation", right="tracts-2010", accepted="tracts were redrawn in 2020"
        ).accepted
        == "tracts were redrawn in 2020"
    )


def keys(*texts: str, digits: int | None = None) -> joins.AreaKeys:
    return joins.area_keys(texts, rows=np.arange(2, len(texts) + 2), path=Path("t.csv"), digits=digits)


def test_keys_that_lost_a_leading_zero_are_told_from_keys_of_their_own_length() -> None:
    with pytest.raises(
        KeyRefusal, match=r"t.csv, row 3: the key 1001020100 has 10 digits where .* set key_digits = 11"
    ):
        keys("11001000100", "1001020100")
    assert keys("9", "10", "39").keys == ("9", "10", "39")
    assert keys("708", "1011").keys == ("708", "1011")
    assert keys("01001", "1001").keys == ("01001", "1001"), "a file that still has zeros has not lost any"
    assert keys("1001", "11001", digits=0).keys == ("1001", "11001")


def test_key_digits_gives_the_zero_back_and_says_so() -> None:
    found = keys("11001000100", "1001020100", digits=11)
    assert found.keys == ("11001000100", "01001020100")
    assert found.notes == ("1 keys got back the leading zero they had lost",)
    assert keys("11001", digits=5).notes == ()


@pytest.mark.parametrize("text", ["101", "110010001001", "Ward 3"])
def test_a_key_of_another_length_is_refused_where_the_length_is_known(text: str) -> None:
    with pytest.raises(KeyRefusal, match=f'row 3: the key "{text}" has'):
        keys("11001000100", text, digits=11)


def test_a_key_that_a_spreadsheet_rounded_is_refused() -> None:
    with pytest.raises(KeyRefusal, match=r"row 2: the key 1.1001E\+10 was turned into a rounded number"):
        keys("1.1001E+10")
    assert keys("11001.0").keys == ("11001",)


def test_a_key_that_stands_twice_is_refused_also_when_only_a_zero_tells_them_apart() -> None:
    with pytest.raises(KeyRefusal, match='the key "7" stands in row 2 and again in row 4'):
        keys("7", "8", "7")
    with pytest.raises(KeyRefusal, match='the key "01001" stands in row 2 and again in row 3'):
        keys("01001", "1001", digits=5)


def test_keys_whose_zeros_alone_differ_are_met_with_that_advice() -> None:
    with pytest.raises(JoinRefusal, match="Keep the keys' leading zeros"):
        joins.audit(["1001"], ["01001"], left="t", right="a")


@needs_shared
def test_the_published_counts_join_the_clusters_by_number_but_not_by_the_words_around_it() -> None:
    dc = SHARED / "data" / "washington-dc"
    block = delimited.read(dc / "published-cluster-crime.csv", columns=["cluster"])
    clusters = [str(number) for number in range(1, 40)]
    assert joins.audit(block.columns["cluster"], clusters, left="counts", right="clusters").matched == 39
    with pytest.raises(JoinRefusal, match="0 keys match"):
        joins.audit(block.columns["cluster"], [f"Cluster {key}" for key in clusters], left="counts", right="clusters")
