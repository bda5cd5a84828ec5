"""Scores that somebody published: shown as they are, without a size or an error."""

from __future__ import annotations

from collections.abc import Iterator

from hearback.evidence.surveys import Scores
from hearback.sentence import Sentence
from hearback.understand.trust.enums import AREA, Method, Statistic
from hearback.understand.trust.queries.results import Estimated, known

AS_PUBLISHED = Sentence("As published: the source says neither how many answered nor how sure it is")


def as_published(scores: Scores) -> Iterator[Estimated]:
    """The newest score of every item: of everybody or a group in the whole city, and of everybody in each area. Scores
    of groups within areas stay in the evidence store."""
    newest: dict[tuple[str, str, str], tuple[int, float]] = {}
    rows = zip(
        scores.item.tolist(),
        scores.area.tolist(),
        scores.kind_of_group.tolist(),
        scores.group.tolist(),
        scores.year.tolist(),
        scores.score.tolist(),
        strict=True,
    )
    for item, area, kind, group, year, score in rows:
        if area and kind:
            continue
        key = (item, AREA, area) if area else (item, kind, group)
        if key not in newest or newest[key][0] < year:
            newest[key] = year, score
    for (item, by, group), (year, score) in newest.items():
        yield Estimated(
            item=item,
            statistic=Statistic.MEAN,
            by=by,
            group=group,
            method=Method.PUBLISHED,
            estimate=known(score),
            notes=(AS_PUBLISHED, Sentence("Of the year {year}", year=str(year))),
        )
