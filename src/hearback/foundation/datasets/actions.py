"""Putting datasets on record."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.foundation.datasets.enums import Holds
from hearback.foundation.datasets.models import Dataset
from hearback.importers.quality import QualityReport


@transaction.atomic
def put_on_record(
    *,
    name: str,
    title: str,
    holds: Holds,
    source: str,
    licence: str,
    vintage: str,
    checksum: str,
    report: QualityReport,
    stored: str = "",
    by: Actor,
    at: datetime,
) -> Dataset:
    """Say that this dataset is in use from now on, in the place of the one that had its name."""
    dataset, _ = Dataset.objects.update_or_create(
        name=name,
        defaults={
            "title": title,
            "holds": holds,
            "source": source,
            "licence": licence,
            "vintage": vintage,
            "checksum": checksum,
            "stored": stored,
            "report": report.as_dict(),
            "read_at": at,
        },
    )
    audit.record(
        verb="datasets.put_on_record",
        subject=f"dataset:{name}",
        by=by,
        at=at,
        detail={"checksum": checksum, "rows_kept": report.rows_kept},
    )
    return dataset


@transaction.atomic
def keep_only(names: list[str], *, by: Actor, at: datetime) -> None:
    """Take every other dataset out of use: the city's description no longer names it."""
    gone = Dataset.objects.exclude(name__in=names)
    audit.record(
        verb="datasets.keep_only",
        subject="datasets",
        by=by,
        at=at,
        detail={"gone": sorted(gone.values_list("name", flat=True))},
    )
    gone.delete()
