"""What an agency promises for each kind of concern, as its description says it, or as is usual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from hearback.importers import toml_records
from hearback.importers.toml_records import Place

MOST_WORKING_DAYS = 260
"""A year of them: what comes later is no promise."""
QUESTION_AFTER, TO_ANSWER_IT = 28, 28
"""Days after an answer until the resident is asked whether it helped, and days to say so or to open it again."""
MOST_DAYS_KEPT = 36_500


@dataclass(frozen=True)
class Promise:
    """The working days until the first answer and until the end, and the days that a concern is kept after the last
    thing that happened to it."""

    answer: int
    resolution: int
    keep_days: int


USUAL: Mapping[str, Promise] = {
    "concern": Promise(answer=3, resolution=15, keep_days=730),
    "idea": Promise(answer=5, resolution=20, keep_days=365),
    "thanks": Promise(answer=5, resolution=5, keep_days=180),
    "question": Promise(answer=2, resolution=5, keep_days=365),
    "complaint": Promise(answer=2, resolution=30, keep_days=1825),
}
"""What holds where a description says nothing, in the order of the form."""


def promises(tables: Any, whole: Place) -> dict[str, Promise]:
    """The tables under [promises], each completed with what is usual for its kind; kinds without a table too."""
    toml_records.refuse_unknown(tables, USUAL, place=whole.at("[promises]"))
    return {
        kind: _promise(tables[kind], usual, whole.at(f"[promises.{kind}]")) if kind in tables else usual
        for kind, usual in USUAL.items()
    }


def _promise(table: Any, usual: Promise, place: Place) -> Promise:
    toml_records.refuse_unknown(table, asdict(usual), place=place)
    promise = toml_records.fill(Promise, asdict(usual) | table, place=place)
    _refuse_outside(promise.answer, "working days", 1, MOST_WORKING_DAYS, place.at("answer"))
    _refuse_outside(promise.resolution, "working days", 1, MOST_WORKING_DAYS, place.at("resolution"))
    _refuse_outside(promise.keep_days, "days", 1, MOST_DAYS_KEPT, place.at("keep_days"))
    if promise.resolution < promise.answer:
        raise place.refusal(
            f"the end is promised after {promise.resolution} working days, before the answer after {promise.answer}",
            f"Write resolution = {promise.answer} or more, or an earlier answer",
        )
    least = max(QUESTION_AFTER + TO_ANSWER_IT, 2 * promise.resolution)
    if promise.keep_days < least:
        raise place.at("keep_days").refusal(
            f"{promise.keep_days} days are too few: four weeks after its answer the resident is asked whether it helped"
            f" and may open it again, and its end is promised after {promise.resolution} working days",
            f"Write {least} or more",
        )
    return promise


def _refuse_outside(days: int, unit: str, least: int, most: int, place: Place) -> None:
    if not least <= days <= most:
        raise place.refusal(
            f"{str(days)[:40]} is no number of {unit} to promise", f"Write a number from {least} to {most}"
        )
