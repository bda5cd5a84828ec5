"""Waves on record: what was asked, of whom and how; never what one person said."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection

import little_city
from codebook_files import ITEMS, SURVEY, codebook_file
from hearback.cli.survey import add as add_command
from hearback.evidence.surveys import read_responses
from hearback.foundation.audit.enums import Actor
from hearback.foundation.audit.models import Entry
from hearback.foundation.datasets.queries import evidence_store, in_use
from hearback.foundation.installation.queries import everything_held
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.importers import city, codebooks
from hearback.importers.joins import JoinRefusal
from hearback.jobs.build_city import build_city
from hearback.jobs.build_city.add_survey import NoSuchLayer, add_survey
from hearback.listen.surveys import actions, permissions, queries
from hearback.listen.surveys.models import Item, Wave
from hearback.report_back.payloads import DatasetPage, Kind
from hearback.report_back.releases import queries as releases
from hearback.stats.response_rates import Dispositions

pytestmark = pytest.mark.django_db

REST = ITEMS + (
    '\n[scales.both]\ntitle = "Treatment"\nitems = ["respect", "fair"]\n'
    '\n[groups.age]\ntitle = "Age"\ncolumn = "age"\n\n[area]\ncolumn = "square"\n'
    "\n[response]\ncomplete = 4\nrefusal = 5\nnon_contact = 7\n"
)
ANSWERS = "Q1,Q2,age,square\n1,3,young,11\n2,9,old,12\n3,-99,old,12\n,2,young,33\n"
TITLE = "A small survey, 2025"


@pytest.fixture
def source(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    little_city.write(tmp_path / "source")
    codebook_file(tmp_path / "source", rest=REST, answers=ANSWERS)
    return tmp_path / "source"


def build(source: Path, by: Actor, at: datetime, *, surveys: str = "") -> None:
    (source / "city.toml").write_text(little_city.DESCRIPTION + surveys)
    build_city(city.read(source / "city.toml"), by=by, at=at, rng=np.random.default_rng(1))


NAMED = '[[surveys]]\ncodebook = "codebook.toml"\nareas = "square"\n'


@pytest.fixture
def built(source: Path, by: Actor, at: datetime) -> Path:
    build(source, by, at, surveys=NAMED)
    return source


def the_wave() -> Wave:
    wave = queries.wave_with("a-small-survey", "2025")
    assert wave is not None
    return wave


def test_a_build_counts_waves_respondents_and_items(built: Path) -> None:
    held = everything_held()
    assert {name: held[name] for name in ("survey_waves", "survey_respondents", "survey_items")} == {
        "survey_waves": 1,
        "survey_respondents": 4,
        "survey_items": 2,
    }


def test_a_wave_says_how_people_were_found_and_how_many_were_asked(built: Path) -> None:
    wave = the_wave()
    assert (wave.mode, wave.frame, wave.areas, wave.rows) == (
        "probability",
        "Everybody in the telephone book",
        "square",
        4,
    )
    assert wave.dispositions is not None
    assert Dispositions(**wave.dispositions) == Dispositions(complete=4, refusal=5, non_contact=7)
    assert wave.stated_response_rate is None
    assert wave.design == {"weights": False, "strata": False, "psu": 0, "fpc": 0, "replicates": None, "fay": None}


def test_items_keep_their_wording_labels_and_what_is_missing(built: Path) -> None:
    fair = the_wave().items.get(key="fair")
    assert fair.wording == "The police treat people fairly."
    assert fair.label_of == {1: "Disagree", 2: "Neither", 3: "Agree"}
    assert fair.favourable == [3]
    assert (fair.answered, fair.missing) == (2, {"dont_know": 1, "refused": 1})
    assert [scale.items for scale in the_wave().scales.all()] == [["respect", "fair"]]
    assert [kind.names for kind in the_wave().group_kinds.all()] == [["old", "young"]]


def test_the_rows_lie_in_the_evidence_store(built: Path) -> None:
    people = read_responses(evidence_store().open(the_wave().stored), items=["respect"], groups=["age"])
    assert np.array_equal(people.answers["respect"], [1, 2, 3, np.nan], equal_nan=True)
    assert people.area is not None
    assert people.area.tolist() == ["11", "12", "12", "33"]


def test_no_table_of_the_database_has_a_row_for_a_respondent(built: Path) -> None:
    """Every cell of the slice's tables is about all respondents together."""
    for model in apps.get_app_config("surveys").get_models():
        assert model.objects.count() <= 2
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {Item._meta.db_table}")
        assert not any("young" in str(row) for row in cursor.fetchall())


def test_the_data_page_tells_what_was_recoded(built: Path) -> None:
    name = next(dataset.name for dataset in in_use() if dataset.title == TITLE)
    page: DatasetPage = releases.current(Kind.DATASET, name)
    assert page.rows_kept == 4
    assert any("don't know" in str(note) for note in page.notes)


