"""`hearback stats representation`: who is heard and who is missing, file in, file out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from hearback import __version__
from hearback.cli import table_files
from hearback.cli.stats.weighting_steps import yes_or_no
from hearback.cli.table_files import TableFile
from hearback.importers.nearest import advice, listing
from hearback.refusal import Refusal
from hearback.stats.design import Floats
from hearback.stats.representation.clustered_counts import ClusteredCounts, clustered_counts
from hearback.stats.representation.participation import participation
from hearback.stats.representation.r_indicator import RIndicator, partial_unconditional, r_indicator, r_interval
from hearback.stats.representation.silence import silence
from hearback.stats.representation.workforce import workforce

Document = dict[str, Any]

LARGEST_CV = 10.0
"""Relative standard errors above this say nothing of a group's size."""
SHARES = (1, 100)
"""People that add up to about as much are shares of the community, or percent."""
OF_RESPONDENTS = ("--weights", "--clusters")
NO_PART = {
    "--areas": ("--people-se", "--occasions"),
    "--staff": ("--occasions",),
    "--respondents": ("--count", "--people-se", "--occasions"),
}
"""Options that another question would pass over."""
NO_INTERVAL = "with design weights, how surely R is known cannot be told"


class UnclearQuestion(Refusal):
    """Options that ask for nothing, or for two things at once."""


class UnknownGroup(Refusal):
    """Voices of a group that the population does not have."""


@dataclass(frozen=True)
class Voices:
    """Voices (k,) of groups, those of which nobody knows the group, and how they came together, if that was asked."""

    counts: Floats
    unknown: int
    clumps: ClusteredCounts | None


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", multiple=True, required=True, help="The column of groups, in both files.")
@click.option("--population", type=click.Path(path_type=Path), help="A table with the people of each group.")
@click.option("--people", default="people", show_default=True, help="Its column of people.")
@click.option("--people-se", help="Its column of their standard errors, if it has one.")
@click.option("--count", help="The column of FILE that counts voices, if a row is more than one.")
@click.option("--occasions", help="The column that says on which occasion a voice was counted: voices come in clumps.")
@click.option("--areas", is_flag=True, help="The groups are areas: which of them are quiet?")
@click.option("--staff", is_flag=True, help="The voices are an agency's staff: does it resemble the community?")
@click.option("--respondents", help="FILE is a whole sample, and this column says who responded: the R-indicator.")
@click.option("--weights", help="With --respondents: the column of design weights.")
@click.option("--clusters", help="With --respondents: the column of what was drawn, where people were drawn together.")
@click.option(
    "--level", type=click.FloatRange(0, 1, min_open=True, max_open=True), help="Of intervals; 0.9, for staff 0.95."
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=2026, show_default=True, help="The same seed gives the same numbers."
)
@table_files.document_option
def command(
    file: Path,
    by: tuple[str, ...],
    population: Path | None,
    people: str,
    people_se: str | None,
    count: str | None,
    occasions: str | None,
    areas: bool,
    staff: bool,
    respondents: str | None,
    weights: str | None,
    clusters: str | None,
    level: float | None,
    seed: int,
    out: Path,
) -> None:
    """Compare the voices in FILE, one per row, with the population; a blank group is unknown."""
    asked = _asked({"--areas": areas, "--staff": staff, "--respondents": respondents is not None})
    optional = {"--count": count, "--people-se": people_se, "--occasions": occasions}
    _refuse_without_effect(asked, {**optional, "--weights": weights, "--clusters": clusters})
    table_files.refuse_same(out, file, place="the results", remedy="Give --out another name")
    if respondents is not None:
        document = _response(file, by, respondents, weights, clusters, level or 0.9)
    else:
        if population is None or len(by) != 1:
            raise UnclearQuestion(
                "voices are compared with one table of one column of groups", remedy="Give --population and one --by"
            )
        community = table_files.read(population, [by[0], people, *([people_se] if people_se else [])])
        groups = community.keys(by[0])
        size = community.amounts(people) if areas else _people(community, people, groups)
        error = _errors(community, people_se, size) if people_se else np.zeros(len(groups))
        voices = _voices(file, by[0], count, occasions, groups=groups, level=level or 0.9)
        with community.told():
            if areas:
                document = _silence(groups, voices, size, level or 0.9)
            elif staff:
                document = _workforce(groups, voices, size, error, level or 0.95)
            else:
                document = _participation(groups, voices, size, error, level or 0.9, seed)
    table_files.write_document(out, {**document, "version": __version__})
    click.echo(f"{out}: {_said(document)}")


def _asked(questions: Mapping[str, bool]) -> str:
    """The option that asks another question than who takes part, or ""."""
    asked = [name for name, given in questions.items() if given]
    if len(asked) > 1:
        raise UnclearQuestion("two questions are asked at once", remedy=f"Give one of {', '.join(questions)}")
    return "".join(asked)


