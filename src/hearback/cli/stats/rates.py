"""`hearback stats rates`: rates with intervals, smoothed where few people live, file in, file out."""

from __future__ import annotations

from pathlib import Path

import click

from hearback.cli import table_files
from hearback.stats.rates import empirical_bayes, raw_rates, thin_data


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", required=True, help="The column that names the areas.")
@click.option("--count", required=True, help="The column of counts.")
@click.option("--population", required=True, help="The column of people (or homes, or stops) they are counted among.")
@click.option("--per", default=1000.0, show_default=True, help="Rates are per this many.")
@click.option("--level", default=0.95, show_default=True, help="Confidence of the intervals.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where the table goes (.csv or .json).")
def command(file: Path, key: str, count: str, population: str, per: float, level: float, out: Path) -> None:
    """Turn counts into rates: RAW as counted, RATE drawn towards the mean where few people live (Marshall 1991).

    THIN is 1 where the rate says little: under 100 people, or an interval wider than the rate.
    """
    table = table_files.read(file, [key, count, population])
    counts, people = table.numbers(count), table.numbers(population)
    raw, smoothed = raw_rates(counts, people, level=level), empirical_bayes(counts, people, level=level)
    columns = {
        key: table.columns[key],
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
