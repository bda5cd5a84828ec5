"""From who was asked and who answered in each area to the page: how much chances to answer differed, and where not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.test import Client

import little_city
from codebook_files import ITEMS, SURVEY, codebook_file, read
from hearback.foundation.audit.enums import Actor
from hearback.foundation.datasets.queries import evidence_store
from hearback.importers import city
from hearback.importers.joins import JoinRefusal
from hearback.jobs.build_city import build_city
from hearback.listen.surveys.models import Wave
from hearback.report_back.payloads import Kind
from hearback.report_back.releases import queries as releases
from hearback.report_back.voices import SurveyResponse
from hearback.understand.representation.queries import response
from vector_files import geojson

pytestmark = pytest.mark.django_db
Build = Callable[..., list[SurveyResponse]]

TABLE = (
    '\n[area]\ncolumn = "square"\n\n[fieldwork]\nfile = "fieldwork.csv"\narea = "id"\nasked = "n"\nanswered = "yes"\n'
)
HALVES = """
[areas.half]
file = "halves.geojson"
key = "id"
name = "called"
singular = "Half"
plural = "Halves"
vintage = "2024"
source = "Invented for tests"
licence = "CC0-1.0"
"""
RICH, POOR = 120, 60
"""How many of 300 answer in a square, by whether less than 14 in 100 of its people are poor."""
ANSWERED = [RICH if poverty < 0.14 else POOR for poverty in little_city.POVERTY]


@pytest.fixture
def build(tmp_path: Path, settings: Any, by: Actor, at: datetime) -> Build:
    settings.DATA_DIR = tmp_path / "data"

    def built(
        answered: list[int],
        *,
        survey: str = SURVEY,
        table: str = TABLE,
        keys: list[str] = little_city.KEYS,
        more: str = "",
    ) -> list[SurveyResponse]:
        folder = tmp_path / "source"
        little_city.write(folder)
        west, south, east, north = -77, 39, -76.97, 39.03
        halves = (shapely.box(west, south, east, 39.01), shapely.box(west, 39.01, east, north))
        geojson(
            folder / "halves.geojson", [({"id": f"{n}", "called": f"Half {n}"}, box) for n, box in enumerate(halves)]
        )
        rows = [f"{key},300,{count}" for key, count in zip(keys, answered, strict=True)]
        (folder / "fieldwork.csv").write_text("id,n,yes\n" + "\n".join(rows) + "\n")
        people = [f"{n % 3 + 1},2,x,{key}" for key, count in zip(keys, answered, strict=True) for n in range(count)]
        codebook_file(
            folder, survey=survey, rest=ITEMS + table, answers="Q1,Q2,age,square\n" + "\n".join(people) + "\n"
        )
        named = '[[surveys]]\ncodebook = "codebook.toml"\nareas = "square"\n'
        (folder / "city.toml").write_text(little_city.DESCRIPTION + more + named)
        build_city(city.read(folder / "city.toml"), by=by, at=at, rng=np.random.default_rng(1))
        return list(releases.current(Kind.VOICES).responses)

    return built


def test_the_importer_keeps_areas_where_anybody_was_asked_and_says_how_many_they_were(tmp_path: Path) -> None:
    (tmp_path / "fieldwork.csv").write_text("id,n,yes\n0011,10,3\n012,10,1\n0013,0,0\n")
    found = read(tmp_path, rest=ITEMS + TABLE.partition("\n\n")[2] + "key_digits = 4\n")
    asked = found.table.fieldwork
    assert asked is not None
    assert (asked.areas, asked.asked, asked.answered) == (("0011", "0012"), (10, 10), (3, 1))
    assert {"people asked: 20, in 2 areas; answered: 4", "1 keys got back the leading zero they had lost"} <= {
        str(note) for note in found.report.notes
    }


def test_who_was_asked_is_on_record_with_the_wave_and_its_file_in_the_provenance(build: Build) -> None:
    build(ANSWERED)
    wave = Wave.objects.get()
    assert wave.fieldwork == [[key, 300, count] for key, count in zip(little_city.KEYS, ANSWERED, strict=True)]
    files = [file.name for file in evidence_store().open(wave.stored).record.provenance.files]
    assert files == ["answers.csv", "codebook.toml", "fieldwork.csv"]


def test_areas_that_nobody_knows_are_refused(build: Build) -> None:
    with pytest.raises(JoinRefusal, match=r"fieldwork.csv.*99"):
        build([50] * 8 + [0], keys=[*little_city.KEYS[:8], "99"])


def test_chances_that_follow_poverty_are_found_and_said(build: Build, client: Client) -> None:
    (found,) = build(ANSWERED)
    rate = np.array(ANSWERED) / 300
    assert (found.asked, found.rate) == (2700, pytest.approx(rate.mean(), abs=1e-4))
    assert (found.why_not, found.traits, found.parts) == ("", ("Poverty",), ())
    assert found.r_low < 1 - 2 * rate.std() < found.r_high < 1
    assert found.bias_low < found.bias < found.bias_high
    said = client.get("/who-is-missing/").content.decode()
    assert "Chances to answer differed between areas." in said
    assert f"({found.bias_low:.2f} to {found.bias_high:.2f})" in said
    assert "of 2,700 people asked" in said
    assert "There are no voices yet" not in said


def test_chances_that_are_alike_are_not_told_to_differ(build: Build, client: Client) -> None:
    (found,) = build([90, 91, 89, 90, 88, 92, 91, 90, 89])
    assert found.r_high == 1
    assert "We cannot tell whether chances to answer differed" in client.get("/who-is-missing/").content.decode()


def test_parts_of_a_larger_layer_come_first_and_have_ranges(
    build: Build, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(response, "AREAS_PER_TRAIT", 4)
    (found,) = build([60, 62, 58, 120, 118, 122, 121, 119, 123], more=HALVES)
    assert (found.layer, found.traits) == ("Half", ("Poverty",))
    assert [(part.name, part.asked, part.heard) for part in found.parts] == [
        ("Half 0", 900, "less"),
        ("Half 1", 1800, "more"),
    ]
    low, high = found.parts[0].adds_low, found.parts[0].adds_high
    assert low is not None
    assert high is not None
    assert low < np.sqrt(1 / 3) * (0.2 - 903 / 2700) < high < 0
    assert "Answered less than others" in client.get("/who-is-missing/").content.decode()


def test_a_part_with_few_answers_shows_no_rate_and_takes_another_with_it(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(response, "AREAS_PER_TRAIT", 4)
    (found,) = build([2, 3, 1, 120, 118, 122, 121, 119, 123], more=HALVES)
    assert [(part.rate, part.adds, part.adds_low) for part in found.parts] == [(None, None, None)] * 2


def test_too_few_areas_measure_nothing(build: Build, client: Client) -> None:
    (found,) = build(ANSWERED[:5], keys=little_city.KEYS[:5])
    assert found.why_not == "too-few"
    assert "too few areas" in client.get("/who-is-missing/").content.decode()


def test_whoever_wished_has_no_indicator_and_the_page_says_why(build: Build, client: Client) -> None:
    survey, table = SURVEY.replace("probability", "opt-in"), '\n[area]\ncolumn = "square"\n'
    (found,) = build(ANSWERED, survey=survey, table=table)
    assert found.why_not == "opt-in"
    said = client.get("/who-is-missing/").content.decode()
    assert "Nobody was drawn: the survey was open to whoever wished." in said
    assert "R-indicator" not in said


def test_a_sample_whose_source_is_silent_has_none(build: Build) -> None:
    (found,) = build(ANSWERED, table='\n[area]\ncolumn = "square"\n')
    assert found.why_not == "not-known"
