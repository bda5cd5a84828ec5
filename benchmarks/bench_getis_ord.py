"""Gi* with permutation p-values of 3,969 areas (63 x 63, eight neighbours each) against esda."""

from __future__ import annotations

import warnings

import numpy as np
from esda import G_Local
from libpysal.weights import lat2W

from benchmarks.line import Line, paired, seconds
from hearback.stats.getis_ord import gi_star, permutation_p, permutations_needed
from hearback.stats.spatial_weights import SpatialWeights

SIDE, PERMUTATIONS = 63, 9_999


def run() -> list[Line]:
    """Both at 9,999 permutations, esda's numba compiled beforehand and not keeping its simulations; then ours
    with as many as false-discovery control needs."""
    values = np.random.default_rng(0).gamma(2, size=SIDE**2)
    peer_weights = lat2W(SIDE, SIDE, rook=False)
    weights = SpatialWeights(peer_weights.sparse)
    needed = permutations_needed(weights.n)

    def ours(permutations: int) -> None:
        gi_star(values, weights)
        permutation_p(values, weights, permutations=permutations, rng=np.random.default_rng(1))

    def peer(permutations: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # esda announces future changes on every call
            G_Local(
                values,
                peer_weights,
                transform="B",
                star=True,
                permutations=permutations,
                keep_simulations=False,
                seed=1,
            )

    peer(99)
    mine, theirs, ratio = paired(lambda: ours(PERMUTATIONS), lambda: peer(PERMUTATIONS))
    return [
        Line(
            "Gi* of 3,969 areas, 9,999 permutations (esda: numba warm, no simulations kept)",
            f"{mine:.3f} s",
            f"esda {theirs:.2f} s",
            f"{ratio:.0f} x",
            "not slower",
        ),
        Line(
            f"the same with the {needed:,} that false-discovery control needs",
            f"{seconds(lambda: ours(needed)):.2f} s",
        ),
    ]
