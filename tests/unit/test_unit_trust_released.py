"""What is released of surveys: numbers with their basis, nothing about a handful of people, no false comparison."""

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
from hearback.design.templatetags.say import say
from hearback.foundation.audit.enums import Actor
from hearback.importers import city
from hearback.jobs.build_city import build_city
from hearback.listen.surveys.models import Survey
from hearback.report_back.composing import areas as composing_areas
from hearback.report_back.composing import trust
from hearback.report_back.composing.material import gather
from hearback.report_back.opinions import TrustItemPage, TrustPage, Verdict
from hearback.report_back.payloads import AreaPage, Kind
from hearback.report_back.releases import actions as releases
from hearback.sentence import Sentence, kept
from hearback.understand.trust.enums import Method, Showing, Statistic
from hearback.understand.trust.models import ScaleCheck
from residents import said

pytestmark = pytest.mark.django_db

Released = dict[tuple[Kind, str], Any]


@pytest.fixture
def built(tmp_path: Path, settings: Any, by: Actor, at: datetime) -> None:
    """The little city of nine squares."""
    settings.DATA_DIR = tmp_path / "data"
    description = city.read(little_city.write(tmp_path / "source"))
    build_city(description, by=by, at=at, rng=np.random.default_rng(1))


@pytest.fixture
def panel(built: None) -> Survey:
    """Two waves of a random sample: a sure rise for all, groups of which one is tiny, and areas."""
    survey = opinions.survey()
    before, after = opinions.wave(survey, 2024), opinions.wave(survey, 2025)
    opinions.estimate(before, 0.40)
    opinions.estimate(after, 0.47)
    opinions.contrast(after, 0.07, p_more=0.999, earlier=before)
    for group, value, n in (("Young", 0.30, 300), ("Middle", 0.50, 570), ("Old", 0.60, 10)):
        opinions.estimate(after, value, by="age", group=group, n=n)
    opinions.contrast(after, -0.20, p_more=0.0001, by="age", group="Young", other="Middle")
    opinions.contrast(after, 0.01, half=0.1, p_more=0.6, by="age", group="Young", earlier=before)
    opinions.contrast(after, -0.08, p_more=0.01, by="age", group="Middle", earlier=before)
    squares = {"by": "area", "method": Method.SMALL_AREA, "level": 0.9, "deff": None}
    opinions.estimate(after, 0.35, 0.08, group="11", n=40, **squares)
    opinions.estimate(after, 0.45, 0.09, group="12", n=3, showing=Showing.POOLED, pooled_with=["13"], **squares)
    opinions.estimate(after, 0.45, 0.09, group="13", n=0, showing=Showing.POOLED, pooled_with=["12"], **squares)
    opinions.estimate(after, 0.55, 0.30, group="33", n=12, showing=Showing.WITHHELD, **squares)
    return survey


def composed(at: datetime) -> Released:
    """Everything that is released of surveys, as a reader gets it back."""
    found = {}
    for kind, key, payload in trust.compose(gather((), at=at)):
        found[kind, key] = msgspec.json.decode(msgspec.json.encode(payload), type=type(payload))
    return found


def page(at: datetime) -> TrustPage:
    found: TrustPage = composed(at)[Kind.TRUST, "panel"]
    return found


def latest(at: datetime) -> TrustItemPage:
    found: TrustItemPage = composed(at)[Kind.TRUST_ITEM, "panel/2025/0"]
    return found


def test_a_wave_says_its_mode_its_size_and_its_response_rate(panel: Survey, at: datetime) -> None:
    wave = page(at).waves[0]
    assert (wave.mode, wave.respondents, wave.response_rate, wave.response_rate_kind) == (
        "probability",
        900,
        0.3,
        "RR1",
    )


def test_everybody_is_told_over_the_waves_with_the_change_between_them(panel: Survey, at: datetime) -> None:
    (item,) = page(at).items
    assert [reading.value for reading in item.readings if reading] == [0.40, 0.47]
    assert item.favourable == ("Agree",)
    (change,) = item.changes
    assert change.verdict is Verdict.MORE_VERY_LIKELY
    assert say(change.sentence) == "From 2024 to 2025 it rose by 7 percentage points: very likely."


def test_of_fewer_than_ten_people_nothing_is_released(panel: Survey, at: datetime) -> None:
    opinions.Estimate.objects.filter(group="Old").update(n=9)
    young, middle, old = latest(at).kinds[0].rows
    assert (old.reading.value, old.reading.low, old.reading.n, old.reading.deff) == (None, None, None, None)
    assert "Fewer than 10 people answered." in [say(message) for message in old.reading.why]
    assert young.reading.value is None, "with the middle group and everybody, the few could be worked out"
    assert young.reading.n is None
    assert middle.reading.n == 570


