"""Surveys on their way in: read and joined with their areas, rows into the evidence store, the rest on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from hearback.evidence.dataset import Dataset
from hearback.evidence.store import EvidenceStore
from hearback.evidence.surveys import store_responses, store_scores
from hearback.foundation.audit.enums import Actor
from hearback.foundation.datasets.enums import Holds
from hearback.importers import joins, published_scores, surveys, true_values
from hearback.importers.codebook_parts import Codebook
from hearback.importers.codebooks import SurveySource
from hearback.importers.published_scores import Scores
from hearback.importers.quality import Imported, QualityReport
from hearback.importers.surveys import Responses
from hearback.jobs.build_city.datasets import provenance, put_on_record
from hearback.listen.surveys import actions
from hearback.sentence import Sentence

ReadSurvey: TypeAlias = Imported[Responses] | Imported[Scores]


@dataclass(frozen=True)
class StoredSurvey:
    """A wave, its dataset in the evidence store, and its quality report."""

    source: SurveySource
    found: Responses | Scores
    dataset: Dataset
    report: QualityReport


def read_survey(source: SurveySource, *, keys_of: Mapping[str, tuple[str, ...]]) -> ReadSurvey:
    """Read one wave; its areas must be among those of its layer, of which a sample may leave some out.

    keys_of: the keys of each layer's areas.
    """
    codebook = source.codebook
    read: ReadSurvey
    if codebook.kind == "scores":
        read = published_scores.read(codebook)
    else:
        read = _with_truth(source, surveys.read(codebook), areas=keys_of.get(source.areas or "", ()))
    if source.areas is None:
        return read
    audits = tuple(
        joins.audit(
            named,
            tuple(key for key in keys_of[source.areas] if key in set(named)),
            left=title,
            right=source.areas,
            file=file,
            accepted=source.accept_unmatched,
        )
        for named, title, file in _named_areas(codebook, read.table)
    )
    return replace(read, report=replace(read.report, joins=audits))


def _with_truth(source: SurveySource, read: Imported[Responses], *, areas: tuple[str, ...]) -> Imported[Responses]:
    """With the true values of an invented city, where its description names them."""
    if source.truth is None:
        return read
    codebook, found = source.codebook, read.table
    groups = {
        kind.id: dict(kind.labels) or {name: name for name in found.groups[kind.id].tolist() if name}
        for kind in codebook.groups
    }
    items = [*(item.id for item in found.items), *(scale.id for scale in codebook.scales)]
    truth = true_values.read(source.truth, items=items, groups=groups, areas=areas)
    note = Sentence("true values read, which no estimate uses: {count}", count=len(truth))
    report = replace(read.report, notes=(*read.report.notes, note))
    return Imported(replace(found, truth=truth), report)


def _named_areas(codebook: Codebook, found: Responses | Scores) -> Iterator[tuple[tuple[str, ...], str, Path]]:
    """Areas of respondents or scores, and those in which people were asked; with what has them, and its file."""
    if found.area is not None:
        yield tuple(dict.fromkeys(key for key in found.area.tolist() if key)), codebook.title, codebook.file
    if isinstance(found, Responses) and found.fieldwork and codebook.fieldwork:
        yield found.fieldwork.areas, f"{codebook.title}, [fieldwork]", codebook.fieldwork.file


def store_survey(source: SurveySource, read: ReadSurvey, *, store: EvidenceStore) -> StoredSurvey:
    """Write the rows of a wave; they are nowhere else."""
    codebook = source.codebook
    fieldwork = codebook.fieldwork.file if codebook.fieldwork else None
    beside = (path for path in (codebook.path, codebook.questionnaire, fieldwork, source.truth) if path)
    whence = provenance(codebook, *beside)
    if isinstance(read.table, Scores):
        written = store_scores(store, read.table, provenance=whence, report=read.report)
    else:
        written = store_responses(store, read.table, provenance=whence, report=read.report)
    return StoredSurvey(source, read.table, written, read.report)


def record_survey(stored: StoredSurvey, *, by_hand: bool = False, by: Actor, at: datetime) -> str:
    """Put the dataset and the wave on record, in the caller's transaction; returns the dataset's name."""
    reference = stored.dataset.reference
    name = put_on_record(stored.source.codebook, Holds.SURVEYS, stored.report, stored=reference, by=by, at=at)
    actions.record_wave(
        stored.found,
        dataset=name,
        stored=reference,
        areas=stored.source.areas or "",
        by_hand=by_hand,
        by=by,
        at=at,
    )
    return name
