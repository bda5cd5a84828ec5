"""Checks of models of areas, from the computation to the analysts' page: numbers, warnings, and the plot."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from math import comb
from typing import Any

import numpy as np
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

import opinions
from hearback.evidence.populations import Cells
from hearback.evidence.surveys import Respondents
from hearback.foundation.audit.enums import Actor
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.foundation.places.models import Area, City
from hearback.listen.surveys.enums import Mode
from hearback.listen.surveys.models import Wave
from hearback.stats.small_area.model_checks import Calibration, DirectMeans, calibration, direct_means, shrinkage
from hearback.understand.trust import actions
from hearback.understand.trust.enums import AREA, Method, Statistic
from hearback.understand.trust.models import ModelCheck
from hearback.understand.trust.queries import areas, model_checks
from hearback.understand.trust.queries.areas import AREA_LEVEL, Ground, Modelled
from hearback.understand.trust.queries.asked import Asked, Question
from hearback.understand.trust.queries.findings import find
from hearback.understand.trust.queries.fit import models_checked
from hearback.understand.trust.queries.results import AreaCompared, Findings, ModelChecked
from hearback.understand.trust.queries.weighting import census_for, sample
from hearback.understand.trust.views.model_checks import BOTTOM, TOP, WIDTH, plot
from residents import said
from standing_roles import signed_in

Join = Callable[..., User]

ADDRESS = "/desk/trust/?wave=panel/2025&by=area"
LETTERS = "abcdefghijklmnop"
SIZES = dict(zip(LETTERS, (1, 2, 3, 5, 8, 10, 12, 15, 20, 25, 30, 35, 40, 50, 60, 0), strict=True))
"""How many answer in each area: in the last, nobody."""
NAMES = {"harbour": "Harbour", "hill": "Hill", "quay": "Quay"}


def asked(sizes: dict[str, int]) -> Asked:
    """A random sample with so many respondents in each area, who differ from area to area."""
    rng = np.random.default_rng(4)
    area = np.repeat(np.array([*sizes], dtype=object), [*sizes.values()])
    lean = {name: place for name, place in zip(sizes, rng.uniform(0.2, 0.8, len(sizes)), strict=True)}
    yes = rng.random(area.size) < [lean[name] for name in area]
    people = Respondents(
        answers={"fair": np.where(yes, 3.0, 1.0)},
        groups={"age": np.where(np.arange(area.size) % 2, "young", "old").astype(object)},
        area=area,
        weights=np.ones(area.size),
        n=area.size,
        strata=None,
        psu=(),
        fpc=(),
        replicates=None,
    )
    return Asked(
        wave="2025",
        mode=Mode.PROBABILITY,
        layer="square",
        questions=(Question("fair", False, (3.0,), 1.0, 3.0),),
        scales={"treatment": ("fair",)},
        groups={"age": ("young", "old")},
        codes={},
        people=people,
    )


def census(sizes: dict[str, int]) -> Cells:
    """A hundred young and a hundred old people in each area."""
    ages = {"age": np.tile(np.array(["young", "old"], dtype=object), len(sizes))}
    return Cells(np.repeat(np.array([*sizes], dtype=object), 2), ages, np.full(2 * len(sizes), 100.0), None)


def models(sizes: dict[str, int]) -> list[Modelled]:
    of_wave = sample(asked(sizes), census_for(asked(sizes), [census(sizes)]))
    return list(areas.modelled(of_wave, Ground({}), rng=np.random.default_rng(1)))


def check(one: Modelled) -> ModelChecked:
    (found,) = models_checked([one], rng=np.random.default_rng(2))
    return found


def test_what_is_recorded_equals_the_checks_of_the_model_itself() -> None:
    (one,) = models(SIZES)
    found = check(one)
    beside = shrinkage(one.posterior.model, one.draws, area=AREA)
    foretold = calibration(one.posterior, area=AREA, rng=np.random.default_rng(2))
    assert (found.item, found.statistic, found.level) == ("fair", Statistic.FAVOURABLE, 0.9)
    assert found.kept == beside.kept
    assert found.foreseen / found.compared == pytest.approx(foretold.held[0.9])
    answered = [area for area in found.areas if area.n]
    assert [area.area for area in answered] == list(beside.direct.areas)
    assert [area.n for area in answered] == [SIZES[area.area] for area in answered]
    assert [area.direct for area in answered] == beside.direct.mean.tolist()
    assert [area.modelled for area in answered] == beside.modelled.tolist()
    assert [area.foreseen for area in answered] == foretold.within(0.9).tolist()
    assert found.fits


def test_small_samples_are_drawn_in_more_strongly_than_large_ones() -> None:
    found = [area for area in check(models(SIZES)[0]).areas if area.direct is not None]
    middle = sum(area.n * area.direct for area in found) / sum(area.n for area in found)

    def kept(fewest: int, most: int) -> float:
        some = [area for area in found if fewest <= area.n <= most]
        return sum(abs(area.modelled - middle) for area in some) / sum(abs(area.direct - middle) for area in some)

    assert kept(1, 5) < 0.6
    assert kept(30, 60) > 0.75


def test_an_area_in_which_nobody_answered_has_an_estimate_but_nothing_to_compare_it_with() -> None:
    found = check(models(SIZES)[0])
    silent = next(area for area in found.areas if area.area == "p")
    assert (silent.n, silent.direct, silent.foreseen) == (0, None, None)
    assert 0 < silent.modelled < 1
    assert (found.compared, len(found.areas)) == (15, 16)


def test_a_model_that_is_wrong_on_purpose_does_not_fit() -> None:
    (one,) = models(dict.fromkeys(LETTERS, 60))
    assert check(one).fits
    shifted = replace(one.posterior, coefficients=one.posterior.coefficients + 2.0)
    found = check(replace(one, posterior=shifted))
    assert found.foreseen < found.compared / 2
    assert not found.fits


def test_a_model_of_areas_with_one_respondent_each_is_not_checked() -> None:
    found = models(dict.fromkeys(LETTERS, 1))
    assert len(found) == 1
    assert list(models_checked(found, rng=np.random.default_rng(1))) == []


def test_where_one_area_answered_there_is_no_model_and_where_two_answered_alike_nothing_is_said_to_be_kept() -> None:
    assert models({"a": 30, "b": 0}) == []
    (one,) = models({"a": 30, "b": 30})
    alike = replace(one.posterior.model.outcome, yes=one.posterior.model.outcome.asked / 2)
    same = replace(one, posterior=replace(one.posterior, model=replace(one.posterior.model, outcome=alike)))
    assert (check(one).compared, check(one).kept is None) == (2, False)
    assert check(same).kept is None


def test_checks_leave_the_estimates_as_they_are_and_come_with_the_same_seed_again() -> None:
    def findings() -> Findings:
        (only,) = find([asked(SIZES)], [census(SIZES)], ground=Ground({}), seed=7)
        return only

    once, again = findings(), findings()
    assert once.models == again.models
    unchecked = list(
        areas.modelled(
            sample(asked(SIZES), census_for(asked(SIZES), [census(SIZES)])),
            Ground({}),
            rng=np.random.default_rng([7, *b"2025"]),
        )
    )
    assert [area.modelled for area in once.models[0].areas] == unchecked[0].draws.estimate.tolist()


def calibrated(foreseen: int, missed: int) -> Calibration:
    """A calibration in which so many areas lie in the middle of what was foreseen, and so many at its end."""
    place = np.repeat([0.5, 1.0], [foreseen, missed])
    return Calibration(DirectMeans((), place, place, place), place, place, {})


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from([0.5, 0.8, 0.9]))
def test_the_chance_of_so_few_areas_is_the_sum_of_all_its_cases(foreseen: int, missed: int, level: float) -> None:
    n = foreseen + missed
    if n:
        cases = sum(comb(n, k) * level**k * (1 - level) ** (n - k) for k in range(foreseen + 1))
        assert calibrated(foreseen, missed).chance(level) == pytest.approx(cases, rel=1e-9)


@pytest.mark.parametrize(
    ("foreseen", "of", "fits"), [(72, 72, True), (60, 72, True), (59, 72, False), (9, 12, True), (8, 12, False)]
)
def test_the_bound_is_where_a_table_of_the_binomial_distribution_has_it(foreseen: int, of: int, fits: bool) -> None:
    """P(X <= 60) = 0.0545 and P(X <= 59) = 0.0263 of 72; P(X <= 9) = 0.1109 and P(X <= 8) = 0.0256 of 12."""
    assert (calibrated(foreseen, of - foreseen).chance(AREA_LEVEL) >= 0.05) is fits


def area(key: str, n: int, direct: float | None, modelled: float, *, foreseen: bool | None = True) -> dict[str, Any]:
    return {"area": key, "n": n, "direct": direct, "modelled": modelled, "foreseen": foreseen if n else None}


SEEN = [
    area("hill", 40, 0.6, 0.58),
    area("harbour", 3, 0.0, 0.4, foreseen=False),
    area("quay", 0, None, 0.5),
]


def places(path: str) -> tuple[float, float]:
    found = re.match(r"M([\d.]+) ([\d.]+)", path)
    assert found
    return float(found[1]), float(found[2])


def test_a_plot_leads_from_own_answers_to_estimates_from_few_answers_to_many() -> None:
    drawn = plot(SEEN, NAMES, share=True)
    harbour, hill, quay = drawn.spots
    assert (quay.name, quay.own, quay.pull, quay.direct) == ("Quay", "", "", "")
    assert (harbour.direct, harbour.modelled, harbour.foreseen) == ("0\u00a0%", "40\u00a0%", False)
    across = [places(spot.dot)[0] for spot in (quay, harbour, hill)]
    assert across == sorted(across)
    length = [abs(places(spot.own)[1] - places(spot.dot)[1]) for spot in (harbour, hill)]
    assert length == pytest.approx([0.4 * (BOTTOM - TOP) / 0.6, 0.02 * (BOTTOM - TOP) / 0.6], abs=0.11)
    assert "h7.2" in harbour.own
    assert "h7.2" not in hill.own
    assert [label.text for label in drawn.counts] == ["0", "3", "40"]
    assert [label.text for label in drawn.levels] == [f"{value}\u00a0%" for value in range(0, 70, 10)]


def test_the_line_of_all_answers_weighs_areas_by_their_answers() -> None:
    drawn = plot(SEEN, NAMES, share=True)
    height = places(drawn.together)[1]
    assert (BOTTOM - height) / (BOTTOM - TOP) == pytest.approx(0.6 * 40 / 43 / 0.6, abs=0.001)


def test_right_to_left_it_begins_on_the_right() -> None:
    forth, back = plot(SEEN, NAMES, share=True), plot(SEEN, NAMES, share=True, mirrored=True)
    for one, other in zip(forth.spots, back.spots, strict=True):
        assert places(one.dot)[0] + places(other.dot)[0] == pytest.approx(WIDTH, abs=0.11)
        assert places(one.dot)[1] == places(other.dot)[1]


def test_areas_with_equally_many_answers_stand_side_by_side() -> None:
    drawn = plot([area(letter, 5, 0.5, 0.5) for letter in "abc"] + [area("d", 9, 0.5, 0.5)], {}, share=True)
    assert len({places(spot.dot)[0] for spot in drawn.spots}) == 4


@given(
    st.lists(
        st.tuples(st.integers(0, 5000), st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)), min_size=1, max_size=40
    ).filter(lambda rows: any(row[0] for row in rows)),
    st.booleans(),
)
def test_nothing_is_drawn_outside_the_plot(rows: list[tuple[int, float, float]], mirrored: bool) -> None:
    seen = [area(str(at), n, own if n else None, modelled) for at, (n, own, modelled) in enumerate(rows)]
    drawn = plot(seen, {}, share=False, mirrored=mirrored)
    for path in [path for spot in drawn.spots for path in (spot.own, spot.dot) if path]:
        x, y = places(path)
        assert 0 <= x <= WIDTH
        assert TOP - 0.1 <= y <= BOTTOM + 0.1
    assert 2 <= len(drawn.levels) <= 9
    assert len({label.text for label in drawn.counts}) == len(drawn.counts)


@pytest.fixture
def panel(db: None, district: Area) -> Wave:
    """A random sample with estimates of areas."""
    City.objects.create(name="Linnet Bay", timezone="UTC", emergency_number="911", default_language="en")
    drawn = opinions.wave(opinions.survey(), 2025, areas="district")
    opinions.estimate(drawn, 0.47)
    opinions.estimate(drawn, 0.4, 0.1, by="area", group="harbour", method=Method.SMALL_AREA, n=3)
    return drawn


@pytest.fixture
def analyst(panel: Wave, join: Join) -> Client:
    """A browser of an analyst."""
    return signed_in(join("ana", Role.ANALYST))


def checked(wave: Wave, **changed: Any) -> ModelCheck:
    fields: dict[str, Any] = {
        "item": "fair",
        "statistic": Statistic.FAVOURABLE,
        "level": 0.9,
        "compared": 2,
        "foreseen": 1,
        "fits": True,
        "kept": 0.62,
        "areas": SEEN,
    }
    return ModelCheck.objects.create(wave=wave, **fields | changed)


def test_a_question_has_its_check_in_sentences_a_plot_and_a_table(analyst: Client, panel: Wave) -> None:
    checked(panel)
    answer = analyst.get(f"{ADDRESS}&item=fair")
    page, source = said(answer), answer.content.decode()
    assert "foresaw the own answers of 1 of the 2 areas in which somebody answered; 90 % are to be expected" in page
    assert "It misses no more than chance explains" in page
    assert "keep 62 % of the differences" in page
    assert "Warning" not in page
    assert "Harbour 3 0 % 40 % no" in page
    assert "quay 0 – 50 % –" in page
    assert "Harbour: 3 answered, own answers 0\u00a0%, estimate 40\u00a0% (not foreseen by the model)</title>" in source
    assert "quay: nobody answered, estimate 50\u00a0%</title>" in source
    assert 'role="img"' in source
    assert "style=" not in source


def test_a_model_that_does_not_fit_is_warned_of_on_both_pages(analyst: Client, panel: Wave) -> None:
    checked(panel, compared=72, foreseen=40, fits=False)
    page = said(analyst.get(f"{ADDRESS}&item=fair"))
    assert "Warning: this model does not fit." in page
    assert "no more than chance explains" not in page
    assert "fair Share of favourable answers 72 40 62 % No: do not lean on it" in said(analyst.get(ADDRESS))


def test_areas_that_answer_alike_have_nothing_to_draw_together(analyst: Client, panel: Wave) -> None:
    checked(panel, kept=None)
    assert "do not differ, so there is nothing to draw together" in said(analyst.get(f"{ADDRESS}&item=fair"))


def test_an_estimate_without_a_check_says_so(analyst: Client) -> None:
    assert "No check of the model of areas is on record." in said(analyst.get(f"{ADDRESS}&item=fair"))
    assert "No check" not in said(analyst.get("/desk/trust/?wave=panel/2025&by=age&item=fair"))


@pytest.mark.parametrize("query", ["by=age&item=fair", "by=area&item=fair&group=harbour", "item=fair", ""])
def test_what_is_not_about_all_areas_has_no_check(analyst: Client, panel: Wave, query: str) -> None:
    checked(panel)
    assert "foresaw" not in said(analyst.get(f"/desk/trust/?wave=panel/2025&{query}"))


@pytest.mark.parametrize("role", list(Role))
def test_checks_show_small_groups_only_to_those_who_see_them_anyway(panel: Wave, join: Join, role: Role) -> None:
    checked(panel)
    answer = signed_in(join("somebody", role)).get(f"{ADDRESS}&item=fair")
    may = role in (Role.ANALYST, Role.COORDINATOR, Role.OVERSIGHT)
    assert answer.status_code == (200 if may else 403)
    assert ("own answers" in said(answer)) is may


def test_recording_again_takes_the_place_of_checks(panel: Wave, by: Actor, at: datetime) -> None:
    found = ModelChecked(
        item="fair",
        statistic=Statistic.FAVOURABLE,
        level=0.9,
        compared=1,
        foreseen=1,
        fits=True,
        areas=(AreaCompared(area="harbour", n=3, direct=0.0, modelled=0.4, foreseen=True),),
    )
    for _ in range(2):
        actions.record("panel", [Findings("2025", (), models=(found,))], seed=1, by=by, at=at)
    (row,) = model_checks(panel, item="fair")
    assert row.areas == [{"area": "harbour", "n": 3, "direct": 0.0, "modelled": 0.4, "foreseen": True}]
    assert model_checks(panel, item="other") == []


def test_plain_means_of_a_model_are_what_its_check_compares() -> None:
    (one,) = models(SIZES)
    direct = direct_means(one.posterior.model, area=AREA)
    values = asked(SIZES).people.answers["fair"] == 3
    members = asked(SIZES).people.area
    assert members is not None
    for name, mean in zip(direct.areas, direct.mean, strict=True):
        assert mean == pytest.approx(values[members == name].mean())
