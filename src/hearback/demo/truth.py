"""What is true in the invented city: every quantity that the software estimates, known exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hearback.demo.attitudes import Attitudes
from hearback.demo.conditions import Conditions
from hearback.demo.geography import Geography
from hearback.demo.incidents import Incidents
from hearback.demo.indicators import Indicators
from hearback.demo.offences import YEARS, Rates
from hearback.demo.people import People

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Marks = NDArray[np.bool_]

MORE_MEANS_LESS_NEED = ("median-household-income",)
DECIMALS = 4


@dataclass(frozen=True)
class Truth:
    """Arrays over areas (A), communities (C), languages (L), indicators (I), years (Y) and offences (O).

    A kind of person is a community in an area: whoever adds surveys, concerns or programmes draws people from
    `people`, and what they think and do from the arrays beside it.
    """

    areas: tuple[str, ...]
    communities: tuple[str, ...]
    languages: tuple[str, ...]
    indicators: tuple[str, ...]
    years: tuple[int, ...]
    offences: tuple[str, ...]
    people: Integers
    """(A, C)."""
    speaks: Floats
    """(A, C, L): shares of first languages."""
    trust: Floats
    """(A, C, Y): mean trust in the police, 0–100."""
    safety: Floats
    """(A, C, Y): mean feeling of safety, 0–100."""
    response: Floats
    """(A, C): probability of answering a survey."""
    indicator: Floats
    """(A, I): NaN where nobody lives."""
    indicator_error: Floats
    """(A, I): standard errors of the published estimates."""
    need_score: Floats
    """(A,): percentile rank of the sum of percentile ranks, 0 (least) to 1 (most); NaN where nobody lives."""
    need_rank: Integers
    """(A,): 1 = most need; 0 where nobody lives."""
    expected: Floats
    """(A, Y, O): expected incidents, reported or not."""
    happened: Integers
    reporting: Floats
    """(A, Y, O): probability that an incident is reported."""
    reported: Integers
    clusters: dict[str, Marks]
    """By name, the areas that truly have more incidents than their surroundings."""
    rupture: Marks
    """Areas where trust broke in 2020: fewer reports from there on, not fewer incidents."""

    @property
    def population(self) -> Integers:
        """(A,)."""
        return np.asarray(self.people.sum(axis=1))


def gather(
    *,
    geography: Geography,
    conditions: Conditions,
    people: People,
    indicators: Indicators,
    rates: Rates,
    attitudes: Attitudes,
    incidents: Incidents,
) -> Truth:
    """Gather the truth from the parts that made it."""
    score = need_score(indicators.true, indicators.ids)
    return Truth(
        areas=geography.keys,
        communities=people.communities,
        languages=people.languages,
        indicators=indicators.ids,
        years=YEARS,
        offences=rates.offences.words,
        people=people.count,
        speaks=people.speaks,
        trust=attitudes.trust,
        safety=attitudes.safety,
        response=attitudes.response,
        indicator=indicators.true,
        indicator_error=indicators.standard_error,
        need_score=score,
        need_rank=np.array([0 if np.isnan(own) else 1 + int((score > own).sum()) for own in score]),
        expected=rates.expected,
        happened=incidents.happened,
        reporting=incidents.reporting,
        reported=incidents.reported,
        clusters={"nightlife": conditions.nightlife_cluster, "mills": conditions.vacancy_cluster},
        rupture=attitudes.rupture,
    )


def need_score(values: Floats, indicators: tuple[str, ...]) -> Floats:
    """The need index of need.yaml on exact values (areas, indicators): ranks, their sum, and its rank.

    Each step is rounded to four decimals, as in the CDC/ATSDR index: rounding decides who ties.
    """
    known = ~np.isnan(values).any(axis=1)
    ranks = np.column_stack([_percent_rank(column) for column in values[known].T])
    less = np.isin(indicators, MORE_MEANS_LESS_NEED)
    need = np.where(less, 1 - ranks, ranks).round(DECIMALS)
    score = np.full(len(values), np.nan)
    score[known] = _percent_rank(need.sum(axis=1).round(DECIMALS)).round(DECIMALS)
    return score


def _percent_rank(values: Floats) -> Floats:
    """Share of the other values that are strictly below."""
    return np.searchsorted(np.sort(values), values) / (len(values) - 1)
