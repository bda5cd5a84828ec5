"""How surely areas are ranked by an index whose indicators carry margins of error, or by which indicators alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hearback.refusal import Refusal
from hearback.stats.index_definition import IndexDefinition
from hearback.stats.margins import moe_to_se
from hearback.stats.need_index import compute_index, index_inputs, known_values, percent_rank
from hearback.stats.rank_ranges import rank_ranges_from_draws
from hearback.stats.vector_shrinkage import plausible_truths

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FEWEST_DRAWS = 100
NUMBERS_AT_ONCE = 2_000_000


class UnusableMargins(Refusal):
    """Margins of error from which nothing can be drawn."""


@dataclass(frozen=True)
class IndexUncertainty:
    """The rank of each area (n,), 1 for most need, and how sure it is; NaN where an area has none.

    All ranges from `rank_low` to `rank_high` hold together with probability `level`. `p_top_tenth` is the probability
    that the area truly belongs to the tenth with most need: of all areas given 0.7, about 70 in 100 do. Both are
    NaN for an area whose margins are not all known.
    """

    rank: Floats
    rank_low: Floats
    rank_high: Floats
    p_top_tenth: Floats
    level: float
    draws: int


@dataclass(frozen=True)
class WeightSensitivity:
    """The rank of each area (n,), 1 for most need, and the best and worst it takes when any one indicator is left out.

    NaN where an area has no overall rank. This is no margin of error: it tells how far a rank hangs on one choice.
    """

    rank: Floats
    rank_low: Floats
    rank_high: Floats


def simulate_index(
    columns: Mapping[str, Floats],
    margins: Mapping[str, Floats],
    definition: IndexDefinition,
    *,
    draws: int,
    rng: np.random.Generator,
    level: float = 0.90,
) -> IndexUncertainty:
    """Carries 90 % margins (by the names in the definition) through the index to ranks.

    Each draw invents true values that may lie behind the table (`plausible_truths`) and another table that might
    have been published from them. The index of the true values says which areas are in the top tenth: ⌈n/10⌉ of n.
    How far the index of the invented table strays from that of its truth is the error of the published score, from
    which the joint ranges come (`rank_ranges_from_draws`). Drawing around the published values instead would add the
    noise twice and find differences where all areas are alike.

    An indicator without a margin column in the definition counts as exact; where none has one, nothing is ranged. An
    area of which a declared margin is missing is left without range, and the others' ranges allow that it may stand
    anywhere. Errors of different indicators are drawn independently, for margins say nothing of their covariance. If
    the errors of one area go together, ranges are too narrow and probabilities too sure: with a correlation of 0.2
    between all of them, "90 %" ranges held in 85 to 93 of 100 invented worlds, with 0.4 in fewer than 40, and in
    none where many areas were truly alike. Raises `UnusableMargins`.
    """
    if draws < FEWEST_DRAWS:
        raise UnusableMargins(f"{draws} draws are too few to tell a range", remedy=f"Take {FEWEST_DRAWS} or more")
    index = compute_index(columns, definition)
    scored = ~np.isnan(index.overall_sum)
    moe, complete = _margins(margins, definition, n=scored.size)
    ranged = scored & complete
    low, high, p_top_tenth = (np.full(scored.size, np.nan) for _ in range(3))
    if ranged.sum() > 1:
        values, _ = index_inputs(columns, definition)
        truth, error = _simulate(values[scored], moe_to_se(moe[scored]), definition, draws=draws, rng=rng)
        known = complete[scored]
        p_top_tenth[ranged] = _share_in_top_tenth(truth)[known]
        estimates = index.overall_sum[ranged]
        ranges = rank_ranges_from_draws(estimates, estimates + error[:, known], level=level, largest_first=True)
        low[ranged], high[ranged] = ranges.low, ranges.high + (scored.sum() - ranged.sum())
    return IndexUncertainty(_rank_largest_first(index.overall_sum), low, high, p_top_tenth, level=level, draws=draws)


def weight_sensitivity(columns: Mapping[str, Floats], definition: IndexDefinition) -> WeightSensitivity:
    """Ranks by all indicators and by all but one, each in turn; a single indicator is never left out."""
    index = compute_index(columns, definition)
    without = (index.overall_sum[:, None] - index.percentile_ranks).round(definition.decimals)
    smaller = list(without.T) if len(definition.indicators) > 1 else []
    ranks = np.column_stack([_rank_largest_first(scores) for scores in [index.overall_sum, *smaller]])
    return WeightSensitivity(ranks[:, 0], ranks.min(axis=1), ranks.max(axis=1))


def _margins(margins: Mapping[str, Floats], definition: IndexDefinition, *, n: int) -> tuple[Floats, Bools]:
    """Margins (n, p), 0 where there is none, and the areas (n,) of which every declared margin is known."""
    moe = np.zeros((n, len(definition.indicators)))
    for j, indicator in enumerate(definition.indicators):
        if indicator.margin is not None:
            missing = np.full(n, np.nan)
            moe[:, j] = known_values(margins.get(indicator.margin, missing), definition)
    if (moe < 0).any():
        row, j = np.argwhere(moe < 0)[0]
        raise UnusableMargins(
            f"row {row + 1} has a margin of {moe[row, j]:g}, below zero",
            where=f"column {definition.indicators[j].margin}",
            remedy="Turn codes such as -555555555 (no sampling error) and -999 (missing) into 0 and blank first",
        )
    declared = any(indicator.margin for indicator in definition.indicators)
    complete: Bools = np.full(n, declared) & ~np.isnan(moe).any(axis=1)
    return np.nan_to_num(moe), complete


def _simulate(
    values: Floats, standard_errors: Floats, definition: IndexDefinition, *, draws: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Scores of true values that may lie behind the table (draws, n), and errors of what is published of them."""
    least, largest = np.transpose([indicator.possible for indicator in definition.indicators])
    truths = plausible_truths(values, standard_errors)
    at_once = max(1, NUMBERS_AT_ONCE // values.size)
    true_scores, errors = [], []
    for start in range(0, draws, at_once):
        true = truths.draw(draws=min(at_once, draws - start), rng=rng).clip(least, largest)
        published = (true + standard_errors * rng.standard_normal(true.shape)).clip(least, largest)
        true_scores.append(_scores(true, definition))
        errors.append(_scores(published, definition) - true_scores[-1])
    return np.concatenate(true_scores), np.concatenate(errors)


def _scores(tables: Floats, definition: IndexDefinition) -> Floats:
    """The unrounded index score of each area in each of the tables (r, n, p): (r, n)."""
    scores = np.zeros(tables.shape[:2])
    for j, indicator in enumerate(definition.indicators):
        ranks = np.array([percent_rank(column) for column in tables[:, :, j]])
        scores += 1 - ranks if indicator.need_is == "low" else ranks
    return scores


def _share_in_top_tenth(scores: Floats) -> Floats:
    n = scores.shape[1]
    first_in = n - -(-n // 10)
    threshold = np.partition(scores, first_in, axis=1)[:, [first_in]]
    share: Floats = (scores >= threshold).mean(axis=0)
    return share


def _rank_largest_first(scores: Floats) -> Floats:
    """1 for the largest; ties share the best rank, NaN stays NaN."""
    descending = np.sort(-scores[~np.isnan(scores)])
    return np.where(np.isnan(scores), np.nan, 1.0 + descending.searchsorted(-scores))
