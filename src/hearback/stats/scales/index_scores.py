"""Index scores: the mean of a respondent's answers, from those who answered enough."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.stats.scales.answers import Floats, UnusableItems, as_items


@dataclass(frozen=True)
class IndexScores:
    """Scores (n,), NaN for who answered too few items; items answered (n,); the scale's ends; and the statement
    that belongs beside every number made of them."""

    scores: Floats
    answered: NDArray[np.int64]
    low: float
    high: float
    statement: str


def index_scores(
    answers: ArrayLike,
    *,
    low: float,
    high: float,
    reversed_items: Collection[int] = (),
    least_answered: float = 0.5,
    to_0_100: bool = False,
) -> IndexScores:
    """Means of the items (n, p) that a respondent answered, NaN for none, if they are the least share or more.

    `low` and `high` are the lowest and highest answer an item allows; reversed items (places from 0) are turned
    round between them. Rescaled only when asked: then `low` is 0 and `high` is 100.

    Errors: `UnusableItems`, also for an answer beyond the ends: most often a missing code left in.
    """
    items = as_items(answers, fewest_items=1).copy()
    _refuse_outside(items, low, high)
    if not 0 < least_answered <= 1:
        raise UnusableItems(f"{least_answered:g} is no share of items", remedy="Give one above 0 and up to 1")
    turned = sorted(reversed_items)
    items[:, turned] = low + high - items[:, turned]
    answered = np.count_nonzero(~np.isnan(items), axis=1)
    enough = answered >= np.ceil(least_answered * items.shape[1] - 1e-9)
    scores = np.full(len(items), np.nan)
    scores[enough] = np.nansum(items[enough], axis=1) / answered[enough]
    statement = _statement(items.shape[1], len(turned), low, high, least_answered)
    if not to_0_100:
        return IndexScores(scores, answered, low, high, statement)
    rescaled = 100 * (scores - low) / (high - low)
    return IndexScores(rescaled, answered, 0, 100, f"{statement}; rescaled so that {low:g} is 0 and {high:g} is 100")


def _refuse_outside(items: Floats, low: float, high: float) -> None:
    if not low < high:
        raise UnusableItems("The lowest answer is not below the highest")
    outside = (items < low) | (items > high)
    if outside.any():
        row, item = np.argwhere(outside)[0]
        raise UnusableItems(
            f"{items[row, item]:g} is no answer between {low:g} and {high:g}",
            where=f"item {item + 1}, row {row + 1}",
            remedy="If it is a code for “don't know” or “refused”, name it as missing",
        )


def _statement(p: int, turned: int, low: float, high: float, least: float) -> str:
    reverse = f", {turned} of them reversed" if turned else ""
    return f"Mean of {p} items from {low:g} to {high:g}{reverse}; at least {least:.0%} of them answered"
