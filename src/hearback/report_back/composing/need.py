"""The release about need: every area with its rank range and standing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hearback.foundation.datasets.enums import Holds
from hearback.report_back.composing.material import Material, thin_people
from hearback.report_back.payloads import Kind, Message, NeedPage, NeedRow, Standing
from hearback.stats.need_index import UNPEOPLED
from hearback.understand.need.queries import indicator_titles

if TYPE_CHECKING:
    from hearback.foundation.places.models import Area


def compose(material: Material) -> Iterator[tuple[Kind, str, NeedPage]]:
    """One release; none where the city's description asks for no need index."""
    assessment = material.assessment
    if assessment is None:
        return
    rows = tuple(need_row(area, material) for area in material.areas)
    yield (
        Kind.NEED,
        "",
        NeedPage(
            title=assessment.title,
            rows=rows,
            has_margins=assessment.has_margins,
            confidence_percent=round(assessment.level * 100),
            summary=tuple(_summary(rows, has_margins=assessment.has_margins)),
            indicators=indicator_titles(assessment),
            sources=material.citations(Holds.INDICATORS),
        ),
    )


def need_row(area: Area, material: Material) -> NeedRow:
    """An area's line, with its standing by its joint rank range."""
    score = material.scores.get(area.pk)
    ranked = sum(one.rank is not None for one in material.scores.values())
    why = (_why_missing(score.why_missing),) if score and score.why_missing else ()
    return NeedRow(
        area=area.key,
        name=area.name,
        standing=standing(score.rank_low, score.rank_high, of=ranked) if score else Standing.UNKNOWN,
        score=score.score if score else None,
        rank=score.rank if score else None,
        rank_low=score.rank_low if score else None,
        rank_high=score.rank_high if score else None,
        p_top_tenth=score.p_top_tenth if score else None,
        thin=why + thin_people(area),
    )


def standing(low: int | None, high: int | None, *, of: int) -> Standing:
    """Where an area stands among `of` areas when its rank may lie from `low` to `high` (1 = most need)."""
    if low is None or high is None:
        return Standing.UNKNOWN
    if high <= of // 2:
        return Standing.HIGHER
    if low > of - of // 2:
        return Standing.LOWER
    return Standing.UNCERTAIN


def _why_missing(reason: str) -> Message:
    if reason == UNPEOPLED:
        return Message("Nobody is known to live here, so it has no place in the order.", {})
    return Message("A figure that the order needs is missing.", {})


def _summary(rows: tuple[NeedRow, ...], *, has_margins: bool) -> Iterator[Message]:
    if not has_margins:
        yield Message(
            "The sources give no margins of error, so nobody can say how sure these places in the order are.", {}
        )
        return
    count = Counter(row.standing for row in rows)
    yield Message(
        "In {count} area people surely have more to carry than in most of the city.",
        {"count": count[Standing.HIGHER]},
        plural="In {count} areas people surely have more to carry than in most of the city.",
    )
    yield Message(
        "{count} area cannot be told apart from the middle.",
        {"count": count[Standing.UNCERTAIN]},
        plural="{count} areas cannot be told apart from the middle.",
    )
    if count[Standing.UNKNOWN]:
        yield Message(
            "Of {count} area too little is known.",
            {"count": count[Standing.UNKNOWN]},
            plural="Of {count} areas too little is known.",
        )
