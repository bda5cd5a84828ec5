"""One random stream per part of the city, found by name: a new part changes none of the others."""

from __future__ import annotations

import numpy as np


def stream(seed: int, part: str) -> np.random.Generator:
    """The generator of random numbers for one part (`"people"`, `"incidents"`, …).

    A child of the seed's `SeedSequence` whose spawn key is the part's name, so that it does not depend on
    which other parts exist nor on their order.
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=tuple(part.encode())))
