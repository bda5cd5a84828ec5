"""How many people there are, counted by area and group: the community, its adults, or an agency's staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hearback.importers import delimited
from hearback.importers.quality import Imported, QualityReport, RefusalTally
from hearback.refusal import Refusal
from hearback.sentence import Sentence

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]


class UnusablePopulation(Refusal):
    """A table of people that cannot be counted with."""


@dataclass(frozen=True, eq=False)
class Population:
    """Cells of people, all fields of one length: each cell's area, its group of every kind, and how many there are."""

    area: Texts | None
    """None where people are not told apart by area."""
    groups: Mapping[str, Texts]
    """By kind of group, such as `age`; never blank."""
    count: Floats
    margin: Floats | None
    """The 90 % margin of error of each count, NaN where the source gives none for a cell."""

    def __len__(self) -> int:
        return int(self.count.size)


def read(
    path: Path,
    *,
    count: str,
    groups: Mapping[str, str],
    area: str | None = None,
    margin: str | None = None,
    size_limit: int = delimited.SIZE_LIMIT,
) -> Imported[Population]:
    """One row per cell. `groups` gives each kind of group its column; `area`, `count` and `margin` are columns.

    Rows without an area, a group or a count are refused by reason. Raises UnusablePopulation for a negative count or
    margin, for a cell that stands twice, and for a table in which nobody lives.
    """
    cells = [*([area] if area else []), *groups.values()]
    block = delimited.read(path, columns=[*cells, count, *([margin] if margin else [])], size_limit=size_limit)
    people = delimited.measures(block, count, path=path)
    errors = delimited.measures(block, margin, path=path) if margin else None
    _refuse_negative(block, people, path, what="count")
    if errors is not None:
        _refuse_negative(block, errors, path, what="margin of error")
    texts = {column: np.array([text.strip() for text in block.columns[column]], dtype=object) for column in cells}
    kept, tally = _kept(block, texts, people, area=area)
    _refuse_twice(block, texts, kept, path)
    if not people[kept].sum() > 0:
        raise UnusablePopulation("nobody lives in this table", where=str(path), remedy=f"Look at the column {count!r}")
    table = Population(
        area=texts[area][kept] if area else None,
        groups={kind: texts[column][kept] for kind, column in groups.items()},
        count=people[kept],
        margin=None if errors is None else errors[kept],
    )
    report = QualityReport(
        source=path.name,
        rows_read=len(block.rows),
        rows_kept=len(table),
        refused=tally.groups(),
        adds_up_to=round(float(table.count.sum())),
    )
    return Imported(table, report)


def _refuse_negative(block: delimited.Block, values: Floats, path: Path, *, what: str) -> None:
    for at in np.flatnonzero(values < 0).tolist():
        raise UnusablePopulation(
            f"the {what} is {values[at]:g}",
            where=f"{path}, row {block.rows[at]}",
            remedy="Leave the cell blank where the source writes a code for missing",
        )


def _kept(
    block: delimited.Block, texts: Mapping[str, Texts], people: Floats, *, area: str | None
) -> tuple[NDArray[np.bool_], RefusalTally]:
    tally = RefusalTally()
    kept = np.ones(people.size, dtype=np.bool_)
    blank = {column: values == "" for column, values in texts.items()}
    reasons = {
        Sentence("no area"): blank[area] if area else ~kept,
        Sentence("no group"): np.logical_or.reduce([~kept, *(gone for name, gone in blank.items() if name != area)]),
        Sentence("no count"): np.isnan(people),
    }
    for reason, wrong in reasons.items():
        for at in np.flatnonzero(wrong & kept).tolist():
            tally.refuse(reason, f"row {block.rows[at]}")
        kept &= ~wrong
    return kept, tally


def _refuse_twice(block: delimited.Block, texts: Mapping[str, Texts], kept: NDArray[np.bool_], path: Path) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for at in np.flatnonzero(kept).tolist():
        cell = tuple(str(values[at]) for values in texts.values())
        row = int(block.rows[at])
        if seen.setdefault(cell, row) != row:
            raise UnusablePopulation(
                f"the cell {', '.join(cell) or 'of everybody'} stands in row {seen[cell]} too",
                where=f"{path}, row {row}",
                remedy="Name the column that tells the two apart under groups, or add the rows up",
            )
