"""Replicate weights: jackknife, balanced half-samples, bootstrap, and those that come with a file."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import hadamard

from hearback.stats.design import Design, Floats, Replicates, Stage, UnusableDesign, UnusableWeights
from hearback.stats.variance.stage_spread import LonelyUnit, refuse_lonely

Kind = Literal["JK1", "JKn", "BRR", "Fay", "bootstrap", "SDR"]
MOST_NUMBERS = 200_000_000
"""Replicate weights beyond which memory runs out (1.6 GB)."""
AT_ONCE = 32
"""Replicates drawn at a time."""
RANK_TOLERANCE = 1e-5
"""Directions of replicate weights shorter than this, beside the longest, are rounding (R `survey`)."""


def replicate_covariance(replicates: Replicates, estimates: Floats, *, estimate: Floats) -> Floats:
    """Covariance (k, k) from `estimates` (R, k) with each replicate's weights and the `estimate` (k,) with all."""
    used = replicates.rscales > 0
    centre = estimate if replicates.around_estimate else estimates[used].mean(axis=0)
    distances = estimates[used] - centre
    return np.asarray(replicates.scale * (distances.T @ (distances * replicates.rscales[used, None])))


def jackknife(design: Design) -> Replicates:
    """One replicate per first-stage unit, left out: JK1 without strata, JKn with; finite populations as R `survey`."""
    stage = _first_stage(design)
    n = stage.sample[stage.stratum]
    units = n.size
    if units * design.n > MOST_NUMBERS:
        raise UnusableDesign(
            f"The jackknife would make {units:,} weights for each of {design.n:,} respondents",
            remedy="Use linearisation or the bootstrap",
        )
    factors = np.where(stage.stratum[:, None] == stage.stratum, n / np.maximum(n - 1, 1), 1.0)
    np.fill_diagonal(factors, 0.0)
    factors[:, n == 1] = 1.0
    rscales = (1 - stage.fraction[stage.stratum]) * (n - 1) / n
    return _replicates(design, factors, scale=1.0, rscales=rscales)


def balanced_half_samples(design: Design, *, rho: float = 0.0) -> Replicates:
    """Balanced repeated replication of designs with two first-stage units per stratum.

    Units count 2 − `rho` and `rho` instead of 1: 0 is McCarthy's half-samples, between 0 and 1 is Fay's method.
    Source: McCarthy 1969; Judkins 1990, J. Official Statistics 6:223. Errors: `UnusableDesign` for other designs.
    """
    _refuse_coefficient(rho)
    stage = _first_stage(design)
    if (stage.sample != 2).any():
        name = stage.stratum_names[np.flatnonzero(stage.sample != 2)[0]]
        raise UnusableDesign(
            "Balanced half-samples need two sampling units in every stratum",
            where=f"stratum {name}",
            remedy="Use the jackknife or the bootstrap",
        )
    strata = stage.sample.size
    signs = hadamard(2 ** int(np.ceil(np.log2(strata + 1))))[:, 1 : strata + 1].T.astype(np.float64)
    first = np.zeros(stage.stratum.size, dtype=np.bool_)
    first[np.unique(stage.stratum, return_index=True)[1]] = True
    factors = 1 + (1 - rho) * np.where(first[:, None], signs[stage.stratum], -signs[stage.stratum])
    copies = signs.shape[1]
    return _replicates(design, factors, scale=1 / (copies * (1 - rho) ** 2), rscales=np.ones(copies))


def bootstrap(design: Design, *, replicates: int, rng: np.random.Generator) -> Replicates:
    """Rescaled bootstrap: n − 1 of the n first-stage units of each stratum, with replacement, in each replicate.

    Weights stay positive or zero; finite populations shrink the factors towards 1 by √(1 − n/N).
    Source: Rao & Wu 1988, JASA 83:231; Rao, Wu & Yue 1992, Survey Methodology 18:209.
    """
    if replicates * design.n > MOST_NUMBERS:
        raise UnusableDesign(
            f"The bootstrap would make {replicates:,} weights for each of {design.n:,} respondents",
            remedy="Ask for fewer replicates, such as 500",
        )
    stage = _first_stage(design)
    order = np.argsort(stage.stratum, kind="stable")
    row_of = np.empty(order.size, dtype=np.int64)
    row_of[order] = np.arange(order.size)
    unit, own = row_of[stage.unit], design.weights[:, None]
    weights = np.empty((design.n, replicates))
    for first in range(0, replicates, AT_ONCE):
        block = weights[:, first : first + AT_ONCE]
        np.multiply(_drawn(stage, block.shape[1], rng)[unit], own, out=block)
    return Replicates(weights, scale=1 / (replicates - 1), rscales=np.ones(replicates), df=design.df)


