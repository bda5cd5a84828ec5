"""CDC's published index files as columns: what tests of the need index read, without the importers."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from places import SHARED


def text_columns(name: str) -> dict[str, list[str]]:
    """Every column of a file in the folder of the Social Vulnerability Index, as written."""
    path: Path = SHARED / "data" / "svi" / name
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {key: [row[key] for row in rows] for key in rows[0]}


def number_columns(name: str) -> dict[str, NDArray[np.float64]]:
    """The columns that hold nothing but numbers, -999 left as it is."""
    columns = {}
    for key, words in text_columns(name).items():
        try:
            columns[key] = np.array([float(word) for word in words])
        except ValueError:
            continue
    return columns
