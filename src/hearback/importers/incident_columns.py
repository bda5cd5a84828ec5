"""The layouts of incident files: which columns they have, and what a block of their rows becomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from hearback.importers import times
from hearback.importers.delimited import Block, FloatArray, numbers
from hearback.importers.quality import RefusalTally
from hearback.importers.times import TimeColumns, Times
from hearback.importers.vector import INHABITED, Bounds
from hearback.refusal import Refusal
from hearback.sentence import Sentence

Mask = NDArray[np.bool_]

NO_WORD, LEFT_OUT, UNKNOWN = -1, -2, -3
"""Codes of rows whose word is blank, is not wanted, or has no category."""

NO_DATE = Sentence("no date that can be read")
IMPOSSIBLE_YEAR = Sentence("impossible year")
NO_COUNT = Sentence("a count that is missing, no whole number or too large to be true")

NOT_DEGREES = 1000.0
"""Longitudes and latitudes stay far below this, and projected coordinates of a city far above."""


LARGEST_COUNT = 1_000_000_000
"""More incidents than any area has in a year."""


class Misplaced(Refusal):
    """Points whose longitude and latitude are swapped, or which are not in degrees."""


@dataclass(frozen=True)
class Incidents:
    """Incidents of one chunk: degrees, year, month (0 where not known), and `category` as place in `categories`."""

    longitude: FloatArray
    latitude: FloatArray
    year: NDArray[np.int16]
    month: NDArray[np.int8]
    category: NDArray[np.int16]
    categories: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.year)


@dataclass(frozen=True)
class AreaCounts:
    """Counts of one chunk: the area's key and how many; the rest as in `Incidents`."""

    area: NDArray[np.object_]
    count: NDArray[np.int64]
    year: NDArray[np.int16]
    month: NDArray[np.int8]
    category: NDArray[np.int16]
    categories: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.year)


@dataclass(frozen=True)
class Known:
    """What is known before the first row: `words` gives each of the file's words its code in `categories`."""

    path: Path
    words: Mapping[str, int]
    categories: tuple[str, ...]
    latest_year: int
    within: Bounds | None


@dataclass
class Account:
    """What is counted while the file is read."""

    tally: RefusalTally = field(default_factory=RefusalTally)
    rows_read: int = 0
    rows_kept: int = 0
    words: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    points: int = 0
    projected: int = 0
    swapped: int = 0


Chunk = TypeVar("Chunk", covariant=True)


class Layout(Protocol[Chunk]):
    """One way to write incidents down."""

    def names(self, words: Iterable[str]) -> tuple[str, ...]:
        """The columns that are read; `words` are the file's own words for categories."""

    def chunk(self, block: Block, known: Known, account: Account) -> Chunk:
        """The rows of the block that can be used; the others are refused in the account."""


@dataclass(frozen=True)
class PointColumns:
    """One row per incident, with its place in degrees."""

    longitude: str
    latitude: str
    category: str
    time: TimeColumns

    def names(self, words: Iterable[str]) -> tuple[str, ...]:
        """All columns that are read; the words stand in one of them."""
        return (self.longitude, self.latitude, self.category, *self.time.names())

    def chunk(self, block: Block, known: Known, account: Account) -> Incidents:
        """The incidents of the block. Raises `Misplaced` when most points so far are wrong in the same way."""
        code = _codes(block.columns[self.category], known, account)
        time = times.read(block, self.time, latest_year=known.latest_year)
        longitude, latitude = numbers(block.columns[self.longitude]), numbers(block.columns[self.latitude])
        _refuse_misplaced(block, known, account, columns=self, longitude=longitude, latitude=latitude)
        place = (self.longitude, self.latitude)
        faults = (
            *_word_faults(code, self.category),
            *_time_faults(time, self.time),
            _Fault(Sentence("coordinates missing or no numbers"), np.isnan(longitude) | np.isnan(latitude), place),
            _Fault(Sentence("coordinates (0, 0)"), (longitude == 0) & (latitude == 0), place),
            _Fault(Sentence("coordinates outside the world"), (abs(longitude) > 180) | (abs(latitude) > 90), place),
        )
        keep = _kept(block, account, faults)
        return Incidents(
            longitude=longitude[keep],
            latitude=latitude[keep],
            year=time.year[keep],
            month=time.month[keep],
            category=code[keep],
            categories=known.categories,
        )


@dataclass(frozen=True)
class CountColumns:
    """One row per area, time and category, with the number of incidents."""

    area: str
    category: str
    count: str
    time: TimeColumns

    def names(self, words: Iterable[str]) -> tuple[str, ...]:
        """All columns that are read; the words stand in one of them."""
        return (self.area, self.category, self.count, *self.time.names())

    def chunk(self, block: Block, known: Known, account: Account) -> AreaCounts:
        """The counts of the block, one per row that is kept."""
        code = _codes(block.columns[self.category], known, account)
        time = times.read(block, self.time, latest_year=known.latest_year)
        area = np.array([text.strip() for text in block.columns[self.area]], dtype=np.object_)
        count = numbers(block.columns[self.count])
        faults = (
            *_word_faults(code, self.category),
            *_time_faults(time, self.time),
            *_count_faults(area, count[:, None], area_column=self.area, count_columns=(self.count,)),
        )
        keep = _kept(block, account, faults)
        return AreaCounts(
            area=area[keep],
            count=count[keep].astype(np.int64),
            year=time.year[keep],
            month=time.month[keep],
            category=code[keep],
            categories=known.categories,
        )


