"""From the files of a little city to its releases, step by step, with every number checked by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import little_city
from hearback.foundation.audit.enums import Actor
from hearback.foundation.audit.queries import verify
from hearback.foundation.datasets.queries import in_use
from hearback.foundation.indicators.queries import UnknownIndicator
from hearback.foundation.installation.queries import everything_held, everything_wrong
from hearback.foundation.organizations.models import Organization
from hearback.foundation.places.models import Area
from hearback.importers import city
from hearback.jobs.build_city import STEPS, build_city
from hearback.jobs.build_city.storing import TooManyOutside
from hearback.refusal import Refusal
from hearback.report_back.payloads import ALL_KINDS, AreaPage, IncidentPage, Kind, Message, NeedPage, OrganizationPage
from hearback.report_back.releases import queries as releases
from hearback.report_back.releases.models import Release
from hearback.sentence import read_back
from hearback.understand.need import queries as need

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    little_city.write(tmp_path / "source")
    return tmp_path / "source"


def build(folder: Path, by: Actor, at: datetime) -> list[str]:
    told: list[str] = []
    build_city(city.read(folder / "city.toml"), by=by, at=at, rng=np.random.default_rng(1), tell=told.append)
    return told


def percent(number: float) -> Message:
    return Message("{number} %", {"number": number})


@pytest.fixture
def built(folder: Path, by: Actor, at: datetime) -> Path:
    build(folder, by, at)
    return folder


def test_everything_is_counted(built: Path) -> None:
    held = everything_held()
    expected = {"areas": 9, "indicators": 1, "incidents": 57, "organizations": 2, "datasets": 4, "editions": 1}
    assert {name: held[name] for name in expected} == expected
    assert everything_wrong() == []


def test_every_step_is_told(folder: Path, by: Actor, at: datetime) -> None:
    assert len(build(folder, by, at)) == STEPS


def test_small_counts_are_hidden_and_cannot_be_worked_out(built: Path) -> None:
    page: IncidentPage = releases.current(Kind.INCIDENTS, f"robbery/{little_city.YEAR}")
    shown = {row.area: row.count for row in page.rows}
    hidden = [key for key, count in zip(little_city.KEYS, little_city.ROBBERIES, strict=True) if 0 < count < 5]
    assert all(shown[key] is None for key in hidden)
    assert sum(count is None for count in shown.values()) > 2, "1 + 3 alone would be known from the total"
    assert shown["11"] == 0
    assert page.total == sum(little_city.ROBBERIES)


def test_a_hidden_count_hides_its_rate(built: Path) -> None:
    page: IncidentPage = releases.current(Kind.INCIDENTS, f"robbery/{little_city.YEAR}")
    assert all((row.count is None) <= (row.rate is None and row.rate_high is None) for row in page.rows)


def test_rates_are_per_thousand_and_lean_on_the_city(built: Path) -> None:
    page: IncidentPage = releases.current(Kind.INCIDENTS, f"robbery/{little_city.YEAR}")
    raw = {
        key: 1000 * count / people
        for key, count, people in zip(little_city.KEYS, little_city.ROBBERIES, little_city.PEOPLE, strict=True)
    }
    mean = 1000 * sum(little_city.ROBBERIES) / sum(little_city.PEOPLE)
    shown = {row.area: row.rate for row in page.rows if row.rate is not None}
    assert shown
    for area, rate in shown.items():
        assert min(raw[area], mean) - 0.01 <= rate <= max(raw[area], mean) + 0.01


def test_need_ranks_the_poorest_first_and_says_how_surely(built: Path) -> None:
    page: NeedPage = releases.current(Kind.NEED)
    first = min(page.rows, key=lambda row: row.rank or 99)
    assert (first.area, first.rank) == ("31", 1)
    assert page.has_margins
    for row in page.rows:
        assert row.rank_low is not None
        assert row.rank_high is not None
        assert row.rank is not None
        assert row.rank_low <= row.rank <= row.rank_high


def test_an_area_with_few_people_is_thin(built: Path) -> None:
    page: NeedPage = releases.current(Kind.NEED)
    assert [row.area for row in page.rows if row.thin] == ["22"]


def test_an_area_page_says_what_is_known_and_what_is_not(built: Path) -> None:
    page: AreaPage = releases.current(Kind.AREA, "31")
    poverty = next(fact for fact in page.facts if fact.subject == "Poverty")
    assert poverty.sentence.values == {"value": percent(45)}
    assert poverty.certainty.values == {"low": percent(42), "high": percent(48)}
    assert poverty.vintage == str(little_city.YEAR)
    assert "What happened and was never reported." in [message.template for message in page.unknowns]
    assert {choice.key for choice in page.neighbours} == {"21", "22", "32"}


def test_a_very_unsure_figure_is_called_so(built: Path) -> None:
    page: AreaPage = releases.current(Kind.AREA, "22")
    poverty = next(fact for fact in page.facts if fact.subject == "Poverty")
    assert poverty.certainty.template.startswith("Very unsure")


def test_contacts_are_kept_and_never_released(built: Path) -> None:
    assert Organization.objects.get(name="Reading Room").contact == {"phone": "555-0100"}
    assert not Release.objects.filter(payload__contains="555-01").exists()


def test_the_place_of_a_shelter_is_never_released(built: Path) -> None:
    page: OrganizationPage = releases.current(Kind.ORGANIZATIONS, ALL_KINDS)
    shelter = next(row for row in page.rows if row.name == "Quiet House")
    assert (shelter.x, shelter.y, shelter.area) == (None, None, "")
    area: AreaPage = releases.current(Kind.AREA, "22")
    assert area.organizations == ()


def test_an_organisation_lies_in_its_area_with_its_languages(built: Path) -> None:
    area: AreaPage = releases.current(Kind.AREA, "11")
    assert [(row.name, row.languages) for row in area.organizations] == [("Reading Room", ("es",))]


def test_the_same_seed_gives_the_same_edition(built: Path, by: Actor, at: datetime) -> None:
    first = releases.edition()
    build(built, by, at)
    second = releases.edition()
    assert first is not None
    assert second is not None
    assert (second.number, second.checksum) == (2, first.checksum)


def test_a_vanished_area_is_retired_and_not_deleted(built: Path, by: Actor, at: datetime) -> None:
    text = (built / "squares.geojson").read_text().replace('"id": "33"', '"id": "99"')
    (built / "squares.geojson").write_text(text)
    (built / "poverty.csv").write_text((built / "poverty.csv").read_text().replace("\n33,", "\n99,"))
    build(built, by, at)
    assert Area.objects.get(key="33").retired
    assert not Area.objects.get(key="99").retired


def test_a_refused_rebuild_leaves_the_former_edition(built: Path, by: Actor, at: datetime) -> None:
    before = {**everything_held()}
    (built / "robberies.csv").write_text("x,y,on,what\n0,0,2024-01-01,ROB\n")
    with pytest.raises(Refusal):
        build(built, by, at)
    assert everything_held() == before


def test_incidents_far_from_the_areas_stop_the_build(folder: Path, by: Actor, at: datetime) -> None:
    (folder / "robberies.csv").write_text("x,y,on,what\n" + "-80.5,41.5,2024-01-01,ROB\n" * 9)
    with pytest.raises(TooManyOutside, match='accept_outside = "why this is right"'):
        build(folder, by, at)


def test_incidents_far_from_the_areas_are_kept_when_accepted_by_name(folder: Path, by: Actor, at: datetime) -> None:
    path = folder / "city.toml"
    path.write_text(path.read_text().replace('layout = "points"', 'layout = "points"\naccept_outside = "a highway"'))
    with (folder / "robberies.csv").open("a") as file:
        file.write("-80.5,41.5,2024-01-01,ROB\n" * 9)
    build(folder, by, at)
    notes = next(dataset for dataset in in_use() if dataset.holds == "incidents").report["notes"]
    assert any("9 of 66" in read_back(note) for note in notes)


def test_an_unknown_indicator_is_refused_before_anything_is_read(folder: Path, by: Actor, at: datetime) -> None:
    path = folder / "city.toml"
    path.write_text(path.read_text().replace("poverty = {", "wealth = {"))
    with pytest.raises(UnknownIndicator, match="there is no indicator “wealth”"):
        build(folder, by, at)


def test_need_keeps_what_it_was_computed_from(built: Path) -> None:
    assessment = need.latest()
    assert assessment is not None
    assert '"title":"Need in Little Nine"' in assessment.definition
    assert need.indicator_titles(assessment) == ("People in poverty",)


def test_everything_that_was_done_is_in_the_audit_log(built: Path) -> None:
    assert verify().holds
    assert verify().entries == everything_held()["audit_entries"] > 8


def test_what_was_not_released_is_refused_with_a_remedy(db: None) -> None:
    with pytest.raises(releases.NotReleased, match="hearback build"):
        releases.current(Kind.NEED)
