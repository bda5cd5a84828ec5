"""The invented city asked again and again: how often what is put on record is true."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from drawn_waves import draw, the_census, the_city, the_truth
from hearback.demo.recipes import recipe
from hearback.listen.surveys.enums import Mode
from hearback.stats.small_area.model_checks import calibration, shrinkage
from hearback.stats.spatial_weights import contiguity
from hearback.understand.trust.enums import AREA, Showing, Statistic
from hearback.understand.trust.queries import areas
from hearback.understand.trust.queries.comparisons import between_waves
from hearback.understand.trust.queries.direct import as_found, block, blocks
from hearback.understand.trust.queries.results import Contrasted, Estimated
from hearback.understand.trust.queries.showing import FEWEST
from hearback.understand.trust.queries.weighting import Sample, census_for, sample
from hearback.understand.trust.queries.without_margin import without_margin
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation

DRAWS = 200 if FULL_SIMULATIONS else 6
CHANGED = {"02": 1, "05": 1, "04": -1}
UNCHANGED = ("01", "03", "06")


@pytest.fixture
def answering_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who answers follows community, age, language and place, but not the opinion of people alike in these."""
    monkeypatch.setitem(recipe("surveys")["response"], "trust", 0.0)


def samples(seed: int) -> list[Sample]:
    return [sample(one, census_for(one, [the_census()])) for one in draw(seed)]


def ground() -> areas.Ground:
    """Who borders on whom in the city."""
    land = the_city().geography
    touching = contiguity(land.polygons).matrix
    return areas.Ground({key: [land.keys[at] for at in touching[[row]].indices] for row, key in enumerate(land.keys)})


def estimates(of_wave: Sample) -> Iterator[Estimated]:
    for each in blocks(of_wave):
        if each.by != AREA:
            yield from as_found(each, of_wave)


def true(of_wave: Sample, row: Estimated | Contrasted) -> float:
    return the_truth().value(of_wave.asked.wave, row.item, row.statistic, row.by, row.group)


def holds(row: Estimated, truth: float) -> bool:
    assert row.low is not None
    assert row.high is not None
    return row.low <= truth <= row.high


def covered(drawn: list[list[Sample]]) -> NDArray[np.bool_]:
    """Whether each interval of ten respondents or more holds the truth."""
    return np.array(
        [
            holds(row, true(wave, row))
            for waves in drawn
            for wave in waves
            if wave.asked.mode is Mode.PROBABILITY
            for row in estimates(wave)
            if row.low is not None and (row.n or 0) >= FEWEST
        ]
    )