@dataclass(frozen=True)
class WideCountColumns:
    """One row per area and time, with a column of numbers for each of the file's words for categories."""

    area: str
    time: TimeColumns

    def names(self, words: Iterable[str]) -> tuple[str, ...]:
        """All columns that are read; the words are columns themselves."""
        return (self.area, *self.time.names(), *words)

    def chunk(self, block: Block, known: Known, account: Account) -> AreaCounts:
        """The counts of the block, one per word for each row that is kept."""
        wanted = {word: code for word, code in known.words.items() if code >= 0}
        time = times.read(block, self.time, latest_year=known.latest_year)
        area = np.array([text.strip() for text in block.columns[self.area]], dtype=np.object_)
        count = np.column_stack([numbers(block.columns[word]) for word in wanted])
        faults = (
            *_time_faults(time, self.time),
            *_count_faults(area, count, area_column=self.area, count_columns=tuple(wanted)),
        )
        keep = _kept(block, account, faults)
        return AreaCounts(
            area=area[keep].repeat(len(wanted)),
            count=count[keep].astype(np.int64).ravel(),
            year=time.year[keep].repeat(len(wanted)),
            month=time.month[keep].repeat(len(wanted)),
            category=np.tile(np.array(list(wanted.values()), dtype=np.int16), int(keep.sum())),
            categories=known.categories,
        )


@dataclass(frozen=True)
class _Fault:
    """A reason to refuse rows, the rows, and the columns that show it."""

    reason: str
    rows: Mask
    columns: tuple[str, ...]


def _codes(words: Sequence[str], known: Known, account: Account) -> NDArray[np.int16]:
    """The code of each row's word, counting the words and those that are unknown."""
    stripped = [word.strip() for word in words]
    codes = {"": NO_WORD, **known.words}
    found = np.fromiter((codes.get(word, UNKNOWN) for word in stripped), dtype=np.int16, count=len(stripped))
    account.words.update(stripped)
    account.unknown.update(stripped[at] for at in np.flatnonzero(found == UNKNOWN).tolist())
    return found


def _word_faults(code: NDArray[np.int16], column: str) -> tuple[_Fault, ...]:
    return (
        _Fault(Sentence("no category"), code == NO_WORD, (column,)),
        _Fault(Sentence("left out by the city's description"), code == LEFT_OUT, (column,)),
    )


def _time_faults(time: Times, columns: TimeColumns) -> tuple[_Fault, ...]:
    return (
        _Fault(NO_DATE, time.unreadable, columns.names()),
        _Fault(IMPOSSIBLE_YEAR, time.impossible, columns.names()),
    )


def _count_faults(
    area: NDArray[np.object_], count: FloatArray, *, area_column: str, count_columns: tuple[str, ...]
) -> tuple[_Fault, ...]:
    unsound = ~((count >= 0) & (count <= LARGEST_COUNT) & (count % 1 == 0)).all(axis=1)
    return (
        _Fault(Sentence("no area"), area == "", (area_column,)),
        _Fault(NO_COUNT, unsound, count_columns),
    )


def _kept(block: Block, account: Account, faults: tuple[_Fault, ...]) -> Mask:
    """The rows without a fault; each other row is refused for the first fault that it has."""
    keep = np.ones(len(block.rows), dtype=np.bool_)
    for fault in faults:
        for at in np.flatnonzero(keep & fault.rows).tolist():
            shown = ", ".join(block.columns[name][at] for name in fault.columns)
            account.tally.refuse(fault.reason, f"row {block.rows[at]}: {shown}")
        keep &= ~fault.rows
    account.rows_kept += int(keep.sum())
    return keep


def _refuse_misplaced(
    block: Block,
    known: Known,
    account: Account,
    *,
    columns: PointColumns,
    longitude: FloatArray,
    latitude: FloatArray,
) -> None:
    placed = ~np.isnan(longitude + latitude) & ((longitude != 0) | (latitude != 0))
    projected = placed & (np.maximum(abs(longitude), abs(latitude)) > NOT_DEGREES)
    swapped = ~_plausible(longitude, latitude, known.within) & _plausible(latitude, longitude, known.within)
    account.points += int(placed.sum())
    account.projected += int(projected.sum())
    account.swapped += int(swapped.sum())
    if 2 * account.projected > account.points:
        rows, problem = projected, "the coordinates are metres or feet of a projection, not degrees"
        remedy = "Export the points as longitude and latitude (WGS84, EPSG:4326)"
    elif 2 * account.swapped > account.points:
        rows, problem = swapped, "longitude and latitude are swapped"
        remedy = f'Write longitude = "{columns.latitude}" and latitude = "{columns.longitude}"'
    else:
        return
    at = int(np.flatnonzero(rows)[0])
    raise Misplaced(
        f"{problem}: longitude would be {longitude[at]:.10g} and latitude {latitude[at]:.10g}",
        where=f"{known.path}, row {block.rows[at]}",
        remedy=remedy,
    )


def _plausible(longitude: FloatArray, latitude: FloatArray, within: Bounds | None) -> Mask:
    west, south, east, north = within or (-180.0, INHABITED[0], 180.0, INHABITED[1])
    inside = (longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)
    return np.asarray(inside, dtype=np.bool_)
