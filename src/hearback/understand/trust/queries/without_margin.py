"""Estimates that have no margin of error: of open links, and of waves in which everybody was asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from hearback.listen.surveys.enums import Mode
from hearback.sentence import Sentence
from hearback.stats.response_rates import Dispositions, response_rates
from hearback.stats.sampling_mode import if_others_differ
from hearback.understand.trust.enums import Statistic
from hearback.understand.trust.queries.results import Estimated
from hearback.understand.trust.queries.weighting import Sample

MODES = (Mode.OPT_IN, Mode.CENSUS)
DIFFERENCE = 0.2
"""How far those who did not take part may differ, as a share of the scale from end to end: after weighting, opt-in
samples are off by 6 to 10 points on average, and by more where taking part follows the opinion (Kennedy and others
2016, Pew Research Center, Evaluating Online Nonprobability Surveys)."""
NEXT_TO_NONE = 1e-6
"""Part of the population that took part, where nobody knows how many there are."""

REASONS = {
    Mode.OPT_IN: Sentence(
        "No margin of error: people chose themselves whether to take part, so nobody knows how likely each was to be "
        "included"
    ),
    Mode.CENSUS: Sentence("No margin of error: everybody was asked, so there is no sampling error"),
}


def without_margin(estimates: Iterable[Estimated], sample: Sample) -> Iterator[Estimated]:
    """The same estimates without standard error, df or design effect. In the place of an interval stands where the
    truth lies if those who did not take part differ by a fifth of the scale, either way."""
    took_part = _part_taken(sample)
    for row in estimates:
        ends = _ends(row, sample)
        low, high = _range(row.estimate, ends, took_part)
        notes = (*row.notes, REASONS[sample.asked.mode])
        if low is not None and ends is not None:
            most = DIFFERENCE * (ends[1] - ends[0])
            notes = (*notes, _assumption(row, most))
        yield replace(row, se=None, df=None, deff=None, low=low, high=high, notes=notes)


def _range(
    estimate: float | None, ends: tuple[float, float] | None, took_part: float
) -> tuple[float | None, float | None]:
    if estimate is None or ends is None:
        return None, None
    lowest, highest = ends
    found = if_others_differ(
        estimate,
        part_taken=took_part,
        difference=DIFFERENCE * (highest - lowest),
        lowest=lowest,
        highest=highest,
    )
    return found.low, found.high


def _assumption(row: Estimated, most: float) -> Sentence:
    if row.statistic is Statistic.FAVOURABLE:
        return Sentence(
            "The range: where the truth lies if those who did not take part differ by up to {points} percentage "
            "points; it says nothing of how probable that is",
            points=f"{100 * most:g}",
        )
    return Sentence(
        "The range: where the truth lies if those who did not take part differ by up to {points} points on average; it "
        "says nothing of how probable that is",
        points=f"{most:g}",
    )


def _ends(row: Estimated, sample: Sample) -> tuple[float, float] | None:
    """Of what the statistic can be; None where nobody says."""
    if row.statistic is Statistic.FAVOURABLE:
        return 0.0, 1.0
    question = sample.asked.question(row.item)
    if question is None or question.lowest is None or question.highest is None:
        return None
    return question.lowest, question.highest


def _part_taken(sample: Sample) -> float:
    asked = sample.asked
    if asked.mode is Mode.CENSUS and asked.dispositions:
        return response_rates(Dispositions(**asked.dispositions)).rr2 or NEXT_TO_NONE
    if sample.census is not None:
        return min(1.0, asked.people.n / sample.census.people)
    return NEXT_TO_NONE
