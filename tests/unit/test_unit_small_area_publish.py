"""What is shown of areas, with whom they are pooled and why, in cases that can be followed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.small_area.area_draws import AreaDraws
from hearback.stats.small_area.publish import Reason, Rule, Showing, UnusableNeighbourhood, publish

CHAIN = {"a": ["b"], "b": ["a", "c"], "c": ["b", "d"], "d": ["c"]}


def estimates(widths, *, centre: float = 0.5, people=(100.0, 100.0, 100.0, 100.0)) -> AreaDraws:
    """Four areas whose 90 % intervals are about `widths` wide, their errors independent."""
    noise = np.random.default_rng(1).normal(size=(4000, 4)) / 3.29
    return AreaDraws(("a", "b", "c", "d"), centre + noise * widths, np.array(people))


def shown(found) -> list[tuple]:
    return [(area.area, area.showing.value, "".join(sorted(area.members))) for area in found]


def test_an_area_with_a_useful_interval_is_shown_alone() -> None:
    found = publish(estimates([0.1, 0.1, 0.1, 0.1]), neighbours=CHAIN, rule=Rule(widest=0.2))
    assert {area.showing for area in found} == {Showing.ALONE}
    assert all(area.reasons == () for area in found)


def test_unfit_neighbours_are_pooled_with_each_other_before_those_that_are_fit() -> None:
    found = publish(estimates([0.25, 0.24, 0.1, 0.1]), neighbours=CHAIN, rule=Rule(widest=0.2))
    assert shown(found) == [("a", "pooled", "ab"), ("b", "pooled", "ab"), ("c", "alone", "c"), ("d", "alone", "d")]
    assert found[0].interval == found[1].interval
    assert found[0].reasons == (Reason.TOO_WIDE,)
    assert found[0].own_width == pytest.approx(0.25, abs=0.01)
    assert found[0].interval.high - found[0].interval.low < 0.2


def test_an_unfit_area_among_fit_ones_takes_one_in_which_stays_shown() -> None:
    found = publish(estimates([0.1, 0.3, 0.1, 0.1]), neighbours=CHAIN, rule=Rule(widest=0.2))
    assert shown(found)[:2] == [("a", "alone", "a"), ("b", "pooled", "ab")]


def test_what_no_pool_can_help_is_withheld_without_a_number() -> None:
    found = publish(estimates([0.9, 0.1, 0.1, 0.1]), neighbours=CHAIN, rule=Rule(widest=0.2, largest_pool=2))
    assert shown(found)[0] == ("a", "withheld", "a")
    assert found[0].interval is None
    alone = publish(estimates([0.3, 0.1, 0.1, 0.1]), neighbours={}, rule=Rule(widest=0.2))
    assert alone[0].showing is Showing.WITHHELD


def test_pools_do_not_overlap_and_do_not_grow_past_their_size() -> None:
    found = publish(estimates([0.3, 0.3, 0.3, 0.3]), neighbours=CHAIN, rule=Rule(widest=0.22, largest_pool=2))
    pools = {area.members for area in found if area.showing is Showing.POOLED}
    assert all(len(pool) == 2 for pool in pools)
    assert len({area for pool in pools for area in pool}) == 2 * len(pools)


def test_a_small_share_can_be_narrow_and_yet_too_variable() -> None:
    found = publish(estimates([0.05] * 4, centre=0.02), neighbours=CHAIN, rule=Rule(widest=0.2, largest_cv=0.6))
    assert found[0].reasons == (Reason.TOO_VARIABLE,)
    assert found[0].showing is Showing.POOLED


def test_an_area_left_over_joins_the_pool_of_a_neighbour_if_it_has_room() -> None:
    three = {"a": ["b"], "b": ["a", "c"], "c": ["b"]}
    widths = [0.25, 0.27, 0.26, 0.01]
    joined = publish(estimates(widths), neighbours=three, rule=Rule(widest=0.2, largest_pool=3))
    assert shown(joined)[:3] == [("a", "pooled", "abc"), ("b", "pooled", "abc"), ("c", "pooled", "abc")]
    full = publish(estimates(widths), neighbours=three, rule=Rule(widest=0.2, largest_pool=2))
    assert shown(full)[1:3] == [("b", "pooled", "ab"), ("c", "withheld", "c")]


def test_a_pool_weighs_its_members_by_their_people() -> None:
    few = estimates([0.25, 0.1, 0.1, 0.1], people=(1.0, 999.0, 1.0, 1.0))
    found = publish(few, neighbours=CHAIN, rule=Rule(widest=0.2))[0]
    assert found.interval.estimate == pytest.approx(few.estimate[1], abs=0.001)


def test_neighbours_without_an_estimate_are_refused_by_name() -> None:
    with pytest.raises(UnusableNeighbourhood, match="The neighbours name x, for which there is no estimate"):
        publish(estimates([0.1] * 4), neighbours={"a": ["x"]}, rule=Rule(widest=0.2))
