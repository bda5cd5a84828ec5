"""What may be said of a survey's numbers, in sentences: one scale of certainty, the same for good news and bad."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from hearback.report_back.opinions import Finding, Reading, Verdict
from hearback.report_back.payloads import Message

VERY_LIKELY = 0.95
PROBABLY = 0.90
"""How probable it must be that the true difference has this direction."""
SMALL = 0.05
"""A difference that surely is no larger than this part of the scale (5 of 100 people) is hardly one."""
VISIBLE = 0.005
"""A difference smaller than this part of the scale is not called a rise or a fall, however sure it is."""


@dataclass(frozen=True)
class Unit:
    """In what an item is measured: shares, or points on a scale from `least` to `most`."""

    share: bool
    least: float = 0.0
    most: float = 1.0

    @property
    def span(self) -> float:
        """The length of the scale."""
        return self.most - self.least

    def number(self, value: float) -> int | float:
        """A value as it is said: of 100 people, or on the scale."""
        return percent(value) if self.share else _plain(round(value, self._decimals))

    def amount(self, difference: float) -> int | float:
        """The size of a difference as it is said, without its sign."""
        if self.share:
            return _whole_if_large(100 * abs(difference))
        return _plain(round(abs(difference), self._decimals))

    @property
    def _decimals(self) -> int:
        return 1 if self.span > 20 else 2

    def size(self, difference: float) -> Message:
        """The size of a difference with its unit."""
        said = self.amount(difference)
        if isinstance(said, float):
            return Message(_PARTS[self.share], {"count": said})
        one, many = _SIZES[self.share]
        return Message(one, {"count": said}, plural=many)


PERCENTAGE_POINTS = Message("{count} percentage point", {"count": 1}, plural="{count} percentage points")
POINTS = Message("{count} point on the scale", {"count": 1}, plural="{count} points on the scale")
_SIZES = {True: (PERCENTAGE_POINTS.template, PERCENTAGE_POINTS.plural), False: (POINTS.template, POINTS.plural)}
PART_OF_A_POINT = Message("{count} of a percentage point", {"count": 0.5})
SCALE_POINTS = Message("{count} scale points", {"count": 0.5})
_PARTS = {True: PART_OF_A_POINT.template, False: SCALE_POINTS.template}
"""For decimals, of which no language's plural rules speak."""


@dataclass(frozen=True)
class Difference:
    """A difference in the unit of its item, with its interval, and how probable it is that it is truly above 0."""

    difference: float
    low: float
    high: float
    level_percent: int
    p_more: float
    allows_for_others: bool = False
    """Whether `p_more` was moved towards 0.5 because of comparisons made beside this one."""


def verdict(found: Difference, unit: Unit) -> Verdict:
    """What may be said: a direction if it is probable enough, else that there hardly is one, else that we cannot tell.

    A direction that is only probable does not outweigh an interval that rules out all but a small difference.
    """
    surely, probably = _direction(found, VERY_LIKELY), _direction(found, PROBABLY)
    if surely and abs(found.difference) >= VISIBLE * unit.span:
        return Verdict.MORE_VERY_LIKELY if surely > 0 else Verdict.LESS_VERY_LIKELY
    if -SMALL * unit.span <= found.low and found.high <= SMALL * unit.span:
        return Verdict.HARDLY
    if probably and abs(found.difference) >= VISIBLE * unit.span:
        return Verdict.MORE_PROBABLY if probably > 0 else Verdict.LESS_PROBABLY
    return Verdict.CANNOT_TELL


def _direction(found: Difference, sure: float) -> int:
    if found.p_more >= sure and found.difference > 0:
        return 1
    return -1 if found.p_more <= 1 - sure and found.difference < 0 else 0


