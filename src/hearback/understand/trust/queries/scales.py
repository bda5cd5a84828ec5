"""Whether the items of a scale measure one thing, and whether they mean the same to every group of a kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from hearback.refusal import Refusal
from hearback.sentence import Sentence
from hearback.stats.scales.invariance import LEAST_PER_GROUP, Invariance, check_invariance
from hearback.stats.scales.reliability import alpha, omega
from hearback.understand.trust.enums import BETWEEN_GROUPS, Verdict
from hearback.understand.trust.queries.asked import Asked
from hearback.understand.trust.queries.results import LEVEL, Checked, known

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]

FEWEST_ITEMS = 3
"""Of which a common factor can be told from chance."""

WHY = {
    Verdict.SCALAR: Sentence("The questions mean the same to every group compared"),
    Verdict.PARTLY_SCALAR: Sentence("Not every question means the same to every group: {items} do not"),
    Verdict.METRIC_ONLY: Sentence(
        "Scores may not be compared between these groups: people of equal standing answer differently, most of all "
        "{items}"
    ),
    Verdict.CONFIGURAL_ONLY: Sentence(
        "Scores may not be compared between these groups: the questions belong together to different degrees, most of "
        "all {items}"
    ),
    Verdict.NONE: Sentence(
        "Scores may not be compared between these groups: the questions do not measure one thing in every one of them"
    ),
    Verdict.UNKNOWN: Sentence(
        "Whether scores may be compared between these groups cannot be said: fewer than two of them have {fewest} "
        "complete answers"
    ),
}

OBSTACLE = Sentence("Whether scores may be compared between these groups cannot be said: {reason}")


def checked(asked: Asked) -> Iterator[Checked]:
    """Every scale's reliability, and its invariance across every kind of group."""
    for scale, items in asked.scales.items():
        answers = _answers(asked, items)
        if answers is not None:
            yield _reliability(scale, answers)
            for kind, members in asked.people.groups.items():
                if answers.shape[1] >= FEWEST_ITEMS:
                    yield _invariance(scale, kind, answers, members, items)


def _answers(asked: Asked, items: Sequence[str]) -> Floats | None:
    """Answers (n, p), reversed items turned round; None where one cannot be or was never answered."""
    columns = []
    for item in items:
        question = asked.question(item)
        if question is None or not np.isfinite(asked.people.answers[item]).any():
            return None
        values = asked.people.answers[item]
        if question.reversed:
            if question.lowest is None or question.highest is None:
                return None
            values = question.lowest + question.highest - values
        columns.append(values)
    return np.column_stack(columns)


def _reliability(scale: str, answers: Floats) -> Checked:
    whole = int((~np.isnan(answers)).all(axis=1).sum())
    try:
        found = alpha(answers, level=LEVEL)
    except Refusal as refusal:
        return Checked(
            scale=scale, n=whole, notes=(Sentence("Cannot be estimated: {problem}", problem=refusal.problem),)
        )
    common: float | None = None
    notes: tuple[Sentence, ...] = ()
    if answers.shape[1] >= FEWEST_ITEMS:
        try:
            common = known(omega(answers).omega)
        except Refusal as refusal:
            notes = (Sentence("Omega cannot be estimated: {problem}", problem=refusal.problem),)
    return Checked(
        scale=scale,
        n=whole,
        alpha=known(found.alpha),
        low=known(found.low),
        high=known(found.high),
        omega=common,
        notes=notes,
    )


def _invariance(scale: str, kind: str, answers: Floats, members: Texts, items: Sequence[str]) -> Checked:
    """Among the groups with enough complete answers; the others are named."""
    whole = ~np.isnan(answers).any(axis=1)
    sizes = {group: int((whole & (members == group)).sum()) for group in sorted(set(members.tolist()) - {""})}
    enough = [group for group, size in sizes.items() if size >= LEAST_PER_GROUP]
    inside = np.isin(members, enough)
    few = [group for group in sizes if group not in enough]
    left_out = (Sentence("Too few answers to say it of {groups}", groups=BETWEEN_GROUPS.join(few)),) if few else ()
    found = _checked(answers[inside], members[inside], items) if len(enough) > 1 else None
    verdict = Verdict(found.verdict) if found else Verdict.UNKNOWN
    why = WHY[verdict].template if found is None or verdict is not Verdict.UNKNOWN else OBSTACLE.template
    named = ", ".join(found.breaks) if found else ""
    said = _places(why, items=named, fewest=LEAST_PER_GROUP, reason=found.reason if found else "")
    return Checked(
        scale=scale,
        by=kind,
        n=int(whole[inside].sum()),
        verdict=verdict,
        comparable=None if verdict is Verdict.UNKNOWN else bool(found and found.comparable),
        notes=(Sentence(why, **said), *left_out),
    )


def _checked(answers: Floats, members: Texts, items: Sequence[str]) -> Invariance | None:
    try:
        return check_invariance(answers, groups=members.astype(str), names=items)
    except (Refusal, np.linalg.LinAlgError):
        return None


def _places(template: str, **values: str | int) -> dict[str, str | int]:
    return {name: value for name, value in values.items() if f"{{{name}}}" in template}
