"""Putting indicator values on record."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.foundation.indicators.models import Value
from hearback.foundation.indicators.queries import definition
from hearback.importers.indicators import IndicatorTable

if TYPE_CHECKING:
    from hearback.foundation.places.models import Area


@transaction.atomic
def replace_values(
    table: IndicatorTable, *, dataset: str, vintage: str, areas: list[Area], by: Actor, at: datetime
) -> int:
    """Put a dataset's values on record in the place of its former ones; returns how many."""
    row_of = {key: row for row, key in enumerate(table.keys)}
    Value.objects.filter(dataset=dataset).delete()
    values = [
        Value(
            area=area,
            indicator=definition(indicator, where=dataset).id,
            dataset=dataset,
            vintage=vintage,
            estimate=column[row],
            margin=None if np.isnan(table.margins[indicator][row]) else table.margins[indicator][row],
        )
        for indicator, column in table.estimates.items()
        for area in areas
        if (row := row_of.get(area.key)) is not None and not np.isnan(column[row])
    ]
    Value.objects.bulk_create(values)
    audit.record(
        verb="indicators.replace_values",
        subject=f"dataset:{dataset}",
        by=by,
        at=at,
        detail={"values": len(values)},
    )
    return len(values)
