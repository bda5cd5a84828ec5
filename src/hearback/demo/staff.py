"""The people of the invented police department, drawn from the city's communities with known unevenness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hearback.demo.people import People
from hearback.demo.recipes import recipe

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Staff:
    """Counts of staff, and the chances from which they were drawn."""

    ranks: tuple[str, ...]
    units: tuple[str, ...]
    count: NDArray[np.int64]
    """(ranks, units, communities, languages)."""
    chance: Floats
    """(ranks, communities): the true share of each community at each rank."""


def draw(people: People, *, rng: np.random.Generator) -> Staff:
    """Each post is filled by chance: communities by `pull`, languages as their people speak them."""
    book = recipe("staff")
    share = people.count.sum(axis=0) / people.count.sum()
    chance = np.array([_shares(share * _pull(people) ** exponent) for exponent in book["steeper"]])
    speaks = (people.count[:, :, None] * people.speaks).sum(axis=0) / people.count.sum(axis=0)[:, None]
    spoken = speaks * (1 - book["english"])
    spoken[:, people.languages.index("en")] += book["english"]
    units = np.array([*book["units"].values()])
    filled = np.array(
        [
            rng.multinomial(posts, (units[:, None, None] * of_rank[None, :, None] * spoken[None]).ravel())
            for posts, of_rank in zip(book["ranks"].values(), chance, strict=True)
        ]
    )
    shape = (len(book["ranks"]), units.size, share.size, len(people.languages))
    return Staff(tuple(book["ranks"]), tuple(book["units"]), filled.reshape(shape), chance)


def _pull(people: People) -> Floats:
    """Who trusts the police more, joins it more."""
    offset = people.trust_offset
    return np.asarray(np.exp(offset / max(np.abs(offset).max(), 1e-9) * 0.7))


def _shares(weights: Floats) -> Floats:
    return np.asarray(weights / weights.sum())
