"""Who answered, wave after wave of the invented city: ranges hold although people were drawn area by area."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

import drawn_waves
from hearback.stats.representation.drawn_shares import drawn_shares
from hearback.stats.representation.participation import participation
from hearback.understand.representation.queries.channels import drawing
from places import FULL_SIMULATIONS

pytestmark = pytest.mark.simulation

WAVES = 60 if FULL_SIMULATIONS else 12


def test_nine_in_ten_ranges_hold_and_those_of_single_draws_do_not() -> None:
    city = drawn_waves.the_city()
    people = dict(zip(city.people.communities, city.adults.count.sum(axis=(0, 2, 3)).tolist(), strict=True))
    total = np.array([*people.values()])
    shares, ranges, naive = [], [], []
    for seed in range(WAVES):
        wave = drawn_waves.draw(seed)[-2]
        design = drawing(wave.people)
        assert design is not None
        found = drawn_shares(design, wave.people.groups["community"], list(people))
        shares.append(found.voices / found.voices.sum() / (total / total.sum()))
        ranges.append(_range(found.voices, total, found.design_effect))
        naive.append(_range(found.voices, total, np.ones(len(total))))
    truth = np.mean(shares, axis=0)
    held, held_by_naive = (
        np.mean([(low <= truth) & (truth <= high) for low, high in all_]) for all_ in (ranges, naive)
    )
    assert held > 0.86
    assert held_by_naive < held - 0.05


def _range(
    voices: NDArray[np.float64], people: NDArray[np.float64], effect: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    found = participation(voices, people, rng=np.random.default_rng(1), design_effect=effect, draws=2).rates
    return found.low, found.high
