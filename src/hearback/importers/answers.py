"""Turns what stands in an item's column into numbers, and counts for which reason each other cell is missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hearback.importers.codebook_parts import Item, code_of, number_of
from hearback.importers.survey_files import SurveyFile
from hearback.refusal import Refusal

FloatArray = NDArray[np.float64]
Ranges = Sequence[tuple[float, float]]

NOT_AN_ANSWER = "not_an_answer"
"""The reason of stray codes that the codebook says nothing about."""
DECLARED = "declared"
"""The reason of codes that an SPSS file calls missing and the codebook does not explain."""
FEW, STRAY_SHARE = 2, 0.005
"""So many codes without a meaning, or such a share of a column, are slips of the keyboard; more are a code that
somebody forgot to explain."""
LOOKS_LIKE_A_CODE = re.compile(r"-\d+|7{1,4}|8{1,4}|9{1,4}|9[5-9]|99[5-9]")
FREQUENT = 0.01


class UnexplainedCode(Refusal):
    """A value that stands often in an item's column, and that the codebook does not explain."""


class LabelsDisagree(Refusal):
    """The codebook and the file say different things about one code."""


@dataclass(frozen=True)
class Coded:
    """The answers to one item: numbers, NaN where missing; and what was read as missing, by reason and by code."""

    item: Item
    values: FloatArray
    missing: Mapping[str, int]
    recoded: Mapping[tuple[str, str], int]
    """How often each code other than the blank was read as missing, by code and reason."""


def code(item: Item, file: SurveyFile, *, keep: NDArray[np.bool_]) -> Coded:
    """The answers to one item in the rows that are kept.

    A cell holds a code or its label; SPSS labels stand in for those the codebook leaves out. Raises LabelsDisagree,
    or UnexplainedCode for a value that stands often and means nothing: a missing code left in as a number is the
    classic error.
    """
    declared = file.declared_missing.get(item.column, ())
    item = _with_labels(item, file, declared)
    cells = [cell for cell, kept in zip(file.columns[item.column], keep.tolist(), strict=True) if kept]
    counts = Counter(map(code_of, cells))
    reasons, numbers = item.missing.reasons(), _numbers(item)
    value_of: dict[str, float] = {}
    reason_of: dict[str, str] = {}
    for found in counts:
        if found in reasons:
            reason_of[found] = reasons[found]
        elif (number := _number(found, item, numbers)) is not None:
            value_of[found] = number
        else:
            reason_of[found] = DECLARED if _within(found, declared) else NOT_AN_ANSWER
    _refuse_unexplained(item, file, counts, reason_of)
    if item.kind == "number" and item.lowest is None and item.highest is None:
        _refuse_outlying(item, file, {value_of[found]: times for found, times in counts.items() if found in value_of})
    missing: Counter[str] = Counter()
    for found, reason in reason_of.items():
        missing[reason] += counts[found]
    return Coded(
        item=item,
        values=np.array([value_of.get(code_of(cell), np.nan) for cell in cells], dtype=np.float64),
        missing=dict(missing),
        recoded={(found, reason): counts[found] for found, reason in reason_of.items() if found},
    )


def _with_labels(item: Item, file: SurveyFile, declared: Ranges) -> Item:
    """The item with the labels of an SPSS file where the codebook has none; where both speak they must agree."""
    reasons = item.missing.reasons()
    said = {
        code: label
        for code, label in file.labels.get(item.column, {}).items()
        if code not in reasons and not _within(code, declared)
    }
    for code, label in item.labels.items():
        if code in said and _folded(said[code]) != _folded(label):
            raise LabelsDisagree(
                f'{code} means "{label}" in the codebook and "{said[code]}" in the file',
                where=f"{file.path}, column {item.column}",
                remedy="Correct the one that is wrong, or leave the labels out of the codebook",
            )
    if item.labels or item.kind not in ("ordinal", "nominal"):
        return item
    if not said:
        raise LabelsDisagree(
            "neither the codebook nor the file says what the codes mean",
            where=f"{file.path}, column {item.column}",
            remedy='Write labels = { 1 = "…", 2 = "…" } in the answers of this item',
        )
    return replace(item, labels=dict(sorted(said.items(), key=lambda entry: float(entry[0]))))


def _numbers(item: Item) -> dict[str, float]:
    """From every way an answer may be written to its number."""
    return {_folded(label): float(code) for code, label in item.labels.items()} | {
        code: float(code) for code in item.labels
    }


def _number(found: str, item: Item, numbers: Mapping[str, float]) -> float | None:
    if item.kind != "number" or found in numbers:
        return numbers.get(found)
    number = number_of(found)
    low, high = item.ends
    return number if number is not None and low <= number <= high and np.isfinite(number) else None


def _within(found: str, ranges: Ranges) -> bool:
    number = number_of(found)
    return number is not None and any(low <= number <= high for low, high in ranges)


def _refuse_unexplained(item: Item, file: SurveyFile, counts: Counter[str], reason_of: Mapping[str, str]) -> None:
    strays = {found: counts[found] for found, reason in reason_of.items() if reason == NOT_AN_ANSWER}
    filled = counts.total() - counts[""]
    if sum(strays.values()) > max(FEW, STRAY_SHARE * filled):
        worst = max(strays, key=lambda found: strays[found])
        raise _unexplained(item, file, worst, strays[worst], filled)


def _refuse_outlying(item: Item, file: SurveyFile, counts: Mapping[float, int]) -> None:
    """Refuse a frequent value at an end that looks like a code and lies far from all the others."""
    values, total = sorted(counts), sum(counts.values())
    for value in {*values[:1], *values[-1:]}:
        others = [other for other in values if other != value]
        far = others and min(abs(value - other) for other in others) > (others[-1] - others[0]) / 2
        if far and LOOKS_LIKE_A_CODE.fullmatch(f"{value:g}") and counts[value] > max(FEW, FREQUENT * total):
            raise _unexplained(item, file, f"{value:g}", counts[value], total)


def _unexplained(item: Item, file: SurveyFile, found: str, times: int, filled: int) -> UnexplainedCode:
    return UnexplainedCode(
        f'"{found}" stands {times:,} times among {filled:,} answers, and the codebook does not say what it means',
        where=f"{file.path}, column {item.column}",
        remedy=f"Name it under missing, such as missing = {{ dont_know = [{found}] }}, or say what it means in the "
        "item's answers",
    )


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