CHANGES = {
    Verdict.MORE_VERY_LIKELY: _("From {earlier} to {later} it rose by {size}: very likely."),
    Verdict.MORE_PROBABLY: _("From {earlier} to {later} it probably rose, by {size}."),
    Verdict.LESS_VERY_LIKELY: _("From {earlier} to {later} it fell by {size}: very likely."),
    Verdict.LESS_PROBABLY: _("From {earlier} to {later} it probably fell, by {size}."),
    Verdict.HARDLY: _("From {earlier} to {later} it hardly changed: by no more than {size}, up or down."),
    Verdict.CANNOT_TELL: _("Whether it rose or fell from {earlier} to {later}, we cannot tell."),
}
PAIRS_OF_SHARES = {
    Verdict.MORE_VERY_LIKELY: _("“{group}” answer favourably more often than “{other}”, by {size}: very likely."),
    Verdict.MORE_PROBABLY: _("“{group}” probably answer favourably more often than “{other}”, by {size}."),
    Verdict.LESS_VERY_LIKELY: _("“{group}” answer favourably less often than “{other}”, by {size}: very likely."),
    Verdict.LESS_PROBABLY: _("“{group}” probably answer favourably less often than “{other}”, by {size}."),
    Verdict.HARDLY: _("“{group}” and “{other}” answer nearly alike: no more than {size} apart."),
    Verdict.CANNOT_TELL: _("Whether “{group}” or “{other}” answer favourably more often, we cannot tell."),
}
PAIRS_OF_MEANS = {
    Verdict.MORE_VERY_LIKELY: _("“{group}” are higher on the scale than “{other}”, by {size}: very likely."),
    Verdict.MORE_PROBABLY: _("“{group}” are probably higher on the scale than “{other}”, by {size}."),
    Verdict.LESS_VERY_LIKELY: _("“{group}” are lower on the scale than “{other}”, by {size}: very likely."),
    Verdict.LESS_PROBABLY: _("“{group}” are probably lower on the scale than “{other}”, by {size}."),
    Verdict.HARDLY: _("“{group}” and “{other}” answer nearly alike: no more than {size} apart."),
    Verdict.CANNOT_TELL: _("Whether “{group}” or “{other}” are higher on the scale, we cannot tell."),
}
NO_REASON = Message("It cannot be estimated from these answers.", {})


def change(found: Difference, unit: Unit, *, earlier: str, later: str, group: str = "") -> Finding:
    """How something changed between two waves."""
    said = verdict(found, unit)
    values: dict[str, str | int | float | Message] = {"earlier": earlier, "later": later}
    return Finding(
        said, Message(CHANGES[said], values | _size_of(said, found, unit)), _detail(said, found, unit), group
    )


def pair(found: Difference, unit: Unit, *, group: str, other: str) -> Finding:
    """How the answers of two groups differ."""
    said = verdict(found, unit)
    templates = PAIRS_OF_SHARES if unit.share else PAIRS_OF_MEANS
    values: dict[str, str | int | float | Message] = {"group": group, "other": other}
    sentence = Message(templates[said], values | _size_of(said, found, unit))
    return Finding(said, sentence, _detail(said, found, unit), group)


def no_change_said(why: Message, *, earlier: str, later: str, group: str = "") -> Finding:
    """That two waves are not compared, and why not."""
    sentence = Message("{earlier} and {later} are not compared.", {"earlier": earlier, "later": later})
    return Finding(Verdict.NOT_COMPARED, sentence, (why,), group)


def no_pair_said(why: Message, *, group: str, other: str) -> Finding:
    """That two groups are not compared, and why not."""
    sentence = Message("“{group}” and “{other}” are not compared.", {"group": group, "other": other})
    return Finding(Verdict.NOT_COMPARED, sentence, (why,), group)


def _size_of(said: Verdict, found: Difference, unit: Unit) -> dict[str, str | int | float | Message]:
    if said is Verdict.CANNOT_TELL:
        return {}
    largest = max(abs(found.low), abs(found.high))
    return {"size": unit.size(largest if said is Verdict.HARDLY else found.difference)}


def _range(found: Difference, unit: Unit) -> Message:
    """Where the true difference lies, told as so much more and so much less rather than with a minus."""
    near, far = sorted((found.low, found.high), key=abs)
    sides: dict[str, str | int | float | Message] = {
        "low": unit.amount(near),
        "high": unit.size(far),
        "level": found.level_percent,
    }
    if found.low >= 0:
        return Message("Between {low} and {high} more ({level} % confidence).", sides)
    if found.high <= 0:
        return Message("Between {low} and {high} less ({level} % confidence).", sides)
    ends: dict[str, str | int | float | Message] = {"low": unit.amount(found.low), "high": unit.size(found.high)}
    return Message("Anything from {low} less to {high} more ({level} % confidence).", sides | ends)


def _detail(said: Verdict, found: Difference, unit: Unit) -> tuple[Message, ...]:
    """The range and the chance. Among other comparisons, only the chance of a direction that is stated is told: it is
    then no less than said, whereas 50 % for one of many pairs would mean nothing."""
    silent = found.allows_for_others and said in (Verdict.CANNOT_TELL, Verdict.HARDLY)
    return (_range(found, unit),) if silent else (_range(found, unit), _chance(found))


def _chance(found: Difference) -> Message:
    """How probable the direction is that the estimate has; nobody knows 0 % or 100 %."""
    chance = max(found.p_more, 1 - found.p_more) if found.difference else 0.5
    more = found.p_more >= 0.5
    said = Message("over 99 %", {}) if chance > 0.99 else Message("{number} %", {"number": round(100 * chance)})
    if more:
        return Message("The chance that it is truly more: {chance}.", {"chance": said})
    return Message("The chance that it is truly less: {chance}.", {"chance": said})


