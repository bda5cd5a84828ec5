"""From a source that is described to a dataset: its provenance in the evidence store, and its place on record."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from hearback.evidence.provenance import Provenance, SourceFile, file_sha256
from hearback.foundation.audit.enums import Actor
from hearback.foundation.datasets import actions
from hearback.foundation.datasets.enums import Holds
from hearback.importers.city_sources import Source
from hearback.importers.quality import QualityReport
from hearback.jobs.build_city.naming import dataset_name


def provenance(source: Source, *beside: Path) -> Provenance:
    """What the evidence store keeps of a source, and of the files that are read beside its own."""
    return Provenance(
        name=dataset_name(source.title),
        title=source.title,
        source=source.source,
        licence=source.licence,
        vintage=source.vintage,
        files=tuple(SourceFile.of(path) for path in (source.file, *beside)),
    )


def put_on_record(
    source: Source, holds: Holds, report: QualityReport, *, stored: str = "", by: Actor, at: datetime
) -> str:
    """Put a dataset on record, in the caller's transaction; returns its name. `stored`: its reference in the store."""
    return actions.put_on_record(
        name=dataset_name(source.title),
        title=source.title,
        holds=holds,
        source=source.source,
        licence=source.licence,
        vintage=source.vintage,
        checksum=file_sha256(source.file),
        report=report,
        stored=stored,
        by=by,
        at=at,
    ).name
