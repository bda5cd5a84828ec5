"""`hearback stats smallarea`: estimates of areas from a model, with a rule of which may be shown, file in, file out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import numpy as np

from hearback import __version__
from hearback.cli import table_files
from hearback.cli.progress import working
from hearback.cli.stats import area_models
from hearback.cli.stats.area_models import AreaModel, Modelled, Publishing
from hearback.cli.stats.opt_in import bias_range, of_shares
from hearback.refusal import Refusal
from hearback.stats.sampling_mode import LABELS, SamplingMode
from hearback.stats.small_area.publish import PublishedArea, Rule, Showing, publish

TOGETHER = "; "
"""Between the areas of a pool in a CSV file."""
POOLED_NUMBERS = ("estimate", "sd", "low", "high")
OWN_NUMBERS = {*POOLED_NUMBERS, "mse", "direct", "direct_se"}
"""What would tell of an area that may not be shown alone."""
NO_SAMPLING_ERROR = {"direct_se": None}
"""Where people chose themselves: what the model leaves open can be told, and what chance does to answers cannot."""
NO_RULE = "no publishing rule is stated"


class UnusableCells(Refusal):
    """A population table where none is used, or none where one is."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--model", "model", type=click.Path(path_type=Path), required=True, help="The model, as a TOML file.")
@click.option("--cells", type=click.Path(path_type=Path), help="How many people live in each cell; not for direct.")
@table_files.out_option
def command(file: Path, model: Path, cells: Path | None, out: Path) -> None:
    """Estimate areas from the few answers each has and from what the others say of it.

    FILE has a row per respondent, and the model is poststratified to the cells; or, where the model names columns of
    direct estimates and their variances, a row per area (Fay and Herriot).
    """
    described = area_models.read(model)
    for one in (file, cells):
        table_files.refuse_same(out, one, place="the table of areas", remedy="Give --out another name")
    with working("Fitting the model, and drawing from what it leaves open"):
        if isinstance(described, area_models.DirectModel):
            if cells is not None:
                raise UnusableCells("direct estimates need no cells", where="--cells", remedy="Leave the option out")
            found = area_models.from_direct(described, file)
        elif cells is None:
            raise UnusableCells("the population is not given", where="--cells", remedy="Give a table with its cells")
        else:
            found = area_models.from_answers(described, file, cells)
    rows = _rows(found, described)
    if out.suffix.lower() == ".json":
        table_files.write_document(out, _document(rows, found, described))
    else:
        names = list(rows[0])
        table_files.write(out, {name: [_cell(row[name]) for row in rows] for name in names})
    click.echo(f"{out}: {len(rows)} areas; {_shown(rows)}. {LABELS[described.sampling_mode]}.")
    for suspicion in found.model.get("suspected", ()):
        click.echo(f"{suspicion}.", err=True)


def _rows(found: Modelled, described: AreaModel) -> list[dict[str, Any]]:
    """Each area as it may be shown; where it is withheld its number is not in the file at all."""
    low, high = found.areas.interval
    rows = []
    for at, area in enumerate(found.areas.areas):
        rows.append(
            {
                described.area: area,
                "estimate": found.areas.estimate[at],
                "sd": found.areas.sd[at],
                "low": low[at],
                "high": high[at],
                **{name: column[at] for name, column in found.beside.items()},
            }
        )
    if described.publish is not None:
        shown = _published(found, described.publish)
        rows = [{**row, **_as_shown(row, one)} for row, one in zip(rows, shown, strict=True)]
    if described.sampling_mode is not SamplingMode.PROBABILITY:
        rows = [{**row, **NO_SAMPLING_ERROR, **_range(row["estimate"], found, described)} for row in rows]
    return rows


def _published(found: Modelled, rule: Publishing) -> tuple[PublishedArea, ...]:
    neighbours: dict[Any, list[Any]] = {}
    if rule.neighbours is not None:
        table = table_files.read(rule.neighbours, ["area", "neighbour"])
        for one, other in zip(table.labels("area").tolist(), table.labels("neighbour").tolist(), strict=True):
            neighbours.setdefault(one, []).append(other)
            neighbours.setdefault(other, []).append(one)
    return publish(
        found.areas,
        neighbours={area: list(dict.fromkeys(near)) for area, near in neighbours.items()},
        rule=Rule(rule.widest, rule.largest_cv, rule.largest_pool),
    )


def _as_shown(row: Mapping[str, Any], one: PublishedArea) -> dict[str, Any]:
    judged = {"showing": one.showing, "stands_for": one.members, "reasons": one.reasons}
    if one.showing is Showing.ALONE:
        return judged
    hidden = {name: None for name in row if name in OWN_NUMBERS}
    pooled = {} if one.interval is None else {name: getattr(one.interval, name) for name in POOLED_NUMBERS}
    return {**hidden, **pooled, **judged}


def _range(estimate: float | None, found: Modelled, described: AreaModel) -> dict[str, Any]:
    """How far an area's number may be off because people chose themselves to take part."""
    if estimate is None:
        return {"range_low": None, "range_high": None}
    assumed = described.sensitivity
    taken = found.part_taken if assumed.part_taken is None else assumed.part_taken
    ends = of_shares(assumed) if found.model["kind"] == "logistic" else assumed
    reach = bias_range(
        float(np.clip(estimate, ends.lowest, ends.highest)), assumed=ends, taken=taken, deviation=found.deviation
    )
    return {"range_low": reach.low, "range_high": reach.high}


def _document(rows: list[dict[str, Any]], found: Modelled, described: AreaModel) -> dict[str, Any]:
    assumption = None
    if described.sampling_mode is not SamplingMode.PROBABILITY:
        assumption = bias_range(0.0, assumed=of_shares(described.sensitivity), taken=1.0, deviation=1.0).assumption
    return {
        "areas": rows,
        "model": found.model,
        "level": described.level,
        "mode": described.sampling_mode,
        "label": LABELS[described.sampling_mode],
        "assumption": assumption,
        "notes": [] if described.publish is not None else [NO_RULE],
        "version": __version__,
    }


def _cell(value: Any) -> Any:
    """A value of one cell of a table."""
    if isinstance(value, tuple):
        return TOGETHER.join(map(str, value))
    return None if value is None or (not isinstance(value, str) and np.isnan(value)) else value


def _shown(rows: list[dict[str, Any]]) -> str:
    if "showing" not in rows[0]:
        return NO_RULE
    times = [sum(row["showing"] == showing for row in rows) for showing in Showing]
    return ", ".join(f"{count} {showing}" for count, showing in zip(times, Showing, strict=True))
