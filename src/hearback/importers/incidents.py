"""Reads incidents, as points or already counted by area, in bounded memory and with each refused row accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Generic, TypeVar

from hearback.importers import delimited, nibrs
from hearback.importers.incident_columns import IMPOSSIBLE_YEAR, LEFT_OUT, NO_COUNT, NO_DATE, Account, Known, Layout
from hearback.importers.quality import QualityReport, RefusedRows
from hearback.importers.vector import Bounds
from hearback.refusal import Refusal
from hearback.sentence import Sentence

NOT_WANTED = "left-out"
"""What the city's description maps a word to whose rows it does not want, such as "Non-criminal"."""

WRONG_TOLERANCE = 0.02
"""Share of rows whose time or count may be wrong; more of them mean a wrong column or another way to write."""

WORDS_SHOWN = 10

Chunk = TypeVar("Chunk")


class UnknownWords(Refusal):
    """Words of the file that the city's description maps to no category."""


class WrongTimes(Refusal):
    """Too many rows without a date that can be true."""


class WrongCounts(Refusal):
    """Too many rows without a count that can be true."""


class NothingKept(Refusal):
    """A file of which no row can be used."""


class IncidentReader(Generic[Chunk]):
    """A file of incidents, read chunk by chunk as often as wanted; the report stands after a whole reading."""

    def __init__(self, known: Known, layout: Layout[Chunk], *, size_limit: int) -> None:
        self._known, self._layout, self._size_limit = known, layout, size_limit
        self._columns = layout.names(word for word, code in known.words.items() if code != LEFT_OUT)
        self._report: QualityReport | None = None
        header = delimited.header(known.path, size_limit=size_limit)
        delimited.check_columns(known.path, wanted=self._columns, present=header)

    @property
    def categories(self) -> tuple[str, ...]:
        """The ids of the categories, in the order of their codes in the chunks."""
        return self._known.categories

    def chunks(self) -> Iterator[Chunk]:
        """The rows that are kept, some at a time.

        Raises `Misplaced`, `UnknownWords`, `WrongTimes`, `WrongCounts` or `NothingKept`, all but the first after the
        last row: until then, nothing that was made from the chunks may be shown.
        """
        known, account = self._known, Account()
        for block in delimited.blocks(known.path, columns=self._columns, size_limit=self._size_limit):
            account.rows_read += len(block.rows)
            chunk = self._layout.chunk(block, known, account)
            if not account.unknown:
                yield chunk
        _refuse_unknown_words(known, account)
        _refuse_wrong_times(known, account)
        _refuse_wrong_counts(known, account)
        if not account.rows_kept:
            raise NothingKept(
                f"none of {account.rows_read} rows can be used ({_reasons(account.tally.groups())})",
                where=str(known.path),
                remedy="Check which columns the city's description names",
            )
        self._report = QualityReport(
            source=known.path.name,
            rows_read=account.rows_read,
            rows_kept=account.rows_kept,
            refused=account.tally.groups(),
            notes=_notes(known, account),
        )

    def report(self) -> QualityReport:
        """What was read, kept and refused; ValueError before `chunks` has come to its end."""
        if self._report is None:
            raise ValueError("the report stands only after all chunks have been read")
        return self._report


def read(
    path: Path,
    *,
    layout: Layout[Chunk],
    categories: Mapping[str, str],
    latest_year: int,
    within: Bounds | None = None,
    size_limit: int = delimited.SIZE_LIMIT,
) -> IncidentReader[Chunk]:
    """Open a file of incidents; what its header and the mapping tell is refused here, the rest while reading.

    `layout` is a PointColumns, CountColumns or WideCountColumns. `categories` maps the file's words to ids
    of nibrs.toml, or to `left-out`. `latest_year` is the last year that can be true. `within` is a box
    around the city, where one is known: it tells swapped coordinates where both readings are possible.
    """
    targets = dict.fromkeys(target for target in categories.values() if target != NOT_WANTED)
    if not targets:
        raise UnknownWords(
            "no category is named", where=str(path), remedy="Map each word of the file to a category, in categories"
        )
    ids = tuple(nibrs.category(target, where=f"categories of {path}").id for target in targets)
    words = {word: LEFT_OUT if target == NOT_WANTED else ids.index(target) for word, target in categories.items()}
    known = Known(path=path, words=words, categories=ids, latest_year=latest_year, within=within)
    return IncidentReader(known, layout, size_limit=size_limit)


def _refuse_unknown_words(known: Known, account: Account) -> None:
    if not account.unknown:
        return
    most = account.unknown.most_common(WORDS_SHOWN)
    rest = len(account.unknown) - len(most)
    shown = ", ".join(f'"{word}" ({rows:,} rows)' for word, rows in most) + (f" and {rest} more" if rest else "")
    lines = "; ".join(f'"{word}" = "{nibrs.nearest(word) or "…"}"' for word, _ in most)
    raise UnknownWords(
        f"there is no category for {shown}",
        where=str(known.path),
        remedy=f"Add a line for each word to the file's categories (or say {NOT_WANTED!r}): {lines}",
    )


def _refuse_wrong_times(known: Known, account: Account) -> None:
    wrong, rows = _wrong(account, NO_DATE, IMPOSSIBLE_YEAR)
    if rows:
        raise WrongTimes(
            f"{rows:,} of {account.rows_read:,} rows have no time that can be true ({_reasons(wrong)})",
            where=str(known.path),
            remedy=(
                f"Correct the years (1900 to {known.latest_year}) and write dates as 2015-03-07 or 03/07/2015, "
                "month first"
            ),
        )


def _refuse_wrong_counts(known: Known, account: Account) -> None:
    wrong, rows = _wrong(account, NO_COUNT)
    if rows:
        raise WrongCounts(
            f"{rows:,} of {account.rows_read:,} rows have no count that can be true ({_reasons(wrong)})",
            where=str(known.path),
            remedy="Write whole numbers from 0, and 0 where nothing was reported",
        )


def _wrong(account: Account, *reasons: str) -> tuple[tuple[RefusedRows, ...], int]:
    """The rows refused for these reasons, and how many; 0 where they are few enough to do without."""
    wrong = tuple(group for group in account.tally.groups() if group.reason in reasons)
    rows = sum(group.rows for group in wrong)
    return wrong, rows if rows > WRONG_TOLERANCE * account.rows_read else 0


def _reasons(groups: tuple[RefusedRows, ...]) -> str:
    return "; ".join(f"{group.reason}, as in {group.examples[0]}" for group in groups)


def _notes(known: Known, account: Account) -> tuple[str, ...]:
    return tuple(
        Sentence(
            '"{word}" is read as {category}: {rows} rows',
            word=word,
            category=known.categories[code],
            rows=account.words[word],
        )
        for word, code in known.words.items()
        if code >= 0 and account.words[word]
    )
