"""What surveys say, on record: put there by a build and by adding a wave, in the place of what was there."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import little_city
from codebook_files import ITEMS, SURVEY, codebook_file
from hearback.foundation.audit.enums import Actor
from hearback.foundation.audit.models import Entry
from hearback.foundation.installation.queries import everything_held
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.importers import city, codebooks
from hearback.jobs.build_city import build_city
from hearback.jobs.build_city.add_survey import add_survey
from hearback.permission import NotAllowed
from hearback.sentence import read_back
from hearback.understand.trust import actions, permissions
from hearback.understand.trust.enums import Method, Showing, Statistic
from hearback.understand.trust.models import Contrast, Estimate
from hearback.understand.trust.queries import scale_checks

pytestmark = pytest.mark.django_db

REST = (
    ITEMS
    + '\n[scales.both]\ntitle = "Treatment"\nitems = ["respect", "fair"]\n'
    + '\n[groups.age]\ntitle = "Age"\ncolumn = "age"\n\n[area]\ncolumn = "square"\n\n[design]\nweights = "weight"\n'
)
SEEN = {"young": "31", "old": "12"}


def answers(*, respectful: int) -> str:
    """Forty respondents, of whom so many say that they are treated with respect."""
    lines = ["Q1,Q2,age,square,weight"]
    for number in range(40):
        age = "young" if number % 2 else "old"
        said = 3 if number < respectful else 1 + number % 2
        lines.append(f"{said},{1 + number % 3},{age},{SEEN[age]},{1 + number % 2}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def built(tmp_path: Path, settings: Any, by: Actor, at: datetime) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    folder = tmp_path / "source"
    little_city.write(folder)
    codebook_file(folder, rest=REST, answers=answers(respectful=20))
    named = '[[surveys]]\ncodebook = "codebook.toml"\nareas = "square"\n'
    (folder / "city.toml").write_text(little_city.DESCRIPTION + named)
    build_city(city.read(folder / "city.toml"), by=by, at=at, rng=np.random.default_rng(1))
    return folder


def the(**wanted: Any) -> Estimate:
    return Estimate.objects.get(item="respect", **{"by": "", "group": ""} | wanted)


def test_a_build_records_estimates_contrasts_and_checks(built: Path) -> None:
    everybody = the()
    assert (everybody.method, everybody.statistic, everybody.n) == (Method.DESIGN, Statistic.FAVOURABLE, 40)
    assert everybody.estimate == pytest.approx(0.5)
    assert everybody.low < 0.5 < everybody.high
    assert {row.group for row in Estimate.objects.filter(item="respect", by="area")} == {"12", "31"}
    assert Contrast.objects.filter(item="respect", by="age").get().showing == Showing.SHOWN
    held = everything_held()
    assert held["trust_estimates"] == Estimate.objects.count() > 0
    assert held["trust_contrasts"] == Contrast.objects.count() > 0


def test_a_scale_is_a_number_with_its_reliability(built: Path) -> None:
    score = Estimate.objects.get(item="both", by="")
    assert score.statistic == Statistic.MEAN
    assert 1 < score.estimate < 3
    assert any("Mean of 2 questions, from 1 to 3" in read_back(note) for note in score.notes)
    (reliability,) = scale_checks(score.wave)
    assert reliability.n == 40


def test_a_second_wave_is_compared_with_the_first(built: Path, by: Actor, at: datetime) -> None:
    later = SURVEY.replace('wave = "2025"', 'wave = "2026"')
    codebook_file(built, survey=later, rest=REST, answers=answers(respectful=30))
    add_survey(codebooks.read(built / "codebook.toml"), areas_of="square", by=by, at=at)

    moved = Contrast.objects.get(item="respect", by="", earlier__isnull=False)
    assert (moved.earlier.key, moved.wave.key) == ("2025", "2026")
    assert moved.difference == pytest.approx(0.25)
    assert 0.9 < moved.p_more <= 1


def test_recording_again_takes_the_place_of_what_was_there(built: Path, by: Actor, at: datetime) -> None:
    before = Estimate.objects.count()
    codebook_file(built, rest=REST, answers=answers(respectful=40))
    add_survey(codebooks.read(built / "codebook.toml"), areas_of="square", by=by, at=at)

    assert Estimate.objects.count() == before
    assert the().estimate == 1


def test_the_same_file_and_seed_give_the_same_numbers(built: Path, by: Actor, at: datetime) -> None:
    def recorded() -> list[tuple[Any, ...]]:
        return list(Estimate.objects.order_by("pk").values_list("item", "by", "group", "estimate", "low", "high"))

    before = recorded()
    add_survey(codebooks.read(built / "codebook.toml"), areas_of="square", by=by, at=at)
    assert recorded() == before


def test_scores_are_shown_as_published(built: Path, by: Actor, at: datetime) -> None:
    survey = SURVEY.replace('mode = "probability"', 'mode = "not-stated"\nkind = "scores"\nperiod = "year"')
    rest = (
        '\n[answers.score]\nkind = "number"\n\n[items.trust]\nwording = "Trust, as a score"\nanswers = "score"\n'
        '\n[area]\ncolumn = "square"\n'
    )
    scores = "square,year,trust\n11,2023,40\n11,2024,50\n12,2024,61\n"
    codebook_file(built, survey=survey.replace("small survey", "score"), rest=rest, answers=scores)
    add_survey(codebooks.read(built / "codebook.toml"), areas_of="square", by=by, at=at)

    rows = {row.group: row for row in Estimate.objects.filter(method=Method.PUBLISHED)}
    assert {group: row.estimate for group, row in rows.items()} == {"11": 50, "12": 61}
    for row in rows.values():
        assert (row.n, row.se, row.low, row.high) == (None, None, None, None)
        assert any("neither how many answered" in read_back(note) for note in row.notes)


def test_recording_is_audited_with_the_seed(built: Path) -> None:
    entry = Entry.objects.get(verb="trust.record")
    assert entry.subject == "survey:a-small-survey"
    assert entry.detail["estimates"] == Estimate.objects.count()
    assert isinstance(entry.detail["seed"], int)


def test_analysts_put_estimates_on_record_and_liaisons_do_not(at: datetime) -> None:
    roles = {role: User(username=role, role=role).actor for role in Role}
    may = {role for role in Role if permissions.may_record_estimates(roles[role])}
    assert may == {Role.ANALYST, Role.ADMINISTRATOR}
    with pytest.raises(NotAllowed):
        actions.record("a-small-survey", [], seed=1, by=roles[Role.LIAISON], at=at)


def test_reading_what_is_on_record_loads_no_numpy() -> None:
    code = (
        "import django, sys; django.setup();"
        "import hearback.understand.trust.models, hearback.understand.trust.queries.finished;"
        "sys.exit('numpy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"DJANGO_SETTINGS_MODULE": "hearback.config.settings", "HEARBACK_SECRET_KEY": "x"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
