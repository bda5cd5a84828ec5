"""What the plain classification says of areas with and without values, and when it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from example_maps import chessboard
from hearback.stats.hotspots import TooFewPermutations, classify, classify_rates
from hearback.stats.rates import ebi_deviates
from hearback.stats.spatial_weights import from_edges

BUMP = np.add.outer(-((np.arange(10) - 2) ** 2), -((np.arange(10) - 2) ** 2)).ravel().clip(-8) * 1.0


def seeded(seed: int = 1) -> np.random.Generator:
    """A source of chance."""
    return np.random.default_rng(seed)


def test_a_bump_is_hot_and_counted() -> None:
    found = classify(BUMP, chessboard(10), rng=seeded())
    assert found.label[22] == "hot"
    assert found.surviving == np.isin(found.label, ["hot", "cold"]).sum() <= found.raw_hits
    assert found.tested == 100
    assert found.floor_p == pytest.approx(2e-5)
    assert (found.p_adjusted >= found.p).all()


def test_a_hole_is_cold() -> None:
    assert classify(-BUMP, chessboard(10), rng=seeded()).label[22] == "cold"


def test_areas_without_value_or_known_neighbour_are_unknown_and_not_tested() -> None:
    values = BUMP.copy()
    values[[1, 10, 11, 57]] = np.nan
    found = classify(values, chessboard(10), rng=seeded())
    assert np.flatnonzero(found.label == "unknown").tolist() == [0, 1, 10, 11, 57]
    assert np.isnan(found.p[[0, 1, 10, 11, 57]]).all()
    assert found.tested == 95


def test_a_map_without_any_neighbours_is_wholly_unknown() -> None:
    found = classify([1.0, 2, 3], from_edges([], n=3), rng=seeded())
    assert found.label.tolist() == ["unknown"] * 3
    assert (found.raw_hits, found.surviving) == (0, 0)


def test_a_map_without_any_values_is_wholly_unknown() -> None:
    assert set(classify(np.full(25, np.nan), chessboard(5), rng=seeded()).label) == {"unknown"}


def test_equal_values_are_uncertain_everywhere() -> None:
    assert set(classify(np.full(25, 0.1), chessboard(5), rng=seeded()).label) == {"uncertain"}


def test_areas_where_hardly_anybody_lives_are_unknown_neither_hot_nor_cold() -> None:
    people = np.full(100, 1000.0)
    people[:3] = 0, 99, 100
    counts = np.r_[5.0, 60, np.full(98, 10)]
    assert np.flatnonzero(classify_rates(counts, people, chessboard(10), rng=seeded()).label == "unknown").tolist() == [
        0,
        1,
    ]
    found = classify_rates(counts, people, chessboard(10), rng=seeded(), least_population=1000)
    assert np.flatnonzero(found.label == "unknown").tolist() == [0, 1, 2]


def test_one_extraordinary_area_does_not_hide_the_hot_spot() -> None:
    """A museum mile: few residents, many events. Its plain deviate swamps all others."""
    counts, people = np.round(12 + BUMP), np.full(100, 1000.0)
    expected = classify_rates(counts, people, chessboard(10), rng=seeded()).label == "hot"
    counts[99], people[99] = 5000, 150
    found = classify_rates(counts, people, chessboard(10), rng=seeded())
    assert (found.label[22], found.label[99]) == ("hot", "uncertain")
    assert (found.label[expected] == "hot").mean() > 0.5
    assert classify(ebi_deviates(counts, people), chessboard(10), rng=seeded()).surviving == 0


def test_deviates_leave_rates_beyond_the_farthest_out_of_the_sum() -> None:
    """The same map whether the wild area is 10 or 1,000 times the others."""
    people = np.full(100, 10_000.0)
    ten, thousand = np.full(100, 100.0), np.full(100, 100.0)
    ten[55], thousand[55] = 1000, 100_000
    z = [classify_rates(counts, people, chessboard(10), rng=seeded()).z for counts in (ten, thousand)]
    np.testing.assert_allclose(z[0], z[1], atol=0.2)


def test_no_events_anywhere_is_no_pattern() -> None:
    assert set(classify_rates(np.zeros(25), np.full(25, 100), chessboard(5), rng=seeded()).label) == {"uncertain"}


def test_999_permutations_are_refused_for_4000_areas_with_the_number_that_would_do() -> None:
    with pytest.raises(TooFewPermutations, match=r"below 0\.002.* one of 4096 areas .* at least 163839"):
        classify(np.arange(4096.0), chessboard(64), rng=seeded(), permutations=999)


def test_stricter_corrections_ask_for_more_permutations() -> None:
    with pytest.raises(TooFewPermutations):
        classify(BUMP, chessboard(10), rng=seeded(), permutations=9_999, correction="benjamini-yekutieli")
    assert classify(BUMP, chessboard(10), rng=seeded(), permutations=9_999).permutations == 9_999