def test_a_contrast_with_a_hidden_group_is_not_released(panel: Survey, at: datetime) -> None:
    opinions.Estimate.objects.filter(group="Old").update(n=9)
    assert latest(at).kinds[0].pairs == ()
    assert b"Young\xe2\x80\x9d answer" not in msgspec.json.encode(latest(at))


def test_groups_are_compared_in_sentences_and_counted_by_what_can_be_said(panel: Survey, at: datetime) -> None:
    kind = latest(at).kinds[0]
    assert [pair.verdict for pair in kind.pairs] == [Verdict.LESS_VERY_LIKELY]
    assert [say(message) for message in kind.summary] == [
        "Pairs of groups compared: 1. Very likely different: 1. Probably different: 0. Nearly alike: 0. "
        "We cannot tell: 0."
    ]


def test_who_changed_and_of_whom_we_cannot_tell_stand_side_by_side(panel: Survey, at: datetime) -> None:
    changes = [say(message) for message in latest(at).kinds[0].changes]
    assert changes == ["Very likely fell (1): Middle.", "We cannot tell (1): Young."]


def test_a_direction_allows_for_the_number_of_comparisons(panel: Survey, at: datetime) -> None:
    opinions.Contrast.objects.filter(other="Middle").update(p_adjusted=0.4)
    assert [pair.verdict for pair in latest(at).kinds[0].pairs] == [Verdict.CANNOT_TELL]


def test_scores_of_a_scale_that_does_not_mean_the_same_to_all_are_not_compared(panel: Survey, at: datetime) -> None:
    wave = panel.waves.last()
    ScaleCheck.objects.create(wave=wave, scale="treatment", by="age", n=800, level=0.95, comparable=False)
    score = {"item": "treatment", "statistic": Statistic.MEAN}
    opinions.estimate(wave, 2.1, **score)
    for group in ("Young", "Middle"):
        opinions.estimate(wave, 2.1, by="age", group=group, n=300, **score)
    opinions.contrast(wave, 0.5, p_more=0.999, by="age", group="Young", other="Middle", **score)
    scale: TrustItemPage = composed(at)[Kind.TRUST_ITEM, "panel/2025/1"]
    assert scale.kinds[0].pairs == ()
    assert "does not seem to mean the same to all of them" in say(scale.kinds[0].summary[0])
    single = latest(at).kinds[0]
    assert len(single.pairs) == 1
    assert say(single.summary[1]).startswith("Be careful")


SAME_TO_ALL = Sentence("The questions mean the same to every group compared")
UNCHECKED = Sentence(
    "Whether scores may be compared between these groups cannot be said: fewer than two of them have {fewest} complete "
    "answers",
    fewest=100,
)
TOO_FEW = Sentence("Too few answers to say it of {groups}", groups="Old, retired; Middle")


@pytest.mark.parametrize(
    ("comparable", "notes", "expected"),
    [
        (True, (SAME_TO_ALL,), []),
        (True, (SAME_TO_ALL, TOO_FEW), [str(SAME_TO_ALL), str(TOO_FEW)]),
        (None, (UNCHECKED, TOO_FEW), [str(UNCHECKED)]),
    ],
)
def test_groups_are_compared_on_a_scale_only_beside_what_its_check_leaves_open(
    panel: Survey, at: datetime, comparable: bool | None, notes: tuple[Sentence, ...], expected: list[str]
) -> None:
    wave = panel.waves.last()
    stored = [kept(note) for note in notes]
    ScaleCheck.objects.create(
        wave=wave, scale="treatment", by="age", n=800, level=0.95, comparable=comparable, notes=stored
    )
    score = {"item": "treatment", "statistic": Statistic.MEAN}
    opinions.estimate(wave, 2.1, **score)
    for group in ("Young", "Middle"):
        opinions.estimate(wave, 2.1, by="age", group=group, n=300, **score)
    opinions.contrast(wave, 0.5, p_more=0.999, by="age", group="Young", other="Middle", **score)
    scale: TrustItemPage = composed(at)[Kind.TRUST_ITEM, "panel/2025/1"]
    assert len(scale.kinds[0].pairs) == 1
    assert [say(message) for message in scale.kinds[0].summary[1:]] == expected
    assert len(latest(at).kinds[0].summary) == 1, "a question alone is no scale"


def test_a_scale_is_told_on_the_scale_of_its_questions(panel: Survey, at: datetime) -> None:
    opinions.estimate(panel.waves.last(), 2.1, item="treatment", statistic=Statistic.MEAN)
    item = page(at).items[1]
    assert (item.wording, item.statistic, item.least, item.most) == ("Treatment", "mean", 1, 3)
    assert item.headline
    assert say(item.summary[0]) == "In 2025, the mean was 2.1 on a scale from 1 to 3."


