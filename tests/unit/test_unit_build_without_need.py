"""A city that brings less than everything: its map begins with what it has, and values keep their meaning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client

import little_city
from hearback.foundation.audit.enums import Actor
from hearback.foundation.indicators.queries import definition
from hearback.importers import city
from hearback.importers.joins import JoinRefusal
from hearback.jobs.build_city import build_city
from hearback.jobs.build_city.naming import LONGEST, SameName, dataset_name, refuse_same_names
from hearback.jobs.build_city.reading import ImpossibleValue
from hearback.report_back.payloads import AreaPage, Kind, Message
from hearback.report_back.releases import queries as releases

pytestmark = pytest.mark.django_db

Builds = Callable[[str], None]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    return little_city.write(tmp_path / "source").parent


@pytest.fixture
def builds(folder: Path, by: Actor, at: datetime) -> Builds:
    """Builds the little city from another description."""

    def building(text: str) -> None:
        (folder / "city.toml").write_text(text)
        build_city(city.read(folder / "city.toml"), by=by, at=at, rng=np.random.default_rng(1))

    return building


def without(*headings: str) -> str:
    """The description without the tables that begin with these headings."""
    parts = little_city.DESCRIPTION.replace("\n[", "\n\0[").replace("\0[incidents.", "[incidents.")
    parts = parts.replace("\0[organizations.", "[organizations.").replace("\0[indicators.", "[indicators.")
    return "".join(part for part in parts.split("\0") if not part.startswith(headings))


@pytest.mark.parametrize(
    ("left_out", "shown"),
    [
        ((), "need"),
        (("[need]",), "incidents"),
        (("[need]", "[[incidents]]"), "organizations"),
        (("[need]", "[[incidents]]", "[[organizations]]", "[[indicators]]"), "organizations"),
    ],
)
def test_the_map_begins_with_the_first_layer_there_is(
    builds: Builds, client: Client, left_out: tuple[str, ...], shown: str
) -> None:
    builds(without(*left_out))
    answer = client.get("/map/")
    assert answer.status_code == 200
    assert answer.context["layer"] == shown
    for address in ("/", "/areas/", "/areas/22/", "/data/", "/clock/", "/map/pin/"):
        assert client.get(address).status_code == 200, address


def test_a_layer_that_was_not_brought_is_said_kindly(builds: Builds, client: Client) -> None:
    builds(without("[need]", "[[incidents]]"))
    assert client.get("/map/?layer=need").status_code == 404
    assert client.get("/map/?layer=incidents").status_code == 404


def test_income_per_person_is_dollars_and_less_of_it_means_need(builds: Builds, folder: Path) -> None:
    income = definition("income-per-person", where="")
    assert (income.unit, income.more_means_need, income.cdc_column, income.cdc_scale) == ("dollars", False, "EP_PCI", 1)

    lines = "".join(f"{key},{20_000 + 1_000 * n},500\n" for n, key in enumerate(little_city.KEYS))
    (folder / "poverty.csv").write_text(f"id,share,moe\n{lines}")
    builds(without("[need]").replace("poverty = {", "income-per-person = {"))
    page: AreaPage = releases.current(Kind.AREA, "11")
    fact = next(fact for fact in page.facts if fact.subject == "Income per person")
    assert fact.sentence.values == {"value": Message("${number}", {"number": 20_000})}


@pytest.mark.parametrize(
    ("spec", "lines"),
    [
        ('poverty = { numerator = "share", denominator = "moe" }', "2,1"),
        ('poverty = "share"', "1.01,0"),
        ('poverty = "share"', "-0.01,0"),
        ('poverty = { estimate = "share", percent = true }', "101,0"),
        ('income-per-person = "share"', "-1,0"),
    ],
)
def test_a_value_that_cannot_be_stops_the_build_with_its_row(
    builds: Builds, folder: Path, spec: str, lines: str
) -> None:
    rows = [f"{key},{lines if key == '12' else '0,1'}\n" for key in little_city.KEYS]
    (folder / "poverty.csv").write_text("id,share,moe\n" + "".join(rows))
    text = without("[need]").replace('poverty = { estimate = "share", margin = "moe" }', spec)
    with pytest.raises(ImpossibleValue, match=r"poverty.csv, row 3: "):
        builds(text)


def test_a_ratio_whose_numerator_is_no_part_of_the_whole_may_exceed_one(builds: Builds, folder: Path) -> None:
    (folder / "poverty.csv").write_text("id,share,moe\n" + "".join(f"{key},2,1\n" for key in little_city.KEYS))
    ratio = 'poverty = { numerator = "share", denominator = "moe", rule = "ratio" }'
    builds(without("[need]").replace('poverty = { estimate = "share", margin = "moe" }', ratio))


def test_a_name_beside_another_key_than_in_the_layer_stops_the_build(builds: Builds, folder: Path) -> None:
    swapped = {"11": "12", "12": "11"}
    rows = [f"{key},Square {swapped.get(key, key)},0.1\n" for key in little_city.KEYS]
    (folder / "poverty.csv").write_text("id,called,share\n" + "".join(rows))
    text = without("[need]").replace('poverty = { estimate = "share", margin = "moe" }', 'poverty = "share"')
    named = text.replace('areas = "square"\nkey = "id"', 'areas = "square"\nkey = "id"\nname = "called"')
    with pytest.raises(JoinRefusal, match=r"the same name has different keys on the two sides: Square 12 \(11 / 12\)"):
        builds(named)
    builds(named.replace('name = "called"\nvintage', 'name = "called"\naccept_unmatched = "renamed"\nvintage'))


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Robberies in squares", "robberies-in-squares"),
        ("../../x", "x"),
        ("  Two   words  ", "two-words"),
        ("Zürich", "zurich"),
        ("数据", ""),
        ("!!!", ""),
        ("n" * 200, "n" * LONGEST + "-"),
    ],
)
def test_a_dataset_has_a_name_that_can_stand_in_addresses(title: str, name: str) -> None:
    made = dataset_name(title)
    assert made.startswith(name)
    assert made.isascii()
    assert made.replace("-", "").isalnum()
    assert len(made) <= LONGEST + 9


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Calls!", "calls", True),
        ("Calls", "Calls", False),
        ("数据", "数字", False),
        ("n" * 200 + "a", "n" * 200 + "b", False),
        ("!!!", "???", False),
    ],
)
def test_titles_that_a_name_cannot_tell_apart_are_refused(one: str, other: str, alike: bool) -> None:
    if alike:
        with pytest.raises(SameName, match=r"city.toml: .* too alike for two datasets\. Give one"):
            refuse_same_names([one, other], where="city.toml")
    else:
        refuse_same_names([one, other], where="city.toml")
