"""Turns what stands in an item's column into numbers, and counts for which reason each other cell is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hearback.importers.codebook_parts import Item, code_of, number_of
from hearback.importers.survey_files import SurveyFile
from hearback.refusal import Refusal
from hearback.stats.scales.answers import SuspiciousCode, suspicious_codes

FloatArray = NDArray[np.float64]
Ranges = Sequence[tuple[float, float]]

NOT_AN_ANSWER = "not_an_answer"
"""The reason of stray codes that the codebook says nothing about."""
DECLARED = "declared"
"""The reason of codes that an SPSS file calls missing and the codebook does not explain."""
FEW, STRAY_SHARE = 2, 0.005
"""So many codes without a meaning, or such a share of a column, are slips of the keyboard; more are a code that
somebody forgot to explain."""


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
    suspicious: tuple[SuspiciousCode, ...]
    """Answers that may be a missing code, although the codebook allows them."""


def code(item: Item, file: SurveyFile, *, keep: NDArray[np.bool_]) -> Coded:
    """The answers to one item in the rows that are kept.

    A cell holds a code or its label; SPSS labels stand in for those the codebook leaves out. Raises LabelsDisagree,
    or UnexplainedCode for a value that stands often and means nothing: a missing code left in as a number is the
    classic error. A number that the codebook allows, and that looks like such a code, is reported.
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
    values = np.array([value_of.get(code_of(cell), np.nan) for cell in cells], dtype=np.float64)
    labels = {float(code): label for code, label in item.labels.items()}
    suspicious = () if item.kind == "nominal" else suspicious_codes(values, labels=labels)
    if suspicious and item.kind == "number" and item.lowest is None and item.highest is None:
        worst = max(suspicious, key=lambda one: one.count)
        raise _unexplained(item, file, f"{worst.value:g}", worst.count, int((~np.isnan(values)).sum()))
    missing: Counter[str] = Counter()
    for found, reason in reason_of.items():
        missing[reason] += counts[found]
    return Coded(
        item=item,
        values=values,
        missing=dict(missing),
        recoded={(found, reason): counts[found] for found, reason in reason_of.items() if found},
        suspicious=suspicious,
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


def _unexplained(item: Item, file: SurveyFile, found: str, times: int, filled: int) -> UnexplainedCode:
    return UnexplainedCode(
        f'"{found}" stands {times:,} times among {filled:,} answers, and the codebook does not say what it means',
        where=f"{file.path}, column {item.column}",
        remedy=f"Name it under missing, such as missing = {{ dont_know = [{found}] }}, or say what it means in the "
        "item's answers",
    )


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
