"""Local organisations and sites: name, kind, place and languages, with contacts kept apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from hearback.importers import point_tables, vector
from hearback.importers.language_names import spoken
from hearback.importers.nearest import listing
from hearback.importers.quality import EXAMPLES_SHOWN, Imported, QualityReport, RefusalTally
from hearback.sentence import Sentence

YES = frozenset({"yes", "y", "true", "x", "1"})
LONGEST_NAME = 300
NO = frozenset({"no", "n", "false", "0", "none"})


@dataclass(frozen=True, eq=False)
class Organizations:
    """Organisations in the file's order; all fields have the same length."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    languages: tuple[tuple[str, ...], ...]
    """BCP 47 tags of the languages one is served in; empty where the file does not say."""
    addresses: tuple[str, ...]
    longitude: NDArray[np.float64]
    """NaN where the file gives no place."""
    latitude: NDArray[np.float64]
    contacts: tuple[Mapping[str, str], ...] = field(repr=False)
    """Telephone, e-mail and the like, only where their columns were named; never published."""

    def __len__(self) -> int:
        return len(self.names)


def read(
    path: Path,
    *,
    name: str,
    kind: str | None = None,
    kind_column: str | None = None,
    kinds: Mapping[str, str] | None = None,
    languages: str | None = None,
    language_columns: Mapping[str, str] | None = None,
    address: str | None = None,
    contacts: Sequence[str] = (),
    longitude: str | None = None,
    latitude: str | None = None,
    layer: str | None = None,
    within: vector.Bounds | None = None,
) -> Imported[Organizations]:
    """Read organisations of one `kind`, or of the kinds that `kinds` gives to the words of `kind_column`.

    `name`, `languages` (free text) and `address` are columns; `language_columns` maps a language's tag to the
    column that says yes to it. A column that is not named is not read. Rows without a name, of no known kind or
    outside the world are refused by reason; rows without a place are kept.

    `longitude` and `latitude` are the columns of a table; without them the file is a vector file.

    Raises the refusals of `vector.read` or `point_tables.read`.
    """
    if (kind is None) == (kind_column is None):
        raise ValueError("give either kind or kind_column")
    asked = language_columns or {}
    optional = (kind_column, languages, address)
    columns = [name, *(column for column in optional if column), *asked.values(), *contacts]
    if longitude and latitude:
        features = point_tables.read(path, columns=columns, longitude=longitude, latitude=latitude, within=within)
    else:
        features = vector.read(path, columns=columns, layer=layer, within=within)
    known_kinds = {kind: kind} if kind else kinds or {}
    words = features.text(kind_column) if kind_column else [kind] * len(features)
    tally = RefusalTally()
    rows = _kept(features, tally, names=features.text(name), words=words, kinds=known_kinds)
    told, unheard = _languages(features, rows, text_column=languages, asked=asked)
    x, y, moved = _places(features.geometries[rows])
    table = Organizations(
        names=_column(features, rows, name),
        kinds=tuple(known_kinds[str(words[row])] for row in rows),
        languages=told,
        addresses=_column(features, rows, address),
        longitude=x,
        latitude=y,
        contacts=_contacts(features, rows, contacts),
    )
    return Imported(
        table=table,
        report=QualityReport(
            source=path.name,
            rows_read=len(features),
            rows_kept=len(table),
            refused=tally.groups(),
            notes=(*features.notes, *unheard, *moved, *_repeated(table)),
        ),
    )


