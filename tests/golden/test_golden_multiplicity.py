"""Adjusted p-values against R's p.adjust and the example of Benjamini and Hochberg."""

from __future__ import annotations

import json

import numpy as np
import pytest

from hearback.stats.multiplicity import Correction, adjust, benjamini_hochberg, bonferroni
from places import SHARED, needs_shared

pytestmark = [pytest.mark.golden, needs_shared]


@pytest.mark.parametrize(("correction", "in_r"), [("holm", "holm"), ("benjamini-hochberg", "BH")])
def test_permutation_p_values_are_adjusted_as_in_r(correction: Correction, in_r: str) -> None:
    golden = json.loads((SHARED / "golden" / "multiplicity.json").read_text())
    np.testing.assert_allclose(adjust(golden["p_perm"], correction=correction), golden[in_r], rtol=1e-13)


@pytest.mark.parametrize(
    ("correction", "in_r"),
    [
        ("bonferroni", "bonferroni"),
        ("holm", "holm"),
        ("benjamini-hochberg", "BH"),
        ("benjamini-yekutieli", "BY"),
    ],
)
def test_the_fifteen_p_values_of_1995_are_adjusted_as_in_r(correction: Correction, in_r: str) -> None:
    golden = json.loads((SHARED / "golden" / "evaluate.json").read_text())["BH1995"]
    np.testing.assert_allclose(adjust(golden["p"], correction=correction), golden[in_r], rtol=1e-13)


def test_of_the_fifteen_four_survive_benjamini_hochberg_and_three_bonferroni() -> None:
    p = json.loads((SHARED / "golden" / "evaluate.json").read_text())["BH1995"]["p"]
    assert (benjamini_hochberg(p) <= 0.05).sum() == 4
    assert (bonferroni(p) <= 0.05).sum() == 3
