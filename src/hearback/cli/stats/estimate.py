"""`hearback stats estimate`: means, totals, ratios, shares and quantiles of a designed sample, file in, file out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from hearback import __version__
from hearback.cli import table_files
from hearback.cli.stats import design_file
from hearback.cli.stats.design_file import DesignFile
from hearback.cli.stats.missing_codes import MissingCodes, left_in
from hearback.cli.stats.opt_in import without_margin
from hearback.cli.table_files import TableFile
from hearback.refusal import Refusal
from hearback.stats.design import Design, Floats, Labels
from hearback.stats.estimate.domains import domains
from hearback.stats.estimate.estimates import NO_DF, NOBODY, Estimates
from hearback.stats.estimate.proportions import EXTREME, proportions
from hearback.stats.estimate.quantiles import quantiles
from hearback.stats.estimate.ratios import means, ratios, totals
from hearback.stats.response_rates import response_rates
from hearback.stats.sampling_mode import LABELS, SamplingMode
from hearback.stats.weight.diagnose import weighting_cost

APART = "\x1f"
"""Between the labels of crossed groups, where no label of a file has it."""
NO_DEFF = "no design effect is defined for quantiles"
WHOLE = "no sampling error: by the sizes given under fpc, everybody was drawn"
FIXED = "no sampling error: the strata or the known totals fix this number"
NUMBERS = ("estimate", "se", "ci_low", "ci_high", "df", "deff")
Result = dict[str, Any]


class UnusableRequest(Refusal):
    """An estimate that is asked for in a way nobody can follow."""


@dataclass(frozen=True)
class Asked:
    """One estimate asked for: of which columns, and of a quantile which share."""

    statistic: str
    variable: str
    columns: tuple[str, ...]
    share: float | None = None


@dataclass(frozen=True, eq=False)
class Sample:
    """The rows of a file with their design; `by` are the group labels of each row, None for everybody together."""

    table: TableFile
    design: Design
    missing: MissingCodes
    level: float
    group_columns: tuple[str, ...]

    def numbers(self, column: str) -> Floats:
        """Answers as numbers, missing codes left out."""
        return self.table.numbers(column, missing=self.missing.of(column))

    def labels(self, column: str) -> Labels:
        """Answers as words, missing codes left out."""
        return self.table.labels(column, missing=self.missing.of(column))

    @property
    def whole(self) -> bool:
        """Whether every unit of every stratum was drawn."""
        return all((stage.fraction >= 1).all() for stage in self.design.stages)

    @property
    def by(self) -> Labels | None:
        """Crossed groups; who lacks one of the labels is in none."""
        if not self.group_columns:
            return None
        columns = [self._groups_of(name) for name in self.group_columns]
        return np.array([APART.join(row) if all(row) else "" for row in zip(*columns, strict=True)], dtype=np.str_)

    def _groups_of(self, column: str) -> list[str]:
        labels: list[str] = self.labels(column).tolist()
        for at, label in enumerate(labels):
            if APART in label:
                raise UnusableRequest(
                    f"the label in column {column!r} has a control character",
                    where=self.table.where(at),
                    remedy="Write it without",
                )
        return labels

    def nearly_alike(self, column: str) -> list[str]:
        """Labels that differ only in small and capital letters, in words: most often one group written in two ways."""
        written: dict[str, list[str]] = {}
        for label in dict.fromkeys(self.labels(column).tolist()):
            written.setdefault(label.casefold(), []).append(label)
        return [
            f"{column}: “{'” and “'.join(labels)}” are taken for different groups"
            for labels in written.values()
            if len(labels) > 1
        ]

    @property
    def groups(self) -> list[dict[str, str] | None]:
        """Each group as columns and labels, in the order of the estimates."""
        names = domains(self.design, self.by).names
        if not self.group_columns:
            return [None]
        return [dict(zip(self.group_columns, name.split(APART), strict=True)) for name in names]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--design", "design", type=click.Path(path_type=Path), required=True, help="How the sample was drawn.")
@click.option("--mean", multiple=True, metavar="ITEM", help="The mean of a column.")
@click.option("--total", multiple=True, metavar="ITEM", help="Its total over the population.")
@click.option("--ratio", multiple=True, metavar="A/B", help="The total of one column over that of another.")
@click.option("--proportion", multiple=True, metavar="ITEM", help="The share of each answer.")
@click.option("--quantile", multiple=True, metavar="ITEM:SHARE", help="A quantile; the median is ITEM:0.5.")
@click.option("--by", multiple=True, metavar="COLUMN", help="In each group; several columns are crossed.")
@table_files.document_option
def command(
    file: Path,
    design: Path,
    mean: tuple[str, ...],
    total: tuple[str, ...],
    ratio: tuple[str, ...],
    proportion: tuple[str, ...],
    quantile: tuple[str, ...],
    by: tuple[str, ...],
    out: Path,
) -> None:
    """Estimate from the sample in FILE, with standard errors that know how it was drawn and weighted."""
    described = design_file.read(design)
    header = table_files.header(file)
    asked = [*_asked("mean", mean), *_asked("total", total), *map(_ratio, ratio), *_asked("proportion", proportion)]
    asked += [_quantile(text, header) for text in quantile]
    if not asked:
        raise UnusableRequest(
            "nothing is asked for", remedy="Give --mean, --total, --ratio, --proportion or --quantile"
        )
    named = [*described.columns(header), *(column for one in asked for column in one.columns), *by]
    table = table_files.read(file, list(dict.fromkeys(named)))
    table_files.refuse_same(out, file, place="the results", remedy="Give --out another name")
    weighting = described.weighted(table, header)
    sample = Sample(weighting.table, weighting.final, described.missing, described.level, by)
    with sample.table.told():
        results = [result for one in asked for result in _results(one, sample, described)]
    document = {
        "results": results,
        "design": _design(described, sample.design),
        "mode": described.sampling_mode,
        "label": LABELS[described.sampling_mode],
        "response": _response(described),
        "warnings": [
            said
            for name in dict.fromkeys([*by, *described.strata, *described.psu])
            for said in sample.nearly_alike(name)
        ],
        "version": __version__,
    }
    table_files.write_document(out, document)
    click.echo(f"{out}: {len(results)} estimates from {sample.design.n:,} respondents. {_about(described)}")
    suspicions = [f"{one.variable}: {said}." for one in asked for said in _suspected(one, sample)]
    for suspicion in dict.fromkeys([*suspicions, *(f"{said}." for said in document["warnings"])]):
        click.echo(suspicion, err=True)


def _asked(statistic: str, columns: Sequence[str]) -> list[Asked]:
    return [Asked(statistic, column, (column,)) for column in columns]


def _ratio(text: str) -> Asked:
    above, between, below = text.partition("/")
    if not (above and between and below):
        raise UnusableRequest(
            f"“{text}” is no ratio", where="--ratio", remedy="Write two columns: --ratio incidents/people"
        )
    return Asked("ratio", text, (above, below))


def _quantile(text: str, header: Sequence[str]) -> Asked:
    column, between, share = text.rpartition(":")
    try:
        if not between and text in header:
            return Asked("quantile", text, (text,), 0.5)
        return Asked("quantile", column, (column,), float(share))
    except ValueError as error:
        raise UnusableRequest(
            f"“{text}” is no quantile", where="--quantile", remedy="Write a column and a share: --quantile trust:0.5"
        ) from error


def _results(asked: Asked, sample: Sample, described: DesignFile) -> Iterator[Result]:
    """What is asked for, group by group; answers that look like codes are told of."""
    suspected = _suspected(asked, sample)
    for result in _estimates(asked, sample):
        result["notes"] += suspected
        if described.sampling_mode is not SamplingMode.PROBABILITY:
            without_margin(result, asked.statistic, sample, described)
        yield result


def _estimates(asked: Asked, sample: Sample) -> Iterator[Result]:
    design, by, level = sample.design, sample.by, sample.level
    of: dict[str, Callable[[], Estimates]] = {
        "mean": lambda: means(design, sample.numbers(asked.columns[0]), by=by, names=asked.columns, level=level),
        "total": lambda: totals(design, sample.numbers(asked.columns[0]), by=by, names=asked.columns, level=level),
        "ratio": lambda: ratios(
            design, *map(sample.numbers, asked.columns), by=by, names=[asked.variable], level=level
        ),
    }
    if asked.statistic in ("quantile", "proportion"):
        _refuse_nobody(asked, sample)
    if asked.statistic == "quantile":
        yield from _quantiles(asked, sample)
    elif asked.statistic == "proportion":
        answers = sample.labels(asked.variable)
        categories = domains(design, answers).names
        shares = proportions(design, answers, by=by, level=level)
        yield from _told(asked, shares, sample.groups, categories, whole=sample.whole)
    else:
        yield from _told(asked, of[asked.statistic](), sample.groups, whole=sample.whole)


def _refuse_nobody(asked: Asked, sample: Sample) -> None:
    if not (sample.labels(asked.columns[0]) != "").any():
        raise UnusableRequest(
            f"Nobody answered {asked.columns[0]}",
            where=str(sample.table.path),
            remedy="Leave the item out, or check its missing codes",
        )


def _quantiles(asked: Asked, sample: Sample) -> Iterator[Result]:
    """Each group by itself; outsiders still count as drawn."""
    assert asked.share is not None
    answers, groups = sample.numbers(asked.variable), domains(sample.design, sample.by)
    for code, group in enumerate(sample.groups):
        inside = groups.codes == code
        if sample.group_columns and np.isnan(answers[inside]).all():
            yield {**_subject(asked, group, None), **dict.fromkeys(NUMBERS), "n": 0, "notes": [NOBODY]}
            continue
        within = sample.design.domain(inside)
        found = quantiles(within, answers, [asked.share], level=sample.level)
        yield from _told(asked, found, [group], whole=sample.whole)


def _told(
    asked: Asked,
    found: Estimates,
    groups: Sequence[dict[str, str] | None],
    categories: Sequence[str | None] = (None,),
    *,
    whole: bool,
) -> Iterator[Result]:
    """Estimates as results; where there is no standard error there is no interval either."""
    cells = [(group, category) for group in groups for category in categories]
    exact = WHOLE if whole else FIXED
    for at, (group, category) in enumerate(cells):
        numbers = {name: getattr(found, name)[at] for name in NUMBERS}
        notes = [found.notes[at], NO_DEFF if asked.statistic == "quantile" else ""]
        if np.isnan(found.se[at]) and found.notes[at] != EXTREME:
            numbers |= {"ci_low": None, "ci_high": None}
            notes[0] = notes[0] or NO_DF
        elif found.se[at] == 0:
            notes[0] = notes[0] or exact
        yield {
            **_subject(asked, group, category),
            **numbers,
            "n": found.n[at],
            "notes": [note for note in notes if note],
        }


def _subject(asked: Asked, group: dict[str, str] | None, category: str | None) -> Result:
    """What a result is of."""
    return {
        "statistic": asked.statistic,
        "variable": asked.variable,
        "category": category,
        "quantile": asked.share,
        "group": group,
    }


def _suspected(asked: Asked, sample: Sample) -> list[str]:
    """Codes for “don't know” that seem to have stayed in as numbers."""
    if asked.statistic not in ("mean", "quantile"):
        return []
    return left_in(sample.numbers(asked.variable))


def _design(described: DesignFile, design: Design) -> dict[str, Any]:
    cost = weighting_cost(design.weights)
    return {
        "n": design.n,
        "weights_sum": design.weights.sum(),
        "effective_n": cost.effective_n,
        "stages": len(design.stages),
        "strata": [stage.population.size for stage in design.stages],
        "units": [stage.stratum.size for stage in design.stages],
        "df": design.df,
        "variance": "linearisation"
        if design.replicates is None
        else described.replicates and described.replicates.kind,
        "level": described.level,
        "lonely": described.lonely,
    }


def _response(described: DesignFile) -> dict[str, float] | None:
    return None if described.response is None else vars(response_rates(described.response))


def _about(described: DesignFile) -> str:
    """What belongs beside every number: how people came to answer, and how many of those asked did."""
    said = LABELS[described.sampling_mode]
    if described.mode is None:
        said += " (taken so: the design does not state its mode)"
    if described.sampling_mode is SamplingMode.PROBABILITY:
        rates = _response(described)
        said += f"; response rate {rates['rr1']:.1%} (RR1)" if rates else "; response rate not stated"
    return f"{said}."