def _refuse_without_effect(asked: str, options: Mapping[str, str | None]) -> None:
    """Stop at an option that would be passed over."""
    given = [name for name, value in options.items() if value is not None]
    for name in given:
        if name in NO_PART.get(asked, ()):
            raise UnclearQuestion(f"{name} has no part in {asked}", remedy="Leave one of them out")
        if name in OF_RESPONDENTS and asked != "--respondents":
            raise UnclearQuestion(f"{name} is an option of --respondents", remedy="Give both")


def _people(community: TableFile, column: str, groups: tuple[str, ...]) -> Floats:
    """Residents of each group; one without any cannot be compared."""
    people = community.amounts(column)
    without = np.flatnonzero(~(people > 0))
    if without.size:
        at = int(without[0])
        raise UnclearQuestion(
            f"nobody is known to live in “{groups[at]}”",
            where=community.where(at),
            remedy="Leave the group out, or join it with another",
        )
    return people


def _errors(community: TableFile, column: str, people: Floats) -> Floats:
    """Standard errors of the residents, each small enough to say something."""
    errors = community.amounts(column)
    for at in np.flatnonzero(~(errors <= LARGEST_CV * people)).tolist():
        said = "is missing" if np.isnan(errors[at]) else f"is more than {LARGEST_CV:g} times the number of people"
        raise UnclearQuestion(
            f"the standard error {said}",
            where=community.where(at),
            remedy="Correct it, give 0 where it is not known, or join the group with another",
        )
    return errors


def _voices(
    file: Path, by: str, count: str | None, occasions: str | None, *, groups: tuple[str, ...], level: float
) -> Voices:
    table = table_files.read(file, list(dict.fromkeys(filter(None, [by, count, occasions]))))
    labels = table.labels(by).tolist()
    number = np.ones(len(labels)) if count is None else _numbers(table, count)
    _refuse_strangers(table, labels, groups)
    place = {group: at for at, group in enumerate(groups)}
    codes = np.array([place.get(label, len(groups)) for label in labels])
    occasion = _occasion(table, occasions) if occasions else np.zeros(len(labels), dtype=np.int64)
    counts = np.zeros((occasion.max() + 1, len(groups) + 1))
    np.add.at(counts, (occasion, codes), number)
    with table.told():
        clumps = clustered_counts(counts[:, :-1], level=level) if occasions else None
    *known, unknown = counts.sum(axis=0).tolist()
    return Voices(np.array(known), int(unknown), clumps)


def _numbers(table: TableFile, column: str) -> Floats:
    """How many voices each line counts."""
    number = table.amounts(column)
    for at in np.flatnonzero(np.isnan(number)).tolist():
        raise UnclearQuestion("a count is missing", where=table.where(at), remedy="Write 0 where nothing came")
    for at in np.flatnonzero(number != np.round(number)).tolist():
        raise UnclearQuestion(
            f"{number[at]:g} is no count",
            where=table.where(at),
            remedy="Count voices in whole numbers, without weights",
        )
    return number


def _occasion(table: TableFile, column: str) -> NDArray[np.int64]:
    """A number for each line, the same for lines of one occasion."""
    labels = table.labels(column)
    for at in np.flatnonzero(labels == "").tolist():
        raise UnclearQuestion(
            "nobody knows on which occasion these voices were counted",
            where=table.where(at),
            remedy="Fill it in; somebody who came alone is an occasion of their own",
        )
    return np.unique(labels, return_inverse=True)[1]


def _refuse_strangers(table: TableFile, labels: list[str], groups: tuple[str, ...]) -> None:
    for at, label in enumerate(labels):
        if label and label not in groups:
            raise UnknownGroup(f"the population has no “{label}”", where=table.where(at), remedy=advice(label, groups))


def _participation(
    groups: tuple[str, ...], voices: Voices, people: Floats, error: Floats, level: float, seed: int
) -> Document:
    found = participation(
        voices.counts,
        people,
        rng=np.random.default_rng(seed),
        population_cv=np.divide(error, people, out=np.zeros_like(error), where=people > 0),
        unknown=voices.unknown,
        design_effect=1.0 if voices.clumps is None else voices.clumps.design_effect,
        level=level,
    )
    of_groups, of_all = _together(voices.clumps)
    return {
        "kind": "participation",
        "results": _rows(
            group=groups,
            voices=found.voices,
            expected=found.rates.expected,
            population_share=found.population_share,
            share=found.share,
            share_lowest=found.share_lowest,
            share_highest=found.share_highest,
            ratio=found.rates.ratio,
            low=found.rates.low,
            high=found.rates.high,
            heard=found.heard,
            **of_groups,
        ),
        "unknown": voices.unknown,
        "parity": found.parity,
        "parity_low": found.parity_low,
        "parity_high": found.parity_high,
        **of_all,
        "level": level,
    }


def _together(clumps: ClusteredCounts | None) -> tuple[Document, Document]:
    """What is said of each group, and of all, where voices came together."""
    if clumps is None:
        return {}, {}
    of_groups = {"design_effect": clumps.deff, "effective_voices": clumps.voices / clumps.design_effect}
    return of_groups, {"occasions": clumps.occasions, "design_effect": clumps.mean_deff}


