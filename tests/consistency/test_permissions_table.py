"""docs/permissions.md says what the code does, for every permission there is."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from click.testing import CliRunner

from hearback.cli.permissions import BEGIN, END, command, predicates, tables
from hearback.config.rooms import all_slices
from hearback.foundation.people.enums import Role
from places import ROOT

pytestmark = pytest.mark.consistency

EVERY = [predicate for slice_ in all_slices() for predicate in predicates(slice_)]
PAGE = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")


def test_the_tables_are_fresh() -> None:
    between = PAGE.partition(BEGIN)[2].partition(END)[0]
    assert between.strip() == tables(), "run: hearback permissions --into docs/permissions.md"


def test_the_command_renews_the_tables_and_leaves_the_rest(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    done = CliRunner().invoke(command, ["--into", str(page)])
    assert done.exit_code == 0, done.output
    assert page.read_text(encoding="utf-8") == f"before\n{BEGIN}\n\n{tables()}\n\n{END}\nafter\n"


def test_every_permission_stands_in_a_table_and_there_are_some() -> None:
    assert len(EVERY) >= 15
    for predicate in EVERY:
        assert " ".join((inspect.getdoc(predicate) or "-").split()) in PAGE


@pytest.mark.parametrize("predicate", EVERY, ids=lambda predicate: f"{predicate.__module__}.{predicate.__name__}")
def test_every_permission_says_who_holds_it_and_under_which_condition(predicate: object) -> None:
    assert set(predicate.roles) <= set(Role)
    assert predicate.roles
    assert inspect.getdoc(predicate)
