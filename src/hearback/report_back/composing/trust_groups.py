"""Groups and areas in the releases about surveys: their numbers, how they differ, and how each has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from hearback.listen.surveys.enums import Mode, WaveKind
from hearback.report_back.composing import trust_sentences
from hearback.report_back.composing.trust_readings import SMALLEST_SHOWN, difference, listed, reading
from hearback.report_back.opinions import Finding, TrustGroup, TrustGroups, Verdict
from hearback.report_back.payloads import Message
from hearback.stats.disclose.counts import protect
from hearback.understand.trust.enums import AREA, Method

if TYPE_CHECKING:
    from hearback.listen.surveys.models import Wave
    from hearback.report_back.composing.trust_sentences import Unit
    from hearback.understand.trust.models import Contrast, Estimate

ORDER = {verdict: place for place, verdict in enumerate(Verdict)}
MOST_NAMED = 12
"""More groups than this are counted instead of named."""
STEPS = (-0.15, -0.05, 0.05, 0.15)
"""Where the map's colours change, as parts of the scale around what everybody says."""


@dataclass(frozen=True)
class Setting:
    """What groups of one wave have in common: the unit, the wave, and all contrasts of the question in it."""

    unit: Unit
    wave: Wave
    contrasts: Sequence[Contrast]
    not_alike: frozenset[str] = frozenset()
    """Kinds of group to which the scale, or the one of which the question is a part, does not mean the same."""
    unchecked: Mapping[str, tuple[Message, ...]] = field(default_factory=dict)
    """By kind of group to which nobody can say whether the scale means the same, or only to some of them: why."""
    is_scale: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)
    """Of kinds of group."""
    truth: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """By kind of group and group, what is true in an invented city."""


def groups(key: str, title: str, rows: Sequence[Estimate], setting: Setting) -> TrustGroups:
    """One way of telling people apart."""
    made = _rows(rows, setting, names={row.group: row.group for row in rows})
    shown = {row.key for row in made if row.reading.value is not None}
    if key in setting.not_alike and setting.is_scale:
        return TrustGroups(key, title, made, (NOT_ALIKE,), (), tuple(_who_changed(made)))
    pairs = sorted(_pairs(key, setting, shown=shown), key=lambda found: ORDER[found.verdict])
    doubt = (DOUBTFUL,) if key in setting.not_alike else setting.unchecked.get(key, ())
    summary = (*_count(pairs), *(doubt if pairs else ()))
    return TrustGroups(key, title, made, summary, tuple(pairs), tuple(_who_changed(made)))


def areas(rows: Sequence[Estimate], setting: Setting, *, names: Mapping[str, str]) -> TrustGroups:
    """The areas of a wave, in the order of the map's own list; areas are not compared two by two."""
    made = _rows(rows, setting, names=names)
    if all(row.reading.value is None for row in made):
        return TrustGroups(AREA, "", (), (NO_AREA,), (), ())
    return TrustGroups(AREA, "", made, tuple(_shown_and_not(made)), (), tuple(_who_changed(made)))


def breaks(unit: Unit, rows: Sequence[Estimate]) -> tuple[float, ...]:
    """Rising values around what everybody says over all waves (where only areas speak, around their mean), in round
    numbers; none where nothing is said."""
    spoken = [row for row in rows if not row.by] or [row for row in rows if row.by == AREA]
    known = [row.estimate for row in spoken if row.estimate is not None]
    if not known:
        return ()
    step = 0.05 * unit.span
    middle = step * round((sum(known) / len(known) - unit.least) / step) + unit.least
    return tuple(found for part in STEPS if unit.least < (found := round(middle + part * unit.span, 4)) < unit.most)


def never_compared(earlier: Wave, later: Wave) -> Message | None:
    """Why two waves may not be compared, whatever their numbers; None where they may."""
    if Mode.OPT_IN in (earlier.mode, later.mode):
        return trust_sentences.OPT_IN_NOT_COMPARED
    if WaveKind.SCORES in (earlier.kind, later.kind):
        return trust_sentences.SCORES_NOT_COMPARED
    return None


def reason(row: Contrast | None) -> Message:
    """Why there is no difference where one might be expected."""
    return Message(**row.notes[0]) if row is not None and row.notes else trust_sentences.NO_REASON


def _rows(rows: Sequence[Estimate], setting: Setting, *, names: Mapping[str, str]) -> tuple[TrustGroup, ...]:
    counts = np.array([row.n or 0 for row in rows], dtype=np.int64)
    hidden = protect(counts, threshold=SMALLEST_SHOWN).hidden.tolist()
    changes = {row.group: row for row in sorted(_over_time(setting, rows), key=_when)}
    made = []
    for row, kept_back in zip(rows, hidden, strict=True):
        truth = setting.truth.get((row.by, row.group))
        found = reading(row, kept_back=kept_back, names=names, titles=setting.titles, truth=truth)
        one = TrustGroup(row.group, names.get(row.group, row.group), found)
        contrast = changes.get(row.group)
        made.append(
            replace(one, change=_change(contrast, one.name, setting)) if contrast and found.value is not None else one
        )
    return tuple(made)


