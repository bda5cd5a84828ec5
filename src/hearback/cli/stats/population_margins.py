"""What is known of the population, as a design file says it: margins with their totals or shares, or a CSV of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hearback.cli import table_files
from hearback.cli.table_files import TableFile
from hearback.importers import toml_records
from hearback.importers.nearest import advice
from hearback.importers.toml_records import Place
from hearback.stats.design import Floats
from hearback.stats.weight.targets import Margin, UnusableMargin, margin

CROSSED = ":"
"""Between the columns of a crossed margin ("sex:age") and between the parts of its categories ("women:18-29")."""
SAME_SHARE = 1e-3


@dataclass(frozen=True)
class Margins:
    """What is known of the population: of each margin its categories with their totals, or their shares."""

    totals: Mapping[str, Mapping[str, float]]

    def columns(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """The columns of the data behind all margins."""
        return tuple(column for name in self.totals for column in _parts(name, header))

    def of(self, table: TableFile, *, merge: Mapping[str, Mapping[str, str]], people: float) -> tuple[Margin, ...]:
        """The margins with the category of every row; shares are taken of `people`."""
        _refuse_merges(merge, tuple(self.totals))
        found = []
        for name, totals in self.totals.items():
            columns = [table.labels(column).tolist() for column in _parts(name, tuple(table.columns))]
            labels = [CROSSED.join(row) if all(row) else "" for row in zip(*columns, strict=True)]
            one = margin(name, labels, totals=totals)
            for category, into in merge.get(name, {}).items():
                one = _merged(one, category, into)
            shares = _are_shares(name, one.totals)
            if not shares and one.totals.sum() < len(labels):
                raise UnusableMargin(
                    f"The totals add up to {one.totals.sum():g}, and there are {len(labels):,} respondents",
                    where=f"margin {name}",
                    remedy="Give numbers of people, or shares that add up to 1 instead of percent",
                )
            found.append(one.scaled_to(people) if shares else one)
        return tuple(found)


def read_margins(value: Any, place: Place) -> Margins:
    """`{variable = {category = total}}`, or the name of a table with columns variable, category and total."""
    if isinstance(value, str):
        return _margins_file(value, place)
    if not isinstance(value, dict) or not value:
        raise place.refusal(
            "margins are a table or the name of a CSV file", "Write: { sex = { women = 5100, men = 4900 } }"
        )
    return Margins({name: read_totals(totals, place.at(name)) for name, totals in value.items()})


def read_totals(value: Any, place: Place) -> dict[str, float]:
    """The totals of one margin by category, in the order in which neighbours stand."""
    if not isinstance(value, dict) or not value:
        raise place.refusal("the totals of a margin are a table", "Write: { women = 5100, men = 4900 }")
    for category, total in value.items():
        if isinstance(total, dict):
            raise place.at(category).refusal(
                "a table stands where a total should",
                'A column whose name has a dot stands in quotation marks: "sch.wide" = { … }',
            )
        if isinstance(total, bool) or not isinstance(total, int | float) or not abs(total) <= table_files.MEASURABLE:
            raise place.at(category).refusal(
                f"{str(total)[:40]} is no number of people", "Write digits without quotation marks"
            )
    return {category: float(total) for category, total in value.items()}


def _margins_file(value: str, place: Place) -> Margins:
    table = table_files.read(toml_records.file(value, place), ["variable", "category", "total"])
    totals = table.amounts("total")
    found: dict[str, dict[str, float]] = {}
    for at, (variable, category) in enumerate(zip(table.labels("variable"), table.labels("category"), strict=True)):
        of_variable = found.setdefault(str(variable), {})
        if not variable or not category or np.isnan(totals[at]) or category in of_variable:
            raise table_files.UnusableTable(
                "a variable, category or total is blank, or the category stands twice",
                where=table.where(at),
                remedy="Write one row per category, all three filled in",
            )
        of_variable[str(category)] = float(totals[at])
    return Margins(found)


def _parts(name: str, header: tuple[str, ...]) -> list[str]:
    return [name] if name in header else name.split(CROSSED)


def _are_shares(name: str, totals: Floats) -> bool:
    """Whether totals are shares; shares that do not add up to 1 are refused."""
    if (totals > 1).any():
        return False
    if abs(totals.sum() - 1) > SAME_SHARE:
        raise UnusableMargin(
            f"The shares add up to {totals.sum():g}",
            where=f"margin {name}",
            remedy="Let them add up to 1, or give numbers of people",
        )
    return True


def _refuse_merges(merge: Mapping[str, Mapping[str, str]], known: tuple[str, ...]) -> None:
    for name, pairs in merge.items():
        if name not in known:
            raise UnusableMargin(f"There is no margin “{name}” to merge in", remedy=advice(name, known))
        for category, into in pairs.items():
            if category == into:
                raise UnusableMargin(
                    f"“{category}” is merged with itself", where=f"margin {name}", remedy="Name its neighbour"
                )


def _merged(one: Margin, category: str, into: str) -> Margin:
    for name in (category, into):
        if name not in one.categories:
            raise UnusableMargin(
                f"There is no category “{name}” to merge",
                where=f"margin {one.name}",
                remedy=f"Its categories are {', '.join(map(str, one.categories))}",
            )
    return one.collapsed(category, into=into)
