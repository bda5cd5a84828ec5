"""Text that cannot be trusted is refused with the file, the row and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hearback.importers import delimited
from hearback.importers.delimited import DelimitedRefusal

pytestmark = pytest.mark.faults

GOOD = b"geoid,income\n1,2\n3,4\n"


def refusal(path: Path, *, columns: tuple[str, ...] = ("geoid",), size_limit: int = 10**9) -> str:
    with pytest.raises(DelimitedRefusal) as caught:
        delimited.read(path, columns=columns, size_limit=size_limit)
    return caught.value.sentence


@pytest.mark.parametrize(
    ("content", "place", "problem", "remedy"),
    [
        (b"", "", "the file is empty", "Export it again"),
        (b"\n\n", ", row 1", "the first row is blank", "Begin with the names"),
        (b"geoid,income\n", ", row 1", "has a header but no rows", "Export it again"),
        (b"geoid,income\n\n\n", ", row 1", "has a header but no rows", "Export it again"),
        (b"geo_id,income\n1,2\n", ", row 1", "there is no column 'geoid'", 'You may mean "geo_id"'),
        (b"x,income\n1,2\n", ", row 1", "there is no column 'geoid'", "x, income"),
        (b"geoid,geoid\n1,2\n", ", row 1", "stands 2 times in the header", "Rename or remove"),
        (GOOD + b"5\n", ", row 4", "there are 1 fields where the header has 2", "quotation marks"),
        (GOOD + b"5,6,7\n", ", row 4", "there are 3 fields where the header has 2", "quotation marks"),
        (GOOD + "6,Peña\n".encode("cp1252"), ", line 4", "a letter here is not UTF-8", '"CSV UTF-8"'),
        (GOOD + b'7,"open\n8,9\n', ", row 4", "a quotation mark here is not closed", "twice"),
        (GOOD + b'7,"a"b\n', ", row 4", "stands inside a field", "twice"),
        ("geoid,income\n1,2\n".encode("utf-16"), ", row 1", "not UTF-8", '"CSV UTF-8"'),
        (b"PK\x03\x04rest of a workbook", "", "spreadsheet workbook", '"CSV UTF-8"'),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, place: str, problem: str, remedy: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    sentence = refusal(path)
    assert sentence.startswith(f"{path}{place}: ")
    assert problem in sentence
    assert remedy in sentence
    assert "\n" not in sentence


def test_a_bad_letter_deep_in_a_long_file_is_found_on_its_line(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(b"geoid,income\n" + b"1,2\n" * 50_000 + b"1,\xff\n" + b"1,2\n" * 50_000)
    assert refusal(path).startswith(f"{path}, line 50002: ")


def test_a_missing_file_is_named_with_the_one_that_was_probably_meant(tmp_path: Path) -> None:
    (tmp_path / "incidents.csv").write_bytes(GOOD)
    assert re.search(r'there is no such file.*"incidents.csv"', refusal(tmp_path / "incident.csv"))
    assert "no such file" in refusal(tmp_path / "nowhere" / "incident.csv")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "this is not a file" in refusal(tmp_path)


def test_a_file_of_two_gigabytes_is_refused_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(2 * 10**9)  # a sparse file: it takes no room on the disk
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("the file was opened"))
    assert refusal(path) == (
        f"{path}: the file has 2.0 GB and at most 1.0 GB are read. Split it into smaller files, for example by year."
    )


def test_a_word_among_measures_is_refused_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_bytes(GOOD + b"5,unknown\n")
    block = delimited.read(path, columns=("income",))
    with pytest.raises(DelimitedRefusal, match=r"row 4: 'unknown' in column 'income' is not a number.*missing"):
        delimited.measures(block, "income", path=path, missing=("NA",))
