"""What a wave asked and whom, as computing needs it: questions, kinds of group, respondents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hearback.evidence.surveys import Respondents, read_responses
from hearback.listen.surveys.enums import ItemKind, Mode
from hearback.refusal import Refusal
from hearback.sentence import Sentence
from hearback.stats.scales.index_scores import index_scores
from hearback.stats.variance.replicates import Kind
from hearback.understand.trust.enums import AREA, Statistic

if TYPE_CHECKING:
    from hearback.evidence.store import EvidenceStore
    from hearback.listen.surveys.models import Item, Wave

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]


@dataclass(frozen=True)
class Question:
    """An item whose answers can be averaged, or divided into favourable ones and others."""

    item: str
    is_number: bool
    favourable: tuple[float, ...]
    lowest: float | None
    highest: float | None
    reversed: bool = False
    parts: tuple[str, ...] = ()
    """The items of a scale, whose mean it is; an item has none."""
    fewest: int = 0
    """Of these, how many somebody must have answered."""

    @property
    def notes(self) -> tuple[Sentence, ...]:
        """What belongs beside every number made of a scale."""
        if not self.parts:
            return ()
        return (
            Sentence(
                "Mean of {count} questions, from {lowest} to {highest}, of those who answered {fewest} of them or more",
                count=len(self.parts),
                lowest=f"{self.lowest:g}",
                highest=f"{self.highest:g}",
                fewest=self.fewest,
            ),
        )

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        """What is estimated of it."""
        favourable = (Statistic.FAVOURABLE,) if self.favourable else ()
        return (*favourable, Statistic.MEAN) if self.is_number else favourable

    def values(self, answers: Floats, statistic: Statistic) -> Floats:
        """Numbers (n,) whose mean the statistic is, NaN where the answer is missing."""
        if statistic is Statistic.MEAN:
            return answers
        return np.where(np.isnan(answers), np.nan, np.isin(answers, self.favourable).astype(np.float64))


@dataclass(frozen=True, eq=False)
class Asked:
    """One wave: what was asked, in which kinds of group people are told apart, and who answered."""

    wave: str
    mode: Mode
    layer: str
    """Of the respondents' areas; empty where they do not say."""
    questions: tuple[Question, ...]
    scales: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, tuple[str, ...]]
    """By kind, the names of its groups in the order of the codebook."""
    codes: Mapping[str, Mapping[str, str]]
    """By kind, the name of each word by which a population may be counted."""
    people: Respondents
    replicates: Kind | None = None
    fay: float = 0.0
    dispositions: Mapping[str, int] | None = None

    @property
    def members(self) -> dict[str, Texts]:
        """By kind of group, area among them, each respondent's (n,); "" where not known."""
        of_area = {AREA: self.people.area} if self.layer and self.people.area is not None else {}
        return {**self.people.groups, **of_area}

    def question(self, item: str) -> Question | None:
        """The question of this key."""
        return next((one for one in self.questions if one.item == item), None)


def asked(wave: Wave, store: EvidenceStore) -> Asked:
    """A wave on record, with its rows from the evidence store."""
    questions = [_question(item) for item in wave.items.all() if item.kind != ItemKind.TEXT]
    kinds = list(wave.group_kinds.all())
    design: dict[str, Any] = wave.design
    people = read_responses(
        store.open(wave.stored), items=[one.item for one in questions], groups=[kind.key for kind in kinds]
    )
    scales = [
        _scale(scale.key, [one for one in questions if one.item in scale.items], scale.fewest, people)
        for scale in wave.scales.all()
    ]
    made = [scale for scale in scales if scale is not None and scale[0].item not in people.answers]
    return Asked(
        wave=wave.key,
        mode=Mode(wave.mode),
        layer=wave.areas,
        questions=(*questions, *(question for question, _ in made)),
        scales={scale.key: tuple(scale.items) for scale in wave.scales.all()},
        groups={kind.key: tuple(kind.names) for kind in kinds},
        codes={kind.key: dict(kind.codes) for kind in kinds},
        people=replace(people, answers={**people.answers, **{one.item: scores for one, scores in made}}),
        replicates=design.get("replicates"),
        fay=design.get("fay") or 0.0,
        dispositions=wave.dispositions,
    )


def _question(item: Item) -> Question:
    codes = list(item.label_of) if item.kind == ItemKind.ORDINAL else []
    return Question(
        item=item.key,
        is_number=item.kind == ItemKind.NUMBER,
        favourable=tuple(item.favourable),
        lowest=min(codes) if item.lowest is None and codes else item.lowest,
        highest=max(codes) if item.highest is None and codes else item.highest,
        reversed=item.reversed,
    )


def _scale(
    key: str, parts: Sequence[Question], fewest: int | None, people: Respondents
) -> tuple[Question, Floats] | None:
    """A scale as a number that each respondent gave, and the numbers; None where its items have different ends."""
    ends = {(one.lowest, one.highest) for one in parts}
    lowest, highest = next(iter(ends), (None, None))
    if len(ends) != 1 or lowest is None or highest is None:
        return None
    fewest = fewest or len(parts)
    try:
        found = index_scores(
            np.column_stack([people.answers[one.item] for one in parts]),
            low=lowest,
            high=highest,
            reversed_items=[at for at, one in enumerate(parts) if one.reversed],
            least_answered=fewest / len(parts),
        )
    except Refusal:
        return None
    names = tuple(one.item for one in parts)
    return Question(key, True, (), lowest, highest, parts=names, fewest=fewest), found.scores
