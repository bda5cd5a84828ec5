"""Incidents that came counted by area are joined like any table, and counts that cannot be true stop the build."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import little_city
from hearback.foundation.audit.enums import Actor
from hearback.foundation.datasets.models import Dataset
from hearback.foundation.datasets.queries import in_use
from hearback.foundation.installation.queries import everything_held
from hearback.importers import city
from hearback.importers.incidents import WrongCounts
from hearback.importers.joins import JoinRefusal
from hearback.jobs.build_city import build_city
from hearback.report_back.payloads import IncidentPage, Kind
from hearback.report_back.releases import queries as releases

pytestmark = pytest.mark.django_db

COUNTED = """layout = "counts"
areas = "square"
area = "square"
category = "what"
count = "number"
year = "year"
"""
ROBBERIES = dict(zip(little_city.KEYS, little_city.ROBBERIES, strict=True))


@pytest.fixture
def built(tmp_path: Path, settings: Any, by: Actor, at: datetime) -> Callable[..., Dataset]:
    """Builds the little city from counts, and gives the record of their dataset."""
    settings.DATA_DIR = tmp_path / "data"
    path = little_city.write(tmp_path / "source")
    whole = path.read_text()
    begin, end = whole.index('layout = "points"'), whole.index('category = "what"\n') + len('category = "what"\n')

    def building(counts: dict[str, Any], *, accepted: str = "") -> Dataset:
        accept = f'accept_unmatched = "{accepted}"\n' if accepted else ""
        path.write_text(whole[:begin] + COUNTED + accept + whole[end:])
        lines = "".join(f"{key},{little_city.YEAR},ROB,{count}\n" for key, count in counts.items())
        (path.parent / "robberies.csv").write_text(f"square,year,what,number\n{lines}")
        build_city(city.read(path), by=by, at=at, rng=np.random.default_rng(1))
        return next(dataset for dataset in in_use() if dataset.holds == "incidents")

    return building


def test_counts_are_the_incidents_they_count(built: Callable[..., Dataset]) -> None:
    report = built(ROBBERIES).report

    assert (report["rows_read"], report["adds_up_to"]) == (9, 57)
    assert everything_held()["incidents"] == 57
    page: IncidentPage = releases.current(Kind.INCIDENTS, f"robbery/{little_city.YEAR}")
    assert page.total == 57


def test_counts_of_an_area_that_nobody_drew_stop_the_build(built: Callable[..., Dataset]) -> None:
    with pytest.raises(JoinRefusal, match=r"8 keys match, but 1 of 9 .*\(99\) and 1 of 9 areas .*\(33\)"):
        built({("99" if key == "33" else key): count for key, count in ROBBERIES.items()})
    assert not in_use()


def test_they_are_kept_out_and_told_where_that_is_accepted_by_name(built: Callable[..., Dataset]) -> None:
    other = {("99" if key == "33" else key): count for key, count in ROBBERIES.items()}

    (join,) = built(other, accepted="a prison").report["joins"]

    assert (join["left_over"], join["right_over"], join["accepted"]) == (["99"], ["33"], "a prison")


@pytest.mark.parametrize("wrong", ["-1", "1.5", "1e30", "many", "", "inf"])
def test_a_count_that_cannot_be_true_stops_the_build_with_its_row(built: Callable[..., Dataset], wrong: str) -> None:
    with pytest.raises(
        WrongCounts, match=rf"1 of 9 rows have no count that can be true .*row 3: {wrong}.*whole numbers"
    ):
        built(ROBBERIES | {"12": wrong})
