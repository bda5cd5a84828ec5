"""A row at the end of a table that adds up the others is no area."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hearback.cli.table_files import TableFile
from hearback.refusal import Refusal

Floats = NDArray[np.float64]

_NO_AREA = re.compile(r"(?:grand |sub|city |county )?totals?|sum|all|all areas|city ?wide|overall", re.IGNORECASE)
"""Nobody calls an area so."""
_SEEMS_TOTAL = re.compile(r"\b(?:totals?|sum|all|city ?wide|overall)\b", re.IGNORECASE)
"""Some area may be called so: the numbers decide."""
AS_GOOD_AS_EQUAL = 0.01
"""A printed total may hold what has no area, and differ by that from the sum."""


class TotalAmongAreas(Refusal):
    """A row that adds up the others, where each row must be an area."""


def refuse_totals(table: TableFile, keys: Sequence[str], *amounts: Floats) -> None:
    """Refuse a row that is called a total, or sounds like one while one of its `amounts` is the sum of all others."""
    for at, key in enumerate(keys):
        if _NO_AREA.fullmatch(key.strip()) or (_SEEMS_TOTAL.search(key) and any(_adds_up(one, at) for one in amounts)):
            raise TotalAmongAreas(
                f"{key!r} seems to add up the other rows, and would be taken for an area",
                where=table.where(at),
                remedy="Remove this row; if it is an area, give it another name",
            )


def _adds_up(amounts: Floats, at: int) -> bool:
    others = float(np.nansum(np.delete(amounts, at)))
    return len(amounts) > 2 and others > 0 and abs(float(amounts[at]) - others) <= AS_GOOD_AS_EQUAL * others
