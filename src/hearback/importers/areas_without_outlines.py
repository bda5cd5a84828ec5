"""Areas of which only keys and names are known, from a CSV file: drawn as equal squares, and said to be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from hearback.importers import delimited, joins
from hearback.importers.delimited import Block, FloatArray
from hearback.refusal import Refusal
from hearback.sentence import Sentence

APART, SIDE = 0.01, 0.009
"""Degrees: a kilometre or so, at the crossing of the equator and the meridian of Greenwich, where no city lies. The
squares do not touch: nobody knows who is whose neighbour, and a map shows at once that it is none."""
SCHEMATIC = Sentence("No outlines are known: areas are drawn as equal squares by key, and not where they lie.")


class NotPeople(Refusal):
    """A population that is no number of people."""


@dataclass(frozen=True, eq=False)
class PlainAreas:
    """The areas of a CSV file, in its order."""

    keys: tuple[str, ...]
    names: tuple[str, ...]
    squares: NDArray[np.object_]
    population: FloatArray | None
    notes: tuple[str, ...]


def read(
    path: Path, *, key: str, name: str | None = None, population: str | None = None, key_digits: int | None = None
) -> PlainAreas:
    """Read every area of the file. Raises DelimitedRefusal, KeyRefusal or NotPeople."""
    wanted = list(dict.fromkeys(column for column in (key, name, population) if column))
    block = delimited.read(path, columns=wanted)
    found = joins.area_keys(block.columns[key], rows=block.rows, path=path, digits=key_digits)
    written = block.columns[name] if name else found.keys
    return PlainAreas(
        keys=found.keys,
        names=tuple(text.strip() or own for text, own in zip(written, found.keys, strict=True)),
        squares=_squares(found.keys),
        population=None if population is None else _people(block, population, path),
        notes=(SCHEMATIC, *found.notes),
    )


def _squares(keys: tuple[str, ...]) -> NDArray[np.object_]:
    """One square per key, with gaps between, in rows from north to south, in the order of the keys."""
    width = math.ceil(math.sqrt(len(keys)))
    place_of = {key: place for place, key in enumerate(sorted(keys))}
    places = np.array([place_of[key] for key in keys])
    west, south = APART * (places % width), -APART * (places // width)
    return np.asarray(shapely.box(west, south, west + SIDE, south + SIDE), dtype=object)


def _people(block: Block, column: str, path: Path) -> FloatArray:
    people = delimited.measures(block, column, path=path)
    for at in np.flatnonzero((people < 0) | (people % 1 > 0)).tolist():
        raise NotPeople(
            f'"{block.columns[column][at]}" in column "{column}" is no number of people',
            where=f"{path}, row {block.rows[at]}",
            remedy="Correct it, or leave it blank",
        )
    return people
