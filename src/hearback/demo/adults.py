"""The adults of the invented city by area, community, age and sex: what a census would count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hearback.demo.people import People
from hearback.demo.recipes import recipe


@dataclass(frozen=True)
class Adults:
    """Counts; nobody who was asked anything plays a part in them."""

    ages: tuple[str, ...]
    sexes: tuple[str, ...]
    count: NDArray[np.int64]
    """(areas, communities, ages, sexes)."""


def count(people: People) -> Adults:
    """Ages and sexes as shares of each community in each area, in whole people; younger where many are newcomers."""
    book = recipe("surveys")["adults"]
    ages, sexes = tuple(book["ages"]), tuple(book["sexes"])
    youth = np.linspace(1, -1, len(ages))
    pull = np.array([*book["ages"].values()]) * np.exp(book["younger"] * np.outer(people.newly_arrived, youth))
    of_age = pull / pull.sum(axis=1, keepdims=True)
    shares = of_age[:, :, None] * np.array([*book["sexes"].values()])
    adults = np.rint(book["share"] * people.count).astype(np.int64)
    wanted = adults[:, :, None] * shares.reshape(len(adults), 1, -1)
    return Adults(ages, sexes, _whole(wanted, adults).reshape(*adults.shape, len(ages), len(sexes)))


def _whole(wanted: NDArray[np.float64], totals: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole numbers with these totals along the last axis: rounded down, the largest remainders up."""
    whole = np.floor(wanted).astype(np.int64)
    order = np.argsort(np.argsort(whole - wanted, axis=-1, kind="stable"), axis=-1, kind="stable")
    return np.asarray(whole + (order < (totals - whole.sum(axis=-1))[..., None]))