def _drawn(stage: Stage, replicates: int, rng: np.random.Generator) -> Floats:
    """Factors (units stratum by stratum, replicates) of some replicates, so few that they stay in the cache."""
    factors = np.ones((stage.stratum.size, replicates))
    ends = np.cumsum(stage.sample)
    for end, n, left in zip(ends.tolist(), stage.sample.tolist(), (1 - stage.fraction).tolist(), strict=True):
        if n > 1 and left > 0:
            drawn = rng.integers(n, size=(n - 1, replicates), dtype=np.uint32) * np.int64(replicates)
            drawn += np.arange(replicates)
            times = np.bincount(drawn.ravel(), minlength=n * replicates).reshape(n, replicates)
            np.multiply(times, np.sqrt(left) * n / (n - 1), out=factors[end - n : end])
            factors[end - n : end] += 1 - np.sqrt(left)
    return factors


def given_replicates(
    weights: ArrayLike, *, kind: Kind, rho: float = 0.0, rscales: ArrayLike | None = None
) -> Replicates:
    """Replicate weights (n, R) that come with a file, complete (not factors), of the kind its documentation names.

    JKn needs `rscales` (R,): (n − 1)/n of the stratum with a unit left out, times 1 − n/N in finite populations.
    Degrees of freedom are the rank of the weights less one. "SDR" are the Census Bureau's successive differences,
    taken about the estimate.
    """
    columns = np.asarray(weights, dtype=np.float64)
    if columns.ndim != 2 or columns.shape[1] < 2:
        raise UnusableWeights("There are not even two columns of replicate weights", remedy="Name all of them")
    if not np.isfinite(columns).all() or (columns < 0).any():
        raise UnusableWeights("A replicate weight is missing or negative", remedy="Check the columns named")
    if kind == "JKn" and rscales is None:
        raise UnusableDesign(
            "JKn does not follow from the weights alone",
            remedy="Give rscales: of each replicate, (n − 1)/n of the stratum with a unit left out",
        )
    if kind != "JKn" and rscales is not None:
        raise UnusableDesign(f"{kind} has no rscales", remedy="Leave them out, or name the kind JKn")
    if not columns.any(axis=0).all():
        raise UnusableWeights(
            "The weights of a replicate are all 0",
            where=f"replicate {np.flatnonzero(~columns.any(axis=0))[0] + 1} of {columns.shape[1]}",
            remedy="Leave that column out, and check that all respondents are in the file",
        )
    _refuse_coefficient(rho)
    copies = columns.shape[1]
    scales = np.ones(copies) if rscales is None else np.asarray(rscales, dtype=np.float64)
    if scales.shape != (copies,) or not np.isfinite(scales).all() or (scales < 0).any() or not scales.any():
        raise UnusableDesign(
            f"There are {copies} replicates, and the scales given are not {copies} numbers of 0 or more, some above 0",
            remedy="Give one rscale per replicate, in the order of the columns",
        )
    scale = {
        "JK1": (copies - 1) / copies,
        "JKn": 1.0,
        "BRR": 1 / copies,
        "Fay": 1 / (copies * (1 - rho) ** 2),
        "bootstrap": 1 / (copies - 1),
        "SDR": 4 / copies,
    }[kind]
    return Replicates(
        columns,
        scale=scale,
        rscales=scales,
        df=_rank(columns) - 1,
        around_estimate=kind == "SDR",
    )


def _refuse_coefficient(rho: float) -> None:
    if not 0 <= rho < 1:
        raise UnusableDesign(f"Fay's coefficient lies from 0 to below 1, which {rho:g} does not")


def _first_stage(design: Design) -> Stage:
    """The first stage, refused where a stratum has one unit and the design does not let it add nothing."""
    if design.lonely not in ("refuse", "certainty"):
        raise LonelyUnit(
            f"Replicates cannot treat strata with one unit by {design.lonely}", remedy="Use refuse or certainty"
        )
    stage = design.stages[0]
    alone = (stage.sample == 1) & (stage.fraction < 1)
    if alone.any() and design.lonely == "refuse":
        refuse_lonely(stage, alone, number=0)
    return stage


def _replicates(design: Design, factors: Floats, *, scale: float, rscales: Floats) -> Replicates:
    weights = factors[design.stages[0].unit]
    weights *= design.weights[:, None]
    return Replicates(weights, scale=scale, rscales=rscales, df=design.df)


def _rank(weights: Floats) -> int:
    lengths = np.sqrt(np.maximum(np.linalg.eigvalsh(weights.T @ weights), 0))
    return int((lengths > RANK_TOLERANCE * lengths[-1]).sum())