def said_by_everybody(reading: Reading, unit: Unit, *, wave: str) -> tuple[Message, ...]:
    """What everybody said in a wave, with what its basis lets one say of how sure it is."""
    if reading.value is None:
        return (Message("For {wave} it cannot be said.", {"wave": wave}), *reading.why)
    return _LEVELS[reading.basis](reading, unit, wave)


def _random(reading: Reading, unit: Unit, wave: str) -> tuple[Message, ...]:
    values = _numbers(reading, unit, wave)
    if unit.share:
        said = Message("In {wave}, {value} of 100 people answered favourably.", values)
        sure = Message(SURE_OF_SHARE, values)
    else:
        said = Message("In {wave}, the mean was {value} on a scale from {least} to {most}.", values)
        sure = Message(SURE_OF_MEAN, values)
    return (said, sure if reading.low is not None and reading.high is not None else UNSURE)


def _those_who_answered(reading: Reading, unit: Unit, wave: str) -> tuple[Message, ...]:
    return (*_random(reading, unit, wave), IF_LIKE_EVERYBODY)


def _opt_in(reading: Reading, unit: Unit, wave: str) -> tuple[Message, ...]:
    values = _numbers(reading, unit, wave)
    if unit.share:
        said = Message("In {wave}, {value} of 100 of those who wished to take part answered favourably.", values)
        range_ = Message(
            "If those who did not take part think differently, it may be anything from {low} to {high} of 100.", values
        )
    else:
        said = Message("In {wave}, those who wished to take part had a mean of {value} ({least} to {most}).", values)
        range_ = Message(
            "If those who did not take part think differently, it may be anything from {low} to {high}.", values
        )
    return (said, range_, NO_MARGIN) if reading.low is not None and reading.high is not None else (said, NO_MARGIN)


def _census(reading: Reading, unit: Unit, wave: str) -> tuple[Message, ...]:
    said, _ = _random(reading, unit, wave)
    return (said, EVERYBODY_ASKED)


def _published(reading: Reading, unit: Unit, wave: str) -> tuple[Message, ...]:
    values = _numbers(reading, unit, wave)
    if unit.share:
        return (Message("For {wave}, others published {value} of 100.", values), WITHOUT_SIZE)
    return (Message("For {wave}, others published a score of {value} ({least} to {most}).", values), WITHOUT_SIZE)


def _numbers(reading: Reading, unit: Unit, wave: str) -> dict[str, str | int | float | Message]:
    named = {"value": reading.value, "low": reading.low, "high": reading.high}
    known = {name: unit.number(value) for name, value in named.items() if value is not None}
    ends = {"least": _plain(unit.least), "most": _plain(unit.most)}
    return {"wave": wave, "level": reading.level_percent, **known, **ends}


SURE_OF_SHARE = _("If everybody had been asked: between {low} and {high} of 100 ({level} % confidence).")
SURE_OF_MEAN = _("If everybody had been asked: between {low} and {high} ({level} % confidence).")
IF_LIKE_EVERYBODY = Message(
    "That holds only if those who answered are like everybody else. The source says too little to make up for "
    "differences.",
    {},
)
UNSURE = Message("How sure that is, cannot be said.", {})
NO_MARGIN = Message(
    "There is no margin of error: whoever wished could take part, so nobody knows how likely each person was to be "
    "included, and a margin of error rests on exactly that.",
    {},
)
"""Why, as the American Association for Public Opinion Research says it of opt-in surveys, in plain words."""
WITHOUT_SIZE = Message("How many people answered and how sure the score is, was not published.", {})
EVERYBODY_ASKED = Message("Everybody was asked, so there is no margin of error; some did not answer.", {})
OPT_IN_NOT_COMPARED = Message(
    "Whoever wished could take part, so a difference may only mean that other people took part.", {}
)
SCORES_NOT_COMPARED = Message("Without sizes and errors nobody can tell a change from chance.", {})
_LEVELS = {
    "design": _random,
    "small-area": _random,
    "answers": _those_who_answered,
    "opt-in": _opt_in,
    "census": _census,
    "published": _published,
}


def percent(share: float) -> int | float:
    """A share as it is said of 100: whole, with one decimal where whole would be 0 or 100."""
    whole = round(100 * share)
    return whole if 0 < whole < 100 else _plain(round(100 * share, 1))


def _whole_if_large(points: float) -> int | float:
    """Below 1 with a decimal, so that a difference is not rounded away."""
    return round(points) if points >= 1 else _plain(round(points, 1))


def _plain(value: float) -> int | float:
    return int(value) if float(value).is_integer() else value
