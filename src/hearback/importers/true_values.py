"""Reads what is true of an invented city's survey, to stand beside the estimates; of a real city nobody has this."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hearback.importers import delimited
from hearback.importers.nearest import advice
from hearback.refusal import Refusal

COLUMNS = ("item", "statistic", "by", "group", "value")
STATISTICS = ("favourable", "mean")
AREA = "area"
"""Stands under `by` where `group` is the key of an area; nothing stands in both for everybody."""


class WrongTruth(Refusal):
    """A true value of something that its wave did not ask or does not know, that cannot be, or that stands twice."""


@dataclass(frozen=True)
class TrueValue:
    """The share of favourable answers (0 to 1), or the mean, among everybody or all people of one group or area."""

    item: str
    statistic: str
    by: str
    group: str
    value: float


def read(
    path: Path, *, items: Collection[str], groups: Mapping[str, Mapping[str, str]], areas: Collection[str]
) -> tuple[TrueValue, ...]:
    """Every row of a file with the columns of `COLUMNS`. Raises WrongTruth, or what `delimited` refuses.

    items: ids of items and scales. groups: by kind of group, from the words that may stand in the file to the names of
    groups. areas: keys.
    """
    block = delimited.read(path, columns=COLUMNS)
    values = delimited.numbers(block.columns["value"])
    known = {**groups, AREA: {key: key for key in areas}, "": {"": ""}}
    found: dict[tuple[str, str, str, str], TrueValue] = {}
    for at, value in enumerate(values.tolist()):
        item, statistic, by, group, written = (block.columns[name][at].strip() for name in COLUMNS)
        problem = next(_problems((item, statistic, by, group, written), value, items, known), None)
        what = (item, statistic, by, known.get(by, {}).get(group, group))
        if problem is None and what in found:
            problem = f"{', '.join(filter(None, what))} stands twice", "Keep one of the rows"
        if problem:
            raise WrongTruth(problem[0], where=f"{path}, row {block.rows[at]}", remedy=problem[1])
        found[what] = TrueValue(*what, value)
    return tuple(found.values())


def _problems(
    row: tuple[str, ...], value: float, items: Collection[str], known: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str]]:
    """What is wrong with a row, and what to write instead."""
    item, statistic, by, group, written = row
    if item not in items:
        yield f'there is no item and no scale "{item}"', advice(item, items)
    if statistic not in STATISTICS:
        yield f'"{statistic}" is no statistic', advice(statistic, STATISTICS)
    if by not in known:
        yield f'there is no kind of group "{by}"', advice(by, filter(None, known))
    elif group not in known[by] and not by:
        yield (
            f'nothing says what kind of group "{group}" is',
            "Leave group empty for everybody, or name its kind under by",
        )
    elif group not in known[by]:
        yield f'there is no {by} "{group}"', advice(group, known[by])
    if value != value or (statistic == "favourable" and not 0 <= value <= 1):
        yield f'"{written}" cannot be the true value', "Write a number; a share as 0.62"
