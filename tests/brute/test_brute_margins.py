"""Margins against the formulas written out cell by cell."""

from __future__ import annotations

from math import floor, hypot, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.stats.margins import Estimate, cdc_total, difference, percent_change, product, proportion, ratio, total

pytestmark = pytest.mark.brute

cell = st.tuples(st.integers(0, 5000), st.integers(0, 900))
known = st.tuples(st.integers(1, 5000), st.integers(0, 900))


def one(pair) -> Estimate:
    return Estimate(np.array([float(pair[0])]), np.array([float(pair[1])]))


def same(found: Estimate, estimate: float, moe: float) -> None:
    assert found.estimate[0] == pytest.approx(estimate, abs=1e-9)
    assert found.moe[0] == pytest.approx(moe, rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(st.lists(cell, min_size=1, max_size=8))
def test_a_sum_is_its_formula(cells) -> None:
    parts = Estimate(*np.array(cells, dtype=float).T[:, :, None])
    margins = [moe for estimate, moe in cells if estimate]
    zeros = [moe for estimate, moe in cells if not estimate]
    moe = sqrt(sum(m**2 for m in margins) + (max(zeros) ** 2 if zeros else 0))
    same(total(parts), sum(estimate for estimate, _ in cells), moe)
    assert cdc_total(parts).moe[0] == floor(sqrt(sum(m**2 for _, m in cells)))


@settings(deadline=None)
@given(a=cell, b=known)
def test_shares_ratios_and_products_are_their_formulas(a, b) -> None:
    (x, mx), (y, my) = a, b
    radicand = (mx * y) ** 2 - (x * my) ** 2  # in whole numbers, times y², so that its sign is exact
    same(proportion(one(a), one(b)), x / y, sqrt(radicand if radicand >= 0 else (mx * y) ** 2 + (x * my) ** 2) / y**2)
    same(ratio(one(a), one(b)), x / y, sqrt(mx**2 + (x / y) ** 2 * my**2) / y)
    same(product(one(a), one(b)), x * y, sqrt(x**2 * my**2 + y**2 * mx**2))


@settings(deadline=None)
@given(a=cell, b=known)
def test_changes_and_differences_are_their_formulas(a, b) -> None:
    (x, mx), (y, my) = a, b
    same(percent_change(one(a), one(b)), (x - y) / y * 100, 100 * sqrt(mx**2 + (x / y) ** 2 * my**2) / y)
    found = difference(one(a), one(b))
    assert found.estimate[0] == x - y
    assert found.moe[0] == pytest.approx(hypot(mx, my))
    if mx or my:
        assert bool(found.significant[0]) is (abs(x - y) / (hypot(mx, my) / 1.645) > 1.645)
