"""Bringing the directory of organisations up to date."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.foundation.organizations.models import Organization
from hearback.importers.organizations import Organizations

if TYPE_CHECKING:
    from hearback.foundation.places.models import Area


@transaction.atomic
def bring_up_to_date(
    table: Organizations, *, dataset: str, areas: Sequence[Area | None], by: Actor, at: datetime
) -> int:
    """Take over a dataset's organisations, each with the area it lies in; vanished ones are retired."""
    references = _references(table)
    rows = [
        Organization(
            dataset=dataset,
            reference=references[row],
            name=table.names[row],
            kind=table.kinds[row],
            address=table.addresses[row],
            languages=list(table.languages[row]),
            contact=dict(table.contacts[row]),
            longitude=_known(table.longitude[row]),
            latitude=_known(table.latitude[row]),
            area=areas[row],
            retired=False,
        )
        for row in range(len(table.names))
    ]
    taken = ("name", "kind", "address", "languages", "contact", "longitude", "latitude", "area", "retired")
    Organization.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=("dataset", "reference"), update_fields=taken
    )
    Organization.objects.filter(dataset=dataset).exclude(reference__in=references).update(retired=True)
    audit.record(
        verb="organizations.bring_up_to_date",
        subject=f"dataset:{dataset}",
        by=by,
        at=at,
        detail={"organizations": len(rows)},
    )
    return len(rows)


def _references(table: Organizations) -> list[str]:
    """A name for each row that stays the same in a newer file: what it says of itself, numbered where repeated."""
    seen: Counter[str] = Counter()
    references = []
    for name, kind, address in zip(table.names, table.kinds, table.addresses, strict=True):
        digest = hashlib.sha256("\x1f".join((name, kind, address)).encode()).hexdigest()[:24]
        seen[digest] += 1
        references.append(f"{digest}-{seen[digest]}")
    return references


def _known(degrees: float) -> float | None:
    return None if math.isnan(degrees) else float(degrees)
