"""Delimited text comes out as it was written, with its row numbers, in bounded memory."""

from __future__ import annotations

import csv
import io
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.importers import delimited

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("delimited")


def written(path: Path, rows: list[list[str]], *, delimiter: str = ",") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode())
    return path


@settings(deadline=None)
@given(rows=TABLES, delimiter=st.sampled_from(",;\t"), cells_at_once=st.integers(1, 100))
def test_what_was_written_is_read_whatever_the_delimiter_and_the_chunks(
    folder: Path, rows: list[list[str]], delimiter: str, cells_at_once: int
) -> None:
    path = written(folder / "round.csv", [["a", "b", "c"], *rows], delimiter=delimiter)
    blocks = list(delimited.blocks(path, columns=("c", "a"), cells_at_once=cells_at_once))
    assert [text for block in blocks for text in block.columns["c"]] == [row[2] for row in rows]
    assert [text for block in blocks for text in block.columns["a"]] == [row[0] for row in rows]
    assert [row for block in blocks for row in block.rows] == list(range(2, len(rows) + 2))
    assert max(len(block.rows) for block in blocks) <= max(1, cells_at_once // 3)


@settings(deadline=None)
@given(values=st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=30))
def test_numbers_survive_being_written(values: list[float]) -> None:
    assert delimited.numbers([repr(value) for value in values]).tolist() == values


@pytest.mark.parametrize("text", ["", " ", "N/A", "12,5", "nan", "inf", "-Infinity", "1e999", "1_000", "0x10", "38°"])
def test_a_text_that_is_no_number_is_missing_and_its_neighbours_are_not(text: str) -> None:
    values = delimited.numbers(["1.5", text, " -2 "])
    assert values[[0, 2]].tolist() == [1.5, -2.0]
    assert np.isnan(values[1])


def test_a_byte_order_mark_and_blanks_around_names_are_no_part_of_the_header(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_bytes(b"\xef\xbb\xbf GEOID , income\n1,2\n")
    assert delimited.header(path) == ("GEOID", "income")
    assert delimited.read(path, columns=["GEOID"]).columns == {"GEOID": ["1"]}


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('a,b\n1,"two\nlines"\n\n2,x\n\n')
    block = delimited.read(path, columns=["a"])
    assert block.rows.tolist() == [2, 4]
    assert block.columns["a"] == ["1", "2"]


def test_a_delimiter_inside_quotation_marks_is_not_taken_for_one(tmp_path: Path) -> None:
    path = tmp_path / "quoted.csv"
    path.write_text('"a;b;c;d",second\n1,2\n')
    assert delimited.header(path) == ("a;b;c;d", "second")


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        path.write_text("a,b\n" + "some text,1.25\n" * rows)
        tracemalloc.start()
        read = sum(len(block.rows) for block in delimited.blocks(path, columns=["a", "b"], cells_at_once=2000))
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert read == rows
        return highest

    assert peak(100_000) < 1.1 * peak(25_000)


def test_blanks_and_codes_are_missing_measures(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("key,value\na,1\nb,\nc,-999.0\nd,n/a\n")
    block = delimited.read(path, columns=["key", "value"])
    values = delimited.measures(block, "value", path=path, missing=(-999, "N/A"))
    assert values[0] == 1
    assert np.isnan(values[1:]).all()
