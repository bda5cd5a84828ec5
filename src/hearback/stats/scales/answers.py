"""Answers to the items of a scale: complete rows, reversed items, and codes left in as if they were answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.refusal import Refusal

Floats = NDArray[np.float64]

CODES = frozenset(
    {7, 8, 9, 66, 77, 88, 96, 97, 98, 99, 777, 888, 997, 998, 999, 9999, -1, -2, -3, -7, -8, -9, -88, -99, -999}
)
"""Numbers that questionnaires use for "don't know", "refused" and "does not apply"."""
NO_ANSWER = ("don't know", "dont know", "do not know", "refuse", "no answer", "not applicable", "n/a", "prefer not")
NO_ANSWER_WHOLE = ("missing", "dk", "na", "not asked", "no opinion", "blank")
FREQUENT = 0.003
"""Smallest share of the answers at which an outlying number is a code rather than an unusual person."""
NO_LABELS: Mapping[float, str] = MappingProxyType({})


class UnusableItems(Refusal):
    """Items from which no scale can be made."""


@dataclass(frozen=True)
class SuspiciousCode:
    """A number that is probably no answer: how often it stands there, and why it is suspected."""

    value: float
    count: int
    share: float
    reason: str


def suspicious_codes(values: ArrayLike, *, labels: Mapping[float, str] = NO_LABELS) -> tuple[SuspiciousCode, ...]:
    """Numbers among values (n,), NaN is missing, that look like missing codes left in.

    A value is suspected because its label says so; because it lies beyond all values that have labels; or because
    it is frequent and lies apart from all other values, by more than their usual distance if it is a customary
    code, by more than all others span if not. Nothing found clears nothing: a 9 on a scale up to 10 is not seen.
    """
    answers = np.asarray(values, dtype=np.float64)
    answers = answers[~np.isnan(answers)]
    distinct, counts = np.unique_counts(answers)
    apart = _apart(distinct, counts / max(1, answers.size))
    found = []
    for value, count in zip(distinct.tolist(), counts.tolist(), strict=True):
        reason = _reason(value, labels, apart)
        if reason:
            found.append(SuspiciousCode(value, count, count / answers.size, reason))
    return tuple(found)


def as_items(answers: ArrayLike, *, fewest_items: int = 2) -> Floats:
    """Answers (n, p) as numbers, NaN where there is none; each item answered by somebody.

    Errors: `UnusableItems`.
    """
    items = np.asarray(answers, dtype=np.float64)
    if items.ndim != 2 or items.shape[1] < fewest_items:
        raise UnusableItems(f"A scale here needs {fewest_items} items or more", remedy="Add items, or show each alone")
    silent = np.flatnonzero(np.isnan(items).all(axis=0))
    if silent.size:
        raise UnusableItems(
            "Nobody answered it", where=f"item {silent[0] + 1} of {items.shape[1]}", remedy="Leave the item out"
        )
    return items


def complete_rows(answers: ArrayLike, *, fewest_items: int = 2) -> Floats:
    """Rows of answers (n, p) with every item answered, at least three of them, no item answered alike by all.

    Errors: `UnusableItems`.
    """
    items = as_items(answers, fewest_items=fewest_items)
    whole = items[~np.isnan(items).any(axis=1)]
    if len(whole) < 3:
        raise UnusableItems(f"{len(whole)} respondents answered all items", remedy="Three are the fewest that vary")
    flat = np.flatnonzero(np.ptp(whole, axis=0) == 0)
    if flat.size:
        raise UnusableItems(
            "Everybody gave the same answer",
            where=f"item {flat[0] + 1} of {items.shape[1]}",
            remedy="Leave the item out: what does not vary measures nothing",
        )
    return whole


def _apart(distinct: Floats, shares: Floats) -> frozenset[float]:
    """Frequent values at either end that lie apart from all others; codes may stand there two or three together."""
    found: set[float] = set()
    while True:
        top = _block(distinct, distinct, shares)
        bottom = _block(-distinct[::-1], distinct[::-1], shares[::-1])
        if not top and not bottom:
            return frozenset(found)
        kept = slice(bottom, distinct.size - top)
        found |= set(distinct.tolist()) - set(distinct[kept].tolist())
        distinct, shares = distinct[kept], shares[kept]


def _block(ascending: Floats, values: Floats, shares: Floats) -> int:
    """How many of the last values, which are `ascending` up to their sign, are frequent and apart from the rest."""
    for size in (1, 2, 3):
        rest = ascending[:-size]
        if rest.size < 2 or shares[-size] < FREQUENT:
            break
        coded = set(values[-size:].tolist()) <= CODES
        enough = np.median(np.diff(rest)) if coded else np.ptp(rest)
        if ascending[-size] - rest[-1] > enough and (coded or size == 1):
            return size
    return 0


def _reason(value: float, labels: Mapping[float, str], apart: frozenset[float]) -> str:
    label = labels.get(value, "").strip().casefold().replace("’", "'")
    if label in NO_ANSWER_WHOLE or any(words in label for words in NO_ANSWER):
        return f"its label is “{labels[value]}”"
    if labels and not min(labels) <= value <= max(labels):
        return "beyond all values that have labels"
    if value in apart:
        return "frequent, and apart from all other values"
    return ""
