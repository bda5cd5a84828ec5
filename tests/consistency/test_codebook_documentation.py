"""The README says everything that a survey's codebook may say, and nothing else; the examples can be read."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from hearback.importers import codebooks
from hearback.importers.codebook_parts import (
    Answers,
    AreaColumn,
    AttentionCheck,
    Codebook,
    Design,
    Dispositions,
    FieldworkFile,
    Group,
    ItemText,
    Missing,
    Scale,
)
from hearback.importers.codebooks import TABLES
from places import ROOT, needs_shared

pytestmark = pytest.mark.consistency

GIVEN = {"path", "title", "items", "scales", "groups", "area", "design", "attention", "response", "fieldwork", "id"}
KEYS = {
    table: {entry.name for entry in fields(record)} - (GIVEN - {"items", "title"} if record is Scale else GIVEN)
    for table, record in {
        "survey": Codebook,
        "missing": Missing,
        "answers": Answers,
        "items": ItemText,
        "scales": Scale,
        "area": AreaColumn,
        "design": Design,
        "attention": AttentionCheck,
        "response": Dispositions,
    }.items()
} | {
    "groups": {entry.name for entry in fields(Group)} - {"id"},
    "fieldwork": {entry.name for entry in fields(FieldworkFile)},
}
README = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
EXAMPLES = ("kansas-city-2021-q1", "kansas-city-2022-q3", "chicago-scores")


def test_every_table_of_a_codebook_has_its_section() -> None:
    assert set(KEYS) == set(TABLES)


@pytest.mark.parametrize("table", KEYS)
def test_the_readme_lists_exactly_the_keys_of_each_table_of_a_codebook(table: str) -> None:
    section = next(part for part in README.split("\n## ") if re.match(rf"Codebook: `\[+{table}[.\]]", part))
    rows = [line.split("|")[1] for line in section.splitlines() if re.match(r"\| `[a-z_]+`", line)]

    assert {key for row in rows for key in re.findall(r"`([a-z_]+)`", row)} == KEYS[table]


@needs_shared
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_codebooks_of_the_examples_can_be_read(name: str) -> None:
    codebook = codebooks.read(ROOT / "examples" / f"{name}.toml")

    assert codebook.items
    assert all(len(item.wording) > 5 for item in codebook.items)
