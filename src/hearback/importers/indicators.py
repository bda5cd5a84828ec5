"""Reads indicators of areas, with their margins of error, from tables and from the attributes of vector files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyogrio
from numpy.typing import NDArray

from hearback.importers import delimited, joins
from hearback.importers.delimited import Block, FloatArray
from hearback.importers.quality import Imported, QualityReport, RefusalTally
from hearback.refusal import Refusal
from hearback.sentence import Sentence
from hearback.stats import margins
from hearback.stats.margins import Estimate

Layout = Literal["plain", "acs"]

TABLE_SUFFIXES = (".csv", ".tsv", ".txt")
MISSING_WORDS = ("NA", "N/A", "NaN", "NULL")
"""Always read as missing, in any case of letters; a blank is missing too."""

CENSUS_CODES = tuple(-111111111 * digit for digit in (1, 2, 3, 5, 6, 8, 9))
"""-666666666 and its like: what the Census Bureau writes where a number cannot be given; missing in any layout."""

CENSUS_WORDS = ("(X)", "-", "N", "*", "**", "***")
CONTROLLED = ("*****", "-555555555")
"""Margins of estimates that are fixed to the official count: they have no sampling error, so the margin is 0.

Source: US Census Bureau, ACS Accuracy of the Data: "a standard error of zero should be used".
"""

_OPEN_ENDED = re.compile(r"\d[+-]")


class IndicatorRefusal(Refusal):
    """A table of indicators without keys, or with a margin that cannot be one."""


@dataclass(frozen=True)
class ColumnSpec:
    """Which columns make an indicator; several columns under one name are added up.

    With a denominator, the indicator is a proportion (the numerator counts a part of the denominator) or a
    ratio (it does not). Margins are 90 % margins of error, in the order of their estimates.
    """

    estimate: str | tuple[str, ...]
    margin: str | tuple[str, ...] | None = None
    unit: str = ""
    denominator: str | tuple[str, ...] | None = None
    denominator_margin: str | tuple[str, ...] | None = None
    rule: Literal["proportion", "ratio"] = "proportion"
    percent: bool = False
    """The columns hold percent; the indicator is a share."""


@dataclass(frozen=True)
class IndicatorTable:
    """Areas' keys (n) and, by indicator, estimates and 90 % margins of error (n each, NaN where missing)."""

    keys: tuple[str, ...]
    estimates: Mapping[str, FloatArray]
    margins: Mapping[str, FloatArray]
    names: tuple[str, ...] = ()
    """The areas' names (n) as the table has them; empty where no column was named."""
    rows: tuple[int, ...] = ()
    """The file's rows (n); empty where the table is made of more than one file."""


def read(
    path: Path,
    *,
    key: str,
    columns: Mapping[str, ColumnSpec],
    layout: Layout = "plain",
    name: str | None = None,
    missing_codes: Iterable[str | float] = (),
    key_digits: int | None = None,
    size_limit: int = delimited.SIZE_LIMIT,
) -> Imported[IndicatorTable]:
    """One row per area from a CSV table or from the attributes of a GeoJSON, shapefile or GeoPackage.

    `columns` names each indicator. The layout `acs` is that of the Census Bureau's American Community Survey:
    a second header row, `GEO_ID` with its prefix, annotations in the place of numbers. `name` is the column with
    the areas' names, for the audit of a join. `missing_codes` are
    the file's own ways to write "missing". `key_digits` is the length of the keys where a spreadsheet may
    have taken leading zeros. Rows without a key are refused rows; whatever else cannot be trusted raises a
    `Refusal`.
    """
    _refuse_unpaired_margins(path, columns)
    wanted = list(dict.fromkeys([key, *(column for spec in columns.values() for column in _columns(spec))]))
    block = _block(path, [*wanted, *([name] if name else [])], size_limit=size_limit)
    notes: list[str] = []
    if layout == "acs":
        margin_columns = {column for spec in columns.values() for column in _margins(spec)}
        block, notes = _from_census(block, key=key, name=name, margin_columns=margin_columns)
        missing_codes = (*missing_codes, *CENSUS_WORDS)
    tally = RefusalTally()
    keyed = _with_key(block, key=key, tally=tally)
    if not len(keyed.rows):
        raise IndicatorRefusal(f"the column {key!r} is blank in all rows", where=str(path), remedy="Name another")
    found = joins.area_keys(keyed.columns[key], rows=keyed.rows, path=path, digits=key_digits)
    missing = (*missing_codes, *MISSING_WORDS, *CENSUS_CODES)
    cells = {
        column: delimited.measures(keyed, column, path=path, missing=missing) for column in wanted if column != key
    }
    _refuse_negative_margins(path, keyed, cells, columns)
    made = {indicator: _indicator(spec, cells) for indicator, spec in columns.items()}
    table = IndicatorTable(
        keys=found.keys,
        estimates={indicator: value.estimate for indicator, value in made.items()},
        margins={indicator: value.moe for indicator, value in made.items()},
        names=tuple(text.strip() for text in keyed.columns[name]) if name else (),
        rows=tuple(keyed.rows.tolist()),
    )
    report = QualityReport(
        source=path.name,
        rows_read=len(block.rows),
        rows_kept=len(keyed.rows),
        refused=tally.groups(),
        notes=(*notes, *found.notes, *_missing_notes(table)),
    )
    return Imported(table, report)


