"""Things that vary smoothly over the map: what is so in one area is nearly so next door."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def smooth(centres: Floats, *, reach: float, rng: np.random.Generator) -> Floats:
    """One standardised random value per area (mean 0, standard deviation 1), alike within `reach` kilometres."""
    return standardize(nearness(centres, centres, reach=reach) @ rng.normal(size=len(centres)))


def around(centres: Floats, hubs: Floats, *, reach: float) -> Floats:
    """1 at a hub, 1/e at `reach` kilometres from the nearest one; (areas,)."""
    return np.asarray(nearness(centres, hubs, reach=reach).max(axis=1))


def nearness(centres: Floats, others: Floats, *, reach: float) -> Floats:
    """exp(−(distance / reach)²) from each centre to each of the others."""
    return np.asarray(np.exp(-np.square(distances(centres, others) / reach)))


def distances(centres: Floats, others: Floats) -> Floats:
    """Kilometres from each centre to each of the others."""
    return np.asarray(np.hypot(*(centres[:, None, :] - others[None, :, :]).transpose(2, 0, 1)))


def standardize(values: Floats) -> Floats:
    """Mean 0, standard deviation 1."""
    return np.asarray((values - values.mean()) / values.std())
