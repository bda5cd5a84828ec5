"""Reads the keys of areas as text and audits their joins: what met, what is left over, what contradicts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hearback.importers.quality import EXAMPLES_SHOWN, JoinAudit
from hearback.refusal import Refusal
from hearback.sentence import Sentence

TOLERANCE = 0.02
"""Share of either side that may stay unmatched without the city's description accepting it."""

GEOID_DIGITS = (5, 11, 12, 15)
"""Lengths of Census identifiers that begin with a state: county, tract, block group, block."""

_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")


class KeyRefusal(Refusal):
    """A key that is blank, stands twice, lost its leading zero or was turned into a number by a spreadsheet."""


@dataclass(frozen=True)
class AreaKeys:
    """Keys of areas, one per row, and what was changed to get them."""

    keys: tuple[str, ...]
    notes: tuple[str, ...] = ()


def area_keys(texts: Sequence[str], *, rows: NDArray[np.int64], path: Path, digits: int | None = None) -> AreaKeys:
    """The keys of a table with one row per area.

    `digits` says how long each key is: a key one digit short gets back the leading zero that a
    spreadsheet took, any other length is refused. Without `digits`, Census identifiers of which some are
    one digit short are refused; 0 takes all keys as they stand. Raises `KeyRefusal`.
    """
    whole = [text.removesuffix(".0") for text in map(str.strip, texts)]
    for key, row in zip(whole, rows, strict=True):
        if not key:
            raise KeyRefusal("the key is blank", where=f"{path}, row {row}", remedy="Fill it in, or remove the row")
        if _SCIENTIFIC.fullmatch(key):
            raise KeyRefusal(
                f"the key {key} was turned into a rounded number by a spreadsheet",
                where=f"{path}, row {row}",
                remedy="Export the table again with this column as text",
            )
    padded = _padded(whole, rows=rows, path=path, digits=digits) if digits else whole
    if digits is None:
        _refuse_lost_zeros(whole, rows=rows, path=path)
    _refuse_repeated(padded, rows=rows, path=path)
    changed = sum(key != before for key, before in zip(padded, whole, strict=True))
    notes = (Sentence("{count} keys got back the leading zero they had lost", count=changed),) if changed else ()
    return AreaKeys(keys=tuple(padded), notes=notes)


def refuse_short_geoids(keys: Sequence[str], *, rows: NDArray[np.int64], path: Path, digits: tuple[int, ...]) -> None:
    """Refuse keys that are all one digit short of one of `digits`: then no longer key is left to tell it by.

    Raises `KeyRefusal`.
    """
    if keys and all(key.isdecimal() and len(key) + 1 in digits for key in keys):
        length = len(keys[0])
        raise KeyRefusal(
            f"the key {keys[0]} has {length} digits and should have {length + 1}: its leading zero was lost",
            where=f"{path}, row {rows[0]}",
            remedy="Store the column as text and export the table again",
        )


class JoinRefusal(Refusal):
    """Keys that do not meet well enough, or names that say otherwise; `audit` holds all that was found."""

    def __init__(self, problem: str, *, where: str, remedy: str, audit: JoinAudit) -> None:
        super().__init__(problem, where=where, remedy=remedy)
        self.audit = audit


def audit(
    left_keys: Sequence[str],
    right_keys: Sequence[str],
    *,
    left: str,
    right: str,
    file: Path | None = None,
    rows: Sequence[int] = (),
    names: tuple[Sequence[str], Sequence[str]] | None = None,
    accepted: str = "",
    tolerance: float = TOLERANCE,
) -> JoinAudit:
    """What the join of a table (left) with the areas (right) matches, and what it leaves over on both sides.

    A key that stands more than once counts once. `file` and its `rows` (one for each left key) are named in a refusal.
    `names` are the names beside the keys of both sides: a name that both sides use for one place, but with different
    keys, means that two vintages or codings are being mixed. Raises `JoinRefusal` when more than `tolerance` of either
    side is unmatched or a name contradicts its key, unless `accepted` gives the reason why that is right.
    """
    left_set, right_set = dict.fromkeys(left_keys), dict.fromkeys(right_keys)
    left_over = tuple(key for key in left_set if key not in right_set)
    right_over = tuple(key for key in right_set if key not in left_set)
    contradicting = _contradictions(left_keys, right_keys, names) if names else ()
    uneven = (
        len(left_over) > tolerance * len(left_set)
        or len(right_over) > tolerance * len(right_set)
        or len(left_over) == len(left_set)
    )
    found = JoinAudit(
        left=left,
        right=right,
        matched=len(left_set) - len(left_over),
        left_over=left_over,
        right_over=right_over,
        accepted=accepted if uneven or contradicting else "",
    )
    if not accepted and contradicting:
        problem = f"the same name has different keys on the two sides: {_some(contradicting)}"
        raise _refusal(found, problem, where=_place(found, left_keys, rows, file))
    if not accepted and uneven:
        raise _refusal(found, _unmatched(found), where=_place(found, left_keys, rows, file))
    return found