def _silence(groups: tuple[str, ...], voices: Voices, people: Floats, level: float) -> Document:
    found = silence(voices.counts, people, level=level)

    def everywhere(known: Floats) -> Floats:
        values = np.full(voices.counts.size, np.nan)
        values[found.known] = known
        return values

    return {
        "kind": "silence",
        "results": _rows(
            area=groups,
            voices=voices.counts,
            people=people,
            expected=everywhere(found.rates.expected),
            ratio=everywhere(found.rates.ratio),
            low=everywhere(found.rates.low),
            high=everywhere(found.rates.high),
            voice=found.voices,
            missing=found.missing,
        ),
        "unknown": voices.unknown,
        "level": level,
    }


def _workforce(groups: tuple[str, ...], voices: Voices, people: Floats, error: Floats, level: float) -> Document:
    whole = people.sum()
    if voices.counts.sum() > whole and not any(np.isclose(whole, one, rtol=0.01) for one in SHARES):
        raise UnclearQuestion(
            f"there are {voices.counts.sum():,.0f} staff and only {whole:,g} people",
            where="--people",
            remedy="Name the column of people, or shares that add up to 1",
        )
    found = workforce(voices.counts, people, community_se=error, level=level)
    return {
        "kind": "workforce",
        "results": _rows(
            group=groups,
            staff=voices.counts,
            share=found.share,
            share_low=found.share_low,
            share_high=found.share_high,
            community=found.community,
            ratio=found.ratio,
            low=found.ratio_low,
            high=found.ratio_high,
            p=found.p,
        ),
        "unknown": voices.unknown,
        "staff": found.staff,
        "dissimilarity": found.dissimilarity,
        "chi_square": found.chi_square,
        "p_all": found.p_all,
        "diversity": found.diversity,
        "level": level,
    }


def _response(
    file: Path, by: tuple[str, ...], respondents: str, weights: str | None, clusters: str | None, level: float
) -> Document:
    named = [respondents, *by, *filter(None, [weights, clusters])]
    table = table_files.read(file, list(dict.fromkeys(named)))
    number = table.amounts(weights) if weights else np.ones(len(table.rows))
    with table.told():
        labels = {name: _filled(table, name) for name in by}
        responded, traits = yes_or_no(table, respondents), _indicators(labels)
        found = r_indicator(responded, traits, weights=number)
        drawn = _filled(table, clusters) if clusters else table.rows
        beyond_chance = None if weights else vars(r_interval(found, responded, traits, areas=drawn, level=level))
    return {
        "kind": "response",
        "r": found.r,
        "s_rho": found.s_rho,
        "response_rate": found.mean_propensity,
        "largest_bias": found.largest_bias,
        "beyond_chance": beyond_chance,
        "results": [row for name in by for row in _partial(found, name, labels[name], number)],
        "notes": [NO_INTERVAL] if weights else [],
    }


def _partial(found: RIndicator, name: str, labels: list[str], weights: Floats) -> list[dict[str, Any]]:
    between, levels = partial_unconditional(found, labels, weights=weights)
    return [{"trait": name, "between": between, "group": group, "adds": adds} for group, adds in levels.items()]


def _filled(table: TableFile, column: str) -> list[str]:
    labels: list[str] = table.labels(column).tolist()
    if "" in labels:
        raise UnclearQuestion(
            f"the column {column!r} is blank",
            where=f"row {labels.index('') + 1}",
            remedy="Traits are known of everybody in the sample; fill it in, or give the unknown a group of their own",
        )
    return labels


def _indicators(labels: Mapping[str, list[str]]) -> Floats:
    """One column of 0 and 1 for every group of every trait but the first."""
    columns = [np.array(values) == group for values in labels.values() for group in sorted(set(values))[1:]]
    if not columns:
        raise UnclearQuestion("everybody has the same traits", remedy="Name a column in which people differ")
    return np.column_stack(columns).astype(np.float64)


def _rows(**columns: Any) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _said(document: Document) -> str:
    results = document["results"]
    if document["kind"] == "participation":
        less = [row["group"] for row in results if row["heard"] == "less"]
        low, high = document["parity_low"], document["parity_high"]
        return f"heard less: {listing(less) or 'nobody for certain'}; parity {low:.2f} to {high:.2f}."
    if document["kind"] == "silence":
        quiet = [row["area"] for row in results if row["voice"] == "quiet"]
        return f"quiet: {listing(quiet) or 'no area for certain'}; volume is not need."
    if document["kind"] == "workforce":
        return f"{document['dissimilarity']:.1%} of {document['staff']:,} would have to belong to another group."
    known = document["beyond_chance"]
    interval = f" (without what chance adds: {known['low']:.3f} to {known['high']:.3f})" if known else ""
    return f"R-indicator {document['r']:.3f}{interval}; response rate {document['response_rate']:.1%}."
