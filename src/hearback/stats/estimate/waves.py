"""Change between two waves of a survey, with the covariance that shared sampling units bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hearback.stats.design import Design, Floats, Labels, Stage, UnusableDesign
from hearback.stats.estimate.estimates import Estimates, Origin, with_intervals
from hearback.stats.variance.linearization import calibration_residuals
from hearback.stats.variance.stage_spread import summing


class IncomparableWaves(UnusableDesign):
    """Two waves whose estimates cannot be subtracted from each other."""


def change(first: Estimates, second: Estimates) -> Estimates:
    """Estimates of the second wave less those of the first, name by name.

    The waves share the sampling units that have the same stratum and label in both designs: the people of a panel, or
    the clusters of a repeated sample. Units without labels count as drawn anew. Degrees of freedom are the first-stage
    units less the strata of both waves together. Errors: `IncomparableWaves`.
    Source: Tam 1984, American Statistician 38:288; Qualité & Tillé 2008, Survey Methodology 34:173.
    """
    if first.names != second.names:
        raise IncomparableWaves("The two waves were not asked for the same estimates", remedy="Use the same items")
    waves = [_origin(wave) for wave in (first, second)]
    between = _covariance_between(*waves)
    own = np.asarray(first.covariance) + np.asarray(second.covariance)
    variance = np.maximum(first.se**2 + second.se**2 - 2 * np.diag(between), (first.se - second.se) ** 2)
    units, strata = (set().union(*each) for each in zip(*(_first_stage(wave.design) for wave in waves), strict=True))
    return with_intervals(
        first.names,
        second.estimate - first.estimate,
        np.sqrt(variance),
        df=np.full(variance.size, float(len(units) - len(strata))),
        n=first.n + second.n,
        notes=[a or b for a, b in zip(first.notes, second.notes, strict=True)],
        level=first.level,
        covariance=own - between - between.T,
    )


def _origin(wave: Estimates) -> Origin:
    if wave.origin is None or wave.covariance is None:
        raise IncomparableWaves("Only means, shares, totals, ratios and coefficients of one wave each can be compared")
    if wave.origin.design.replicates is not None:
        raise IncomparableWaves(
            "Replicate weights of two waves do not say which units they share",
            remedy="Stack the waves in one file with one design, and take the difference of two groups",
        )
    return wave.origin


@dataclass(frozen=True, eq=False)
class _Level:
    """One stage of one wave: the stage, a name for each of its units that is the same in both waves, and the units'
    totals of influence values (units, k) about their strata's means."""

    stage: Stage
    units: Labels
    strata: Labels
    distances: Floats


def _covariance_between(first: Origin, second: Origin) -> Floats:
    """Covariance (k, k) of the first wave's estimates (rows) with the second's (columns), stage by stage."""
    total = np.zeros((first.influence.shape[1], second.influence.shape[1]))
    for one, two in zip(_levels(first), _levels(second), strict=False):
        _, in_one, in_two = np.intersect1d(one.units, two.units, return_indices=True)
        if in_one.size == 0:
            break
        of_one, of_two = one.stage.stratum[in_one], two.stage.stratum[in_two]
        shared = np.bincount(of_one, minlength=one.stage.sample.size)[of_one]
        n, m = one.stage.sample[of_one], two.stage.sample[of_two]
        population = np.minimum(one.stage.population[of_one], two.stage.population[of_two])
        lost = 1 - 1 / n - 1 / m + shared / (n * m)
        factor = np.divide(1 - n * m / population / shared, lost, out=np.zeros(n.size), where=lost > 0)
        factor *= np.sqrt(one.stage.drawn_before[of_one] * two.stage.drawn_before[of_two])
        total += one.distances[in_one].T @ (factor[:, None] * two.distances[in_two])
    return total


def _levels(wave: Origin) -> Iterator[_Level]:
    """The stages of a wave as far as their units have labels."""
    influence = wave.influence if isinstance(wave.influence, np.ndarray) else wave.influence.toarray()
    residuals = calibration_residuals(wave.design, influence)
    outside = np.full(wave.design.n, "")
    for stage in wave.design.stages:
        if stage.unit_names is None:
            return
        row = np.unique(stage.unit, return_index=True)[1]
        strata = _path(outside[row], stage.stratum_names[stage.stratum])
        units = _path(strata, stage.unit_names)
        totals = summing(stage.unit, units.size) @ residuals
        means = summing(stage.stratum, stage.sample.size) @ totals / stage.sample[:, None]
        yield _Level(stage, units, strata, totals - means[stage.stratum])
        outside = units[stage.unit]


def _path(outer: Labels, inner: Labels) -> Labels:
    return np.char.add(np.char.add(outer, "\x1f"), inner)


def _first_stage(design: Design) -> tuple[set[str], set[str]]:
    """Names of the first-stage units and of the strata with any weight; units without labels are all different."""
    stage = design.stages[0]
    used = np.unique(stage.unit[design.weights != 0])
    strata = stage.stratum_names[stage.stratum[used]]
    if stage.unit_names is None:
        return {f"{id(design)}\x1f{unit}" for unit in used.tolist()}, set(strata.tolist())
    return set(_path(strata, stage.unit_names[used]).tolist()), set(strata.tolist())