def _padded(keys: list[str], *, rows: NDArray[np.int64], path: Path, digits: int) -> list[str]:
    padded = [key.zfill(digits) if len(key) == digits - 1 and key.isdecimal() else key for key in keys]
    for key, row in zip(padded, rows, strict=True):
        if len(key) != digits:
            raise KeyRefusal(
                f'the key "{key}" has {len(key)} characters and key_digits is {digits}',
                where=f"{path}, row {row}",
                remedy="Correct the key or key_digits",
            )
    return padded


def _refuse_lost_zeros(keys: list[str], *, rows: NDArray[np.int64], path: Path) -> None:
    longest = max(map(len, keys), default=0)
    short = [at for at, key in enumerate(keys) if len(key) == longest - 1]
    geoids = all(key.isdecimal() and len(key) >= longest - 1 and key[0] != "0" for key in keys)
    if short and geoids and longest in GEOID_DIGITS:
        raise KeyRefusal(
            f"the key {keys[short[0]]} has {longest - 1} digits where others have {longest}: its leading zero was lost",
            where=f"{path}, row {rows[short[0]]}",
            remedy=f"Store the column as text; a description can set key_digits = {longest} to restore the zeros",
        )


def _refuse_repeated(keys: Sequence[str], *, rows: NDArray[np.int64], path: Path) -> None:
    first: dict[str, int] = {}
    for key, row in zip(keys, rows.tolist(), strict=True):
        if first.setdefault(key, row) != row:
            raise KeyRefusal(
                f'the key "{key}" stands in row {first[key]} and again in row {row}',
                where=str(path),
                remedy="Keep one row for each area",
            )


def _contradictions(
    left_keys: Sequence[str], right_keys: Sequence[str], names: tuple[Sequence[str], Sequence[str]]
) -> tuple[str, ...]:
    """Names that mean one place on each side, with another key on each."""
    ours, theirs = _places(left_keys, names[0]), _places(right_keys, names[1])
    return tuple(f"{name} ({key} / {theirs[name]})" for name, key in ours.items() if theirs.get(name, key) != key)


def _places(keys: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    pairs = dict.fromkeys(zip(names, keys, strict=True))
    uses = Counter(name for name, _ in pairs)
    return {name: key for name, key in pairs if name and uses[name] == 1}


def _unmatched(found: JoinAudit) -> str:
    ours, theirs = found.matched + len(found.left_over), found.matched + len(found.right_over)
    return (
        f"{found.matched} keys match, but {len(found.left_over)} of {ours} in {found.left} have no area"
        f"{_listed(found.left_over)} and {len(found.right_over)} of {theirs} areas in {found.right} have no row"
        f"{_listed(found.right_over)}"
    )


def _place(found: JoinAudit, keys: Sequence[str], rows: Sequence[int], file: Path | None) -> str:
    """`calls.csv, row 7, Calls joined with tracts`: the file where it is known, the first row that met no area."""
    first = rows[list(keys).index(found.left_over[0])] if rows and found.left_over else None
    parts = (file, first and f"row {first}", f"{found.left} joined with {found.right}")
    return ", ".join(str(part) for part in parts if part)


def _refusal(found: JoinAudit, problem: str, *, where: str) -> JoinRefusal:
    correct = (
        "Keep the keys' leading zeros (store them as text; key_digits puts them back)"
        if _lost_a_zero(found)
        else "Correct the keys"
    )
    return JoinRefusal(
        problem,
        where=where,
        remedy=f'{correct}, or accept it by adding the line: accept_unmatched = "why this is right"',
        audit=found,
    )


def _lost_a_zero(found: JoinAudit) -> bool:
    return not {key.lstrip("0") for key in found.left_over}.isdisjoint(key.lstrip("0") for key in found.right_over)


def _listed(keys: tuple[str, ...]) -> str:
    return f" ({_some(keys)})" if keys else ""


def _some(keys: tuple[str, ...]) -> str:
    return ", ".join(keys[:EXAMPLES_SHOWN]) + (", …" if len(keys) > EXAMPLES_SHOWN else "")
