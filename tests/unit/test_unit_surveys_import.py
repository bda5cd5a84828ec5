"""A survey's answers become numbers, groups and a design, and what was recoded on the way is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest

from codebook_files import ANSWERS, ITEMS, SURVEY, codebook_file, read
from hearback.importers import codebooks, surveys
from hearback.importers.surveys import Responses

EXCEL = SURVEY.replace("answers.csv", "answers.xlsx")
SPSS = SURVEY.replace("answers.csv", "answers.sav")


def same(found: np.ndarray, expected: list[float]) -> bool:
    return np.array_equal(found, np.array(expected, dtype=float), equal_nan=True)


def spss_file(folder: Path, *, labels: dict[float, str] | None = None) -> None:
    folder.mkdir(exist_ok=True)
    frame = pd.DataFrame({"Q1": [1.0, 2.0, 3.0, np.nan], "Q2": [3.0, 9.0, -99.0, 2.0]})
    labels = labels or {1.0: "Disagree", 2.0: "Neither", 3.0: "Agree", 9.0: "Don't know"}
    pyreadstat.write_sav(
        frame, folder / "answers.sav", variable_value_labels={"Q1": labels, "Q2": labels}, missing_ranges={"Q2": [-99]}
    )


def excel_file(folder: Path, *, sheets: tuple[str, ...] = ("Data",)) -> None:
    folder.mkdir(exist_ok=True)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets:
        sheet = book.create_sheet(name)
        for row in (["Q1", "Q2", "age"], [1, 3, "young"], [2, 9, "old"], [3, -99, "old"], [None, 2, "young"]):
            sheet.append(row)
    book.save(folder / "answers.xlsx")


def expect_the_small_survey(table: Responses) -> None:
    assert same(table.answers["respect"], [1, 2, 3, np.nan])
    assert same(table.answers["fair"], [3, np.nan, np.nan, 2])
    assert table.missing["respect"] == {"no_answer": 1}
    assert table.missing["fair"] == {"dont_know": 1, "refused": 1}


def test_codes_become_numbers_and_missing_codes_do_not(tmp_path: Path) -> None:
    found = read(tmp_path)

    expect_the_small_survey(found.table)
    assert (found.report.rows_read, found.report.rows_kept) == (4, 4)


def test_the_report_tells_each_code_that_was_read_as_missing_and_where(tmp_path: Path) -> None:
    notes = read(tmp_path).report.notes

    assert "“9” read as “don't know”: 1 (Q2 1)" in notes
    assert "“-99” read as a refusal to say: 1 (Q2 1)" in notes
    assert "columns that the codebook does not name, left behind: 1 (age)" in notes


def test_a_file_may_hold_labels_in_the_place_of_codes(tmp_path: Path) -> None:
    written = "Q1,Q2\nDisagree,AGREE\nneither , 9\nAgree,-99\n,Neither\n"
    expect_the_small_survey(read(tmp_path, answers=written).table)


def test_codes_with_decimals_are_the_same_codes(tmp_path: Path) -> None:
    written = "Q1,Q2\n1.0,3.0\n2.0,9.0\n3.0,-99.0\n,2.0\n"
    expect_the_small_survey(read(tmp_path, answers=written).table)


def test_an_excel_workbook_is_read_like_a_csv(tmp_path: Path) -> None:
    excel_file(tmp_path)
    expect_the_small_survey(read(tmp_path, survey=EXCEL, answers=None).table)


def test_a_workbook_with_two_sheets_is_read_once_one_is_named(tmp_path: Path) -> None:
    excel_file(tmp_path, sheets=("Notes", "Data"))
    expect_the_small_survey(read(tmp_path, survey=EXCEL + 'sheet = "Data"\n', answers=None).table)


def test_an_spss_file_is_read_like_a_csv(tmp_path: Path) -> None:
    spss_file(tmp_path)
    expect_the_small_survey(read(tmp_path, survey=SPSS, answers=None).table)


def test_the_labels_of_an_spss_file_stand_in_for_those_the_codebook_leaves_out(tmp_path: Path) -> None:
    spss_file(tmp_path)
    rest = ITEMS.replace('labels = { 1 = "Disagree", 2 = "Neither", 3 = "Agree" }\n', "")

    table = read(tmp_path, survey=SPSS, rest=rest, answers=None).table

    expect_the_small_survey(table)
    assert table.items[0].labels == {"1": "Disagree", "2": "Neither", "3": "Agree"}


def test_a_code_that_only_the_spss_file_calls_missing_is_missing(tmp_path: Path) -> None:
    spss_file(tmp_path)
    table = read(tmp_path, survey=SPSS, rest=ITEMS.replace("refused = [-99]\n", ""), answers=None).table

    assert table.missing["fair"] == {"dont_know": 1, "declared": 1}


def test_three_lines_of_header_are_skipped(tmp_path: Path) -> None:
    header, *rows = ANSWERS.splitlines()
    export = [header, '"The police, respect",Fair?,Your age', '"{""ImportId"":""QID1""}","{}","{}"', *rows]

    table = read(tmp_path, survey=SURVEY + "header_lines = 3\n", answers="\n".join(export) + "\n").table

    expect_the_small_survey(table)


def test_the_same_code_is_an_answer_in_one_item_and_missing_in_another(tmp_path: Path) -> None:
    rest = ITEMS + (
        '\n[answers.choice]\nkind = "nominal"\nlabels = { 8 = "Parks", 9 = "Police" }\nmissing = { no_answer = [99] }\n'
        '\n[items.first]\ncolumn = "Q3"\nwording = "What first?"\nanswers = "choice"\n'
    )
    table = read(tmp_path, rest=rest, answers="Q1,Q2,Q3\n1,9,9\n2,3,8\n3,3,99\n").table

    assert same(table.answers["first"], [9, 8, np.nan])
    assert same(table.answers["fair"], [np.nan, 3, 3])


def test_missing_codes_of_an_item_take_the_place_of_all_others(tmp_path: Path) -> None:
    rest = ITEMS.replace('column = "Q2"\n', 'column = "Q2"\nmissing = { not_asked = [9, -99] }\n')
    assert read(tmp_path, rest=rest).table.missing["fair"] == {"not_asked": 2}


def test_who_answers_nothing_is_left_out_and_counted(tmp_path: Path) -> None:
    found = read(tmp_path, answers=ANSWERS + ",9,old\n")

    assert len(found.table) == 4
    assert [(group.reason, group.rows, group.examples) for group in found.report.refused] == [
        ("not one item answered", 1, ("row 6",))
    ]


def test_who_fails_an_attention_check_is_left_out_and_who_skips_it_is_not(tmp_path: Path) -> None:
    rest = ITEMS + '\n[[attention]]\ncolumn = "check"\nright = [2]\n'
    found = read(tmp_path, rest=rest, answers="Q1,Q2,check\n1,1,2\n2,2,4\n3,3,\n")

    assert same(found.table.answers["respect"], [1, 3])
    assert found.report.refused[0].reason == "wrong answer to an attention check"


def test_who_stands_in_the_file_twice_counts_once_and_the_mark_is_not_kept(tmp_path: Path) -> None:
    found = read(
        tmp_path, survey=SURVEY + 'respondent = "who"\n', answers="who,Q1,Q2\na,1,1\nb,2,2\na,3,3\n,3,3\n,3,3\n"
    )

    assert same(found.table.answers["respect"], [1, 2, 3, 3])
    assert not found.table.groups
    assert not found.table.texts


def test_groups_are_shown_in_the_words_of_the_codebook(tmp_path: Path) -> None:
    rest = ITEMS + (
        '\n[groups.age]\ntitle = "Age"\ncolumn = "age"\nmissing = ["-"]\n'
        'labels = { young = "Under 30", 2 = "Over 30" }\n'
    )
    table = read(tmp_path, rest=rest, answers="Q1,Q2,age\n1,1,young\n2,2,2.0\n3,3,-\n3,3,\n").table

    assert table.groups["age"].tolist() == ["Under 30", "Over 30", "", ""]


def test_areas_get_their_lost_zeros_back_and_who_has_none_is_told(tmp_path: Path) -> None:
    rest = ITEMS + '\n[area]\ncolumn = "tract"\nkey_digits = 4\nmissing = ["0"]\n'
    found = read(tmp_path, rest=rest, answers="Q1,Q2,tract\n1,1,0101\n2,2,101\n3,3,1202\n3,3,0\n")

    assert found.table.area is not None
    assert found.table.area.tolist() == ["0101", "0101", "1202", ""]
    assert "keys of areas that got back the leading zero they had lost: 1" in found.report.notes
    assert "respondents without an area: 1" in found.report.notes


def test_the_design_is_read_stage_by_stage(tmp_path: Path) -> None:
    rest = ITEMS + (
        '\n[design]\nweights = "w"\nstrata = "s"\npsu = ["block", "person"]\nfpc = ["blocks", "people"]\n'
        'replicates = { kind = "bootstrap", columns = ["rep*"] }\n'
    )
    written = "Q1,Q2,w,s,block,person,blocks,people,rep2,rep1\n1,1,10.5,N,b1,1,8,40,1,0\n2,2,9,S,b2,2,9,50,0,2\n"

    table = read(tmp_path, rest=rest, answers=written).table

    assert table.weights is not None
    assert table.strata is not None
    assert table.weights.tolist() == [10.5, 9]
    assert table.strata.tolist() == ["n", "s"]
    assert [stage.tolist() for stage in table.psu] == [["b1", "b2"], ["1", "2"]]
    assert [stage.tolist() for stage in table.fpc] == [[8, 9], [40, 50]]
    assert {name: values.tolist() for name, values in table.replicates.items()} == {"rep2": [1, 0], "rep1": [0, 2]}


def test_own_words_are_read_only_where_an_item_asks_for_them(tmp_path: Path) -> None:
    written = "Q1,Q2,why\n1,1, They came at once \n2,2,\n"
    assert not read(tmp_path, answers=written).table.texts

    rest = ITEMS + '\n[answers.words]\nkind = "text"\n\n[items.why]\nwording = "Why?"\nanswers = "words"\n'
    assert read(tmp_path, rest=rest, answers=written).table.texts["why"].tolist() == ["They came at once", ""]


def test_a_few_slips_of_the_keyboard_are_left_out_and_told(tmp_path: Path) -> None:
    found = read(tmp_path, answers=ANSWERS + "33,1,old\n")

    assert found.table.missing["respect"] == {"no_answer": 1, "not_an_answer": 1}
    assert "“33” means nothing here and was left out: 1 (Q1 1)" in found.report.notes


def test_numbers_keep_to_their_range(tmp_path: Path) -> None:
    rest = ITEMS + (
        '\n[answers.ten]\nkind = "number"\nlowest = 0\nhighest = 10\nmissing = { dont_know = [99] }\n'
        '\n[items.trust]\nwording = "How much?"\nanswers = "ten"\n'
    )
    table = read(tmp_path, rest=rest, answers="Q1,Q2,trust\n1,1,0\n2,2,9\n3,3,99\n3,3,12\n3,3,0_7\n").table

    assert same(table.answers["trust"], [0, 9, np.nan, np.nan, np.nan])
    assert table.missing["trust"] == {"dont_know": 1, "not_an_answer": 2}


def test_personal_columns_are_dropped_at_the_door(tmp_path: Path) -> None:
    written = "Q1,Q2,E-mail\n1,1,a@example.org\n2,2,b@example.org\n"
    found = read(tmp_path, survey=SURVEY + 'personal = ["E-mail"]\n', answers=written)

    assert "personal columns dropped at the door: E-mail" in found.report.notes
    assert "example.org" not in repr(found)


def test_waves_share_a_questionnaire(tmp_path: Path) -> None:
    (tmp_path / "questions.toml").write_text(ITEMS, encoding="utf-8")
    survey = SURVEY + 'questionnaire = "questions.toml"\nfielded_from = 2025-03-01\nfielded_to = 2025-04-30\n'

    codebook = codebooks.read(codebook_file(tmp_path, survey=survey, rest=""))

    assert [item.id for item in codebook.items] == ["respect", "fair"]
    assert codebook.fielded_to == date(2025, 4, 30)
    assert (codebook.title, codebook.key, codebook.wave_key) == ("A small survey, 2025", "a-small-survey", "2025")
    expect_the_small_survey(surveys.read(codebook).table)


@pytest.mark.parametrize(
    ("wave", "key"), [("2025 spring", "2025-spring"), ("1er trimestre 2021–22", "1er-trimestre-2021-22")]
)
def test_a_wave_has_a_key_that_can_stand_in_an_address(tmp_path: Path, wave: str, key: str) -> None:
    survey = SURVEY.replace('wave = "2025"', f'wave = "{wave}"')
    assert codebooks.read(codebook_file(tmp_path, survey=survey)).wave_key == key


def test_an_eight_that_the_codebook_lets_in_as_a_number_is_warned_of(tmp_path: Path) -> None:
    rest = ITEMS + (
        '\n[answers.nine]\nkind = "number"\nlowest = 1\nhighest = 9\n\n'
        '[items.trust]\nwording = "How much?"\nanswers = "nine"\n'
    )
    rows = "".join(f"1,1,{1 + n % 5}\n" for n in range(90)) + "1,1,8\n" * 10
    found = read(tmp_path, rest=rest, answers="Q1,Q2,trust\n" + rows)
    assert found.report.notes[0] == (
        "Check the codebook: “8” stands 10 times in trust and counts as an answer; it looks like a code for a missing "
        "one."
    )
    assert float(np.nanmax(found.table.answers["trust"])) == 8


def test_nothing_is_warned_of_where_every_number_has_its_neighbours(tmp_path: Path) -> None:
    rest = ITEMS + (
        '\n[answers.ten]\nkind = "number"\nlowest = 0\nhighest = 10\n\n'
        '[items.trust]\nwording = "How much?"\nanswers = "ten"\n'
    )
    found = read(tmp_path, rest=rest, answers="Q1,Q2,trust\n" + "".join(f"1,1,{n % 11}\n" for n in range(90)))
    assert not [note for note in found.report.notes if note.startswith("Check")]


def test_items_that_no_page_can_show_are_named(tmp_path: Path) -> None:
    rest = ITEMS + (
        '\n[answers.way]\nkind = "nominal"\nlabels = { 1 = "On foot", 2 = "By bus" }\n\n'
        '[items.way]\nwording = "How do you come here?"\nanswers = "way"\n'
    )
    notes = read(tmp_path, rest=rest, answers="Q1,Q2,way\n1,1,1\n2,2,2\n").report.notes
    assert [note for note in notes if "not shown on any page" in note and "way" in note]
    assert not [note for note in read(tmp_path).report.notes if "not shown on any page" in note]
