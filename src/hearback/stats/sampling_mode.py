"""Sampling mode is law: what may be said of an estimate depends on how people came to answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from hearback.refusal import Refusal

Floats = NDArray[np.float64]
Number = TypeVar("Number", float, Floats)


class SamplingMode(StrEnum):
    """How people came to answer."""

    PROBABILITY = "probability"
    """Drawn by chance from a list, each with a known chance above zero."""
    OPT_IN = "opt-in"
    """Whoever saw a link, came to a meeting or joined a panel, and wished to."""
    CENSUS = "census"
    """Everybody of the population was asked."""


LABELS = {
    SamplingMode.PROBABILITY: "From a random sample",
    SamplingMode.OPT_IN: "From people who chose to take part; modelled, not a random sample",
    SamplingMode.CENSUS: "From everybody who was asked; all of them were",
}


class NoMarginOfError(Refusal):
    """An estimate for which a margin of sampling error would say something untrue."""


class UnusableSensitivity(Refusal):
    """Assumptions about those who did not take part that cannot be."""


@dataclass(frozen=True)
class BiasRange:
    """Where the population's mean lies if those who did not take part differ as much as assumed, either way.

    `method` names the assumption, `assumption` says it in a sentence. No interval: nothing is said of how probable.
    """

    low: float
    high: float
    method: str
    assumption: str


@dataclass(frozen=True)
class OptInEstimate:
    """An estimate from people who chose to take part: always with its label and its range, never with a margin."""

    estimate: float
    n: int
    label: str
    sensitivity: BiasRange


def margin_of_error(standard_error: Number, *, mode: SamplingMode, level: float = 0.95) -> Number:
    """Half the width of a normal interval, for an estimate from a probability sample.

    Errors: `NoMarginOfError` for any other mode, with the reason. Source for opt-in: AAPOR, statement on opt-in
    surveys and margins of sampling error.
    """
    if mode is SamplingMode.OPT_IN:
        raise NoMarginOfError(
            "People chose themselves whether to take part, so nobody knows how likely each was to be included; a "
            "margin of sampling error rests on exactly that, and printing one would mislead",
            remedy="Show the estimate as modelled, with its bias range",
        )
    if mode is SamplingMode.CENSUS:
        raise NoMarginOfError(
            "Everybody was asked, so there is no sampling whose error could be given",
            remedy="Show the response rate, and how far the estimate moves if those who did not answer differ",
        )
    return standard_error * float(stats.norm.isf((1 - level) / 2))


def opt_in_estimate(estimate: float, *, n: int, sensitivity: BiasRange) -> OptInEstimate:
    """The estimate from n volunteers with the label and range it must not be shown without."""
    return OptInEstimate(estimate, n, LABELS[SamplingMode.OPT_IN], sensitivity)


def if_others_differ(
    mean: float, *, part_taken: float, difference: float, lowest: float = -np.inf, highest: float = np.inf
) -> BiasRange:
    """The population's mean if the mean of those who did not take part lies up to `difference` away, either way.

    `part_taken` is the share of the population that took part; `lowest` and `highest` are the ends of the scale.
    Exact: mean + (1 - part taken) × difference. Source: Cochran 1977, Sampling Techniques, section 13.2.

    Errors: `UnusableSensitivity`.
    """
    _refuse_impossible(part_taken, difference)
    low, high = (min(highest, max(lowest, mean + sign * difference)) for sign in (-1, 1))
    return BiasRange(
        low=part_taken * mean + (1 - part_taken) * low,
        high=part_taken * mean + (1 - part_taken) * high,
        method="others differ",
        assumption=f"People who did not take part differ by up to {difference:g} on average",
    )


def if_answering_depends(mean: float, *, deviation: float, part_taken: float, correlation: float) -> BiasRange:
    """The population's mean if taking part and the answer correlate by up to `correlation`, either way.

    `deviation` is the answers' standard deviation in the population. Meng's identity: error = data defect
    correlation × sqrt((1 - f) / f) × deviation, f the part taken; 0.005 was found in large election polls, and more
    is easily had. Source: Meng 2018, Annals of Applied Statistics 12:685, equation 2.3.

    Errors: `UnusableSensitivity`.
    """
    _refuse_impossible(part_taken, deviation)
    if not 0 <= correlation <= 1:
        raise UnusableSensitivity("A correlation here lies between 0 and 1", remedy="0.005 to 0.05 are usual")
    off = correlation * float(np.sqrt((1 - part_taken) / part_taken)) * deviation
    return BiasRange(
        low=mean - off,
        high=mean + off,
        method="data defect correlation",
        assumption=f"Whether people took part correlates with their answer by up to {correlation:g}",
    )


def _refuse_impossible(part_taken: float, size: float) -> None:
    if not 0 < part_taken <= 1:
        raise UnusableSensitivity(f"{part_taken:g} is no share of a population", remedy="Give one above 0 and up to 1")
    if not size >= 0:
        raise UnusableSensitivity("A difference either way is given as 0 or more")
