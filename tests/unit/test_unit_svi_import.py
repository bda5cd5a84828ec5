"""CDC's index files give their inputs, and nothing that CDC computed from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hearback.importers import svi
from hearback.importers.delimited import DelimitedRefusal
from hearback.importers.svi import SviRefusal
from places import SHARED, needs_shared

FOLDER = SHARED / "data" / "svi"


@needs_shared
@pytest.mark.parametrize(
    ("file", "definition", "rows", "digits", "inputs", "missing", "unpeopled"),
    [
        ("pennsylvania-counties-2018-cdc.csv", "cdc-svi-2018", 67, 5, 71, 0, 0),
        ("pennsylvania-counties-2020-cdc.csv", "cdc-svi-2020", 67, 5, 103, 0, 0),
        ("pennsylvania-counties-2022-cdc.csv", "cdc-svi-2020", 67, 5, 103, 0, 0),
        ("rhode-island-tracts-2018-cdc.csv", "cdc-svi-2018", 243, 11, 71, 81, 3),
        ("rhode-island-tracts-2020-cdc.csv", "cdc-svi-2020", 247, 11, 103, 38, 1),
        ("us-counties-2018-cdc.csv", "cdc-svi-2018", 3142, 5, 71, 12, 0),
    ],
)
def test_real_files_are_read_in_full(
    file: str, definition: str, rows: int, digits: int, inputs: int, missing: int, unpeopled: int
) -> None:
    imported = svi.read(FOLDER / file)
    table, report = imported.table, imported.report
    assert table.definition == definition
    assert {len(fips) for fips in table.fips} == {digits}
    assert (len(table.fips), len(table.location), report.rows_read, report.rows_kept) == (rows, rows, rows, rows)
    assert len(table.inputs) == inputs
    assert sum(int(np.isnan(values).sum()) for values in table.inputs.values()) == missing
    assert int((table.inputs["E_TOTPOP"] == 0).sum()) == unpeopled
    assert all(values.shape == (rows,) and not (values == -999).any() for values in table.inputs.values())
    assert not [name for name in table.inputs if name.startswith(("EPL", "SPL", "RPL", "F_"))]
    assert {f"EP_{variable}" for variable in svi.VARIABLES[definition]} <= set(table.inputs)


@needs_shared
def test_counties_of_the_first_nine_states_keep_their_leading_zero() -> None:
    table = svi.read(FOLDER / "us-counties-2018-cdc.csv").table
    autauga = table.location.index("Autauga County, Alabama")
    assert table.fips[autauga] == "01001"
    assert (table.inputs["E_TOTPOP"][autauga], table.inputs["EP_POV"][autauga]) == (55200, 15.4)


def invented(path: Path, *, fips: list[str], without: str = "", year: str = "2018") -> Path:
    names = ["FIPS", "LOCATION", "E_TOTPOP", *(f"EP_{variable}" for variable in svi.VARIABLES[f"cdc-svi-{year}"])]
    names = [name for name in [*names, "RPL_THEMES"] if name != without]
    rows = [[{"FIPS": key, "LOCATION": "somewhere"}.get(name, "1.5") for name in names] for key in fips]
    path.write_text("\n".join(",".join(row) for row in [names, *rows]) + "\n")
    return path


def test_a_leading_zero_that_was_lost_is_put_back_and_told(tmp_path: Path) -> None:
    imported = svi.read(invented(tmp_path / "svi.csv", fips=["1001", "12001"]))
    assert imported.table.fips == ("01001", "12001")
    assert "1 keys got back the leading zero they had lost" in imported.report.notes
    assert "columns of published ranks and flags left aside: 1" in imported.report.notes


def test_a_file_of_another_year_or_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SviRefusal, match=r"svi.csv, row 1: the columns are those of neither .*2014 or later"):
        svi.read(invented(tmp_path / "svi.csv", fips=["12001"], without="EP_POV"))


@pytest.mark.parametrize(("without", "year"), [("EP_GROUPQ", "2018"), ("EP_HBURD", "2020"), ("E_TOTPOP", "2020")])
def test_a_file_without_one_of_the_ranked_inputs_is_refused(tmp_path: Path, without: str, year: str) -> None:
    with pytest.raises(DelimitedRefusal, match=f"there is no column '{without}'"):
        svi.read(invented(tmp_path / "svi.csv", fips=["12001"], without=without, year=year))
