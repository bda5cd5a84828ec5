"""Adjusted p-values against their definitions, written as the level at which each test is first rejected."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.stats.multiplicity import (
    CORRECTIONS,
    Correction,
    adjust,
    benjamini_hochberg,
    bonferroni,
    harmonic,
    holm,
    largest_p_for_one_discovery,
)

pytestmark = pytest.mark.brute
p_values = st.lists(st.integers(0, 40).map(lambda x: x / 40), min_size=1, max_size=12)


@given(p_values)
def test_bonferroni_and_holm_are_their_definitions(p) -> None:
    n = len(p)
    assert bonferroni(p).tolist() == pytest.approx([min(1, x * n) for x in p])
    ascending = sorted(p)
    by_holm = [min(1, max((n - j) * ascending[j] for j in range(ascending.index(x) + 1))) for x in p]
    assert holm(p) == pytest.approx(by_holm)


@pytest.mark.parametrize("correction", ["benjamini-hochberg", "benjamini-yekutieli"])
@given(p=p_values)
def test_false_discovery_control_names_what_the_step_up_rule_names_at_any_level(p, correction: Correction) -> None:
    adjusted, n = adjust(p, correction=correction), len(p)
    dependence = sum(1 / k for k in range(1, n + 1)) if correction == "benjamini-yekutieli" else 1
    for level in (0.0131, 0.0517, 0.1103, 0.3001, 0.7713):  # between the values that ties can take
        passing = [k for k in range(1, n + 1) if sorted(p)[k - 1] <= level / dependence * k / n]
        bar = sorted(p)[max(passing) - 1] if passing else -1
        assert (adjusted <= level).tolist() == [x <= bar for x in p]


@pytest.mark.parametrize("correction", CORRECTIONS)
@given(n=st.integers(1, 30), level=st.sampled_from([0.01, 0.05, 0.1]))
def test_one_small_p_value_alone_survives_exactly_up_to_the_bar(n, level, correction: Correction) -> None:
    bar = largest_p_for_one_discovery(n, level=level, correction=correction)
    for p, survives in ((bar * 0.999, True), (min(1, bar * 1.001), False)):
        alone = np.r_[p, np.ones(n - 1)]
        assert (adjust(alone, correction=correction)[0] <= level) == survives


@given(p=p_values, gaps=st.lists(st.integers(0, 12), max_size=4))
def test_a_missing_p_value_is_not_counted_and_stays_missing(p, gaps) -> None:
    with_gaps = np.insert(np.array(p), [min(gap, len(p)) for gap in gaps], np.nan)
    adjusted = benjamini_hochberg(with_gaps)
    assert adjusted[~np.isnan(with_gaps)] == pytest.approx(benjamini_hochberg(p))
    assert np.isnan(adjusted[np.isnan(with_gaps)]).all()


def test_the_harmonic_sum_is_added_up() -> None:
    assert harmonic(4) == pytest.approx(1 + 1 / 2 + 1 / 3 + 1 / 4)