def _block(path: Path, wanted: list[str], *, size_limit: int) -> Block:
    if path.suffix.lower() in TABLE_SUFFIXES:
        return delimited.read(path, columns=wanted, size_limit=size_limit)
    delimited.check_file(path, size_limit=size_limit)
    try:
        present = [str(name) for name in pyogrio.read_info(path)["fields"]]
        delimited.check_columns(path, wanted=wanted, present=present)
        meta, _, _, values = pyogrio.raw.read(path, columns=wanted, read_geometry=False)
    except pyogrio.errors.DataSourceError as error:
        raise IndicatorRefusal(
            "this is neither a table nor a vector file that can be read",
            where=str(path),
            remedy="Export it as CSV, GeoJSON, shapefile or GeoPackage",
        ) from error
    texts = {str(name): [_text(v) for v in column] for name, column in zip(meta["fields"], values, strict=True)}
    return Block(rows=np.arange(1, len(texts[wanted[0]]) + 1, dtype=np.int64), columns=texts)


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _from_census(block: Block, *, key: str, name: str | None, margin_columns: set[str]) -> tuple[Block, list[str]]:
    """The table as plain numbers and bare keys, and notes on what was changed."""
    notes: list[str] = []
    if block.columns[key] and not any(letter.isdigit() for letter in block.columns[key][0]):
        block = _taken(block, np.arange(1, len(block.rows)))
        notes.append(Sentence("the second header row, with labels, was skipped"))
    open_ended = controlled = 0
    plain: dict[str, list[str]] = {}
    for column, texts in block.columns.items():
        stripped = [text.strip() for text in texts]
        if column == key:
            plain[column] = [text.rpartition("US")[2] for text in stripped]
            continue
        if column == name:
            plain[column] = stripped
            continue
        if column in margin_columns:
            controlled += sum(text in CONTROLLED for text in stripped)
            stripped = ["0" if text in CONTROLLED else text for text in stripped]
        open_ended += sum(bool(_OPEN_ENDED.fullmatch(text[-2:])) for text in stripped)
        plain[column] = [_census_number(text) for text in stripped]
    if controlled:
        notes.append(Sentence("estimates fixed to the official count, with a margin of 0: {count}", count=controlled))
    if open_ended:
        notes.append(Sentence("open-ended medians (250,000+) read as their bound: {count}", count=open_ended))
    return replace(block, columns=plain), notes


def _census_number(text: str) -> str:
    bare = text.removeprefix("±").removeprefix("+/-").replace(",", "").removesuffix("%")
    return bare[:-1] if _OPEN_ENDED.fullmatch(bare[-2:]) else bare


def _with_key(block: Block, *, key: str, tally: RefusalTally) -> Block:
    keyed = np.array([bool(text.strip()) for text in block.columns[key]], dtype=np.bool_)
    for row in block.rows[~keyed]:
        tally.refuse(Sentence("no key"), f"row {row}")
    return _taken(block, np.flatnonzero(keyed))


def _taken(block: Block, places: NDArray[np.intp]) -> Block:
    columns = {name: [texts[at] for at in places.tolist()] for name, texts in block.columns.items()}
    return Block(rows=block.rows[places], columns=columns)


def _indicator(spec: ColumnSpec, cells: Mapping[str, FloatArray]) -> Estimate:
    value = _sum(_several(spec.estimate), _several(spec.margin), cells)
    if spec.percent:
        value = Estimate(value.estimate / 100, value.moe / 100)
    if spec.denominator is None:
        return value
    whole = _sum(_several(spec.denominator), _several(spec.denominator_margin), cells)
    return margins.proportion(value, whole) if spec.rule == "proportion" else margins.ratio(value, whole)


def _sum(parts: tuple[str, ...], part_margins: tuple[str, ...], cells: Mapping[str, FloatArray]) -> Estimate:
    estimates = np.stack([cells[name] for name in parts])
    moe = np.stack([cells[name] for name in part_margins]) if part_margins else np.full(estimates.shape, np.nan)
    return margins.total(Estimate(estimates, moe)) if len(parts) > 1 else Estimate(estimates[0], moe[0])


def _refuse_unpaired_margins(path: Path, columns: Mapping[str, ColumnSpec]) -> None:
    for indicator, spec in columns.items():
        for estimates, with_margins in ((spec.estimate, spec.margin), (spec.denominator, spec.denominator_margin)):
            if with_margins is not None and len(_several(estimates)) != len(_several(with_margins)):
                raise IndicatorRefusal(
                    f"{len(_several(estimates))} columns of estimates are named with "
                    f"{len(_several(with_margins))} of margins",
                    where=f"indicator {indicator!r} of {path}",
                    remedy="Name one margin for each estimate, in the same order, or none",
                )


def _refuse_negative_margins(
    path: Path, block: Block, cells: Mapping[str, FloatArray], columns: Mapping[str, ColumnSpec]
) -> None:
    for name in (name for spec in columns.values() for name in _margins(spec)):
        below = np.flatnonzero(cells[name] < 0)
        if below.size:
            raise IndicatorRefusal(
                f"the margin of error {cells[name][below[0]]:g} in column {name!r} is below zero",
                where=f"{path}, row {block.rows[below[0]]}",
                remedy="If it means that the margin is missing, name it under missing",
            )


def _missing_notes(table: IndicatorTable) -> tuple[str, ...]:
    counts = {indicator: int(np.isnan(values).sum()) for indicator, values in table.estimates.items()}
    return tuple(
        Sentence(
            "{indicator}: {count} of {all} estimates are missing", indicator=indicator, count=count, all=len(table.keys)
        )
        for indicator, count in counts.items()
        if count
    )


def _columns(spec: ColumnSpec) -> tuple[str, ...]:
    return (*_several(spec.estimate), *_several(spec.denominator), *_margins(spec))


def _margins(spec: ColumnSpec) -> tuple[str, ...]:
    return (*_several(spec.margin), *_several(spec.denominator_margin))


def _several(names: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else names
