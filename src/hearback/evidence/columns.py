"""Columns of a dataset: their types, one canonical form, and a fingerprint of what they say."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]

SQL_TYPES: Mapping[str, str] = {
    "text": "VARCHAR",
    "bool": "BOOLEAN",
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float32": "FLOAT",
    "float64": "DOUBLE",
}
"""The types a column can have, and what the engine calls them."""


@dataclass(frozen=True)
class ColumnRecord:
    """A column's name, its type (a key of SQL_TYPES) and the SHA-256 of its values in order."""

    name: str
    type: str
    sha256: str


def canonical(values: Column) -> Column:
    """A copy in the form that is stored: text as `str` objects, native bytes, one zero and one not-a-number.

    ValueError for a type that SQL_TYPES lacks. A float that is not a number stands for "missing".
    """
    if values.dtype.kind in "OU":
        return values.astype(object)
    if values.dtype.name not in SQL_TYPES:
        raise ValueError(f"a dataset cannot hold {values.dtype} columns, only {', '.join(SQL_TYPES)}")
    native = values.astype(values.dtype.newbyteorder("="))
    if native.dtype.kind == "f":
        native[native == 0] = 0
        native[np.isnan(native)] = np.nan
    return native


def type_name(values: Column) -> str:
    """The type of a canonical column, a key of SQL_TYPES."""
    return "text" if values.dtype.kind == "O" else values.dtype.name


class Fingerprint:
    """SHA-256 of each column's values, the same however the rows were cut into chunks, files or row groups."""

    def __init__(self) -> None:
        self._digests: dict[str, Any] = {}
        self._types: dict[str, str] = {}

    def add(self, name: str, values: Column) -> None:
        """Take in the next values of one column, in canonical form."""
        self._types[name] = type_name(values)
        self._digests.setdefault(name, hashlib.sha256()).update(_content(values))

    def records(self) -> tuple[ColumnRecord, ...]:
        """The columns, in the order in which they first came."""
        return tuple(
            ColumnRecord(name=name, type=self._types[name], sha256=digest.hexdigest())
            for name, digest in self._digests.items()
        )


def _content(values: Column) -> bytes:
    if values.dtype.kind != "O":
        return values.astype(values.dtype.newbyteorder("<")).tobytes()
    text = "\0".join([*values, ""])
    if text.count("\0") != len(values):
        raise ValueError("text in a dataset cannot hold the character NUL")
    return text.encode()
