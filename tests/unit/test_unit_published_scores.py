"""Scores without sizes or errors are read as what they are."""

from __future__ import annotations

from pathlib import Path

from codebook_files import SURVEY, codebook_file
from hearback.importers import codebooks, published_scores

SCORES = SURVEY.replace('mode = "probability"', 'mode = "not-stated"\nkind = "scores"\nperiod = "year"')
REST = (
    '\n[missing]\nno_answer = ["NA"]\n\n[answers.score]\nkind = "number"\nlowest = 0\nhighest = 100\n'
    '\n[items.trust]\nwording = "Trust"\nanswers = "score"\nby.sex = { "Female" = "t_f", "Male" = "t_m" }\n'
    '\n[area]\ncolumn = "area"\n'
)
WRITTEN = "area,year,trust,t_f,t_m\nNorth,2020,50.5,48,NA\nSouth,2020,NA,61,62\n"


def test_every_score_is_kept_with_its_area_year_and_group(tmp_path: Path) -> None:
    found = published_scores.read(codebooks.read(codebook_file(tmp_path, survey=SCORES, rest=REST, answers=WRITTEN)))
    table = found.table

    rows = list(zip(table.area, table.year, table.item, table.kind_of_group, table.group, table.score, strict=True))
    assert rows == [
        ("North", 2020, "trust", "", "", 50.5),
        ("North", 2020, "trust", "sex", "Female", 48),
        ("South", 2020, "trust", "sex", "Female", 61),
        ("South", 2020, "trust", "sex", "Male", 62),
    ]
    assert "scores read: 4; cells without one: 2" in found.report.notes


def test_the_report_says_what_the_file_does_not(tmp_path: Path) -> None:
    found = published_scores.read(codebooks.read(codebook_file(tmp_path, survey=SCORES, rest=REST, answers=WRITTEN)))
    assert any("neither how many people answered nor how far" in note for note in found.report.notes)
