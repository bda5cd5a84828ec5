"""The page on the files of the survey verbs names every key that these files may have, and no other."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

import pytest

from hearback.cli.stats.area_models import AnswerModel, DirectModel, Publishing
from hearback.cli.stats.design_file import DesignFile, ReplicateWeights, Sensitivity
from hearback.cli.stats.scale import ScaleFile
from hearback.cli.stats.weighting_steps import STEPS
from hearback.stats.response_rates import Dispositions
from places import ROOT

pytestmark = pytest.mark.consistency

PAGE = (ROOT / "docs" / "survey-files.md").read_text(encoding="utf-8")


def names(*records: Any) -> set[str]:
    return {entry.name for record in records for entry in fields(record)} - {"path", "method"}


def rows(heading: str) -> dict[str, set[str]]:
    """The words in code style of each row below a heading: those in its first cell, and all of the row."""
    text = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return {line.split("|")[1]: set(re.findall(r"`(\w+)`", line)) for line in lines}


def first_cells(heading: str) -> set[str]:
    return {word for cell in rows(heading) for word in re.findall(r"`(\w+)`", cell)}


def words(heading: str) -> set[str]:
    return set().union(*rows(heading).values())


@pytest.mark.parametrize(
    ("heading", "records"),
    [("Designs", (DesignFile,)), ("Small-area models", (AnswerModel, DirectModel)), ("Scales", (ScaleFile,))],
)
def test_every_key_is_documented_and_no_other(heading: str, records: tuple[Any, ...]) -> None:
    assert first_cells(heading) == names(*records)


@pytest.mark.parametrize(
    ("heading", "record"),
    [
        ("Designs", ReplicateWeights),
        ("Designs", Sensitivity),
        ("Designs", Dispositions),
        ("Small-area models", Publishing),
    ],
)
def test_keys_of_tables_within_are_named(heading: str, record: Any) -> None:
    assert names(record) - words(heading) == set()


def test_every_method_of_a_step_is_documented_with_its_keys() -> None:
    assert first_cells("Steps") == set(STEPS)
    for method, record in STEPS.items():
        (said,) = [found for cell, found in rows("Steps").items() if f"`{method}`" in cell]
        shared = {"merge"} if method == "calibrate" else set()
        assert names(record) - said == shared, method
