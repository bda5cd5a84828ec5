"""A survey that cannot be trusted is refused in one sentence: where, what, and what to do about it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from codebook_files import ANSWERS, ITEMS, SURVEY, codebook_file, read
from hearback.importers import codebooks, published_scores, surveys
from hearback.refusal import Refusal

pytestmark = pytest.mark.faults

EXCEL = SURVEY.replace("answers.csv", "answers.xlsx")
SPSS = SURVEY.replace("answers.csv", "answers.sav")
SCORES = SURVEY.replace('mode = "probability"', 'mode = "not-stated"\nkind = "scores"\nperiod = "year"') + (
    '\n[answers.score]\nkind = "number"\nlowest = 0\nhighest = 100\n'
    '\n[items.trust]\nwording = "Trust"\nanswers = "score"\n\n[area]\ncolumn = "area"\n'
)
TEN = '\n[answers.any]\nkind = "number"\n\n[items.trust]\nwording = "How much?"\nanswers = "any"\n'


def sentence(folder: Path, **changed: str | None) -> str:
    with pytest.raises(Refusal) as refused:
        read(folder, **changed)
    return str(refused.value)


def described(folder: Path, *, survey: str = SURVEY, rest: str = ITEMS) -> str:
    """Why a codebook is refused before its file is opened."""
    with pytest.raises(Refusal) as refused:
        codebooks.read(codebook_file(folder, survey=survey, rest=rest))
    assert "codebook.toml" in str(refused.value)
    return str(refused.value)


# the codebook


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("wave =", "waves =", 'the key "waves" is not known here. You may mean "wave"'),
        ('wave = "2025"\n', "", 'the key "wave" is missing'),
        ('wave = "2025"', 'wave = "—"', "the wave has no letter and no digit"),
        ('mode = "probability"', 'mode = "random"', '"random" is not one of probability, opt-in'),
        ('frame = "Everybody in the telephone book"\n', "", 'the key "frame" is missing'),
        ('name = "A small survey"', 'name = "调查"', 'Write small letters, digits and hyphens: key = "residents"'),
        ('file = "answers.csv"', 'file = "answer.csv"', "there is no file"),
        ("[survey]", "[survy]", 'the key "survy" is not known here. You may mean "survey"'),
    ],
)
def test_the_table_of_the_survey_is_checked(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert said in described(tmp_path, survey=SURVEY.replace(before, after))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("header_lines = 0", "0 lines of header cannot be"),
        ('fielded_from = "2025-03-01"', "is no date. Write it without quotation marks"),
        ("fielded_from = 2025-03-01\nfielded_to = 2025-02-01", "the wave ends before it begins"),
        ('languages = ["Spanish!"]', "is no language tag"),
        ('period = "year"', "the key does nothing here: it is for scores"),
        ('kind = "scores"', "scores need the columns of their area and year"),
        ('questionnaire = "no.toml"', "there is no file"),
    ],
)
def test_further_keys_of_the_survey_are_checked(tmp_path: Path, line: str, said: str) -> None:
    assert said in described(tmp_path, survey=f"{SURVEY}{line}\n")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('answers = "agreement"', 'answers = "agreemnt"', 'there are no [answers.agreemnt]. You may mean "agreement"'),
        ("favourable = [3]", "favourable = [5]", 'the favourable answer "5" is not among the codes'),
        ("dont_know = [9]", "dont_know = [3]", '"3" is an answer, and a code for a missing one'),
        ("dont_know = [9]", "dontknow = [9]", 'the key "dontknow" is not known here. You may mean "dont_know"'),
        ("1 = ", "a = ", 'the code "a" is no number'),
        ('labels = { 1 = "Disagree", 2 = "Neither", 3 = "Agree" }\n', "", "the answers have no labels"),
        ('column = "Q2"', 'column = "Q1"', '2 items have the column "Q1"'),
        ("[items.fair]", '[items."fair!"]', '"fair!" cannot be a name'),
    ],
)
def test_items_and_answers_are_checked(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert said in described(tmp_path, rest=ITEMS.replace(before, after))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[scales.s]\ntitle = "S"\nitems = ["respct"]', 'there is no item "respct". You may mean "respect"'),
        ('[scales.s]\ntitle = "S"\nitems = ["respect"]\nfewest = 2', "2 of 1 items cannot be"),
        ('[attention]\ncolumn = "x"\nright = [1]', "Write the name in double brackets: [[attention]]"),
        ('[design]\nweight = "w"', 'the key "weight" is not known here. You may mean "weights"'),
        ('[design]\nreplicates = { kind = "jack", columns = ["r*"] }', '"jack" is not one of JK1'),
        ("[response]\nstated_rate = 12.0", "a response rate of 12.0 cannot be"),
        ('[groups.Age]\ntitle = "Age"\ncolumn = "age"', '"Age" cannot be a name'),
    ],
)
def test_the_other_tables_are_checked(tmp_path: Path, table: str, said: str) -> None:
    assert said in described(tmp_path, rest=f"{ITEMS}\n{table}\n")


def test_a_table_stands_in_the_codebook_or_in_the_questionnaire(tmp_path: Path) -> None:
    (tmp_path / "questions.toml").write_text(ITEMS, encoding="utf-8")
    said = described(tmp_path, survey=SURVEY + 'questionnaire = "questions.toml"\n')

    assert "the table also stands in the questionnaire questions.toml" in said


def test_without_items_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert "no item is described" in described(tmp_path, rest="")


# the file


def test_a_column_that_is_not_there_is_named_with_the_one_that_was_meant(tmp_path: Path) -> None:
    said = sentence(tmp_path, answers="Q1,Q_2\n1,1\n")
    assert 'there is no column "Q2"' in said.replace("'", '"')
    assert 'You may mean "Q_2"' in said


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("", "the file is empty"),
        ("Q1,Q2\n", "the file has a header but no rows"),
        ("Q1,Q2\n,\n,9\n", "nobody answered any of the items"),
        ("Q1,Q2\n1,1,1\n", "there are 3 fields where the header has 2"),
        ('Q1,Q2,n\n1,1,x\n2,2,"{""ImportId"":""Q""}"\n3,3,x\n', "the header goes on after its first line"),
    ],
)
def test_a_file_without_answers_is_refused(tmp_path: Path, answers: str, said: str) -> None:
    assert said in sentence(tmp_path, answers=answers)


def test_a_file_in_another_encoding_is_refused_with_the_line(tmp_path: Path) -> None:
    path = codebook_file(tmp_path)
    (tmp_path / "answers.csv").write_bytes("Q1,Q2,why\n1,1,café\n".encode("cp1252"))

    with pytest.raises(Refusal, match="line 2: a letter here is not UTF-8"):
        surveys.read(codebooks.read(path))


def test_a_missing_code_that_stayed_in_as_a_number_is_refused(tmp_path: Path) -> None:
    rows = "".join(f"{1 + n % 3},{1 + n % 3}\n" for n in range(90)) + "99,1\n" * 10
    said = sentence(tmp_path, answers="Q1,Q2\n" + rows)

    assert '"99" stands 10 times among 100 answers, and the codebook does not say what it means' in said
    assert "missing = { dont_know = [99] }" in said


@pytest.mark.parametrize("code", ["99", "-9", "999"])
def test_a_number_far_from_all_others_that_looks_like_a_code_is_refused(tmp_path: Path, code: str) -> None:
    rows = "".join(f"1,1,{n % 11}\n" for n in range(90)) + f"1,1,{code}\n" * 5
    assert f'"{code}" stands 5 times' in sentence(tmp_path, rest=ITEMS + TEN, answers="Q1,Q2,trust\n" + rows)


def test_a_number_that_others_come_near_is_no_code(tmp_path: Path) -> None:
    rows = "".join(f"1,1,{n}\n" for n in range(18, 99)) + "1,1,99\n" * 5
    found = read(tmp_path, rest=ITEMS + TEN, answers="Q1,Q2,trust\n" + rows)

    assert found.table.missing["trust"] == {}


@pytest.mark.parametrize("weight", ["", "0", "-1", "many", "nan", "inf"])
def test_a_weight_that_is_no_number_of_people_is_refused_with_its_row(tmp_path: Path, weight: str) -> None:
    rest = ITEMS + '\n[design]\nweights = "w"\n'
    said = sentence(tmp_path, rest=rest, answers=f"Q1,Q2,w\n1,1,2\n2,2,{weight}\n")

    assert "answers.csv, row 3" in said
    assert "must be a number above 0" in said


def test_a_blank_stratum_is_refused_with_its_row(tmp_path: Path) -> None:
    rest = ITEMS + '\n[design]\nstrata = "s"\n'
    assert 'row 3: the column "s" is blank' in sentence(tmp_path, rest=rest, answers="Q1,Q2,s\n1,1,N\n2,2,\n")


def test_replicate_weights_that_are_not_there_are_refused(tmp_path: Path) -> None:
    rest = ITEMS + '\n[design]\nreplicates = { kind = "JK1", columns = ["rep*"] }\n'
    assert 'no column is called "rep*"' in sentence(tmp_path, rest=rest)


def test_a_group_that_is_not_among_the_labels_is_refused(tmp_path: Path) -> None:
    rest = ITEMS + '\n[groups.age]\ntitle = "Age"\ncolumn = "age"\nlabels = { young = "Young" }\n'
    assert "old is not among the labels of the group age" in sentence(tmp_path, rest=rest)


# workbooks and SPSS


def test_a_workbook_with_two_sheets_asks_for_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Data")
    book.save(tmp_path / "answers.xlsx")

    assert "the workbook has 2 sheets. Write sheet = … (Sheet, Data)" in sentence(tmp_path, survey=EXCEL, answers=None)
    said = sentence(tmp_path, survey=EXCEL + 'sheet = "Dta"\n', answers=None)
    assert 'there is no sheet "Dta". Its sheets are: Sheet, Data' in said


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "answers.xlsx")
    assert "the sheet is empty" in sentence(tmp_path, survey=EXCEL, answers=None)


@pytest.mark.parametrize("survey", [EXCEL, SPSS])
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path, survey: str) -> None:
    for name in ("answers.xlsx", "answers.sav"):
        (tmp_path / name).write_text(ANSWERS)
    assert "this is not an" in sentence(tmp_path, survey=survey, answers=None)


def test_labels_that_disagree_with_the_file_are_refused(tmp_path: Path) -> None:
    frame = pd.DataFrame({"Q1": [1.0, 2.0], "Q2": [3.0, 2.0]})
    turned = {1.0: "Agree", 2.0: "Neither", 3.0: "Disagree"}
    pyreadstat.write_sav(frame, tmp_path / "answers.sav", variable_value_labels={"Q1": turned})

    said = sentence(tmp_path, survey=SPSS, answers=None)
    assert '1 means "Disagree" in the codebook and "Agree" in the file' in said
    assert "column Q1" in said


def test_an_spss_file_without_labels_needs_them_in_the_codebook(tmp_path: Path) -> None:
    pyreadstat.write_sav(pd.DataFrame({"Q1": [1.0, 2.0], "Q2": [3.0, 2.0]}), tmp_path / "answers.sav")
    rest = ITEMS.replace('labels = { 1 = "Disagree", 2 = "Neither", 3 = "Agree" }\n', "").replace(
        "favourable = [3]", ""
    )

    said = sentence(tmp_path, survey=SPSS, rest=rest, answers=None)
    assert "neither the codebook nor the file says what the codes mean" in said


# what could tell who somebody is


@pytest.mark.parametrize(
    ("name", "cell", "sort"),
    [
        ("RecipientEmail", "x", "e-mail addresses"),
        ("reply", "ann@example.org", "e-mail addresses"),
        ("IPAddress", "x", "network addresses"),
        ("from", "203.0.113.7", "network addresses"),
        ("from", "2001:db8:85a3:0:0:8a2e:370:7334", "network addresses"),
        ("Phone number", "x", "telephone numbers"),
        ("call", "(202) 555-0147", "telephone numbers"),
        ("LocationLatitude", "38.9", "exact places"),
        ("gps", "x", "exact places"),
        ("point", "38.90721 -77.03687", "exact places"),
        ("device_id", "x", "devices"),
        ("Last Name", "x", "names"),
        ("address", "x", "home addresses"),
        ("dob", "x", "identity numbers"),
    ],
)
def test_a_column_that_looks_personal_stops_the_reading(tmp_path: Path, name: str, cell: str, sort: str) -> None:
    said = sentence(tmp_path, answers=f"Q1,Q2,{name}\n1,1,{cell}\n2,2,{cell}\n")

    assert f'the column "{name}" looks like {sort}' in said
    assert f'personal = ["{name}"]' in said


@pytest.mark.parametrize(
    ("name", "cell"),
    [("method", "Phone"), ("q5_02", "4"), ("city", "Kansas City"), ("quarter", "1QSEP2021"), ("IPAddress", "")],
)
def test_other_columns_do_not(tmp_path: Path, name: str, cell: str) -> None:
    assert len(read(tmp_path, answers=f"Q1,Q2,{name}\n1,1,{cell}\n2,2,{cell}\n").table) == 2


# published scores


def scores(folder: Path, written: str) -> str:
    with pytest.raises(Refusal) as refused:
        published_scores.read(codebooks.read(codebook_file(folder, survey=SCORES, rest="", answers=written)))
    return str(refused.value)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("area,year,trust\nNorth,2020,101\n", '"101" in column "trust" is no score from 0 to 100'),
        ("area,year,trust\nNorth,2020,NA\n", '"NA" in column "trust" is no score from 0 to 100'),
        ("area,year,trust\nNorth,soon,50\n", '"soon" is no year'),
        ("area,year,trust\nNorth,2020,50\nNorth,2020,51\n", "North stands twice for 2020"),
        ("area,trust\nNorth,50\n", "there is no column"),
    ],
)
def test_scores_that_cannot_be_are_refused(tmp_path: Path, written: str, said: str) -> None:
    assert said in scores(tmp_path, written)