def test_areas_are_shown_alone_with_neighbours_or_not_at_all(panel: Survey, at: datetime) -> None:
    areas = latest(at).areas
    assert areas is not None
    rows = {row.key: row.reading for row in areas.rows}
    assert (rows["11"].showing, rows["11"].value, rows["11"].level_percent) == ("shown", 0.35, 90)
    assert rows["12"].pooled_with == ("Square 13",)
    assert (rows["12"].n, rows["12"].few, rows["13"].n) == (None, True, 0)
    assert (rows["33"].showing, rows["33"].value, rows["33"].low) == ("withheld", None, None)
    assert say(rows["33"].why[0]) == "Too few people answered to say anything useful."


def test_an_estimate_from_a_sample_without_an_interval_is_not_released(panel: Survey, at: datetime) -> None:
    opinions.Estimate.objects.filter(group="Middle").update(low=None, high=None, notes=[kept("One unit only")])
    middle = latest(at).kinds[0].rows[1].reading
    assert middle.value is None
    assert [say(message) for message in middle.why] == ["One unit only"]


def test_an_area_known_from_its_own_few_answers_needs_a_useful_interval(panel: Survey, at: datetime) -> None:
    opinions.Estimate.objects.filter(by="area").update(method=Method.DESIGN, n=50)
    areas = latest(at).areas
    assert areas is not None
    assert [row.key for row in areas.rows if row.reading.value is not None] == ["11", "12", "13"]


def test_where_no_area_may_be_shown_one_sentence_says_so(panel: Survey, at: datetime) -> None:
    opinions.Estimate.objects.filter(by="area").update(showing=Showing.WITHHELD)
    areas = latest(at).areas
    assert areas is not None
    assert areas.rows == ()
    assert say(areas.summary[0]) == "Of no area enough is known to say anything of it by itself."


def test_open_links_are_never_compared_and_have_no_areas(panel: Survey, at: datetime) -> None:
    survey = opinions.survey("link", "The open link")
    before, after = (opinions.wave(survey, year, mode="opt-in", dispositions=None) for year in (2024, 2025))
    for wave, value in ((before, 0.2), (after, 0.6)):
        opinions.estimate(wave, value, 0.2, method=Method.OPT_IN, deff=None)
        opinions.estimate(wave, value, 0.2, method=Method.OPT_IN, by="age", group="Young", n=50)
        opinions.estimate(wave, value, 0.2, method=Method.OPT_IN, by="age", group="Middle", n=50)
        opinions.estimate(wave, value, 0.2, method=Method.OPT_IN, by="area", group="11", n=50)
    opinions.contrast(after, 0.4, p_more=0.9999, earlier=before, method=Method.OPT_IN)
    opinions.contrast(after, 0.3, p_more=0.9999, by="age", group="Young", other="Middle", method=Method.OPT_IN)
    released = composed(at)
    (item,) = released[Kind.TRUST, "link"].items
    assert [change.verdict for change in item.changes] == [Verdict.NOT_COMPARED]
    assert "Whoever wished could take part" in say(item.changes[0].detail[0])
    shown = released[Kind.TRUST_ITEM, "link/2025/0"]
    assert shown.kinds[0].pairs == ()
    assert shown.areas is None
    assert released[Kind.TRUST, "link"].waves[0].response_rate is None


def test_scores_of_others_are_shown_as_such_and_not_compared(panel: Survey, at: datetime) -> None:
    survey = opinions.survey("scores", "Scores")
    waves = [opinions.wave(survey, year, kind="scores", mode="not-stated", dispositions=None) for year in (2024, 2025)]
    for wave in waves:
        for item in wave.items.all():
            item.lowest, item.highest = 0, 100
            item.save()
        opinions.estimate(
            wave,
            61.0,
            None,
            statistic=Statistic.MEAN,
            method=Method.PUBLISHED,
            n=None,
            deff=None,
            notes=[kept(Sentence("As published"))],
        )
    (item,) = composed(at)[Kind.TRUST, "scores"].items
    assert say(item.summary[0]) == "For 2025, others published a score of 61 (0 to 100)."
    assert say(item.summary[-1]) == "How many people answered and how sure the score is, was not published."
    assert [change.verdict for change in item.changes] == [Verdict.NOT_COMPARED]


def test_a_change_that_was_not_estimated_says_why(panel: Survey, at: datetime) -> None:
    opinions.Contrast.objects.filter(by="").update(
        difference=None, low=None, high=None, notes=[kept(Sentence("The frame of {year} was another", year="2025"))]
    )
    (change,) = page(at).items[0].changes
    assert say(change.detail[0]) == "The frame of 2025 was another"


