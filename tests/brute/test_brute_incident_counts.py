"""Counts through the store against counting one incident at a time."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hearback.evidence import writer
from hearback.evidence.counts import count_incidents
from hearback.evidence.provenance import Provenance
from hearback.evidence.store import EvidenceStore

pytestmark = pytest.mark.brute

AREAS, YEARS, CATEGORIES = ["", "A", "ß", "山"], [1999, 2000, 2001], ["arson", "robbery"]
incident = st.tuples(st.sampled_from(AREAS), st.sampled_from(YEARS), st.integers(0, 12), st.sampled_from(CATEGORIES))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(incidents=st.lists(incident, min_size=1, max_size=60), part_rows=st.integers(1, 70))
def test_counts_and_cube_equal_counting_by_hand(
    tmp_path: Path, incidents: list[tuple[str, int, int, str]], part_rows: int
) -> None:
    area, year, month, category = zip(*incidents, strict=True)
    rows = {
        "area_tract": np.array(area, dtype=object),
        "year": np.array(year, np.int16),
        "month": np.array(month, np.int8),
        "category": np.array(category, dtype=object),
    }
    with patch.object(writer, "PART_ROWS", part_rows):
        dataset = EvidenceStore(tmp_path).write([rows], provenance=Provenance("incidents", "", "", "", ""))
    counts = count_incidents(dataset)
    columns = (counts.area, counts.year, counts.month, counts.category)
    found = dict(zip(zip(*(column.tolist() for column in columns), strict=True), counts.count.tolist(), strict=True))
    assert found == Counter(incidents)

    cube = counts.cube(areas=AREAS[1:], years=YEARS, categories=CATEGORIES)
    for at, wanted in np.ndenumerate(cube):
        key = (*AREAS[1:], "")[at[0]], YEARS[at[1]], CATEGORIES[at[2]]
        assert wanted == sum((a, y, c) == key for a, y, _, c in incidents)
