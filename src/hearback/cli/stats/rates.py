"""`hearback stats rates`: rates with intervals, smoothed where few people live, file in, file out."""

from __future__ import annotations

from math import inf
from pathlib import Path

import click

from hearback.cli import table_files
from hearback.cli.stats.total_rows import refuse_totals
from hearback.refusal import Refusal
from hearback.stats.rates import empirical_bayes, raw_rates, thin_data


class UnusablePer(Refusal):
    """A number of people that no rate can be per."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", required=True, help="The column that names the areas.")
@click.option("--count", required=True, help="The column of counts.")
@click.option("--population", required=True, help="The column of people (or homes, or stops) they are counted among.")
@click.option("--per", default=1000.0, show_default=True, help="Rates are per this many.")
@click.option("--level", default=0.95, show_default=True, help="Confidence of the intervals.")
@table_files.out_option
def command(file: Path, key: str, count: str, population: str, per: float, level: float, out: Path) -> None:
    """Turn counts into rates: RAW as counted, RATE drawn towards the mean where few people live (Marshall 1991).

    THIN is 1 where the rate says little: under 100 people, or an interval wider than the rate.
    """
    if not 0 < per < inf:
        raise UnusablePer(f"rates cannot be per {per:g}", where="--per", remedy="Give a number above 0, such as 1000")
    table = table_files.read(file, [key, count, population])
    keys, counts, people = table.keys(key), table.amounts(count), table.amounts(population)
    refuse_totals(table, keys, counts, people)
    raw, smoothed = raw_rates(counts, people, level=level), empirical_bayes(counts, people, level=level)
    columns: dict[str, table_files.Column] = {
        key: keys,
        "COUNT": counts,
        "POPULATION": people,
        "RAW": per * raw.rate,
        "RAW_LOW": per * raw.low,
        "RAW_HIGH": per * raw.high,
        "RATE": per * smoothed.rate,
        "LOW": per * smoothed.low,
        "HIGH": per * smoothed.high,
        "WEIGHT_ON_DATA": smoothed.weight_on_data,
        "THIN": thin_data(smoothed),
    }
    table_files.write(out, columns)
    click.echo(f"{out}: {len(table.rows)} areas, {int(thin_data(smoothed).sum())} of them thin.")