def _over_time(setting: Setting, rows: Sequence[Estimate]) -> Iterator[Contrast]:
    kinds = {row.by for row in rows}
    return (row for row in setting.contrasts if row.by in kinds and row.earlier is not None)


def _when(row: Contrast) -> tuple[date, int]:
    return (row.earlier.fielded_from or date.min, row.earlier.pk) if row.earlier else (date.min, 0)


def _change(row: Contrast, name: str, setting: Setting) -> Finding | None:
    if row.earlier is None:
        return None
    why, found = never_compared(row.earlier, setting.wave), difference(row)
    names = {"earlier": row.earlier.name, "later": setting.wave.name, "group": name}
    if why or found is None:
        return trust_sentences.no_change_said(why or reason(row), **names)
    return trust_sentences.change(found, setting.unit, **names)


def _pairs(kind: str, setting: Setting, *, shown: set[str]) -> Iterator[Finding]:
    """Groups of which one may not be shown are not compared: the difference would give it away."""
    if setting.wave.mode == Mode.OPT_IN or setting.wave.kind == WaveKind.SCORES:
        return
    for row in setting.contrasts:
        if (
            row.by == kind
            and row.earlier_id is None
            and {row.group, row.other} <= shown
            and row.method != Method.OPT_IN
        ):
            found = difference(row)
            names = {"group": row.group, "other": row.other}
            if found:
                yield trust_sentences.pair(found, setting.unit, **names)
            else:
                yield trust_sentences.no_pair_said(reason(row), **names)


def _count(pairs: Sequence[Finding]) -> Iterator[Message]:
    """How many pairs of groups surely or probably differ, are alike, or cannot be told apart."""
    if not pairs:
        return
    count = Counter(pair.verdict for pair in pairs)
    differ = count[Verdict.MORE_VERY_LIKELY] + count[Verdict.LESS_VERY_LIKELY]
    probably = count[Verdict.MORE_PROBABLY] + count[Verdict.LESS_PROBABLY]
    yield Message(
        "Pairs of groups compared: {pairs}. Very likely different: {differ}. Probably different: {probably}. Nearly "
        "alike: {alike}. We cannot tell: {unknown}.",
        {
            "pairs": len(pairs),
            "differ": differ,
            "probably": probably,
            "alike": count[Verdict.HARDLY],
            "unknown": len(pairs) - differ - probably - count[Verdict.HARDLY],
        },
    )


def _who_changed(rows: Sequence[TrustGroup]) -> Iterator[Message]:
    """One sentence for each verdict that occurs, with the names of those it holds of."""
    named: dict[Verdict, list[str]] = {}
    for row in rows:
        if row.change:
            named.setdefault(row.change.verdict, []).append(row.name)
    for verdict, label in CHANGED.items():
        if names := named.get(verdict):
            form = NAMED if len(names) <= MOST_NAMED else COUNTED
            yield Message(form.template, {"verdict": label, "count": len(names), "groups": listed(names)})


def _shown_and_not(rows: Sequence[TrustGroup]) -> Iterator[Message]:
    if len({row.reading.year for row in rows if row.reading.value is not None}) > 1:
        yield MANY_YEARS
    if any(row.reading.year for row in rows):
        return
    showing = Counter(row.reading.showing for row in rows)
    yield Message(
        "Areas shown by themselves: {shown}. Together with neighbours: {pooled}. Too little is known: {withheld}.",
        {name: showing[name] for name in ("shown", "pooled", "withheld")},
    )


CHANGED = {
    Verdict.MORE_VERY_LIKELY: Message("Very likely rose", {}),
    Verdict.MORE_PROBABLY: Message("Probably rose", {}),
    Verdict.LESS_VERY_LIKELY: Message("Very likely fell", {}),
    Verdict.LESS_PROBABLY: Message("Probably fell", {}),
    Verdict.HARDLY: Message("Hardly changed", {}),
    Verdict.CANNOT_TELL: Message("We cannot tell", {}),
    Verdict.NOT_COMPARED: Message("Not compared", {}),
}
NOT_ALIKE = Message(
    "We do not compare these groups: the scale does not seem to mean the same to all of them, so a difference may lie "
    "in the words and not in what people think.",
    {},
)
DOUBTFUL = Message(
    "Be careful: together with other questions, this one does not seem to mean the same to all of these groups. Part "
    "of a difference may lie in the words.",
    {},
)
MANY_YEARS = Message(
    "Each area has the newest score that was published of it. Not all are of the same year, so a difference between "
    "areas may be one between years.",
    {},
)
NO_AREA = Message("Of no area enough is known to say anything of it by itself.", {})
NAMED = Message("{verdict} ({count}): {groups}.", {})
COUNTED = Message("{verdict}: {count}.", {})
