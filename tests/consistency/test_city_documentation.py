"""The template and the README say everything that a description may say, and nothing else."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from hearback.importers import city
from hearback.importers.city import (
    AreaLayer,
    CalendarSource,
    City,
    DeskSource,
    IncidentSource,
    IndicatorSource,
    NeedSource,
    OrganizationSource,
    PopulationSource,
    Promise,
    SurveySource,
)
from hearback.stats.index_definition import load_definition
from places import ROOT, needs_shared

pytestmark = pytest.mark.consistency

GIVEN = {
    City: {
        "file",
        "areas",
        "indicators",
        "incidents",
        "organizations",
        "populations",
        "surveys",
        "need",
        "calendar",
        "promises",
        "desks",
    },
    AreaLayer: {"id", "title"},
}
"""Fields that are no keys of their table."""
KEYS = {
    table: {entry.name for entry in fields(record)} - GIVEN.get(record, set())
    for table, record in {
        "city": City,
        "areas": AreaLayer,
        "indicators": IndicatorSource,
        "incidents": IncidentSource,
        "organizations": OrganizationSource,
        "populations": PopulationSource,
        "surveys": SurveySource,
        "need": NeedSource,
        "calendar": CalendarSource,
        "promises": Promise,
        "desks": DeskSource,
    }.items()
}
NAMED = {"areas", "promises"}
"""Tables of which there is one for each name."""
SAID_OF_EVERY_FILE = {"file", "title", "source", "licence", "vintage"}
README = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")


def uncommented(text: str) -> str:
    """The template with the lines that are commented out, but not the prose."""
    return re.sub(r"^# (?=[\w-]+ = |\[)", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("table", KEYS)
def test_the_readme_lists_exactly_the_keys_of_each_table(table: str) -> None:
    section = next(part for part in README.split("\n## ") if re.match(rf"`\[+{table}[.\]]", part))
    rows = [line.split("|")[1] for line in section.splitlines() if re.match(r"\| `[a-z_]+`", line)]
    listed = {key for row in rows for key in re.findall(r"`([a-z_]+)`", row)}

    assert listed == KEYS[table] - (SAID_OF_EVERY_FILE if "source" in KEYS[table] else set())


@pytest.mark.parametrize("table", KEYS)
def test_the_template_shows_every_key_of_each_table(table: str) -> None:
    written = tomllib.loads(uncommented(city.template()))[table]
    entries = written if isinstance(written, list) else written.values() if table in NAMED else [written]
    unseen = KEYS[table] - {key for entry in entries for key in entry}

    assert unseen <= {"kind"}, "kind is named beside kind_column, which it cannot stand with"


def test_the_template_can_be_read_once_its_files_are_there(tmp_path: Path) -> None:
    text = city.template()
    path = tmp_path / "city.toml"
    path.write_text(text, encoding="utf-8")
    for name in re.findall(r'^file = "(.+?)"', text, flags=re.MULTILINE):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    found = city.read(path)

    assert found.primary.id == "tract"
    assert [source.layout for source in found.indicators] == ["acs", "svi"]


@needs_shared
def test_the_indicators_of_washington_are_those_of_its_need_index() -> None:
    found = city.read(ROOT / "examples" / "washington-dc.toml")
    assert found.need is not None
    index = load_definition(found.need.definition)

    brought = {indicator for source in found.indicators for indicator in source.columns}
    assert {indicator.column for indicator in index.indicators} <= brought