def _kept(
    features: vector.Features,
    tally: RefusalTally,
    *,
    names: Sequence[str | None],
    words: Sequence[str | None],
    kinds: Mapping[str, str],
) -> list[int]:
    rows = []
    beyond = vector.outside_world(features.geometries)
    for row, (name, word) in enumerate(zip(names, words, strict=True)):
        where = f"row {features.row(row)}"
        if name is None:
            tally.refuse(Sentence("no name"), where)
        elif len(name) > LONGEST_NAME:
            reason = Sentence("a name of more than {most} characters", most=LONGEST_NAME)
            tally.refuse(reason, f"{where}: {name[:40]}…")
        elif word is None:
            tally.refuse(Sentence("no kind"), f"{where}: {name}")
        elif word not in kinds:
            tally.refuse(Sentence("the kind “{word}” is not among kinds", word=word), f"{where}: {name}")
        elif beyond[row]:
            tally.refuse(Sentence("a place outside the world"), f"{where}: {name}")
        else:
            rows.append(row)
    return rows


def _column(features: vector.Features, rows: Iterable[int], column: str | None) -> tuple[str, ...]:
    texts = features.text(column) if column else [None] * len(features)
    return tuple(texts[row] or "" for row in rows)


def _contacts(features: vector.Features, rows: list[int], columns: Sequence[str]) -> tuple[Mapping[str, str], ...]:
    by_column = {column: _column(features, rows, column) for column in columns}
    return tuple({column: texts[at] for column, texts in by_column.items() if texts[at]} for at in range(len(rows)))


def _languages(
    features: vector.Features, rows: list[int], *, text_column: str | None, asked: Mapping[str, str]
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """The languages of each row, and notes on what was said and not counted.

    The notes name rows, never their text: free text holds names of people.
    """
    told: list[dict[str, None]] = []
    silent, in_part, unclear = [], [], []
    for row, text in zip(rows, _column(features, rows, text_column), strict=True):
        heard = spoken(text)
        told.append(dict.fromkeys(heard.tags))
        if heard.in_part:
            in_part.append(features.row(row))
        elif text and not heard.tags:
            silent.append(features.row(row))
    for tag, column in asked.items():
        for row, languages, answer in zip(rows, told, _column(features, rows, column), strict=True):
            if answer.casefold() in YES or tag in spoken(answer).tags:
                languages[tag] = None
            elif answer and answer.casefold() not in NO:
                unclear.append(features.row(row))
    notes = (
        *_note(Sentence("Language text in which no language was recognised: {count} (rows {rows})."), silent),
        *_note(
            Sentence("Languages offered only in part, in writing or elsewhere, not counted: {count} (rows {rows})."),
            in_part,
        ),
        *_note(
            Sentence("Answers about a language that are neither yes nor no, not counted: {count} (rows {rows})."),
            unclear,
        ),
    )
    return tuple(tuple(languages) for languages in told), notes


def _note(template: str, rows: Sequence[int]) -> tuple[str, ...]:
    where = listing([str(row) for row in dict.fromkeys(rows)], shown=EXAMPLES_SHOWN)
    return (Sentence(template, count=len(rows), rows=where),) if rows else ()


def _places(
    geometries: NDArray[np.object_],
) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[str, ...]]:
    """Longitude and latitude of each geometry; a shape is placed inside itself, 0° 0° is no place."""
    points = shapely.point_on_surface(shapely.make_valid(geometries))
    longitude, latitude = shapely.get_x(points), shapely.get_y(points)
    nowhere = (longitude == 0) & (latitude == 0)
    longitude[nowhere], latitude[nowhere] = np.nan, np.nan
    placeless = int(np.isnan(longitude).sum())
    shapes = int(np.isin(shapely.get_type_id(geometries), (-1, int(shapely.GeometryType.POINT)), invert=True).sum())
    notes = (
        *((Sentence("Without a place on the map: {count}.", count=placeless),) if placeless else ()),
        *((Sentence("Drawn as a shape, placed at a point inside it: {count}.", count=shapes),) if shapes else ()),
    )
    return longitude, latitude, notes


def _repeated(table: Organizations) -> tuple[str, ...]:
    entries = Counter(zip(table.names, table.longitude.tolist(), table.latitude.tolist(), strict=True))
    again = entries.total() - len(entries)
    return (Sentence("Rows that repeat a name at the same place, kept: {count}.", count=again),) if again else ()
