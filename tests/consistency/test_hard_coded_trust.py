"""Pages about surveys are translated to the last word: in a language of brackets, only names and data stand outside."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client

import little_city
import opinions
from hearback.foundation.audit.enums import Actor
from hearback.importers import city
from hearback.jobs.build_city import build_city
from hearback.report_back.composing import areas, trust
from hearback.report_back.composing.material import gather
from hearback.report_back.payloads import Kind
from hearback.report_back.releases import actions as releases
from hearback.sentence import Sentence, kept
from hearback.understand.trust.enums import Method, Showing, Statistic
from pseudo import hard_coded

pytestmark = [pytest.mark.consistency, pytest.mark.django_db]

NAMES = {
    *("Hearback", "Little", "Nine", "Square", "English", "Brackets"),
    *("The", "panel", "open", "link", "scores"),  # surveys
    *("police", "treat", "people", "fairly"),  # their question
    *("Young", "Middle", "Old", "Age"),  # their groups
}
SQUARES = {"by": "area", "method": Method.SMALL_AREA, "level": 0.9, "deff": None}


@pytest.fixture
def published(tmp_path: Path, settings: Any, by: Actor, at: datetime) -> None:
    """Surveys of every mode, with every verdict and everything that can be missing."""
    settings.DATA_DIR = tmp_path / "data"
    build_city(city.read(little_city.write(tmp_path / "source")), by=by, at=at, rng=np.random.default_rng(1))
    _random_sample()
    _open_link()
    _scores()
    material = gather((), at=at)
    payloads = [*trust.compose(material), *areas.compose(material)]
    releases.replace((Kind.TRUST, Kind.TRUST_ITEM, Kind.AREA), payloads, by=by, at=at)


def _random_sample() -> None:
    survey = opinions.survey(name="The panel")
    before, after, census = (opinions.wave(survey, year) for year in (2023, 2024, 2025))
    for wave in (before, after):
        opinions.estimate(wave, 0.4)
        for group in ("Young", "Middle", "Old"):
            opinions.estimate(wave, 0.5, by="age", group=group, n=300)
    opinions.contrast(after, 0.1, p_more=0.999, earlier=before)
    for group, other, difference, half, p_more in (
        ("Young", "Middle", 0.10, 0.03, 0.999),
        ("Young", "Old", 0.04, 0.06, 0.92),
        ("Middle", "Old", 0.01, 0.20, 0.6),
        ("Old", "Young", 0.01, 0.03, 0.7),
        ("Old", "Middle", -0.04, 0.06, 0.08),
        ("Middle", "Young", -0.10, 0.03, 0.001),
    ):
        opinions.contrast(after, difference, half, p_more=p_more, by="age", group=group, other=other)
        if group != other and (difference, half) != (0.01, 0.03):
            opinions.contrast(after, difference, half, p_more=p_more, by="age", group=group, earlier=before)
    opinions.estimate(after, 0.35, 0.08, group="11", n=40, **SQUARES)
    opinions.estimate(after, 0.45, 0.09, group="12", n=3, showing=Showing.POOLED, pooled_with=["13"], **SQUARES)
    opinions.estimate(after, 0.45, 0.09, group="13", n=0, showing=Showing.POOLED, pooled_with=["12"], **SQUARES)
    opinions.estimate(after, None, group="33", n=12, showing=Showing.WITHHELD, **SQUARES)
    census.mode = "census"
    census.stated_response_rate, census.dispositions, census.exact_wording = 0.4, None, False
    census.save()
    opinions.estimate(census, 0.42, 0.2, method=Method.ANSWERS, deff=None)
    opinions.estimate(census, 0.42, 0.2, method=Method.ANSWERS, deff=None, by="age", group="Old", n=5)


def _open_link() -> None:
    survey = opinions.survey("link", "The open link")
    for year in (2024, 2025):
        wave = opinions.wave(survey, year, mode="opt-in", dispositions=None)
        note = Sentence("No margin of error: everybody was asked, so there is no sampling error")
        opinions.estimate(wave, 0.2, 0.2, method=Method.OPT_IN, deff=None, notes=[kept(note)])


def _scores() -> None:
    wave = opinions.wave(opinions.survey("scores", "The scores"), 2025, kind="scores", mode="not-stated", areas="")
    number = {"statistic": Statistic.MEAN, "method": Method.PUBLISHED, "n": None, "deff": None}
    opinions.estimate(wave, 61.0, None, **number)
    opinions.estimate(wave, 55.0, None, by="age", group="Old", **number)


@pytest.mark.parametrize(
    "address",
    [
        "trust/",
        "trust/?survey=link",
        "trust/?survey=scores",
        "trust/?item=fair&wave=2024",
        "trust/?item=fair&wave=2025",
        "trust/?survey=link&item=fair",
        "trust/?survey=scores&item=fair",
        "areas/11/",
        "areas/12/",
    ],
)
def test_pages_about_surveys_say_nothing_that_cannot_be_translated(
    client: Client, published: None, brackets: str, address: str
) -> None:
    answer = client.get(f"{brackets}/{address}")
    assert answer.status_code == 200
    areas_only = {"Need", "People", "poverty"} if address.startswith("areas/") else set()
    assert set(hard_coded(answer.content.decode())) - NAMES - areas_only == set()
