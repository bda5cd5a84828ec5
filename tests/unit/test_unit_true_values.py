"""What is true in an invented city: read beside the answers, refused in a real city, set beside published numbers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from django.test import Client

import little_city
import opinions
from codebook_files import ITEMS, codebook_file
from hearback.design.templatetags.say import say
from hearback.foundation.audit.enums import Actor
from hearback.importers import city, true_values
from hearback.importers.delimited import DelimitedRefusal
from hearback.importers.toml_records import TomlRefusal
from hearback.importers.true_values import TrueValue, WrongTruth
from hearback.jobs.build_city import build_city
from hearback.listen.surveys import queries
from hearback.listen.surveys.models import Survey
from hearback.listen.surveys.models import TrueValue as KeptTruth
from hearback.report_back.composing import trust
from hearback.report_back.composing.material import gather
from hearback.report_back.opinions import Reading, TrustItem, TrustItemPage, TrustPage
from hearback.report_back.payloads import DatasetPage, Kind
from hearback.report_back.releases import actions
from hearback.report_back.releases import queries as releases
from hearback.understand.trust.enums import Method, Showing
from residents import said

HEAD = "item,statistic,by,group,value\n"
KNOWN: dict[str, Any] = {
    "items": ["fair", "treatment"],
    "groups": {"age": {"18-29": "Young", "30+": "Older"}},
    "areas": ["11", "12"],
}
HEADING = "In this invented city the truth is known"


def written(tmp_path: Path, rows: str, *, head: str = HEAD) -> Path:
    path = tmp_path / "truth.csv"
    path.write_text(head + rows)
    return path


def test_truth_is_read_of_everybody_of_groups_by_their_names_and_of_areas(tmp_path: Path) -> None:
    path = written(tmp_path, "fair,favourable,,,0.4\nfair,favourable,age,18-29,0.3\ntreatment,mean,area,12,2.5\n")
    assert true_values.read(path, **KNOWN) == (
        TrueValue("fair", "favourable", "", "", 0.4),
        TrueValue("fair", "favourable", "age", "Young", 0.3),
        TrueValue("treatment", "mean", "area", "12", 2.5),
    )


@pytest.mark.parametrize(
    ("row", "problem", "remedy"),
    [
        ("fare,favourable,,,0.4", 'there is no item and no scale "fare"', 'You may mean "fair"'),
        ("fair,median,,,0.4", '"median" is no statistic', 'You may mean "mean"'),
        ("fair,favourable,ages,18-29,0.4", 'there is no kind of group "ages"', 'You may mean "age"'),
        ("fair,favourable,age,18-92,0.4", 'there is no age "18-92"', 'You may mean "18-29"'),
        ("fair,favourable,area,13,0.4", 'there is no area "13"', "Known here: 11, 12"),
        ("fair,favourable,,18-29,0.4", 'nothing says what kind of group "18-29" is', "Leave group empty for everybody"),
        ("fair,favourable,,,40", '"40" cannot be the true value', "a share as 0.62"),
        ("fair,mean,,,much", '"much" cannot be the true value', "Write a number"),
        ("fair,mean,,,2", "fair, mean stands twice", "Keep one of the rows"),
    ],
)
def test_a_wrong_row_is_named_with_its_number_and_what_to_write(
    tmp_path: Path, row: str, problem: str, remedy: str
) -> None:
    path = written(tmp_path, f"fair,mean,,,2\n{row}\n")
    with pytest.raises(WrongTruth) as refused:
        true_values.read(path, **KNOWN)
    assert problem in refused.value.problem
    assert refused.value.where == f"{path}, row 3"
    assert remedy in refused.value.remedy


def test_a_file_without_one_of_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DelimitedRefusal, match="group"):
        true_values.read(written(tmp_path, "fair,mean,,2\n", head="item,statistic,by,value\n"), **KNOWN)


REST = ITEMS + '\n[groups.age]\ntitle = "Age"\ncolumn = "age"\n\n[area]\ncolumn = "square"\n'
NAMED = '[[surveys]]\ncodebook = "codebook.toml"\nareas = "square"\ntruth = "truth.csv"\n'


@pytest.fixture
def source(tmp_path: Path, settings: Any) -> Path:
    """The little city, with a survey and what is true of it."""
    settings.DATA_DIR = tmp_path / "data"
    little_city.write(tmp_path / "source")
    codebook_file(tmp_path / "source", rest=REST, answers="Q1,Q2,age,square\n1,3,young,11\n2,9,old,12\n")
    written(tmp_path / "source", "fair,favourable,,,0.4\nfair,favourable,age,old,0.5\nfair,favourable,area,33,0.6\n")
    (tmp_path / "source/city.toml").write_text(little_city.DESCRIPTION + NAMED)
    return tmp_path / "source"


def test_the_truth_of_a_real_city_is_refused(source: Path) -> None:
    description = source / "city.toml"
    assert city.read(description).surveys[0].truth == source / "truth.csv"
    description.write_text(description.read_text().replace("invented = true", "invented = false"))
    with pytest.raises(TomlRefusal, match="what is true is known only of an invented city") as refused:
        city.read(description)
    assert "A small survey, 2025" in refused.value.where
    assert refused.value.remedy == "Remove the key truth"


def test_published_scores_have_no_truth(source: Path) -> None:
    scores = (source / "codebook.toml").read_text().replace("[survey]", '[survey]\nkind = "scores"\nperiod = "year"')
    scores = scores.replace("[answers.agreement]\n", '[answers.agreement]\nkind = "number"\n')
    (source / "codebook.toml").write_text(scores.split("[groups.age]")[0] + '[area]\ncolumn = "square"\n')
    with pytest.raises(TomlRefusal, match="it is for answers"):
        city.read(source / "city.toml")


@pytest.mark.django_db
def test_a_build_keeps_the_truth_with_the_wave_and_tells_the_data_page(source: Path, by: Actor, at: datetime) -> None:
    build_city(city.read(source / "city.toml"), by=by, at=at, rng=np.random.default_rng(1))
    wave = queries.wave_with("a-small-survey", "2025")
    assert wave is not None
    assert queries.truth_of(wave) == {
        ("fair", "favourable"): {("", ""): 0.4, ("age", "old"): 0.5, ("area", "33"): 0.6},
    }
    page: DatasetPage = releases.current(Kind.DATASET, wave.dataset)
    assert "true values read, which no estimate uses: 3" in [say(note) for note in page.notes]


def true(wave: Any, value: float, by: str = "", group: str = "") -> None:
    KeptTruth.objects.create(wave=wave, item="fair", statistic="favourable", by=by, group=group, value=value)


@pytest.fixture
def panel(tmp_path: Path, settings: Any, by: Actor, at: datetime) -> Survey:
    """A wave whose estimates hold the truth for everybody, one of two groups, two of three areas; and an open link."""
    settings.DATA_DIR = tmp_path / "data"
    build_city(city.read(little_city.write(tmp_path / "source")), by=by, at=at, rng=np.random.default_rng(1))
    survey = opinions.survey()
    wave = opinions.wave(survey, 2025)
    opinions.estimate(wave, 0.47)
    for group, value, n in (("Young", 0.30, 300), ("Middle", 0.50, 300), ("Old", 0.60, 280)):
        opinions.estimate(wave, value, by="age", group=group, n=n)
    squares: dict[str, Any] = {"by": "area", "method": Method.SMALL_AREA, "level": 0.9, "deff": None}
    for square, value in (("11", 0.35), ("12", 0.45), ("13", 0.55)):
        opinions.estimate(wave, value, 0.08, group=square, n=40, **squares)
    pooled = {"showing": Showing.POOLED, "n": 20}
    opinions.estimate(wave, 0.5, 0.08, group="21", pooled_with=["22"], **pooled, **squares)
    opinions.estimate(wave, 0.5, 0.08, group="22", pooled_with=["21"], **pooled, **squares)
    opinions.estimate(wave, 0.5, 0.3, group="33", n=12, showing=Showing.WITHHELD, **squares)
    link = opinions.wave(opinions.survey("link", "The link"), 2025, mode="opt-in", dispositions=None, dataset="link")
    opinions.estimate(link, 0.34, 0.2, method=Method.OPT_IN, deff=None)
    return survey


def reveal() -> None:
    """Say what is true of everything but the old."""
    wave, link = queries.wave_with("panel", "2025"), queries.wave_with("link", "2025")
    for one in (wave, link):
        true(one, 0.45)
    for by, group, value in (
        ("age", "Young", 0.31),
        ("age", "Middle", 0.61),
        ("area", "11", 0.40),
        ("area", "12", 0.50),
        ("area", "13", 0.80),
        ("area", "21", 0.45),
        ("area", "22", 0.30),
        ("area", "33", 0.20),
        ("area", "32", 0.20),
    ):
        true(wave, value, by, group)


def composed(at: datetime) -> dict[tuple[Kind, str], Any]:
    found = {}
    for kind, key, payload in trust.compose(gather((), at=at)):
        found[kind, key] = msgspec.json.decode(msgspec.json.encode(payload), type=type(payload))
    return found


def of_panel(at: datetime) -> tuple[TrustItem, TrustItemPage]:
    found = composed(at)
    survey: TrustPage = found[Kind.TRUST, "panel"]
    return survey.items[0], found[Kind.TRUST_ITEM, "panel/2025/0"]


@pytest.mark.django_db
def test_only_published_numbers_get_a_truth_beside_them(panel: Survey, at: datetime) -> None:
    reveal()
    item, page = of_panel(at)
    assert page.areas is not None
    assert [reading and reading.truth for reading in item.readings] == [0.45]
    assert {row.key: row.reading.truth for row in page.kinds[0].rows} == {"Young": 0.31, "Middle": 0.61, "Old": None}
    truths = {row.key: row.reading.truth for row in page.areas.rows}
    assert truths == {"11": 0.40, "12": 0.50, "13": 0.80, "21": 0.45, "22": 0.30, "33": None}


@pytest.mark.django_db
def test_the_sentences_count_what_the_page_holds(panel: Survey, at: datetime) -> None:
    reveal()
    _, page = of_panel(at)
    assert page.areas is not None

    def count(readings: list[Reading]) -> tuple[int, int]:
        held = [
            one.low <= one.truth <= one.high
            for one in readings
            if one.truth is not None and one.low is not None and one.high is not None
        ]
        return sum(held), len(held)

    areas = [row.reading for row in page.areas.rows]
    counts = [
        count([one for one in areas if one.showing == "shown"]),
        count([one for one in areas if one.showing == "pooled"]),
        count([row.reading for kind in page.kinds for row in kind.rows]),
    ]
    assert counts == [(2, 3), (1, 2), (1, 2)]
    assert [(message.values["held"], message.values["count"]) for message in page.truth] == counts
    assert [say(message) for message in page.truth] == [
        "2025, areas shown by themselves: 2 of 3 ranges hold the true value. To be expected: about 3.",
        "2025, areas shown together with neighbours: 1 of 2 ranges hold the true value of the area itself. Such a "
        "range is about all of them together.",
        "2025, groups: 1 of 2 ranges hold the true value. To be expected: about 2.",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("value", "way"), [(0.45, "low by 11"), (0.25, "high by 9")])
def test_an_open_link_has_no_range_and_is_off_by_so_much(panel: Survey, at: datetime, value: float, way: str) -> None:
    link = queries.wave_with("link", "2025")
    true(link, value)
    survey: TrustPage = composed(at)[Kind.TRUST, "link"]
    (item,) = survey.items
    (reading,) = item.readings
    assert reading is not None
    assert reading.low is not None
    assert reading.holds_truth is None, "how far others might think differently is no range for chance"
    assert [say(message) for message in item.truth] == [
        "The link, 2025: whoever wished took part, so there is no margin of error. The number is too "
        f"{way} percentage points."
    ]


@pytest.mark.django_db
def test_the_page_shows_the_truth_of_every_survey_that_asked(
    client: Client, panel: Survey, by: Actor, at: datetime
) -> None:
    reveal()
    publish(by, at)
    page = said(client.get("/trust/?survey=panel&item=fair"))
    assert HEADING in page
    assert "2025 The panel 47 % (44 % to 50 %) 45 % in the range" in page
    assert "2025 The link 34 %" in page
    assert "The number is too low by 11 percentage points." in page
    assert page.count("outside the range") == 3, "Middle, and the areas 13 and 22"
    assert "True value" in page


@pytest.mark.django_db
def test_a_page_without_truth_does_not_speak_of_it(client: Client, panel: Survey, by: Actor, at: datetime) -> None:
    publish(by, at)
    page = client.get("/trust/?survey=panel&item=fair").content.decode()
    assert "47" in page
    assert "True value" not in page
    assert "invented city the truth" not in page


def test_an_edition_from_before_there_was_truth_is_read() -> None:
    older = {"value": 0.4, "low": 0.3, "high": 0.5, "level_percent": 95, "basis": "design"}
    assert msgspec.convert(older, Reading).truth is None


def publish(by: Actor, at: datetime) -> None:
    kinds = (Kind.TRUST, Kind.TRUST_ITEM)
    actions.replace(kinds, trust.compose(gather((), at=at)), by=by, at=at)
