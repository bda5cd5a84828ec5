"""Indicators come with their margins, from tables and from vector files, and nothing is guessed."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.importers import indicators
from hearback.importers.delimited import DelimitedRefusal
from hearback.importers.indicators import ColumnSpec, IndicatorRefusal, IndicatorTable
from hearback.importers.joins import KeyRefusal
from places import SHARED, needs_shared

DC = SHARED / "data" / "washington-dc"
VALUES = st.one_of(st.none(), st.floats(-1e6, 1e12, allow_nan=False).filter(lambda x: x not in (-111111111, -999)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("indicators")


def same(found: np.ndarray, expected: list[float | None]) -> bool:
    return np.array_equal(found, np.array([math.nan if x is None else x for x in expected]), equal_nan=True)


@settings(deadline=None)
@given(
    values=st.lists(
        st.tuples(VALUES, VALUES.map(lambda x: x if x is None else abs(x)), st.booleans()), min_size=1, max_size=20
    )
)
def test_what_was_written_is_read_and_every_row_is_kept_or_refused(
    folder: Path, values: list[tuple[float | None, float | None, bool]]
) -> None:
    text = io.StringIO()
    rows = [
        (f"area {n}" if keyed else " ", *("" if x is None else repr(x) for x in pair))
        for n, (*pair, keyed) in enumerate(values)
    ]
    csv.writer(text).writerows([("key", "income", "income_moe"), *rows])
    path = folder / "plain.csv"
    path.write_text(text.getvalue())
    columns = {"income": ColumnSpec("income", margin="income_moe", unit="dollars")}
    kept = [(estimate, margin) for estimate, margin, keyed in values if keyed]
    if not kept:
        with pytest.raises(IndicatorRefusal, match="is blank in all rows"):
            indicators.read(path, key="key", columns=columns)
        return
    imported = indicators.read(path, key="key", columns=columns)
    assert imported.table.keys == tuple(key for key, *_ in rows if key.strip())
    assert same(imported.table.estimates["income"], [estimate for estimate, _ in kept])
    assert same(imported.table.margins["income"], [margin for _, margin in kept])
    report = imported.report
    assert (report.rows_read, report.rows_kept) == (len(values), len(kept))
    assert sum(group.rows for group in report.refused if group.reason == "no key") == len(values) - len(kept)


@needs_shared
def test_income_of_washington_stands_in_the_attributes_of_the_tracts() -> None:
    columns = {
        "income": ColumnSpec("median_income_2010", unit="dollars"),
        "vacancy": ColumnSpec("housing_vacant", denominator="housing_units"),
    }
    imported = indicators.read(DC / "census-tracts-2010.geojson", key="geoid", columns=columns)
    table, report = imported.table, imported.report
    assert (report.rows_read, report.rows_kept, len(set(table.keys))) == (179, 179, 179)
    assert table.keys[:2] == ("11001001001", "11001001002")
    assert table.estimates["income"].sum() == pytest.approx(8_490_585.93, abs=0.01)
    assert table.estimates["vacancy"][0] == 107 / 2834
    assert np.isnan(table.margins["income"]).all()


@needs_shared
def test_blanks_of_the_deprivation_file_are_missing_and_told() -> None:
    imported = indicators.read(
        DC / "acs-deprivation-tracts-2020.csv", key="GEOID", columns={"poverty": ColumnSpec("POV")}
    )
    assert imported.report.notes == ("poverty: 2 of 206 estimates are missing",)
    assert np.isnan(imported.table.estimates["poverty"]).sum() == 2


@needs_shared
def test_the_census_estimates_behind_the_index_of_rhode_island_are_read_with_their_margins() -> None:
    columns = {"no_school": ColumnSpec("B06009_002E", margin="B06009_002M")}
    imported = indicators.read(
        SHARED / "data" / "svi" / "rhode-island-tracts-2020-acs.csv", key="GEOID", columns=columns, layout="acs"
    )
    assert imported.report.rows_kept == 250
    assert imported.table.keys[0] == "44001030100"
    assert (imported.table.estimates["no_school"][0], imported.table.margins["no_school"][0]) == (71, 45)


ACS = """\
GEO_ID,NAME,B19013_001E,B19013_001M,B01003_001E,B01003_001M
Geography,Geographic Area Name,Estimate!!Median,Margin of Error!!Median,Estimate!!Total,Margin of Error!!Total
1400000US44001030100,Tract 301,"65,123","±4,567",4000,*****
1400000US44001030200,Tract 302,"250,000+",***,3000,-555555555
1400000US44001030300,Tract 303,-666666666,-222222222,0,13
1400000US44001030400,Tract 304,-,**,(X),(X)
1400000US44001030500,Tract 305,"2,500-",***,N,N
"""
MEDIAN_AND_TOTAL = {
    "median": ColumnSpec("B19013_001E", margin="B19013_001M", unit="dollars"),
    "total": ColumnSpec("B01003_001E", margin="B01003_001M", unit="people"),
}


def acs(path: Path, text: str = ACS) -> IndicatorTable:
    path.write_text(text)
    return indicators.read(path, key="GEO_ID", columns=MEDIAN_AND_TOTAL, layout="acs").table


def test_the_census_layout_is_read_with_its_labels_prefixes_and_annotations(tmp_path: Path) -> None:
    table = acs(tmp_path / "acs.csv")
    assert table.keys == tuple(f"44001030{n}00" for n in range(1, 6))
    assert same(table.estimates["median"], [65_123, 250_000, None, None, 2_500])
    assert same(table.margins["median"], [4_567, None, None, None, None])
    assert same(table.estimates["total"], [4_000, 3_000, 0, None, None])
    assert same(table.margins["total"], [0, 0, 13, None, None]), "an estimate fixed to the count has no sampling error"


def test_what_the_census_layout_changed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "acs.csv"
    path.write_text(ACS)
    report = indicators.read(path, key="GEO_ID", columns=MEDIAN_AND_TOTAL, layout="acs").report
    assert (report.rows_read, report.rows_kept) == (5, 5)
    assert report.notes == (
        "the second header row, with labels, was skipped",
        "estimates fixed to the official count, with a margin of 0: 2",
        "open-ended medians (250,000+) read as their bound: 2",
        "median: 2 of 5 estimates are missing",
        "total: 2 of 5 estimates are missing",
    )


def test_the_census_layout_without_labels_loses_no_row(tmp_path: Path) -> None:
    without = "\n".join(line for line in ACS.splitlines() if not line.startswith("Geography")) + "\n"
    assert len(acs(tmp_path / "acs.csv", without).keys) == 5


def read_plain(path: Path, text: str, columns: dict[str, ColumnSpec], **more: object) -> IndicatorTable:
    path.write_text(text)
    return indicators.read(path, key="key", columns=columns, **more).table


def test_codes_of_the_census_bureau_are_never_numbers_in_any_layout(tmp_path: Path) -> None:
    table = read_plain(tmp_path / "t.csv", "key,a\nx,-666666666\ny,-999\n", {"a": ColumnSpec("a")})
    assert same(table.estimates["a"], [None, -999])
    table = read_plain(tmp_path / "t.csv", "key,a\nx,.\ny,-999.0\n", {"a": ColumnSpec("a")}, missing_codes=(-999, "."))
    assert same(table.estimates["a"], [None, None])


def test_columns_are_added_and_divided_with_the_rules_of_the_census_bureau(tmp_path: Path) -> None:
    text = "key,a,a_moe,b,b_moe,all,all_moe\nx,3,3,1,4,16,2\ny,0,22,0,29,10,5\nz,1,1,,,0,3\n"
    both = {"estimate": ("a", "b"), "margin": ("a_moe", "b_moe")}
    whole = {"denominator": "all", "denominator_margin": "all_moe"}
    table = read_plain(
        tmp_path / "t.csv",
        text,
        {
            "sum": ColumnSpec(**both),
            "share": ColumnSpec(**both, **whole),
            "ratio": ColumnSpec(**both, **whole, rule="ratio"),
        },
    )
    assert same(table.estimates["sum"], [4, 0, None])
    assert same(table.margins["sum"], [5, 29, None]), "of two zeros only the larger margin counts"
    assert same(table.estimates["share"], [0.25, 0, None])
    assert table.margins["share"][:2] == pytest.approx([math.sqrt(25 - 0.25) / 16, 2.9])
    assert table.margins["ratio"][:2] == pytest.approx([math.sqrt(25 + 0.25) / 16, 2.9])


@pytest.mark.parametrize("suffix", [".geojson", ".shp", ".gpkg"])
def test_attributes_of_vector_files_are_read_like_tables(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"tracts{suffix}"
    points = shapely.to_wkb(np.array([shapely.Point(n, n) for n in range(3)]))
    fields = [np.array(["01001", "01003", "01005"], dtype=object), np.array([1, 2, 3]), np.array([0.5, np.nan, 1e9])]
    pyogrio.raw.write(path, points, fields, ["key", "homes", "income"], geometry_type="Point", crs="EPSG:4326")
    columns = {"homes": ColumnSpec("homes"), "income": ColumnSpec("income")}
    imported = indicators.read(path, key="key", columns=columns)
    assert imported.table.keys == ("01001", "01003", "01005")
    assert same(imported.table.estimates["homes"], [1, 2, 3])
    assert same(imported.table.estimates["income"], [0.5, None, 1e9])
    with pytest.raises(DelimitedRefusal, match=r"no column 'incom'.*You may mean \"income\""):
        indicators.read(path, key="key", columns={"income": ColumnSpec("incom")})


def test_keys_stored_as_numbers_are_refused_or_get_their_zero_back(tmp_path: Path) -> None:
    path = tmp_path / "tracts.geojson"
    points = shapely.to_wkb(np.array([shapely.Point(0, 0)] * 2))
    pyogrio.raw.write(
        path,
        points,
        [np.array([1001020100, 11001000100]), np.array([5, 6])],
        ["key", "a"],
        geometry_type="Point",
        crs="EPSG:4326",
    )
    with pytest.raises(KeyRefusal, match="row 1: the key 1001020100 has 10 digits where others have 11"):
        indicators.read(path, key="key", columns={"a": ColumnSpec("a")})
    table = indicators.read(path, key="key", columns={"a": ColumnSpec("a")}, key_digits=11).table
    assert table.keys == ("01001020100", "11001000100")


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        ("key,a,m\nx,many,1\n", DelimitedRefusal, "row 2: 'many' in column 'a' is not a number"),
        ("key,a,m\nx,1,1\ny,1,-5\n", IndicatorRefusal, "row 3: the margin of error -5 in column 'm' is below zero"),
        ("key,a,m\nx,1,1\nx,1,1\n", KeyRefusal, 'the key "x" stands in row 2 and again in row 3'),
        ("kay,a,m\nx,1,1\n", DelimitedRefusal, "row 1: there is no column 'key'. You may mean \"kay\""),
    ],
)
def test_what_cannot_be_trusted_is_refused(tmp_path: Path, text: str, kind: type[Exception], sentence: str) -> None:
    with pytest.raises(kind) as caught:
        read_plain(tmp_path / "t.csv", text, {"a": ColumnSpec("a", margin="m")})
    assert sentence in str(caught.value)


def test_a_margin_for_each_estimate_or_none(tmp_path: Path) -> None:
    with pytest.raises(IndicatorRefusal, match="2 columns of estimates are named with 1 of margins"):
        read_plain(tmp_path / "t.csv", "key,a,b,m\nx,1,2,3\n", {"sum": ColumnSpec(("a", "b"), margin="m")})


def test_a_file_that_is_neither_table_nor_vector_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.geojson"
    path.write_text("no geometry here")
    with pytest.raises(IndicatorRefusal, match="neither a table nor a vector file"):
        indicators.read(path, key="key", columns={"a": ColumnSpec("a")})
