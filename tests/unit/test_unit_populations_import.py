"""Tables of people: what is kept, what is refused, and why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hearback.evidence.populations import read_population, store_population
from hearback.evidence.provenance import Provenance, SourceFile
from hearback.evidence.store import EvidenceStore
from hearback.importers import populations
from hearback.importers.delimited import DelimitedRefusal
from hearback.importers.populations import UnusablePopulation

GROUPS = {"age": "AGE", "language": "LANG"}


def _file(folder: Path, *rows: str) -> Path:
    path = folder / "people.csv"
    path.write_text("\n".join(("AREA,AGE,LANG,N,MOE", *rows)) + "\n", encoding="utf-8")
    return path


def test_cells_are_kept_and_rows_without_area_group_or_count_are_counted_out(tmp_path: Path) -> None:
    file = _file(tmp_path, "01,18-44,es,120,30", "01,45+,es,80,20", ",18-44,en,5,1", "02,,en,7,2", "02,45+,en,,", "")
    found = populations.read(file, count="N", groups=GROUPS, area="AREA", margin="MOE")
    assert found.table.area is not None
    assert found.table.area.tolist() == ["01", "01"]
    assert found.table.groups["language"].tolist() == ["es", "es"]
    assert found.table.count.sum() == found.report.adds_up_to == 200
    assert {str(one.reason): one.examples for one in found.report.refused} == {
        "no area": ("row 4",),
        "no group": ("row 5",),
        "no count": ("row 6",),
    }


def test_a_city_as_one_cell_is_enough(tmp_path: Path) -> None:
    found = populations.read(_file(tmp_path, ",,,5000,"), count="N", groups={})
    assert found.table.area is None
    assert found.table.count.tolist() == [5000]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("01,18-44,es,-1,2",), "row 2: the count is -1"),
        (("01,18-44,es,10,-222",), "row 2: the margin of error is -222"),
        (("01,45+,es,10,2", "01,45+,es,11,2"), r"row 3: the cell 01, 45\+, es stands in row 2 too"),
        (("01,45+,es,0,2",), "nobody lives in this table"),
    ],
)
def test_people_that_cannot_be_counted_with_are_refused(tmp_path: Path, rows: tuple[str, ...], said: str) -> None:
    with pytest.raises(UnusablePopulation, match=said):
        populations.read(_file(tmp_path, *rows), count="N", groups=GROUPS, area="AREA", margin="MOE")


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DelimitedRefusal, match="there is no column 'SEX'"):
        populations.read(_file(tmp_path, "01,45+,es,10,2"), count="N", groups={"sex": "SEX"})


def test_what_is_stored_comes_back_with_its_totals(tmp_path: Path) -> None:
    file = _file(tmp_path, "01,18-44,es,120,30", "01,45+,es,80,40", "02,45+,en,10,")
    found = populations.read(file, count="N", groups=GROUPS, area="AREA", margin="MOE")
    store = EvidenceStore(tmp_path / "evidence", engine="duckdb")
    provenance = Provenance(
        name="people", title="People", source="Census", licence="CC0", vintage="2025", files=(SourceFile.of(file),)
    )
    cells = read_population(store_population(store, found.table, provenance=provenance, report=found.report))
    assert cells.totals("language") == {"es": 200, "en": 10}
    assert cells.standard_errors("language") == pytest.approx({"es": 50 / 1.645, "en": 0})
    assert cells.margin is not None
    assert np.isnan(cells.margin[2])
