"""What the public may see of surveys, as typed shapes: finished numbers with their basis, and finished sentences."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hearback.report_back.payloads import Message


def trust_item_key(survey: str, wave: str, place: int) -> str:
    """The key of the release of what one wave says of one question (by its place), by group and area."""
    return f"{survey}/{wave}/{place}"


class Verdict(StrEnum):
    """What may be said of a difference; `report_back.composing.trust_sentences` has the rules."""

    MORE_VERY_LIKELY = "more-very-likely"
    MORE_PROBABLY = "more-probably"
    LESS_VERY_LIKELY = "less-very-likely"
    LESS_PROBABLY = "less-probably"
    HARDLY = "hardly"
    """Known so precisely that a difference worth speaking of can be ruled out."""
    CANNOT_TELL = "cannot-tell"
    NOT_COMPARED = "not-compared"
    """Comparing would mislead, or the numbers are not there."""


@dataclass(frozen=True)
class Finding:
    """A difference in a sentence, and the numbers behind it (nothing where there are none)."""

    verdict: Verdict
    sentence: Message
    detail: tuple[Message, ...] = ()
    group: str = ""
    """Whose change it is, or which group is compared; empty for everybody."""


WITH_CHANCE = ("design", "small-area", "answers")
"""The bases whose ranges say where the truth probably lies."""


@dataclass(frozen=True)
class Reading:
    """What a wave says of a question, for everybody or one group; numbers that may not be said are None.

    A `value` is a share (0 to 1) or a mean. `low` to `high` is an interval, but with basis `opt-in` or `census` the
    range in which the value lies if those who did not take part think differently: no margin of error.
    """

    value: float | None
    low: float | None
    high: float | None
    level_percent: int
    basis: str
    """`design`, `small-area`, `opt-in`, `answers` or `published`, as `understand.trust` names its methods; or
    `census`."""
    n: int | None = None
    """How many people answered; None where it is not known or too small to say."""
    few: bool = False
    """Whether `n` is kept back because it, or a group beside it, is too small."""
    deff: float | None = None
    showing: str = "shown"
    """`shown`, `pooled` with neighbours, or `withheld`."""
    pooled_with: tuple[str, ...] = ()
    """Names of the areas whose numbers these are too."""
    why: tuple[Message, ...] = ()
    """Warnings, and why a number is missing."""
    year: str = ""
    """Of which year a published score is, where its wave has several."""
    truth: float | None = None
    """What is true of these people, which only an invented city knows; no estimate uses it."""

    @property
    def holds_truth(self) -> bool | None:
        """Whether the range holds the true value; None where there is none, or no range that allows for chance."""
        if self.truth is None or self.low is None or self.high is None or self.basis not in WITH_CHANCE:
            return None
        return self.low <= self.truth <= self.high


@dataclass(frozen=True)
class TrustWave:
    """One time that a survey was held: whom it asked, how, and how many answered."""

    key: str
    name: str
    mode: str
    """`probability`, `opt-in`, `census` or `not-stated`."""
    scores: bool
    """Whether others published scores, and no answers are known."""
    fielded_from: str
    """ISO date; empty where not known."""
    fielded_to: str
    population: str
    frame: str
    contact: str
    languages: tuple[str, ...]
    respondents: int | None
    response_rate: float | None
    response_rate_kind: str
    """`RR1` (AAPOR's strictest) or `stated` by the source."""
    exact_wording: bool
    source: str


@dataclass(frozen=True)
class TrustItem:
    """A question over all waves; `readings` has an entry for each wave, None where it was not asked."""

    key: str
    wording: str
    translations: dict[str, str]
    statistic: str
    """`favourable` (a share) or `mean`."""
    least: float
    most: float
    favourable: tuple[str, ...]
    """The answers that count as favourable."""
    headline: bool
    """Whether it is a scale or part of one, and comes first where a survey asks very much."""
    readings: tuple[Reading | None, ...]
    summary: tuple[Message, ...]
    """What everybody said in the latest wave that asked."""
    changes: tuple[Finding, ...]
    truth: tuple[Message, ...] = ()
    """In an invented city: how far off open links are."""


@dataclass(frozen=True)
class TrustPage:
    """One survey: its waves (earliest first), its questions, and what it cannot say."""

    key: str
    name: str
    waves: tuple[TrustWave, ...]
    items: tuple[TrustItem, ...]
    limits: tuple[Message, ...]


@dataclass(frozen=True)
class TrustGroup:
    """A group or an area, what it said, and how that changed since the wave before."""

    key: str
    name: str
    reading: Reading
    change: Finding | None = None


@dataclass(frozen=True)
class TrustGroups:
    """One way of telling people apart, such as by age."""

    key: str
    title: str
    rows: tuple[TrustGroup, ...]
    summary: tuple[Message, ...]
    pairs: tuple[Finding, ...]
    """Groups compared with one another, what is surely different first."""
    changes: tuple[Message, ...]
    """Which groups changed since the wave before, which did not, and of which we cannot tell."""


@dataclass(frozen=True)
class TrustItemPage:
    """One question in one wave, by group and by area."""

    survey: str
    wave: str
    item: str
    kinds: tuple[TrustGroups, ...]
    areas: TrustGroups | None
    area_layer: str
    """The layer of the areas; the map shows them if it is the city's primary one."""
    breaks: tuple[float, ...]
    """Where one colour of the map ends and the next begins; the same in every wave."""
    truth: tuple[Message, ...] = ()
    """In an invented city: how many ranges hold the true value, and of how many that was to be expected."""
