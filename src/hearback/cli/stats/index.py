"""`hearback stats index`: a percentile-rank need index with its uncertainty, file in, file out."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from hearback.cli import table_files
from hearback.cli.progress import working
from hearback.cli.stats.total_rows import refuse_totals
from hearback.importers.joins import refuse_short_geoids
from hearback.importers.nearest import listing
from hearback.stats.index_definition import IndexDefinition, load_definition
from hearback.stats.index_uncertainty import FEWEST_DRAWS, simulate_index
from hearback.stats.need_index import IndexResult, compute_index

Floats = NDArray[np.float64]

MOST_DRAWS = 100_000
UNRANKED_SHOWN = 5


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--definition", required=True, help="A packaged definition (cdc-svi-2020) or a YAML file of your own.")
@table_files.out_option
@click.option("--key", default="FIPS", show_default=True, help="The column that names the areas.")
@click.option(
    "--draws",
    type=click.IntRange(FEWEST_DRAWS, MOST_DRAWS),
    default=2000,
    show_default=True,
    help="Simulations behind ranges and probabilities.",
)
@click.option("--level", default=0.90, show_default=True, help="Confidence that all rank ranges hold together.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=2026, show_default=True, help="The same seed gives the same numbers."
)
def command(file: Path, definition: str, out: Path, key: str, draws: int, level: float, seed: int) -> None:
    """Rank the areas in FILE by need, each with the ranks it may truly hold.

    Published ranks in the file (EPL_, SPL_, RPL_) are ignored. RANK is 1 for most need. RANK_LOW90 and RANK_HIGH90
    (the number is the level in percent) hold for all areas together; P_TOP10 is the probability of being in the tenth
    with most need. They need margins.
    """
    rules = load_definition(definition)
    table = _read(file, rules, key)
    keys, columns = _keys(table, rules, key), _columns(table, rules)
    refuse_totals(table, keys, *([columns[rules.population]] if rules.population else []))
    index = compute_index(columns, rules)
    found: dict[str, table_files.Column] = {key: keys}
    found |= index.as_columns()
    if any(indicator.margin in columns for indicator in rules.indicators):
        with working("Carrying margins of error through to the ranks"):
            surely = simulate_index(columns, columns, rules, draws=draws, rng=np.random.default_rng(seed), level=level)
        percent = f"{100 * level:g}"
        found |= {
            "RANK": surely.rank,
            f"RANK_LOW{percent}": surely.rank_low,
            f"RANK_HIGH{percent}": surely.rank_high,
            "P_TOP10": surely.p_top_tenth.round(4),
        }
    table_files.write(out, found, missing="" if rules.missing is None else f"{rules.missing:g}")
    click.echo(f"{out}: {len(keys)} areas, {len(index.out)} of them without an overall rank{_unranked(index, keys)}.")


def _read(file: Path, rules: IndexDefinition, key: str) -> table_files.TableFile:
    """The columns the definition needs, and of its margins those that the file has."""
    present = table_files.header(file)
    margins = [indicator.margin for indicator in rules.indicators if indicator.margin in present]
    needed = [indicator.column for indicator in rules.indicators] + ([rules.population] if rules.population else [])
    return table_files.read(file, list(dict.fromkeys([key, *needed, *margins])))


def _keys(table: table_files.TableFile, rules: IndexDefinition, key: str) -> tuple[str, ...]:
    keys = table.keys(key)
    if key == "FIPS" and rules.id.startswith("cdc-svi"):
        refuse_short_geoids(keys, rows=table.rows, path=table.path, digits=(5, 11))
    return keys


def _columns(table: table_files.TableFile, rules: IndexDefinition) -> dict[str, Floats]:
    """Indicators, margins and population as numbers that can be true."""
    codes = () if rules.missing is None else (rules.missing,)
    columns = {}
    for indicator in rules.indicators:
        least, largest = indicator.possible
        columns[indicator.column] = table.amounts(indicator.column, least=least, largest=largest, missing=codes)
        if indicator.margin is not None and indicator.margin in table.columns:
            columns[indicator.margin] = table.amounts(indicator.margin, missing=codes)
    if rules.population:
        columns[rules.population] = table.amounts(rules.population, missing=codes)
    return columns


def _unranked(index: IndexResult, keys: tuple[str, ...]) -> str:
    why = [f"{keys[row]} ({reason})" for row, reason in index.out.items()]
    return f": {listing(why, shown=UNRANKED_SHOWN)}" if why else ""
