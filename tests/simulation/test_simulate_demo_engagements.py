"""Forums, events and pulses, drawn again and again: who is said to come less or more, against who truly does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from hearback.demo import engagements
from hearback.demo.city import DemoCity, generate
from hearback.demo.engagements import Engagements
from hearback.stats.representation.clustered_counts import clustered_counts
from hearback.stats.representation.participation import Heard, participation
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation

CITIES, YEARS = (10, 20) if FULL_SIMULATIONS else (3, 4)


@dataclass(frozen=True)
class Said:
    """What is said of one group in one channel, and the truth."""

    channel: str
    kind: str
    group: str
    heard: Heard
    as_if_alone: Heard
    """What would be said if voices had not come in clumps."""
    truth: float

    @property
    def wrong(self) -> bool:
        return _wrong(self.heard, self.truth)


def _wrong(heard: Heard, truth: float) -> bool:
    return heard != Heard.UNCERTAIN and (heard == Heard.LESS) != (truth < 1)


@pytest.fixture(scope="module")
def said() -> list[Said]:
    rng = np.random.default_rng(8)
    return [one for seed in range(CITIES) for one in _said_of(generate(300 + seed), rng)]


def _said_of(city: DemoCity, rng: np.random.Generator) -> Iterator[Said]:
    population = _population(city)
    for _ in range(YEARS):
        year = engagements.draw(city.geography, city.people, city.adults, city.organizations, rng=rng)
        for channel, kinds in year.participation.items():
            for kind, truth in kinds.items():
                counts = _counts(year, channel, kind, list(truth))
                heard, alone = (
                    participation(counts.sum(axis=0), population[kind], rng=rng, design_effect=effect, draws=2).heard
                    for effect in (clustered_counts(counts).design_effect, 1.0)
                )
                for group, one, one_alone in zip(truth, heard, alone, strict=True):
                    yield Said(channel, kind, group, one, one_alone, truth[group])


def _counts(year: Engagements, channel: str, kind: str, groups: list[str]) -> NDArray[np.int64]:
    held = [one.groups[kind] for one in year.held if one.meeting.kind == channel and one.groups]
    return np.array([[each.get(group, 0) for group in groups] for each in held])


def _population(city: DemoCity) -> dict[str, NDArray[np.float64]]:
    adults = city.adults.count.astype(float)
    return {
        "community": adults.sum(axis=(0, 2, 3)),
        "language": (city.people.count[:, :, None] * city.people.speaks).sum(axis=(0, 1)),
        "district": np.bincount(city.geography.district_of, weights=adults.sum(axis=(1, 2, 3))),
        "age": adults.sum(axis=(0, 1, 3)),
        "sex": adults.sum(axis=(0, 1, 2)),
    }


def _share(said: list[Said], heard: Heard, *group: str) -> float:
    return float(np.mean([one.heard == heard for one in said if (one.channel, one.kind, one.group) == group]))


def test_of_what_is_said_surely_at_least_nine_tenths_is_true(said: list[Said]) -> None:
    sure = [one for one in said if one.heard != Heard.UNCERTAIN]
    assert len(sure) > 0.1 * len(said)
    assert np.mean([one.wrong for one in sure]) <= 0.1
    for channel in ("forum", "event", "pulse"):
        of_channel = [one.wrong for one in said if one.channel == channel]
        assert np.mean(of_channel) <= 0.05, "wrongly sure of hardly any group"


def test_who_hardly_comes_is_found(said: list[Said]) -> None:
    for group in (("forum", "language", "es"), ("forum", "age", "18-29"), ("pulse", "age", "65+")):
        assert _share(said, Heard.LESS, *group) >= 0.9
    for group in (("forum", "age", "65+"), ("pulse", "age", "18-29")):
        assert _share(said, Heard.MORE, *group) >= 0.9


def test_a_language_that_filled_one_house_of_prayer_once_is_not_said_to_come_more(said: list[Said]) -> None:
    crowded = [one for one in said if (one.channel, one.kind) == ("event", "language") and one.truth > 2]
    assert np.mean([one.heard == Heard.UNCERTAIN for one in crowded]) >= 0.9


def test_small_differences_cannot_be_told(said: list[Said]) -> None:
    alike = [one for one in said if 0.9 < one.truth < 1.1]
    assert np.mean([one.heard == Heard.UNCERTAIN for one in alike]) >= 0.9


def test_as_if_everybody_had_come_alone_much_more_would_be_said_and_be_wrong(said: list[Said]) -> None:
    wrong = sum(one.wrong for one in said)
    naive = sum(_wrong(one.as_if_alone, one.truth) for one in said)
    assert naive > 5 * max(wrong, 1)
