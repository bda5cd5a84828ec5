"""A row that adds up the others is refused by name and row, before it is ranked, smoothed or mapped as an area."""

from __future__ import annotations

from pathlib import Path

import pytest

from hearback.cli.stats.total_rows import TotalAmongAreas
from stats_verbs import call

pytestmark = pytest.mark.faults

DEFINITION = """id: small
title: A small index
source: Invented
population: people
themes:
  - title: Income
    indicators:
      - {id: POVERTY, title: Poverty, column: poverty, need_is: high}
"""
AREAS = "Alder,40,4000,10\nBirch,42,5000,20\nCedar,18,1000,15\n"
HEADER = "area,incidents,people,poverty\n"
EDGES = "i,j\n1,2\n2,1\n2,3\n3,2\n3,4\n4,3\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edges.csv").write_text(EDGES)
    (tmp_path / "small.yaml").write_text(DEFINITION)
    return tmp_path


def index(folder: Path) -> None:
    call("index", "reports.csv", "--key", "area", "--definition", "small.yaml", "--out", "out.csv")


def rates(folder: Path) -> None:
    call("rates", "reports.csv", "--key", "area", "--count", "incidents", "--population", "people", "--out", "out.csv")


def hotspots(folder: Path) -> None:
    call("hotspots", "reports.csv", "--key", "area", "--value", "incidents", "--edges", "edges.csv", "--out", "out.csv")


@pytest.mark.parametrize("verb", [index, rates, hotspots])
@pytest.mark.parametrize(
    "total", ["Total,100,10000,14", "TOTAL,100,10000,14", "City total,99,9990,14", "citywide,100,10000,", "All,7,70,1"]
)
def test_a_total_is_refused_with_its_row(folder: Path, verb: object, total: str) -> None:
    (folder / "reports.csv").write_text(HEADER + AREAS + total + "\n")
    with pytest.raises(TotalAmongAreas) as refused:
        verb(folder)
    name = total.split(",")[0]
    assert refused.value.sentence == (
        f"reports.csv, row 5: {name!r} seems to add up the other rows, and would be taken for an area. "
        "Remove this row; if it is an area, give it another name."
    )
    assert not (folder / "out.csv").exists()


@pytest.mark.parametrize("verb", [index, rates, hotspots])
def test_a_long_name_with_the_sum_of_all_others_is_a_total(folder: Path, verb: object) -> None:
    (folder / "reports.csv").write_text(HEADER + AREAS + "Total of all wards,100,10000,14\n")
    with pytest.raises(TotalAmongAreas):
        verb(folder)


@pytest.mark.parametrize("verb", [index, rates, hotspots])
@pytest.mark.parametrize("name", ["Totality Park", "All Saints", "Allerton", "Summit", "Overall Street"])
def test_an_area_that_only_sounds_like_a_total_stays(folder: Path, verb: object, name: str) -> None:
    (folder / "reports.csv").write_text(HEADER + AREAS + f"{name},31,2900,12\n")
    verb(folder)
    assert name in (folder / "out.csv").read_text()


def test_two_areas_with_the_same_count_are_not_each_others_total(folder: Path) -> None:
    (folder / "reports.csv").write_text(f"{HEADER}All Saints,40,4000,10\nBirch,40,4000,20\n")
    rates(folder)
    assert "All Saints" in (folder / "out.csv").read_text()
