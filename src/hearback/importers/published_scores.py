"""Reads scores that somebody published by area and year without sizes or errors, and keeps them apart from answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hearback.importers import delimited, joins, survey_files
from hearback.importers.answers import UnexplainedCode
from hearback.importers.codebook_parts import AreaColumn, Codebook, Item, code_of
from hearback.importers.quality import Imported, QualityReport
from hearback.importers.survey_files import SurveyFile
from hearback.refusal import Refusal
from hearback.sentence import Sentence

EVERYBODY = ""
"""The kind of group, and the group, of a score about all residents."""


class BadPeriod(Refusal):
    """A year that is none, or an area and year that stand twice."""


@dataclass(frozen=True, eq=False)
class Scores:
    """Published numbers, one entry each: nobody outside knows from how many answers, nor how surely."""

    codebook: Codebook
    area: NDArray[np.object_]
    year: NDArray[np.int16]
    item: NDArray[np.object_]
    kind_of_group: NDArray[np.object_]
    """"" for everybody."""
    group: NDArray[np.object_]
    score: NDArray[np.float64]

    @property
    def items(self) -> tuple[Item, ...]:
        """What the scores are about."""
        return self.codebook.items

    def __len__(self) -> int:
        return len(self.score)


def read(codebook: Codebook) -> Imported[Scores]:
    """Every score that the file holds; cells without one are counted. Raises UnexplainedCode or BadPeriod."""
    if codebook.kind != "scores" or codebook.area is None or codebook.period is None:
        raise ValueError(f"{codebook.path} describes no scores; read it with surveys")
    file = survey_files.read(codebook.file, header_lines=codebook.header_lines, sheet=codebook.sheet)
    columns = [entry for item in codebook.items for entry in _columns(item)]
    wanted = [codebook.area.column, codebook.period, *(column for *_, column in columns)]
    delimited.check_columns(file.path, wanted=wanted, present=tuple(file.columns))
    areas = _areas(file, codebook.area)
    years = _years(file, codebook.period, areas)
    parts = [(item, kind, group, _numbers(file, item, column)) for item, kind, group, column in columns]
    known = [~np.isnan(values) for *_, values in parts]
    table = Scores(
        codebook=codebook,
        area=np.concatenate([areas[held] for held in known]),
        year=np.concatenate([years[held] for held in known]),
        item=_repeated([item.id for item, *_ in parts], known),
        kind_of_group=_repeated([kind for _, kind, *_ in parts], known),
        group=_repeated([group for *_, group, _ in parts], known),
        score=np.concatenate([values[held] for (*_, values), held in zip(parts, known, strict=True)]),
    )
    without = sum(int((~held).sum()) for held in known)
    return Imported(
        table,
        QualityReport(
            source=file.path.name,
            rows_read=len(file.rows),
            rows_kept=len(file.rows),
            notes=(
                Sentence("scores read: {scores}; cells without one: {cells}", scores=len(table), cells=without),
                Sentence("The file says neither how many people answered nor how far a score may be off."),
            ),
        ),
    )


def _columns(item: Item) -> Iterator[tuple[Item, str, str, str]]:
    """Item, kind of group, group and column of every score."""
    yield item, EVERYBODY, EVERYBODY, item.column
    for kind, groups in item.by.items():
        for group, column in groups.items():
            yield item, kind, group, column


def _areas(file: SurveyFile, column: AreaColumn) -> NDArray[np.object_]:
    cells = [cell.strip() for cell in file.columns[column.column]]
    written = list(dict.fromkeys(cells))
    rows = np.array([file.rows[cells.index(cell)] for cell in written], dtype=np.int64)
    keys = joins.area_keys(written, rows=rows, path=file.path, digits=column.key_digits).keys
    key_of = dict(zip(written, keys, strict=True))
    return np.array([key_of[cell] for cell in cells], dtype=object)


def _years(file: SurveyFile, column: str, areas: NDArray[np.object_]) -> NDArray[np.int16]:
    years = delimited.numbers(file.columns[column])
    for at in np.flatnonzero(~((years >= 1900) & (years <= 2200) & (years % 1 == 0))).tolist():
        raise BadPeriod(f'"{file.columns[column][at]}" is no year', where=file.where(at), remedy="Write it as 2021")
    seen: set[tuple[str, float]] = set()
    for at, pair in enumerate(zip(areas.tolist(), years.tolist(), strict=True)):
        if pair in seen:
            raise BadPeriod(f"{pair[0]} stands twice for {pair[1]:g}", where=file.where(at), remedy="Keep one of them")
        seen.add(pair)
    return years.astype(np.int16)


def _numbers(file: SurveyFile, item: Item, column: str) -> NDArray[np.float64]:
    cells, reasons = file.columns[column], item.missing.reasons()
    values = delimited.numbers(cells)
    low, high = item.ends
    for at, cell in enumerate(cells):
        if code_of(cell) in reasons:
            values[at] = np.nan
        elif not low <= values[at] <= high:
            raise UnexplainedCode(
                f'"{cell}" in column "{column}" is no score from {low:g} to {high:g}',
                where=file.where(at),
                remedy="Correct it, or name it under missing",
            )
    return values


def _repeated(words: list[str], known: list[NDArray[np.bool_]]) -> NDArray[np.object_]:
    counts = [int(held.sum()) for held in known]
    return np.repeat(np.array(words, dtype=object), counts)
