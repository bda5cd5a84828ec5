"""From columns of a data file to a design: strata, clusters and populations of every stage, checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hearback.stats.design import (
    Bools,
    Codes,
    Design,
    Floats,
    Labels,
    Lonely,
    Stage,
    UnusableDesign,
    UnusableWeights,
    missing_labels,
)


def survey_design(
    weights: ArrayLike | None = None,
    *,
    strata: Sequence[ArrayLike] = (),
    psu: Sequence[ArrayLike] = (),
    fpc: Sequence[ArrayLike] = (),
    nested: bool = False,
    lonely: Lonely = "refuse",
) -> Design:
    """The design of a sample, one column (n,) of labels or numbers per stage of sampling.

    `weights` (n,), or None to take them from `fpc`. A stage without strata is one stratum; after the last column of
    `psu` every row is a unit of its own. `fpc` are the units in the population of the row's stratum, or the shares of
    them that were drawn; stages after the first without it add nothing to variances (with replacement, the first
    stage's totals show the later stages' spread too). `nested`: the same label of a first-stage unit in two strata
    means two units. Conventions are those of `svydesign` in R's `survey` (Lumley 2010, Complex Surveys, ch. 2-3).
    """
    columns = [np.asarray(column) for column in (*strata, *psu, *fpc, *([] if weights is None else [weights]))]
    if not columns:
        raise UnusableDesign("A sample has weights or the size of its population", remedy="Name the column of weights")
    n = columns[0].size
    if any(column.shape != (n,) for column in columns):
        raise UnusableDesign("The columns of the design have different lengths")
    count = max(1, len(strata), len(psu), len(fpc))
    if count > len(psu) + 1:
        raise UnusableDesign(
            f"Strata or populations are given for {count} stages, sampling units for {len(psu)}",
            remedy="Name the column of sampling units of every stage but the last",
        )
    stages, outside = [], _Outside(np.zeros(n, dtype=np.int64), np.ones(n))
    for number in range(count):
        given = [column[number] if number < len(column) else None for column in (strata, psu, fpc)]
        stage, outside = _stage(outside, *given, number=number, nested=nested)
        stages.append(stage)
    return Design(_weights(weights, outside.drawn), stages=tuple(stages), lonely=lonely)


@dataclass(frozen=True)
class _Outside:
    """Where each row stands before a stage: the unit drawn last, and the chance that everything so far was drawn."""

    unit: Codes
    drawn: Floats


def _weights(given: ArrayLike | None, drawn: Floats) -> Floats:
    if given is None:
        if not (drawn > 0).all():
            raise UnusableDesign(
                "Weights follow from populations only where every stage has them",
                remedy="Name the column of weights",
            )
        return 1 / drawn
    weights = np.asarray(given, dtype=np.float64)
    for fault, wrong in (
        ("missing", ~np.isfinite(weights)),
        ("negative", weights < 0),
        ("zero", weights == 0),
    ):
        rows = np.flatnonzero(wrong)
        if rows.size:
            raise UnusableWeights(
                f"{rows.size:,} of {weights.size:,} weights are {fault}",
                where=f"row {rows[0] + 1}",
                remedy="Every respondent has a positive weight; leave out who was not part of the sample",
            )
    return weights


def _stage(
    outside: _Outside,
    strata: ArrayLike | None,
    psu: ArrayLike | None,
    fpc: ArrayLike | None,
    *,
    number: int,
    nested: bool,
) -> tuple[Stage, _Outside]:
    place = f"stage {number + 1}"
    n = outside.unit.size
    names, labels = _labels(strata, place=f"strata of {place}") if strata is not None else (_WHOLE, np.zeros(n, int))
    stratum, stratum_names = _within(outside.unit, labels, names)
    if psu is None:
        unit, unit_names = np.arange(n), None
    else:
        names, labels = _labels(psu, place=f"sampling units of {place}")
        unit, unit_names = _within(stratum, labels, names)
        if number == 0 and not nested and unit_names.size > names.size:
            _refuse_unit_in_two_strata(unit_names, stratum_names)
    stratum_of_unit = np.empty(unit.max(initial=-1) + 1, dtype=np.int64)
    stratum_of_unit[unit] = stratum
    before = np.empty(stratum_names.size)
    before[stratum] = outside.drawn
    sample = np.bincount(stratum_of_unit, minlength=stratum_names.size)
    population = _population(fpc, stratum, sample, stratum_names, place=place)
    stage = Stage(unit, stratum_of_unit, population, before, stratum_names, unit_names)
    return stage, _Outside(unit, outside.drawn * stage.fraction[stratum])


_WHOLE = np.array(["the whole sample"])


def _labels(column: ArrayLike, *, place: str) -> tuple[Labels, Codes]:
    """Distinct labels as words, and the code (n,) of each row's."""
    values = np.asarray(column)
    missing = missing_labels(values)
    if missing.any():
        raise UnusableDesign(
            f"{missing.sum():,} rows have no label",
            where=f"{place}, row {np.flatnonzero(missing)[0] + 1}",
            remedy="Give every respondent a stratum and a sampling unit, or leave these rows out",
        )
    distinct, codes = np.unique(values.astype(str) if values.dtype == object else values, return_inverse=True)
    return distinct.astype(str), codes.astype(np.int64)


def _within(outer: Codes, labels: Codes, names: Labels) -> tuple[Codes, Labels]:
    """Codes (n,) of labels told apart by what they lie in, and the name of each code."""
    pairs, codes = np.unique(outer * names.size + labels, return_inverse=True)
    return codes.astype(np.int64), names[pairs % names.size]


def _refuse_unit_in_two_strata(unit_names: Labels, stratum_names: Labels) -> None:
    names, times = np.unique(unit_names, return_counts=True)
    raise UnusableDesign(
        f"Sampling unit {names[times.argmax()]} lies in {times.max()} of {stratum_names.size} strata",
        remedy="Say that units are nested if the label means another unit in each stratum; otherwise mend the strata",
    )


def _population(fpc: ArrayLike | None, stratum: Codes, sample: Codes, names: Labels, *, place: str) -> Floats:
    """Units in the population of each stratum (strata,), infinite where nobody says."""
    if fpc is None:
        return np.full(sample.size, np.inf)
    given = np.asarray(fpc, dtype=np.float64)
    size = np.empty(sample.size)
    size[stratum] = given
    faults: list[tuple[Bools, str]] = [
        (~(given > 0), "is missing, zero or negative"),
        (given != size[stratum], "differs within stratum {name}"),
    ]
    shares = bool((given <= 1).all())
    if shares:
        size = sample / size
    else:
        faults.append((given < 1, "is a share in one row and a count in another"))
        faults.append(((size < sample)[stratum], "is smaller than the {drawn:,} units drawn in stratum {name}"))
    for wrong, fault in faults:
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise UnusableDesign(
                f"The population size {given[row]:g} "
                + fault.format(name=names[stratum[row]], drawn=sample[stratum[row]]),
                where=f"{place}, row {row + 1}",
                remedy="Give every row the number of units in its stratum's population, or everywhere the share drawn",
            )
    return size
