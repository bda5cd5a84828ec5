"""An index of need by percentile ranks, digit for digit the CDC/ATSDR Social Vulnerability Index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hearback.refusal import Refusal
from hearback.stats.index_definition import IndexDefinition

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

UNPEOPLED = "population is zero or unknown"
"""Why an area without residents takes no part."""


class MissingColumns(Refusal):
    """The table lacks columns that the index is made of."""


@dataclass(frozen=True)
class IndexResult:
    """An index over n areas, p indicators and t themes; NaN where something is missing.

    `percentile_ranks` (n, p) run from 0, least need, to 1, as do `theme_ranks` (n, t) and `overall_rank` (n,), the
    ranks of `theme_sums` and `overall_sum`. `flags` (n, p) are 1 where an indicator reaches the definition's
    `flag_from`. `out` tells, by row, why an area has no overall rank.
    """

    definition: IndexDefinition
    percentile_ranks: Floats
    theme_sums: Floats
    theme_ranks: Floats
    overall_sum: Floats
    overall_rank: Floats
    flags: Floats
    out: Mapping[int, str]

    def as_columns(self) -> dict[str, Floats]:
        """Every number under CDC's column name, in CDC's order: EPL_…, SPL_THEME1, RPL_THEME1, …, F_…, F_TOTAL."""
        ranks, flags = {}, {}
        for k, (theme, where) in enumerate(zip(self.definition.themes, self.definition.theme_slices, strict=True)):
            for j, indicator in enumerate(theme.indicators, start=where.start):
                ranks[f"EPL_{indicator.id}"] = self.percentile_ranks[:, j]
                flags[f"F_{indicator.id}"] = self.flags[:, j]
            ranks[f"SPL_THEME{k + 1}"] = self.theme_sums[:, k]
            ranks[f"RPL_THEME{k + 1}"] = self.theme_ranks[:, k]
            flags[f"F_THEME{k + 1}"] = self.flags[:, where].sum(axis=1)
        overall = {"SPL_THEMES": self.overall_sum, "RPL_THEMES": self.overall_rank}
        return ranks | overall | flags | {"F_TOTAL": self.flags.sum(axis=1)}


def percent_rank(values: Floats) -> Floats:
    """The share of the other values (n,) that lie strictly below each: 0 for the smallest, ties share the lowest.

    NaN stays NaN and does not count; a value without others to compare with is NaN. Source: PERCENTRANK.INC, as
    CDC/ATSDR SVI documentation uses it.
    """
    known = ~np.isnan(values)
    compared = values[known]
    ranks = np.full(values.shape, np.nan)
    if compared.size > 1:
        order = compared.argsort()
        ordered = compared[order]
        below = np.empty(compared.size)
        below[order] = ordered.searchsorted(ordered)
        ranks[known] = below / (compared.size - 1)
    return ranks


def compute_index(columns: Mapping[str, Floats], definition: IndexDefinition) -> IndexResult:
    """The index of all areas whose `columns` (each (n,), by name) are given; other columns are ignored.

    Areas without population take no part at all. A missing value (NaN or the definition's code) leaves the area
    without that theme and without an overall rank, but its other indicators still count among all areas. Raises
    `MissingColumns`. Source: CDC/ATSDR SVI documentation 2018, 2020 and 2022.
    """
    values, populated = index_inputs(columns, definition)
    low = np.array([indicator.need_is == "low" for indicator in definition.indicators])
    ranks = _rank_columns(values)
    ranks = np.where(low, 1 - ranks, ranks).round(definition.decimals)
    themes = [ranks[:, where].sum(axis=1) for where in definition.theme_slices]
    # Sums of rounded ranks are rounded again: 0.1 + 0.2 and 0.3 must tie.
    theme_sums = np.column_stack(themes).round(definition.decimals)
    overall_sum = theme_sums.sum(axis=1).round(definition.decimals)
    return IndexResult(
        definition=definition,
        percentile_ranks=ranks,
        theme_sums=theme_sums,
        theme_ranks=_rank_columns(theme_sums).round(definition.decimals),
        overall_sum=overall_sum,
        overall_rank=percent_rank(overall_sum).round(definition.decimals),
        flags=np.where(np.isnan(ranks), np.nan, ranks >= definition.flag_from),
        out=_why_out(values, populated, definition),
    )


def index_inputs(columns: Mapping[str, Floats], definition: IndexDefinition) -> tuple[Floats, Bools]:
    """The indicators (n, p) with NaN for whatever is missing or not lived in, and which areas (n,) have people."""
    population = [definition.population] if definition.population else []
    needed = [indicator.column for indicator in definition.indicators]
    absent = [name for name in needed + population if name not in columns]
    if absent:
        raise MissingColumns(
            f"the table has no column {', '.join(absent)}, of which the index {definition.id} is made",
            remedy="Add it, or use the definition that fits the table",
        )
    values = np.column_stack([known_values(columns[name], definition) for name in needed])
    populated = np.ones(len(values), dtype=np.bool_)
    for name in population:
        populated = known_values(columns[name], definition) > 0
    return np.where(populated[:, None], values, np.nan), populated


def known_values(column: Floats, definition: IndexDefinition) -> Floats:
    """The column with NaN in place of the definition's code for missing values and of infinities."""
    known = np.isfinite(column) & (column != definition.missing)
    return np.where(known, column, np.nan)


def _rank_columns(table: Floats) -> Floats:
    return np.column_stack([percent_rank(column) for column in table.T])


def _why_out(values: Floats, populated: Bools, definition: IndexDefinition) -> dict[int, str]:
    names = np.array([indicator.id for indicator in definition.indicators])
    missing = np.isnan(values)
    return {
        int(row): f"{', '.join(names[missing[row]])} missing" if populated[row] else UNPEOPLED
        for row in np.flatnonzero(missing.any(axis=1))
    }
