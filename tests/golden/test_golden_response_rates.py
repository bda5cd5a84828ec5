"""AAPOR's response rates against the published formulas as computed in R."""

from __future__ import annotations

import json

import pytest

from hearback.stats.response_rates import Dispositions, response_rates
from places import SHARED, needs_shared

pytestmark = [pytest.mark.golden, needs_shared]


def test_all_six_response_rates() -> None:
    golden = json.loads((SHARED / "golden" / "small_area.json").read_text())["aapor"]
    cases = Dispositions(
        complete=golden["I"],
        partial=golden["P"],
        refusal=golden["R"],
        non_contact=golden["NC"],
        other=golden["O"],
        unknown_household=golden["UH"],
        unknown_other=golden["UO"],
    )
    found = response_rates(cases, eligible_share=golden["e"])
    for rate in range(1, 7):
        assert getattr(found, f"rr{rate}") == pytest.approx(golden[f"RR{rate}"], rel=1e-12)
