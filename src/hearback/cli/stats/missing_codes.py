"""Codes in the data that are no answers, as the TOML files of the survey verbs name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hearback.importers.nearest import advice
from hearback.importers.toml_records import Place
from hearback.stats.design import Floats
from hearback.stats.scales.answers import suspicious_codes


@dataclass(frozen=True, kw_only=True)
class MissingCodes:
    """Codes that are no answers: of every column, and of single ones."""

    everywhere: tuple[str, ...] = ()
    by_column: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, column: str) -> tuple[str, ...]:
        """The codes of one column."""
        return self.by_column.get(column, self.everywhere)

    def refuse_strangers(self, header: Sequence[str], *, path: Path) -> None:
        """Stop where a column is not in the data: its codes would stay in another as numbers."""
        for column in self.by_column:
            if column not in header:
                raise Place(path, "missing").refusal(f'the data have no column "{column}"', advice(column, header))


def missing_codes(value: Any, place: Place) -> MissingCodes:
    """`missing = [9, 99]` for every column, or a table of such lists by column."""
    if isinstance(value, dict):
        return MissingCodes(by_column={name: _codes(codes, place.at(name)) for name, codes in value.items()})
    return MissingCodes(everywhere=_codes(value, place))


def left_in(answers: Floats) -> list[str]:
    """Codes for “don't know” that seem to have stayed among the answers (n,) as numbers, in words."""
    return [
        f"{code.count} answers are {code.value:g}, {code.reason}: if it is no answer, name it under missing"
        for code in suspicious_codes(answers)
    ]


def _codes(value: Any, place: Place) -> tuple[str, ...]:
    if not isinstance(value, list) or any(isinstance(code, bool | list | dict) for code in value):
        raise place.refusal("missing codes are a list", 'Write them as: [9, 99, "NA"]')
    return tuple(f"{code:g}" if isinstance(code, float) else str(code) for code in value)
