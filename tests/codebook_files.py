"""A small survey as files: a codebook and its answers, for tests that change one thing in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hearback.importers import codebooks, surveys
from hearback.importers.quality import Imported
from hearback.importers.surveys import Responses

SURVEY = """
[survey]
name = "A small survey"
wave = "2025"
file = "answers.csv"
source = "a test"
licence = "CC0-1.0"
vintage = "2025"
mode = "probability"
population = "Adults"
frame = "Everybody in the telephone book"
"""
ITEMS = """
[missing]
dont_know = [9]
refused = [-99]

[answers.agreement]
labels = { 1 = "Disagree", 2 = "Neither", 3 = "Agree" }
favourable = [3]

[items.respect]
column = "Q1"
wording = "The police treat people with respect."
answers = "agreement"

[items.fair]
column = "Q2"
wording = "The police treat people fairly."
answers = "agreement"
"""
ANSWERS = "Q1,Q2,age\n1,3,young\n2,9,old\n3,-99,old\n,2,young\n"


def codebook_file(folder: Path, *, survey: str = SURVEY, rest: str = ITEMS, answers: str | None = ANSWERS) -> Path:
    """Write the codebook and its answers; returns the codebook's path."""
    folder.mkdir(parents=True, exist_ok=True)
    if answers is not None:
        (folder / "answers.csv").write_text(answers, encoding="utf-8")
    path = folder / "codebook.toml"
    path.write_text(survey + rest, encoding="utf-8")
    return path


def read(folder: Path, **changed: Any) -> Imported[Responses]:
    """The small survey, read."""
    return surveys.read(codebooks.read(codebook_file(folder, **changed)))
