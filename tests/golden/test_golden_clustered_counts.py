"""The design effect of a share against a published table."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.stats.representation.clustered_counts import clustered_counts

pytestmark = pytest.mark.golden

PERSONS = [5, 6, 3, 3, 2, 3, 3, 3, 4, 4, 3, 2, 7, 4, 3, 5, 4, 4, 3, 3, 4, 3, 3, 1, 2, 4, 3, 4, 2, 4]
SAW_A_DOCTOR = [5, 0, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 2, 0, 0, 1, 3, 2, 0, 0, 0, 2, 2, 0, 2, 0, 1]


def test_persons_of_thirty_households_who_saw_a_doctor() -> None:
    """Cochran 1977, section 3.12, table 3.5: its variance is 0.00520, from rounded shares; 0.00197 by the binomial."""
    found = clustered_counts(np.column_stack([SAW_A_DOCTOR, np.subtract(PERSONS, SAW_A_DOCTOR)]))
    assert (found.voices.tolist(), found.occasions) == ([30, 74], 30)
    binomial = 30 / 104 * 74 / 104 / 104
    assert binomial == pytest.approx(0.00197, abs=5e-6)
    assert found.deff * binomial == pytest.approx([0.00520, 0.00520], abs=1e-5)
    assert found.mean_deff == pytest.approx(found.deff[0])
