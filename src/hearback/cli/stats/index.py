"""`hearback stats index`: a percentile-rank need index with its uncertainty, file in, file out."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from hearback.cli import table_files
from hearback.importers.joins import area_keys
from hearback.stats.index_definition import IndexDefinition, load_definition
from hearback.stats.index_uncertainty import simulate_index
from hearback.stats.need_index import compute_index

Floats = NDArray[np.float64]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--definition", required=True, help="A packaged definition (cdc-svi-2020) or a YAML file of your own.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where the table goes (.csv or .json).")
@click.option("--key", default="FIPS", show_default=True, help="The column that names the areas.")
@click.option("--draws", default=2000, show_default=True, help="Simulations behind ranges and probabilities.")
@click.option("--level", default=0.90, show_default=True, help="Confidence that all rank ranges hold together.")
@click.option("--seed", default=2026, show_default=True, help="The same seed gives the same numbers.")
def command(file: Path, definition: str, out: Path, key: str, draws: int, level: float, seed: int) -> None:
    """Rank the areas in FILE by need, each with the ranks it may truly hold.

    Published ranks in the file (EPL_, SPL_, RPL_) are ignored. RANK is 1 for most need. RANK_LOW and RANK_HIGH hold
    for all areas together; P_TOP10 is the probability of being in the tenth with most need. Both need margins.
    """
    rules = load_definition(definition)
    table = _read(file, rules, key)
    columns = {name: table.numbers(name, missing=_codes(rules)) for name in table.columns if name != key}
    index = compute_index(columns, rules)
    found: dict[str, object] = {key: area_keys(table.columns[key], rows=table.rows, path=file).keys}
    found |= index.as_columns()
    if any(indicator.margin in columns for indicator in rules.indicators):
        surely = simulate_index(columns, columns, rules, draws=draws, rng=np.random.default_rng(seed), level=level)
        percent = f"{100 * level:.0f}"
        found |= {
            "RANK": surely.rank,
            f"RANK_LOW{percent}": surely.rank_low,
            f"RANK_HIGH{percent}": surely.rank_high,
            "P_TOP10": surely.p_top_tenth.round(4),
        }
    table_files.write(out, found, missing="" if rules.missing is None else f"{rules.missing:g}")
    click.echo(f"{out}: {len(table.rows)} areas, {len(index.out)} of them without an overall rank.")


def _read(file: Path, rules: IndexDefinition, key: str) -> table_files.TableFile:
    """The columns the definition needs, and of its margins those that the file has."""
    present = table_files.header(file)
    margins = [indicator.margin for indicator in rules.indicators if indicator.margin in present]
    needed = [indicator.column for indicator in rules.indicators] + ([rules.population] if rules.population else [])
    return table_files.read(file, list(dict.fromkeys([key, *needed, *margins])))


def _codes(rules: IndexDefinition) -> tuple[float, ...]:
    return () if rules.missing is None else (rules.missing,)
