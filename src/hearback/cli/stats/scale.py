"""`hearback stats scale`: scores of a scale, how reliable they are, and whether groups may be compared by them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click
import numpy as np

from hearback import __version__
from hearback.cli import table_files
from hearback.cli.stats.design_file import load, refuse_level
from hearback.cli.stats.missing_codes import MissingCodes, left_in, missing_codes
from hearback.cli.stats.weighting_steps import read_pair
from hearback.cli.table_files import TableFile
from hearback.importers import toml_records
from hearback.importers.nearest import advice
from hearback.importers.toml_records import Place
from hearback.refusal import Refusal
from hearback.stats.design import Floats
from hearback.stats.scales.index_scores import IndexScores, index_scores
from hearback.stats.scales.invariance import Invariance, check_invariance
from hearback.stats.scales.reliability import Omega, alpha, item_analysis, omega

Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class ScaleFile:
    """A scale as its TOML file describes it: `range` are the lowest and highest answer that its items allow."""

    items: tuple[str, ...]
    range: tuple[float, float]
    reversed: tuple[str, ...] = ()
    missing: MissingCodes = field(default_factory=MissingCodes)
    least_answered: float = 0.5
    rescale: bool = False
    groups: str | None = None
    key: str | None = None
    level: float = 0.95


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--scale", "scale", type=click.Path(path_type=Path), required=True, help="Its items, and how they are read."
)
@table_files.document_option
@table_files.written_option("--scores", endings=table_files.WRITTEN, help="Where each respondent's score goes.")
def command(file: Path, scale: Path, out: Path, scores: Path | None) -> None:
    """Score the scale that the items in FILE make, and check it; everybody counts alike, without weights."""
    described = _read(scale)
    described.missing.refuse_strangers(table_files.header(file), path=scale)
    for one, other in ((out, scores), (out, file), (scores, file)):
        table_files.refuse_same(one, other, place="one file", remedy="Give each file a name of its own")
    table = table_files.read(
        file, list(dict.fromkeys(filter(None, [*described.items, described.groups, described.key])))
    )
    answers = np.column_stack([table.numbers(item, missing=described.missing.of(item)) for item in described.items])
    with table.told(items=described.items):
        found = _scored(answers, described)
    document = _document(answers, found, table, described)
    table_files.write_document(out, document)
    if scores is not None:
        table_files.write(scores, _scores(found, table, described))
    reliable = document["alpha"]["alpha"]
    said = f"alpha {reliable:.2f}" if reliable is not None else "alpha cannot be estimated"
    click.echo(f"{out}: {document['scores']['n']:,} of {len(table.rows):,} respondents have a score; {said}.")


def _read(path: Path) -> ScaleFile:
    place = Place(path)
    readers = {MissingCodes: missing_codes, tuple[float, float]: read_pair}
    found = toml_records.fill(ScaleFile, load(path), place=place, readers=readers)
    refuse_level(found.level, place)
    if not found.items:
        raise place.at("items").refusal("no item is named", 'Name the columns: items = ["fair", "listens"]')
    if max(map(abs, found.range)) > table_files.MEASURABLE:
        raise place.at("range").refusal("no answer is that far off", "Write the ends of the scale, such as [1, 5]")
    for item in found.reversed:
        if item not in found.items:
            raise place.at("reversed").refusal(f'"{item}" is not among the items', advice(item, found.items))
    repeated = [item for item in found.items if found.items.count(item) > 1]
    if repeated:
        raise place.at("items").refusal(f'"{repeated[0]}" stands twice', "Name each item once")
    return found


def _scored(answers: Floats, described: ScaleFile) -> IndexScores:
    low, high = described.range
    return index_scores(
        answers,
        low=low,
        high=high,
        reversed_items=[described.items.index(item) for item in described.reversed],
        least_answered=described.least_answered,
        to_0_100=described.rescale,
    )


def _document(answers: Floats, found: IndexScores, table: TableFile, described: ScaleFile) -> dict[str, Any]:
    turned = answers.copy()
    places = [described.items.index(item) for item in described.reversed]
    turned[:, places] = sum(described.range) - turned[:, places]
    known = found.scores[~np.isnan(found.scores)]
    return {
        "statement": found.statement,
        "scores": {
            "n": known.size,
            "low": found.low,
            "high": found.high,
            "mean": known.mean() if known.size else None,
            "sd": known.std(ddof=1) if known.size > 1 else None,
        },
        "alpha": _alpha(turned, described),
        "omega": _omega(turned, described),
        "items": _items(turned, described),
        "invariance": _invariance(turned, table, described),
        "notes": _suspected(answers, described),
        "version": __version__,
    }


def _alpha(items: Floats, described: ScaleFile) -> dict[str, Any]:
    found, note = _unless_refused(lambda: vars(alpha(items, level=described.level)), described)
    return (found or dict.fromkeys(("alpha", "low", "high", "interval", "n"))) | {"note": note}


def _omega(items: Floats, described: ScaleFile) -> dict[str, Any]:
    found, note = _unless_refused(lambda: omega(items), described)
    if found is None:
        return {"omega": None, "note": note}
    fit = found.model.fit
    return {"omega": found.omega, "cfi": fit.cfi, "rmsea": fit.rmsea, "note": _heywood(found, described)}


def _heywood(found: Omega, described: ScaleFile) -> str:
    whole = [described.items[at] for at in found.model.heywood]
    return (
        f"the model takes {', '.join(whole)} for the scale itself: too few answers, or a wrong model" if whole else ""
    )


def _items(items: Floats, described: ScaleFile) -> list[dict[str, Any]]:
    found, note = _unless_refused(lambda: item_analysis(items), described)
    rows = []
    for at, name in enumerate(described.items):
        known = items[~np.isnan(items[:, at]), at]
        against = found is not None and at in found.against_the_rest
        rows.append(
            {
                "item": name,
                "n": known.size,
                "mean": known.mean(),
                "reversed": name in described.reversed,
                "item_rest": None if found is None else found.item_rest[at],
                "alpha_if_dropped": None if found is None else found.alpha_if_dropped[at],
                "note": "it runs against the others: is it worded in reverse?" if against else note,
            }
        )
    return rows


def _invariance(items: Floats, table: TableFile, described: ScaleFile) -> dict[str, Any] | None:
    if described.groups is None:
        return None
    labels = table.labels(described.groups, missing=described.missing.of(described.groups))
    inside = labels != ""
    found, note = _unless_refused(
        lambda: check_invariance(items[inside], groups=labels[inside], names=described.items), described
    )
    return _verdict(found) if found else {"verdict": "cannot be checked", "comparable": False, "reason": note}


def _verdict(found: Invariance) -> dict[str, Any]:
    return {
        "verdict": found.verdict,
        "comparable": found.comparable,
        "reason": found.reason,
        "breaks": found.breaks,
        "groups": [
            {"group": group, "n": n, "factor_mean": mean}
            for group, n, mean in zip(found.groups, found.n, found.factor_mean or (None,) * len(found.n), strict=True)
        ],
        "steps": [
            {"step": step.name, "holds": step.holds, "drop": step.drop, **vars(step.fit)} for step in found.steps
        ],
    }


def _suspected(answers: Floats, described: ScaleFile) -> list[str]:
    return [f"{item}: {said}" for at, item in enumerate(described.items) for said in left_in(answers[:, at])]


def _scores(found: IndexScores, table: TableFile, described: ScaleFile) -> dict[str, table_files.Column]:
    """One line per respondent, named by the key or else by the row in the file."""
    named = ("row", table.rows) if described.key is None else (described.key, table.columns[described.key])
    return {named[0]: named[1], "score": found.scores, "answered": found.answered}


def _unless_refused(find: Callable[[], Found], described: ScaleFile) -> tuple[Found | None, str]:
    """What was found, or why it cannot be: one number that cannot be made leaves the others."""
    try:
        return find(), ""
    except Refusal as refusal:
        return None, f"cannot be estimated: {table_files.with_items(refusal.sentence, described.items)}"
