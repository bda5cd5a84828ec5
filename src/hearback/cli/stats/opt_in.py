"""What stands in the place of a margin of error where people were not drawn by chance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hearback.cli.stats.design_file import DesignFile, Sensitivity
from hearback.importers.toml_records import Place
from hearback.stats.design import Bools, Floats
from hearback.stats.sampling_mode import (
    LABELS,
    BiasRange,
    NoMarginOfError,
    SamplingMode,
    UnusableSensitivity,
    if_answering_depends,
    if_others_differ,
    margin_of_error,
)

if TYPE_CHECKING:
    from hearback.cli.stats.estimate import Sample

ERRORS = ("se", "ci_low", "ci_high", "df", "deff")
RANGED = ("mean", "proportion")


def without_margin(result: dict[str, Any], statistic: str, sample: Sample, described: DesignFile) -> None:
    """Put the label, the reason and the range of what may be true in the place of all that rests on chance."""
    mode = described.sampling_mode
    reason = why_no_margin(mode)
    if statistic not in RANGED:
        raise NoMarginOfError(
            reason,
            where=f"{statistic} of {result['variable']}",
            remedy="Ask for a mean or a proportion, which come with a range of how far they may be off",
        )
    result.update(dict.fromkeys(ERRORS), label=LABELS[mode], sensitivity=None)
    result["notes"].append(reason)
    values, inside = _answers(result, sample)
    inside = inside & np.isfinite(values)
    if not inside.any():
        return
    weights = sample.design.weights * inside
    found = bias_range(
        float(result["estimate"]),
        assumed=described.sensitivity if statistic == "mean" else of_shares(described.sensitivity),
        taken=_part_taken(described, n=int(inside.sum()), people=float(weights.sum()), reason=reason),
        deviation=_deviation(values, weights),
    )
    result["sensitivity"] = vars(found)


def why_no_margin(mode: SamplingMode) -> str:
    """The reason for which this mode has no margin of error."""
    try:
        margin_of_error(1.0, mode=mode)
    except NoMarginOfError as refusal:
        return refusal.problem
    raise ValueError(f"{mode} has a margin of error")


def of_shares(assumed: Sensitivity) -> Sensitivity:
    """The same assumption about a share, whose ends are 0 and 1 whatever the scale of other answers."""
    return replace(assumed, lowest=0.0, highest=1.0)


def bias_range(estimate: float, *, assumed: Sensitivity, taken: float, deviation: float) -> BiasRange:
    """How far an estimate may be off under the assumption that the file states, within the ends of the scale."""
    if not assumed.lowest <= estimate <= assumed.highest:
        raise UnusableSensitivity(
            f"The estimate {estimate:g} is not between {assumed.lowest:g} and {assumed.highest:g}",
            where="sensitivity",
            remedy="State lowest and highest as the ends of this item's scale, or leave them out",
        )
    if assumed.difference is not None:
        return if_others_differ(
            estimate,
            part_taken=taken,
            difference=assumed.difference,
            lowest=assumed.lowest,
            highest=assumed.highest,
        )
    found = if_answering_depends(estimate, deviation=deviation, part_taken=taken, correlation=assumed.correlation)
    return replace(found, low=max(assumed.lowest, found.low), high=min(assumed.highest, found.high))


def _part_taken(described: DesignFile, *, n: int, people: float, reason: str) -> float:
    """The share of the population that took part: as stated, or respondents over the people they are weighted to."""
    stated = described.sensitivity.part_taken
    if stated is None and people <= n:
        raise Place(described.path, "sensitivity").refusal(
            reason, "State what part of the population took part, for the range shown instead: part_taken = 0.01"
        )
    return n / people if stated is None else stated


def _answers(result: dict[str, Any], sample: Sample) -> tuple[Floats, Bools]:
    """The values (n,) that the estimate is the mean of, and who is in its group."""
    inside = np.ones(sample.design.n, dtype=np.bool_)
    for column, label in (result["group"] or {}).items():
        inside &= sample.labels(column) == label
    if result["category"] is None:
        return sample.numbers(result["variable"]), inside
    labels = sample.labels(result["variable"])
    return np.where(labels == "", np.nan, labels == result["category"]), inside


def _deviation(values: Floats, weights: Floats) -> float:
    known = weights > 0
    centre = np.average(values[known], weights=weights[known])
    return float(np.sqrt(np.average((values[known] - centre) ** 2, weights=weights[known])))
