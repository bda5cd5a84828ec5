"""Reading which datasets are in use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from hearback.foundation.datasets.enums import Holds
from hearback.foundation.datasets.models import Dataset

if TYPE_CHECKING:
    from hearback.evidence.store import EvidenceStore


def evidence_store() -> EvidenceStore:
    """The evidence store of this installation."""
    from hearback.evidence.store import EvidenceStore  # loads numpy and DuckDB, which residents' pages do without

    return EvidenceStore(Path(settings.DATA_DIR) / "evidence", engine=settings.ENGINE)


def in_use() -> list[Dataset]:
    """Every dataset, by name."""
    return list(Dataset.objects.all())


def holding(what: Holds) -> list[Dataset]:
    """The datasets whose rows are of this sort."""
    return list(Dataset.objects.filter(holds=what))


def holdings() -> dict[str, int]:
    """What `hearback status` counts here."""
    return {"datasets": Dataset.objects.count(), "incidents": sum(map(_things, holding(Holds.INCIDENTS)))}


def _things(dataset: Dataset) -> int:
    """How many things its rows are about: a row may count several."""
    counted = dataset.report.get("adds_up_to")
    return int(dataset.report["rows_kept"] if counted is None else counted)
