"""What surveys let one say, as a reader of another language meets it: names of groups, answers, notes, and years."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.utils.translation import override

import little_city
import opinions
from hearback.design.templatetags.say import say
from hearback.foundation.audit.enums import Actor
from hearback.importers import city
from hearback.jobs.build_city import build_city
from hearback.listen.surveys.models import GroupKind, Survey
from hearback.portal.opinion_cells import cell, named
from hearback.portal.opinions import in_readers_words
from hearback.report_back.composing import trust
from hearback.report_back.composing.material import gather
from hearback.report_back.composing.trust_facts import facts_by_area
from hearback.report_back.composing.trust_readings import listed
from hearback.report_back.opinions import TrustItem, TrustItemPage, TrustPage
from hearback.report_back.payloads import Fact, Kind, Message
from hearback.report_back.releases import actions as releases
from hearback.sentence import Sentence, kept
from hearback.understand.trust.enums import Method, Statistic

pytestmark = pytest.mark.django_db

SCORE = {"statistic": Statistic.MEAN, "method": Method.PUBLISHED, "n": None, "deff": None}


@pytest.fixture
def survey(tmp_path: Path, settings: Any, by: Actor, at: datetime) -> Survey:
    """The little city of nine squares, and a survey without waves."""
    settings.DATA_DIR = tmp_path / "data"
    build_city(city.read(little_city.write(tmp_path / "source")), by=by, at=at, rng=np.random.default_rng(1))
    return opinions.survey()


def of_year(year: str) -> list[Any]:
    return [kept(Sentence("As published")), kept(Sentence("Of the year {year}", year=year))]


def facts(area: str, at: datetime) -> list[Fact]:
    return facts_by_area(gather((), at=at))[area]


def published_in(survey: Survey, years: dict[str, str], at: datetime) -> tuple[TrustItem, TrustItemPage]:
    """A wave of scores for squares, each of its year."""
    wave = opinions.wave(survey, 2025, name="2024–2025", kind="scores", mode="not-stated", dispositions=None)
    for area, year in years.items():
        opinions.estimate(wave, 61.0, None, by="area", group=area, notes=of_year(year), **SCORE)
    page, item = (payload for _, _, payload in trust.compose(gather((), at=at)))
    return page.items[0], item


def test_a_published_score_is_told_with_its_own_year(survey: Survey, at: datetime) -> None:
    item, page = published_in(survey, {"11": "2024", "12": "2025"}, at)
    assert page.areas is not None
    rows = [row.reading for row in page.areas.rows]
    assert [reading.year for reading in rows] == ["2024", "2025"]
    year = cell(rows[0], item).year
    assert year is not None
    assert say(year) == "Of the year 2024"
    assert "not all are of the same year" in say(page.areas.summary[0]).lower()
    assert [fact.vintage for fact in facts("12", at)] == ["2025"]


def test_scores_of_one_year_are_not_said_to_be_of_several(survey: Survey, at: datetime) -> None:
    _, page = published_in(survey, {"11": "2025", "12": "2025"}, at)
    assert page.areas is not None
    assert page.areas.summary == ()


def test_an_area_known_from_its_own_answers_is_not_said_to_be_modelled(survey: Survey, at: datetime) -> None:
    wave = opinions.wave(survey, 2025)
    opinions.estimate(wave, 0.35, 0.08, by="area", group="11", n=140)
    opinions.estimate(wave, 0.35, 0.08, by="area", group="12", n=140, method=Method.ANSWERS)
    (drawn,), (answered,) = facts("11", at), facts("12", at)
    sure, rate = "If everybody had been asked: between 27 and 43 of 100 (95 % confidence).", "Response rate (AAPOR RR1)"
    assert say(drawn.certainty) == f"{sure} {rate}: 30.0 %"
    assert say(answered.certainty).startswith(sure)
    assert f"{rate}: 30.0 %" in say(answered.certainty)
    assert "only if those who answered are like everybody else" in say(answered.certainty)


def test_where_everybody_was_asked_an_area_has_no_confidence(survey: Survey, at: datetime) -> None:
    wave = opinions.wave(survey, 2025, mode="census")
    opinions.estimate(wave, 0.35, 0.08, by="area", group="11", n=140, method=Method.ANSWERS)
    (fact,) = facts("11", at)
    assert say(fact.certainty) == "Everybody was asked, so there is no margin of error; some did not answer."


def test_a_scale_comes_before_its_parts_on_the_page_of_an_area(survey: Survey, at: datetime) -> None:
    wave = opinions.wave(survey, 2025)
    opinions.estimate(wave, 0.35, 0.08, by="area", group="11", n=140)
    opinions.estimate(wave, 2.1, 0.1, by="area", group="11", n=140, item="treatment", statistic=Statistic.MEAN)
    assert [fact.subject for fact in facts("11", at)] == ["Treatment", opinions.WORDING]


def test_kinds_of_group_are_told_by_their_titles(survey: Survey, at: datetime) -> None:
    wave = opinions.wave(survey, 2025)
    GroupKind.objects.create(wave=wave, key="sex", title="Sex", names=["Female", "Male"])
    note = kept(Sentence("Adjusted to the population by {kinds}", kinds="age, sex"))
    opinions.estimate(wave, 0.4, notes=[note])
    page = next(payload for _, _, payload in trust.compose(gather((), at=at)) if isinstance(payload, TrustPage))
    reading = page.items[0].readings[0]
    assert reading is not None
    (why,) = reading.why
    assert say(named(why)) == "Adjusted to the population by age, sex"
    with override("es"):
        assert say(named(why)).endswith("edad, sexo")


def test_lists_of_groups_are_in_the_readers_language_and_languages_have_their_own_names() -> None:
    changed = Message(
        "{verdict} ({count}): {groups}.", {"verdict": "x", "count": 2, "groups": listed(["Female", "Male"])}
    )
    with override("fr"):
        assert "Femmes; Hommes." in say(named(changed, "sex"))
    spoken = Message("{groups}", {"groups": listed(["es", "ko"])})
    assert say(named(spoken, "language")) == "Español; 한국어"


def test_a_list_released_by_an_earlier_version_is_said_as_it_is() -> None:
    assert say(named(Message("{groups}.", {"groups": "Young; Old"}), "age")) == "Young; Old."


@pytest.mark.parametrize(
    ("code", "subject"), [("es", "La policía trata a las personas de manera justa."), ("fr", opinions.WORDING)]
)
def test_a_question_on_the_page_of_an_area_is_worded_as_it_was_asked(
    survey: Survey, at: datetime, code: str, subject: str
) -> None:
    opinions.estimate(opinions.wave(survey, 2025), 0.35, 0.08, by="area", group="11", n=140)
    (fact,) = facts("11", at)
    with override(code):
        assert in_readers_words(fact).subject == subject


def test_answers_on_the_public_page_are_in_the_readers_language(
    survey: Survey, client: Client, by: Actor, at: datetime
) -> None:
    opinions.estimate(opinions.wave(survey, 2025), 0.4)
    releases.replace((Kind.TRUST, Kind.TRUST_ITEM), list(trust.compose(gather((), at=at))), by=by, at=at)
    assert "De acuerdo" in client.get("/es/trust/").content.decode()
