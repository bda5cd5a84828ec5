"""Reads the inputs of a CDC/ATSDR Social Vulnerability Index file and leaves its published ranks aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hearback.importers import delimited, joins
from hearback.importers.delimited import FloatArray
from hearback.importers.quality import Imported, QualityReport
from hearback.refusal import Refusal
from hearback.sentence import Sentence

MISSING = -999
INPUT_PREFIXES = ("E_", "M_", "EP_", "MP_")
PUBLISHED_PREFIXES = ("EPL_", "SPL_", "RPL_", "F_")

_PEOPLE = ("UNEMP", "NOHSDP", "AGE65", "AGE17", "DISABL", "SNGPNT", "LIMENG", "MINRTY")
_HOMES = ("MUNIT", "MOBILE", "CROWD", "NOVEH", "GROUPQ")
VARIABLES: Mapping[str, tuple[str, ...]] = {
    "cdc-svi-2018": ("POV", "PCI", *_PEOPLE, *_HOMES),
    "cdc-svi-2020": ("POV150", "HBURD", "UNINSUR", *_PEOPLE, *_HOMES),
}
"""The variables that CDC ranks: 15 in the files of 2014 to 2018, 16 in those of 2020 and 2022."""


class SviRefusal(Refusal):
    """A file whose columns are not those of a CDC/ATSDR index that is known here, or a number that cannot be one."""


@dataclass(frozen=True)
class SviTable:
    """One row per county or tract, NaN where CDC writes -999.

    `inputs` holds the columns E_ (estimate), M_ (its 90 % margin of error), EP_ (percentage) and MP_
    (its margin) under CDC's own names. Places without residents are still in: the index leaves them out.
    """

    definition: str
    fips: tuple[str, ...]
    location: tuple[str, ...]
    rows: tuple[int, ...]
    inputs: Mapping[str, FloatArray]


def read(path: Path, *, size_limit: int = delimited.SIZE_LIMIT) -> Imported[SviTable]:
    """The inputs of the file and which definition they serve, told from its columns.

    Source: CDC/ATSDR SVI documentation 2018, 2020 and 2022, data dictionaries.
    """
    header = delimited.header(path, size_limit=size_limit)
    definition = _definition(path, header)
    names = [name for name in header if name.startswith(INPUT_PREFIXES)]
    required = [f"EP_{variable}" for variable in VARIABLES[definition]]
    delimited.check_columns(path, wanted=("LOCATION", "E_TOTPOP", *required), present=header)
    block = delimited.read(path, columns=("FIPS", "LOCATION", *names), size_limit=size_limit)
    digits = 5 if max(map(len, block.columns["FIPS"])) <= 5 else 11
    fips = joins.area_keys(block.columns["FIPS"], rows=block.rows, path=path, digits=digits)
    inputs = {name: delimited.measures(block, name, path=path, missing=(MISSING,)) for name in names}
    _refuse_negative(inputs, block, path=path)
    table = SviTable(
        definition=definition,
        fips=fips.keys,
        location=tuple(block.columns["LOCATION"]),
        rows=tuple(block.rows.tolist()),
        inputs=inputs,
    )
    rows = len(block.rows)
    notes = (*fips.notes, *_notes(header, inputs))
    return Imported(table, QualityReport(source=path.name, rows_read=rows, rows_kept=rows, notes=notes))


def _definition(path: Path, header: tuple[str, ...]) -> str:
    delimited.check_columns(path, wanted=("FIPS",), present=header)
    found = [name for name, variables in VARIABLES.items() if f"EP_{variables[0]}" in header]
    if len(found) != 1:
        raise SviRefusal(
            "the columns are those of neither the index of 2018 (EP_POV) nor of 2020 and 2022 (EP_POV150)",
            where=f"{path}, row 1",
            remedy="Take the CSV file of CDC's download page for 2014 or later",
        )
    return found[0]


def _refuse_negative(inputs: Mapping[str, FloatArray], block: delimited.Block, *, path: Path) -> None:
    for name, values in inputs.items():
        for at in np.flatnonzero(values < 0).tolist():
            raise SviRefusal(
                f"{values[at]:g} in column {name!r} is below zero",
                where=f"{path}, row {block.rows[at]}",
                remedy=f"Correct it; CDC writes {MISSING} where a number is missing",
            )


def _notes(header: tuple[str, ...], inputs: Mapping[str, FloatArray]) -> tuple[str, ...]:
    missing = sum(int(np.isnan(values).sum()) for values in inputs.values())
    published = sum(name.startswith(PUBLISHED_PREFIXES) for name in header)
    unpeopled = int((inputs["E_TOTPOP"] == 0).sum())
    return (
        Sentence("missing values (CDC writes {code}): {count}", code=str(MISSING), count=missing),
        Sentence("columns of published ranks and flags left aside: {count}", count=published),
        Sentence("places without residents: {count}", count=unpeopled),
    )
