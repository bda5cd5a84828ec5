"""What an importer says about what it read: rows in, rows kept, rows refused and why, and what joined with what."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Generic, TypeVar

from hearback.sentence import kept

Table = TypeVar("Table")

EXAMPLES_SHOWN = 5


@dataclass(frozen=True)
class RefusedRows:
    """Rows left out for one reason, with the first few places as examples (`row 17: 9999`)."""

    reason: str
    rows: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class JoinAudit:
    """How the keys of a table met the keys of the areas: matched, and left over on both sides."""

    left: str
    right: str
    matched: int
    left_over: tuple[str, ...]
    """Keys of the table that no area has."""
    right_over: tuple[str, ...]
    """Keys of areas that the table lacks."""
    accepted: str = ""
    """Why the city's description accepts what is unmatched; empty where nothing needed accepting."""


@dataclass(frozen=True)
class QualityReport:
    """Rows read = kept + refused, always; notes tell what was changed on the way."""

    source: str
    rows_read: int
    rows_kept: int
    refused: tuple[RefusedRows, ...] = ()
    joins: tuple[JoinAudit, ...] = ()
    notes: tuple[str, ...] = ()
    adds_up_to: int | None = None
    """The sum of the kept rows' counts; None where each row is one thing."""

    def __post_init__(self) -> None:
        lost = self.rows_read - self.rows_kept - sum(group.rows for group in self.refused)
        if lost:
            raise ValueError(f"{self.source}: {lost} rows are neither kept nor refused")

    @property
    def things(self) -> int:
        """How many things the kept rows are about."""
        return self.rows_kept if self.adds_up_to is None else self.adds_up_to

    def as_dict(self) -> dict[str, Any]:
        """Plain lists and dictionaries, ready for JSON."""
        refused = [{**asdict(group), "reason": kept(group.reason)} for group in self.refused]
        return {**asdict(self), "refused": refused, "notes": [kept(note) for note in self.notes]}


@dataclass(frozen=True)
class Imported(Generic[Table]):
    """An importer's answer: the typed table and what happened on the way."""

    table: Table
    report: QualityReport


@dataclass
class RefusalTally:
    """Counts refused rows by reason while a file is read; the only mutable thing here."""

    _rows: Counter[str] = field(default_factory=Counter)
    _examples: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, reason: str, example: str) -> None:
        """Count one row out, for this reason."""
        self._rows[reason] += 1
        examples = self._examples.setdefault(reason, [])
        if len(examples) < EXAMPLES_SHOWN:
            examples.append(example)

    def groups(self) -> tuple[RefusedRows, ...]:
        """The refused rows, most frequent reason first."""
        return tuple(
            RefusedRows(reason=reason, rows=rows, examples=tuple(self._examples[reason]))
            for reason, rows in self._rows.most_common()
        )
