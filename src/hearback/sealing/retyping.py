"""Bytes as groups of letters and digits that survive being written down and typed again.

Crockford's base 32 (no I, L, O, U), 25 symbols a line in groups of five, and two check symbols at the end of each
line: one wrong symbol and two symbols that changed places are always noticed, and the line is named. Small letters,
blanks, hyphens and line breaks do not matter; I and L are read as 1, O as 0, U as V.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from hearback.refusal import Refusal

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PER_LINE, PER_GROUP, CHECKS = 25, 5, 2
LONGEST_TEXT = 2_000

_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0, "U": 27}
_PRIME, _BASE = 1021, 37
"""The largest prime below 32², and a base whose powers 1 … 27 differ modulo it."""


class Mistyped(Refusal):
    """A line does not fit its check symbols; `line` counts from 1."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line} is mistyped or incomplete", remedy="Compare it with the paper, group by group")


class TooLong(Refusal):
    """Far more text than any key or proof has."""


def written(data: bytes) -> str:
    """The bytes in lines of groups, each line with its check."""
    values = _values(data)
    lines = [values[start : start + PER_LINE] for start in range(0, len(values), PER_LINE)]
    return "\n".join(_line(line, number) for number, line in enumerate(lines, start=1))


def read(text: str) -> bytes:
    """The bytes that were written; refuses the first line that does not fit its check."""
    if len(text) > LONGEST_TEXT:
        raise TooLong("this is longer than anything that is written in such groups", remedy="Type only the groups")
    values: list[int] = []
    for number, line in enumerate(_lines(text), start=1):
        data, checks = line[:-CHECKS], line[-CHECKS:]
        if not data or None in line or list(checks) != _checks(data, number):
            raise Mistyped(number)
        values += [value for value in data if value is not None]
    return _bytes(values)


def _lines(text: str) -> Iterator[Sequence[int | None]]:
    signs = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).upper()
    values = [_VALUES.get(sign) for sign in signs]
    for start in range(0, len(values), PER_LINE + CHECKS):
        yield values[start : start + PER_LINE + CHECKS]


def _line(values: Sequence[int], number: int) -> str:
    signs = "".join(ALPHABET[value] for value in values)
    groups = [signs[start : start + PER_GROUP] for start in range(0, len(signs), PER_GROUP)]
    return " ".join([*groups, "".join(ALPHABET[value] for value in _checks(values, number))])


def _checks(values: Sequence[int | None], number: int) -> list[int]:
    total = number
    for value in values:
        total = (total * _BASE + (value or 0)) % _PRIME
    return [total >> 5, total & 31]


def _values(data: bytes) -> list[int]:
    count = -(-8 * len(data) // 5)
    bits = int.from_bytes(data, "big") << (5 * count - 8 * len(data))
    return [bits >> (5 * place) & 31 for place in reversed(range(count))]


def _bytes(values: Sequence[int]) -> bytes:
    size, spare = divmod(5 * len(values), 8)
    bits = sum(value << (5 * place) for place, value in enumerate(reversed(values)))
    return (bits >> spare).to_bytes(size, "big")
