"""Surveys in the store: one row per respondent, or one per published score; read back as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hearback.evidence.columns import Column
from hearback.evidence.dataset import Dataset
from hearback.evidence.engine import arrays
from hearback.evidence.provenance import Provenance, ReadingReport
from hearback.evidence.store import EvidenceStore
from hearback.refusal import Refusal

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]

AREA, WEIGHT, STRATUM = "area", "weight", "stratum"
ANSWER, TEXT, GROUP, PSU, FPC, REPLICATE = "answer_", "text_", "group_", "psu_", "fpc_", "replicate_"


class NotInSurvey(Refusal):
    """The wave has no such item or group."""


class SurveyResponses(Protocol):
    """The respondents of one wave, as an importer brings them."""

    @property
    def answers(self) -> Mapping[str, Floats]: ...
    @property
    def texts(self) -> Mapping[str, Texts]: ...
    @property
    def groups(self) -> Mapping[str, Texts]: ...
    @property
    def area(self) -> Texts | None: ...
    @property
    def weights(self) -> Floats | None: ...
    @property
    def strata(self) -> Texts | None: ...
    @property
    def psu(self) -> tuple[Texts, ...]: ...
    @property
    def fpc(self) -> tuple[Floats, ...]: ...
    @property
    def replicates(self) -> Mapping[str, Floats]: ...


class PublishedScores(Protocol):
    """Scores that somebody published, one entry each."""

    @property
    def area(self) -> Texts: ...
    @property
    def year(self) -> NDArray[np.int16]: ...
    @property
    def item(self) -> Texts: ...
    @property
    def kind_of_group(self) -> Texts: ...
    @property
    def group(self) -> Texts: ...
    @property
    def score(self) -> Floats: ...


@dataclass(frozen=True, eq=False)
class Respondents:
    """What was asked for, one entry per respondent (n of them), in the file's order."""

    answers: Mapping[str, Floats]
    """By item; NaN where missing."""
    groups: Mapping[str, Texts]
    """By kind of group; "" where not known."""
    area: Texts | None
    weights: Floats | None
    strata: Texts | None
    psu: tuple[Texts, ...]
    fpc: tuple[Floats, ...]
    replicates: Floats | None
    """(n, R)."""
    n: int


@dataclass(frozen=True, eq=False)
class Scores:
    """Published scores; "" as kind of group and group is everybody."""

    area: Texts
    year: NDArray[np.int16]
    item: Texts
    kind_of_group: Texts
    group: Texts
    score: Floats


def store_responses(
    store: EvidenceStore, people: SurveyResponses, *, provenance: Provenance, report: ReadingReport
) -> Dataset:
    """Write a wave with columns area, group_<id>, answer_<id>, text_<id>, weight, stratum, psu_<stage>, fpc_<stage>
    and replicate_<number>; what a wave does not have is no column."""
    columns: dict[str, Column] = {}
    if people.area is not None:
        columns[AREA] = people.area
    for prefix, several in ((GROUP, people.groups), (ANSWER, people.answers), (TEXT, people.texts)):
        columns |= {f"{prefix}{name}": values for name, values in several.items()}
    if people.weights is not None:
        columns[WEIGHT] = people.weights
    if people.strata is not None:
        columns[STRATUM] = people.strata
    for prefix, staged in ((PSU, people.psu), (FPC, people.fpc), (REPLICATE, tuple(people.replicates.values()))):
        columns |= {f"{prefix}{number:04d}": values for number, values in enumerate(staged, start=1)}
    return store.write([columns], provenance=provenance, report=report.as_dict(), rows_in=report.rows_read)


def store_scores(
    store: EvidenceStore, scores: PublishedScores, *, provenance: Provenance, report: ReadingReport
) -> Dataset:
    """Write scores with columns area, year, item, kind_of_group, group and score."""
    columns: dict[str, Column] = {column.name: getattr(scores, column.name) for column in fields(Scores)}
    return store.write([columns], provenance=provenance, report=report.as_dict(), rows_in=report.rows_read)


def read_responses(dataset: Dataset, *, items: Iterable[str] = (), groups: Iterable[str] = ()) -> Respondents:
    """These items and kinds of group, with area and design. Raises NotInSurvey."""
    frame = dataset.scan()
    present = frame.collect_schema().names()
    asked = [*(f"{ANSWER}{item}" for item in items), *(f"{GROUP}{group}" for group in groups)]
    _refuse_absent(asked, present, dataset)
    design = [name for name in present if name in (AREA, WEIGHT, STRATUM) or name.startswith((PSU, FPC, REPLICATE))]
    found = arrays(frame.select(*dict.fromkeys([*asked, *design]))) if asked or design else {}
    replicates = _staged(found, REPLICATE)
    return Respondents(
        answers={name.removeprefix(ANSWER): found[name] for name in asked if name.startswith(ANSWER)},
        groups={name.removeprefix(GROUP): found[name] for name in asked if name.startswith(GROUP)},
        area=found.get(AREA),
        weights=found.get(WEIGHT),
        strata=found.get(STRATUM),
        psu=_staged(found, PSU),
        fpc=_staged(found, FPC),
        replicates=np.column_stack(replicates) if replicates else None,
        n=dataset.record.rows,
    )


def read_scores(dataset: Dataset) -> Scores:
    """Every published score of a dataset."""
    return Scores(**arrays(dataset.scan()))


def _staged(found: Mapping[str, Column], prefix: str) -> tuple[Any, ...]:
    return tuple(found[name] for name in sorted(found) if name.startswith(prefix))


def _refuse_absent(asked: Sequence[str], present: Sequence[str], dataset: Dataset) -> None:
    for name in asked:
        if name not in present:
            raise NotInSurvey(
                f"This wave has no {name.replace('_', ' “', 1)}”",
                where=dataset.reference,
                remedy=f"It has: {', '.join(known for known in present if known.startswith((ANSWER, GROUP)))}",
            )