def test_a_sample_may_leave_areas_out_but_not_name_unknown_ones(source: Path, by: Actor, at: datetime) -> None:
    codebook_file(source, rest=REST, answers=ANSWERS.replace("33", "99"))
    with pytest.raises(JoinRefusal, match="99"):
        build(source, by, at, surveys=NAMED)

    build(source, by, at, surveys=NAMED + 'accept_unmatched = "99 is outside the city"\n')
    assert the_wave().rows == 4


def test_a_wave_that_the_description_no_longer_names_goes_with_its_rows(built: Path, by: Actor, at: datetime) -> None:
    stored = the_wave().stored
    build(built, by, at)

    assert queries.waves() == []
    assert queries.surveys() == []
    assert stored not in {dataset.reference for dataset in evidence_store().datasets()}


def test_a_wave_added_by_hand_stays(source: Path, by: Actor, at: datetime) -> None:
    build(source, by, at)
    add_survey(codebooks.read(source / "codebook.toml"), areas_of="square", by=by, at=at)
    build(source, by, at)

    assert read_responses(evidence_store().open(the_wave().stored)).n == 4
    assert TITLE in {dataset.title for dataset in in_use()}


def test_a_wave_added_by_hand_is_on_the_data_page_and_the_rest_stays(source: Path, by: Actor, at: datetime) -> None:
    build(source, by, at)
    before = releases.edition()
    add_survey(codebooks.read(source / "codebook.toml"), areas_of="square", by=by, at=at)
    after = releases.edition()

    assert before is not None
    assert after is not None
    assert after.number == before.number + 1
    titles = {releases.current(Kind.DATASET, dataset.name).title for dataset in in_use()}
    assert titles == {"Squares", "Poverty in squares", "Robberies in squares", "Places in squares", TITLE}
    assert releases.current(Kind.AREA, "31") is not None


def test_adding_again_takes_the_place_of_what_was_there(source: Path, by: Actor, at: datetime) -> None:
    build(source, by, at)
    for answers in (ANSWERS, ANSWERS + "1,1,old,11\n"):
        codebook_file(source, rest=REST, answers=answers)
        add_survey(codebooks.read(source / "codebook.toml"), areas_of="square", by=by, at=at)

    assert [wave.rows for wave in queries.waves()] == [5]
    assert sum(dataset.name.startswith("a-small") for dataset in evidence_store().datasets()) == 1


def test_a_layer_that_is_not_there_is_refused_before_anything_is_written(source: Path, by: Actor, at: datetime) -> None:
    build(source, by, at)
    with pytest.raises(NoSuchLayer, match='You may mean "square"'):
        add_survey(codebooks.read(source / "codebook.toml"), areas_of="squares", by=by, at=at)
    assert queries.waves() == []


def test_scores_are_kept_apart_from_respondents(source: Path, by: Actor, at: datetime) -> None:
    build(source, by, at)
    survey = SURVEY.replace('mode = "probability"', 'mode = "not-stated"\nkind = "scores"\nperiod = "year"')
    rest = (
        '\n[answers.score]\nkind = "number"\n\n[items.trust]\nwording = "Trust, as a score"\nanswers = "score"\n'
        '\n[area]\ncolumn = "square"\n'
    )
    codebook_file(source, survey=survey, rest=rest, answers="square,year,trust\n11,2024,50\n12,2024,61\n")
    add_survey(codebooks.read(source / "codebook.toml"), areas_of="square", by=by, at=at)

    assert the_wave().respondents == 0
    assert everything_held()["survey_respondents"] == 0
    assert the_wave().items.get().answered == 2


def test_recording_is_audited_with_the_mode(built: Path) -> None:
    entry = Entry.objects.get(verb="surveys.record_wave")
    assert entry.subject == "wave:a-small-survey/2025"
    assert entry.detail["mode"] == "probability"


def test_analysts_bring_surveys_in_and_administrators_take_them_out(at: datetime) -> None:
    roles = {role: User(username=role, role=role).actor for role in Role}
    assert {role for role in Role if permissions.may_record_wave(roles[role])} == {Role.ANALYST, Role.ADMINISTRATOR}
    assert {role for role in Role if permissions.may_remove_waves(roles[role])} == {Role.ADMINISTRATOR}
    with pytest.raises(PermissionDenied):
        actions.keep_only([], by=roles[Role.LIAISON], at=at)


def test_the_command_refuses_a_folder_without_a_city(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        add_command.command, [str(codebook_file(tmp_path)), "--data-dir", str(tmp_path / "nowhere")]
    )
    assert "there is no Hearback city here" in str(done.exception)
    assert not (tmp_path / "nowhere").exists()
