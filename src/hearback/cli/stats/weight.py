"""`hearback stats weight`: a sample with weights that meet what is known of the population, file in, file out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from hearback import __version__
from hearback.cli import table_files
from hearback.cli.stats import design_file
from hearback.cli.stats.weighting_steps import Weighting
from hearback.refusal import Refusal
from hearback.stats.design import Floats
from hearback.stats.weight.diagnose import Balance, weighting_report


class NothingToDo(Refusal):
    """A design without a step of weighting, or a name for the weights that the data use already."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--design", "design", type=click.Path(path_type=Path), required=True, help="The design, and the steps to be done."
)
@click.option("--column", default="weight", show_default=True, help="The name of the column of weights that is added.")
@table_files.out_option
@table_files.written_option("--report", endings=(".json",), help="Where the report goes: cost, balance, each step.")
def command(file: Path, design: Path, column: str, out: Path, report: Path | None) -> None:
    """Weight the sample in FILE: the same rows and columns, and one column more.

    After a step for nonresponse, only those who responded are left.
    """
    described = design_file.read(design)
    header = table_files.header(file)
    if not described.all_steps:
        raise NothingToDo("no step is described", where=str(design), remedy="Add [rake], [poststratify] or [[steps]]")
    if column in header:
        raise NothingToDo(f"the data have a column {column!r} already", where=str(file), remedy="Give another --column")
    if not column.strip():
        raise NothingToDo("the column of weights has no name", where="--column", remedy="Give it one, such as weight")
    table_files.refuse_same(out, report, place="the report", remedy="Give --out and --report different names")
    table_files.refuse_same(out, file, place="the table with the weights", remedy="Give --out another name")
    table = table_files.read(file, list(dict.fromkeys([*header, *described.columns(header)])))
    weighting = described.weighted(table, header)
    weights = weighting.design.weights
    columns: dict[str, table_files.Column] = {**weighting.table.columns, column: _exact(weights)}
    told = _report(weighting)
    table_files.write(out, columns)
    if report is not None:
        table_files.write_document(report, told)
    click.echo(
        f"{out}: {weights.size:,} respondents speak for {weights.sum():,.0f}; they are worth "
        f"{told['after']['effective_n']:,.0f} of equal weight."
    )


def _exact(weights: Floats) -> list[str]:
    """Weights with all their digits, so that totals are met by the file as by the computation."""
    return [repr(weight) for weight in weights.tolist()]


def _report(weighting: Weighting) -> dict[str, Any]:
    found = weighting_report(weighting.base, weighting.design.weights, margins=weighting.margins)
    factors = weighting.design.weights / weighting.base
    return {
        "before": vars(found.before),
        "after": vars(found.after),
        "factors": {"smallest": np.min(factors), "largest": np.max(factors)},
        "steps": weighting.told,
        "balance": [_balance(one) for one in found.balance],
        "version": __version__,
    }


def _balance(one: Balance) -> dict[str, Any]:
    names = ("category", "respondents", "before", "after", "target")
    rows = zip(one.categories, one.respondents, one.before, one.after, one.target, strict=True)
    return {
        "margin": one.margin,
        "largest_gap": one.largest_gap,
        "categories": [dict(zip(names, row, strict=True)) for row in rows],
    }