@pytest.mark.usefixtures("answering_is_known")
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Where the groups that weights are raked to explain who answers. Items of one wave err together, so the share
    itself is uncertain."""
    share = covered([samples(seed) for seed in range(DRAWS)]).mean()
    slack = 0.015 if FULL_SIMULATIONS else 0.03
    assert 0.95 - slack <= share <= 0.95 + slack


def test_weighting_brings_the_city_nearer_to_the_truth_but_cannot_see_opinions() -> None:
    """In the invented city people who trust the police answer more readily, which no weight can undo."""
    before, after = [], []
    for seed in range(DRAWS):
        for wave, base in zip(samples(seed)[:3], draw(seed)[:3], strict=True):
            unraked = sample(base, None)
            for statistic in Statistic:
                for taken, errors in ((wave, after), (unraked, before)):
                    found = block(taken, statistic, "")
                    assert found is not None
                    errors += [
                        row.estimate - true(wave, row)
                        for row in as_found(found, taken)
                        if row.estimate is not None and row.statistic is Statistic.FAVOURABLE
                    ]
    assert np.sqrt(np.mean(np.square(after))) < 0.75 * np.sqrt(np.mean(np.square(before)))
    assert 0 < np.mean(after) < np.mean(before)


def test_the_open_link_is_far_off_and_says_so() -> None:
    """Critical people followed it: its share of favourable answers is too low, and only the range holds the truth."""
    for seed in range(2):
        link = samples(seed)[3]
        found = block(link, Statistic.FAVOURABLE, "")
        assert found is not None
        direct = list(as_found(found, link))
        rows = list(without_margin(direct, link))
        off = [row.estimate - true(link, row) for row in rows if row.estimate is not None]
        assert np.mean(off) < -0.08
        assert all(row.se is None and row.df is None for row in rows)
        assert all(
            row.low <= true(link, row) <= row.high for row in rows if row.low is not None and row.high is not None
        )
        naive = [
            row.low <= true(link, row) <= row.high for row in direct if row.low is not None and row.high is not None
        ]
        assert np.mean(naive) < 0.5


@pytest.fixture(scope="module")
def moved() -> list[Contrasted]:
    """Changes from 2024 to 2025 in districts, in every draw."""
    found = []
    for seed in range(DRAWS):
        _, before, after, _ = samples(seed)
        found += [row for row in between_waves(before, after) if row.by == "district" and row.item != "safe"]
    return found


def test_districts_that_did_not_change_are_not_called_changed_more_often_than_the_level_says(
    moved: list[Contrasted],
) -> None:
    called = [row.p_value < 0.05 for row in moved if row.group in UNCHANGED and row.p_value is not None]
    assert len(called) == 3 * 7 * DRAWS
    assert np.mean(called) <= (0.06 if FULL_SIMULATIONS else 0.10)


@pytest.mark.parametrize(("district", "sign"), CHANGED.items())
def test_districts_that_changed_move_the_right_way(moved: list[Contrasted], district: str, sign: int) -> None:
    there = [row for row in moved if row.group == district]
    assert np.mean([np.sign(row.difference) == sign for row in there if row.difference is not None]) > 0.75
    found = [row.p_value < 0.05 for row in there if row.p_value is not None]
    others = [row.p_value < 0.05 for row in moved if row.group in UNCHANGED and row.p_value is not None]
    assert np.mean(found) > 2 * np.mean(others)


@pytest.mark.usefixtures("answering_is_known")
def test_areas_are_nearer_to_the_truth_than_their_own_answers() -> None:
    """And their 90 % intervals hold it about as often as they say."""
    held, modelled, direct = [], [], []
    for seed in range(20 if FULL_SIMULATIONS else 1):
        wave = samples(seed)[2]
        alone = block(wave, Statistic.FAVOURABLE, AREA)
        assert alone is not None
        own = {(row.item, row.group): row.estimate for row in as_found(alone, wave)}
        for one in areas.modelled(wave, ground(), rng=np.random.default_rng(seed)):
            if one.statistic is Statistic.FAVOURABLE:
                low, high = one.draws.interval
                for at, area in enumerate(one.draws.areas):
                    truth = the_truth().value(wave.asked.wave, one.question.item, one.statistic, AREA, str(area))
                    held.append(low[at] <= truth <= high[at])
                    if (answered := own.get((one.question.item, str(area)))) is not None:
                        modelled.append(one.draws.estimate[at] - truth)
                        direct.append(answered - truth)
    assert len(modelled) > 300
    assert np.sqrt(np.mean(np.square(modelled))) < 0.75 * np.sqrt(np.mean(np.square(direct)))
    assert 0.82 <= np.mean(held) <= 0.97


def test_the_models_foresee_the_answers_they_were_made_of() -> None:
    """And draw areas together, but not into one."""
    wave = samples(0)[1]
    models = list(areas.modelled(wave, ground(), rng=np.random.default_rng(1)))
    assert {one.question for one in models} == set(areas.headline(wave.asked))
    for one in models:
        drawn_together = shrinkage(one.posterior.model, one.draws, area=AREA)
        assert 0.1 < drawn_together.kept < 0.9
        foreseen = calibration(one.posterior, area=AREA, rng=np.random.default_rng(2))
        assert foreseen.held[0.9] > 0.85
        assert one.posterior.effective_points > 10


def test_only_areas_shown_alone_have_numbers_of_their_own() -> None:
    wave = samples(0)[2]
    one = next(areas.modelled(wave, ground(), rng=np.random.default_rng(1)))
    rows = {row.group: row for row in areas.as_found(one)}
    pooled = [row for row in rows.values() if row.showing is Showing.POOLED]
    assert pooled
    for row in pooled:
        partners = [rows[other] for other in row.pooled_with]
        assert {other.estimate for other in partners if other.showing is Showing.POOLED} <= {row.estimate}
        assert partners
    for row in rows.values():
        if row.showing is Showing.SHOWN:
            assert row.low is not None
            assert row.high is not None
            assert row.high - row.low <= areas.WIDEST
