"""`hearback stats hotspots`: hot, cold or uncertain by area, file in, file out."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click
import numpy as np
from numpy.typing import NDArray

from hearback.cli import table_files
from hearback.cli.stats.total_rows import refuse_totals
from hearback.importers import areas as area_files
from hearback.importers import joins
from hearback.refusal import Refusal
from hearback.stats.hotspots import classify, classify_rates
from hearback.stats.multiplicity import Correction
from hearback.stats.spatial_weights import SpatialWeights, contiguity, from_edges


class WhichNeighbours(Refusal):
    """Neither or both ways of saying who is next to whom were given."""


class NoRow(Refusal):
    """A neighbour that is no row of the table."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", required=True, help="The column that names the areas.")
@click.option("--value", required=True, help="The column of counts (with --population) or of other values.")
@click.option("--population", help="The column of people the counts are among: small areas then cause no false alarm.")
@click.option(
    "--areas", type=click.Path(path_type=Path), help="Outlines of the areas (GeoJSON, shapefile, GeoPackage)."
)
@click.option("--areas-key", help="The property that names the areas there; the same as --key unless given.")
@click.option("--edges", type=click.Path(path_type=Path), help="Instead: a table i,j of neighbouring rows, from 1.")
@click.option("--level", default=0.05, show_default=True, help="Share of false alarms that is accepted.")
@click.option(
    "--correction",
    type=click.Choice(get_args(Correction)),
    default="benjamini-hochberg",
    show_default=True,
    help="How looking at all areas is paid for.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=2026, show_default=True, help="The same seed gives the same numbers."
)
@table_files.out_option
def command(
    file: Path,
    key: str,
    value: str,
    population: str | None,
    areas: Path | None,
    areas_key: str | None,
    edges: Path | None,
    level: float,
    correction: Correction,
    seed: int,
    out: Path,
) -> None:
    """Name areas whose surroundings are higher (hot) or lower (cold) than chance explains (Getis-Ord Gi*).

    Areas that would be named only because many were looked at are `uncertain`.
    """
    table = table_files.read(file, [key, value, *([population] if population else [])])
    keys = table.keys(key)
    refuse_totals(table, keys, table.numbers(value))
    weights = _weights(table, keys, areas=areas, areas_key=areas_key or key, edges=edges)
    rng = np.random.default_rng(seed)
    if population:
        counts, people = table.amounts(value), table.amounts(population)
        found = classify_rates(counts, people, weights, rng=rng, level=level, correction=correction)
    else:
        found = classify(table.numbers(value), weights, rng=rng, level=level, correction=correction)
    columns: dict[str, table_files.Column] = {
        key: keys,
        "LABEL": found.label,
        "Z": found.z,
        "P": found.p,
        "P_ADJUSTED": found.p_adjusted,
    }
    table_files.write(out, columns)
    click.echo(
        f"{out}: {found.tested} areas tested, {found.raw_hits} stand out if each is looked at alone, "
        f"{found.surviving} survive looking at all of them ({correction})."
    )


def _weights(
    table: table_files.TableFile, keys: tuple[str, ...], *, areas: Path | None, areas_key: str, edges: Path | None
) -> SpatialWeights:
    if (areas is None) == (edges is None):
        raise WhichNeighbours("who is next to whom is not said once", remedy="Give either --areas or --edges")
    if areas is None:
        return from_edges(_pairs(Path(str(edges)), of=len(keys)), n=len(keys))
    outlines = area_files.read(areas, key=areas_key).table
    joins.audit(keys, outlines.keys, left=str(table.path), right=str(areas), tolerance=0)
    place = {outline: at for at, outline in enumerate(outlines.keys)}
    return contiguity(outlines.geometries[[place[name] for name in keys]])


def _pairs(edges: Path, *, of: int) -> NDArray[np.int64]:
    """Pairs of neighbouring rows, counted from 0; what is no row of the table is refused."""
    table = table_files.read(edges, ["i", "j"])
    pairs = np.column_stack([table.amounts(name, least=1, largest=of) for name in ("i", "j")])
    for at in np.flatnonzero((pairs % 1 != 0).any(axis=1)).tolist():  # NaN too: it is equal to nothing
        raise NoRow(
            f"the pair {table.columns['i'][at]}, {table.columns['j'][at]} names no two rows",
            where=table.where(at),
            remedy="Write whole numbers: 1 is the first row below the header",
        )
    return pairs.astype(np.int64) - 1
