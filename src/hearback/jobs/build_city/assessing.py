"""The third step of a build: what follows from the tables, with its uncertainty; nothing is written yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hearback.evidence.counts import count_incidents, together
from hearback.evidence.incidents import area_column
from hearback.foundation.indicators.queries import IndicatorTable
from hearback.importers.city import NeedSource
from hearback.jobs.build_city.reading import Sources
from hearback.jobs.build_city.storing import Stored
from hearback.refusal import Refusal
from hearback.stats.index_definition import load_definition
from hearback.stats.need_index import MissingColumns
from hearback.understand.hotspots.queries import Pattern, find_patterns
from hearback.understand.need.queries import Need
from hearback.understand.need.queries import assess as assess_need

LARGEST_SEED = 2**62


class NoNeed(Refusal):
    """The index of need cannot be made of what the description brings."""


@dataclass(frozen=True)
class Findings:
    """Need where the description asks for it, and the patterns of incidents."""

    need: Need | None
    patterns: list[Pattern]


def assess(sources: Sources, stored: list[Stored], *, rng: np.random.Generator) -> Findings:
    """Compute need and patterns over the primary areas, in the order of their keys."""
    need = _need(sources.city.need, sources, seed=int(rng.integers(LARGEST_SEED))) if sources.city.need else None
    return Findings(need=need, patterns=_patterns(sources, stored, rng))


def _need(source: NeedSource, sources: Sources, *, seed: int) -> Need:
    keys, population = _areas(sources)
    try:
        return assess_need(
            _table(sources, keys),
            population,
            load_definition(source.definition),
            draws=source.draws,
            level=source.level,
            seed=seed,
        )
    except MissingColumns as refusal:
        raise NoNeed(
            f"no table of indicators brings what the index is made of ({refusal.problem})",
            where=f"{sources.city.file}, [need]",
            remedy='Add it (layout = "svi" brings all of a CDC/ATSDR file), or name another definition',
        ) from refusal
    except Refusal as refusal:
        place = ", ".join(filter(None, (str(sources.city.file), "[need]", refusal.where)))
        raise NoNeed(refusal.problem, where=place, remedy=refusal.remedy) from refusal


def _patterns(sources: Sources, stored: list[Stored], rng: np.random.Generator) -> list[Pattern]:
    primary = sources.primary
    stored = [one for one in stored if one.located_in(sources.city.primary)]
    if not stored:
        return []
    order = np.argsort(primary.keys)
    keys, population = _areas(sources)
    column = area_column(sources.city.primary.id)
    counts = together([count_incidents(one.dataset, area=column, by=("year", "category")) for one in stored])
    return list(find_patterns(counts, areas=keys, polygons=primary.geometries[order], population=population, rng=rng))


def _areas(sources: Sources) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Keys in order, and the population in that order (NaN where it is not known)."""
    primary = sources.primary
    order = np.argsort(primary.keys)
    unknown = np.full(len(order), np.nan)
    people = unknown if primary.population is None else np.asarray(primary.population, dtype=np.float64)[order]
    return tuple(primary.keys[i] for i in order), people


def _table(sources: Sources, keys: tuple[str, ...]) -> IndicatorTable:
    """Every indicator of the primary layer by area; a later source in the description wins over an earlier one."""
    estimates: dict[str, NDArray[np.float64]] = {}
    margins: dict[str, NDArray[np.float64]] = {}
    for source, found in sources.indicators:
        if source.areas != sources.city.primary.id:
            continue
        row_of = {key: row for row, key in enumerate(found.table.keys)}
        rows = np.array([row_of.get(key, -1) for key in keys])
        for indicator in found.table.estimates:
            estimates[indicator] = _taken(found.table.estimates[indicator], rows)
            margins[indicator] = _taken(found.table.margins[indicator], rows)
    return IndicatorTable(keys, estimates, margins)


def _taken(column: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(rows >= 0, column[rows], np.nan)