def test_what_a_survey_cannot_say_names_those_who_did_not_answer(panel: Survey, at: datetime) -> None:
    limits = [say(message) for message in page(at).limits]
    assert any("Up to 70 of 100 people who were asked did not answer." in limit for limit in limits)
    assert limits[-1] == "Why people think so, and whether anything that was done has changed it."


def test_the_page_of_an_area_has_a_fact_with_its_uncertainty_instead_of_a_gap(panel: Survey, at: datetime) -> None:
    pages: dict[str, AreaPage] = {key: page for _, key, page in composing_areas.compose(gather((), at=at))}
    facts = {key: [fact for fact in page.facts if fact.subject == opinions.WORDING] for key, page in pages.items()}
    (alone,) = facts["11"]
    assert say(alone.sentence) == "35 of 100 people here would answer favourably."
    assert say(alone.certainty).startswith("Between 27 and 43 (90 % confidence)")
    assert say(alone.certainty).endswith("Response rate (AAPOR RR1): 30.0 %")
    assert "together with Square 13" in say(facts["12"][0].certainty)
    assert facts["33"] == facts["22"] == []
    gap = "What the people who live here think of the police, and whether they feel safe."
    assert gap in [say(unknown) for unknown in pages["33"].unknowns]
    assert gap not in [say(unknown) for unknown in pages["11"].unknowns]


@pytest.fixture
def published(panel: Survey, by: Actor, at: datetime) -> None:
    """The panel, for the public."""
    payloads = list(trust.compose(gather((), at=at)))
    releases.replace((Kind.TRUST, Kind.TRUST_ITEM), payloads, by=by, at=at)


def test_the_public_page_says_the_verdict_the_numbers_and_their_basis(client: Client, published: None) -> None:
    page = said(client.get("/trust/"))
    for sentence in (
        "Very likely rose From 2024 to 2025 it rose by 7 percentage points: very likely.",
        "In 2025, 47 of 100 people answered favourably.",
        "Random sample: people were drawn by chance",
        "AAPOR response rate 1",
        "design effect 1.4",
        "What this survey cannot say",
    ):
        assert sentence in page


def test_a_question_by_group_and_area_hides_what_it_must(client: Client, published: None) -> None:
    answer = client.get("/trust/?survey=panel&item=fair&wave=2025")
    page, markup = said(answer), answer.content.decode()
    assert "together with Square 13" in page
    assert "“Young” answer favourably less often than “Middle”, by 20 percentage points: very likely." in page
    assert "hatching" in markup
    assert "Too few people answered to say anything useful." in page


@pytest.mark.parametrize("layer", ["square", ""])
def test_scores_of_areas_alone_are_shown_area_by_area(
    client: Client, panel: Survey, by: Actor, at: datetime, layer: str
) -> None:
    scores = opinions.wave(opinions.survey("scores", "Scores"), 2025, kind="scores", mode="not-stated", areas=layer)
    scores.items.update(lowest=0, highest=100, kind="number")
    as_published = {"statistic": Statistic.MEAN, "method": Method.PUBLISHED, "n": None, "deff": None, "by": "area"}
    for square, value in (("11", 61.27), ("12", 30.0)):
        opinions.estimate(scores, value, None, group=square, **as_published)
    releases.replace((Kind.TRUST, Kind.TRUST_ITEM), list(trust.compose(gather((), at=at))), by=by, at=at)

    survey = said(client.get("/trust/?survey=scores"))
    assert "Nothing may be said of everybody." in survey
    answer = client.get("/trust/?survey=scores&item=fair")
    assert "61.3 without size or error" in said(answer)
    assert "not published" in said(answer)
    assert ("Square 11" in said(answer)) == ("level-" in answer.content.decode()) == bool(layer)
    assert "The same everywhere" not in said(answer)


@pytest.mark.parametrize("query", ["survey=other", "item=other", "item=fair&wave=1999"])
def test_what_does_not_exist_is_not_found(client: Client, published: None, query: str) -> None:
    assert client.get(f"/trust/?{query}").status_code == 404


@pytest.mark.parametrize("sort", ["name", "value", "people", "change", "nonsense"])
def test_areas_can_be_sorted_by_every_column(client: Client, published: None, sort: str) -> None:
    assert client.get(f"/trust/?survey=panel&item=fair&sort={sort}").status_code == 200


def test_a_question_is_read_in_the_readers_language_where_it_was_asked_in_it(client: Client, published: None) -> None:
    assert "La policía trata a las personas de manera justa." in said(client.get("/es/trust/"))


def test_a_city_without_a_survey_says_that_nothing_is_known(client: Client, built: None) -> None:
    assert "No survey has been published here." in said(client.get("/trust/"))
