"""Counts of who was asked that contradict themselves or the rest of a survey are refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from codebook_files import ITEMS, SURVEY, codebook_file, read
from hearback.importers import codebooks
from hearback.refusal import Refusal

pytestmark = pytest.mark.faults

TABLE = '\n[fieldwork]\nfile = "fieldwork.csv"\narea = "square"\nasked = "asked"\nanswered = "answered"\n'
RESPONSE = "\n[response]\ncomplete = 3\npartial = 1\nrefusal = 10\nnon_contact = 6\n"
FIELDWORK = "square,asked,answered\n11,10,3\n12,10,1\n"


def sentence(
    folder: Path, *, table: str = TABLE, response: str = RESPONSE, fieldwork: str = FIELDWORK, survey: str = SURVEY
) -> str:
    (folder / "fieldwork.csv").write_text(fieldwork)
    with pytest.raises(Refusal) as refused:
        read(folder, survey=survey, rest=ITEMS + table + response)
    return str(refused.value)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("11,10,3", "11,2,3", "row 2: 3 people answered, and 2 were asked"),
        ("12,10,1", "12,-10,1", 'row 3: "-10" in column "asked" is no number of people'),
        ("11,10,3", "11,10,-3", 'row 2: "-3" in column "answered" is no number of people'),
        ("11,10,3", "11,10.5,3", '"10.5" in column "asked" is no number of people. Write a whole number; 0 where'),
        ("11,10,3", "11,10,", '"" in column "answered" is no number of people'),
        ("11,10,3", "11,ten,3", '"ten" in column "asked"'),
        ("12,10,1", "11,10,1", 'the key "11" stands in row 2 and again in row 3'),
        ("12,10,1", ",10,1", "row 3: the key is blank"),
        ("square,asked", "square,drawn", "there is no column 'asked'"),
        ("11,10,3\n12,10,1\n", "", "the file has a header but no rows"),
    ],
)
def test_every_row_is_checked(tmp_path: Path, before: str, after: str, said: str) -> None:
    found = sentence(tmp_path, fieldwork=FIELDWORK.replace(before, after))
    assert said in found
    assert "fieldwork.csv" in found


def test_answers_that_nobody_was_asked_for_are_refused(tmp_path: Path) -> None:
    said = sentence(tmp_path, fieldwork="square,asked,answered\n11,10,3\n12,10,3\n")
    assert "6 people answered in all areas together, and the number of respondents in the answers is 4" in said
    assert "they may differ by 5%" in said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("complete = 3", "complete = 9", "4 people answered in all areas together, and complete and partial under"),
        ("refusal = 10", "refusal = 12", "20 people were asked in all areas together, and the sum under [response] is"),
        ("refusal = 10", "refusal = 8", "20 people were asked"),
    ],
)
def test_sums_must_agree_with_what_became_of_everybody(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert said in sentence(tmp_path, response=RESPONSE.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("asked =", "askd =", 'the key "askd" is not known here. You may mean "asked"'),
        ('answered = "answered"\n', "", 'the key "answered" is missing'),
        ('asked = "asked"', 'asked = "answered"', 'the column "answered" stands for 2 things'),
        ("fieldwork.csv", "field.csv", "there is no file"),
        ('area = "square"', 'area = "square"\nkey_digits = "2"', "2 is not a whole number"),
        ('area = "square"', 'area = "square"\nkey_digits = 4', 'the key "11" has 2 characters and key_digits is 4'),
    ],
)
def test_the_table_is_checked(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert said in sentence(tmp_path, table=TABLE.replace(before, after))


def test_nobody_is_asked_for_an_opt_in_wave(tmp_path: Path) -> None:
    (tmp_path / "fieldwork.csv").write_text(FIELDWORK)
    with pytest.raises(Refusal, match="nobody is known to have been asked for an opt-in wave"):
        codebooks.read(codebook_file(tmp_path, survey=SURVEY.replace("probability", "opt-in"), rest=ITEMS + TABLE))
