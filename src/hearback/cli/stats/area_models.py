"""The TOML file of a small-area model, and the model made of it: from answers and cells, or from direct estimates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from hearback.cli import table_files
from hearback.cli.stats.design_file import Sensitivity, load, read_sensitivity, refuse_level
from hearback.cli.stats.missing_codes import MissingCodes, left_in, missing_codes
from hearback.cli.stats.weighting_steps import ONE_OR_MORE
from hearback.cli.table_files import TableFile
from hearback.importers import toml_records
from hearback.importers.toml_records import Place
from hearback.stats.design import Floats
from hearback.stats.sampling_mode import SamplingMode
from hearback.stats.small_area.area_draws import AreaDraws
from hearback.stats.small_area.fay_herriot import fay_herriot, fay_herriot_draws
from hearback.stats.small_area.mixed_model import MixedModel, fit_gaussian, fit_logistic
from hearback.stats.small_area.model_checks import calibration, direct_means, shrinkage, variance_shares
from hearback.stats.small_area.posterior import PosteriorDraws, posterior_draws
from hearback.stats.small_area.poststratify import poststratify_draws

FEWEST_DRAWS, MOST_DRAWS = 100, 20_000


@dataclass(frozen=True, kw_only=True)
class Publishing:
    """When an area is shown: `neighbours` is a table of areas that may be pooled, with columns area and neighbour."""

    widest: float
    largest_cv: float | None = None
    largest_pool: int = 4
    neighbours: Path | None = None


@dataclass(frozen=True, kw_only=True)
class _Model:
    """What every model says."""

    path: Path
    area: str
    level: float = 0.9
    draws: int = 1000
    seed: int = 2026
    mode: Literal["probability", "opt-in", "census"] = "probability"
    sensitivity: Sensitivity = field(default_factory=Sensitivity)
    publish: Publishing | None = None

    @property
    def sampling_mode(self) -> SamplingMode:
        """How people came to answer."""
        return SamplingMode(self.mode)


@dataclass(frozen=True, kw_only=True)
class AnswerModel(_Model):
    """A mixed model of answers, poststratified to cells: terms are columns, or columns crossed (`area:age`)."""

    outcome: str
    count: str
    random: tuple[str, ...]
    kind: Literal["logistic", "gaussian"] = "logistic"
    covariates: tuple[str, ...] = ()
    averaged_over: tuple[str, ...] = ()
    missing: MissingCodes = field(default_factory=MissingCodes)


@dataclass(frozen=True, kw_only=True)
class DirectModel(_Model):
    """Fay and Herriot's model of direct estimates, one per row, with their sampling variances."""

    direct: str
    variance: str
    covariates: tuple[str, ...] = ()
    population: str | None = None


AreaModel = AnswerModel | DirectModel


@dataclass(frozen=True, eq=False)
class Modelled:
    """Draws of the areas, columns (n,) to stand beside them, and what a person should know of the model.

    `part_taken` of the population answered; answers deviate by `deviation`.
    """

    areas: AreaDraws
    beside: Mapping[str, Sequence[Any] | Floats]
    model: Mapping[str, Any]
    part_taken: float
    deviation: float


def read(path: Path) -> AreaModel:
    """A model; one that names a column of direct estimates is Fay and Herriot's."""
    place, table = Place(path), load(path)
    found: AreaModel
    if "direct" in table:
        found = toml_records.fill(DirectModel, table, place=place, readers=READERS, given={"path": path})
    else:
        found = toml_records.fill(AnswerModel, table, place=place, readers=READERS, given={"path": path})
    refuse_level(found.level, place)
    if not FEWEST_DRAWS <= found.draws <= MOST_DRAWS:
        raise place.at("draws").refusal(
            f"{found.draws} draws cannot be", f"Write a number from {FEWEST_DRAWS} to {MOST_DRAWS:,}"
        )
    if found.seed < 0:
        raise place.at("seed").refusal("a seed is 0 or more", "Write one such as 2026")
    if isinstance(found, AnswerModel):
        _refuse_terms(found, place)
    elif found.sampling_mode is not SamplingMode.PROBABILITY:
        _refuse_unstated(found.sensitivity, place.at("sensitivity"))
    return found


def _refuse_terms(found: AnswerModel, place: Place) -> None:
    """Refuse terms without the area, terms that stand twice, and what is averaged over but is no term."""
    if found.area not in found.random:
        raise place.at("random").refusal(
            f'the area "{found.area}" is not among the random terms', f'Add it: random = ["{found.area}", …]'
        )
    seen: set[frozenset[str]] = set()
    for term in found.random:
        parts = term.split(":")
        if len(set(parts)) < len(parts) or frozenset(parts) in seen:
            raise place.at("random").refusal(f'"{term}" stands twice', "Name each column, and each crossing, once")
        seen.add(frozenset(parts))
    for term in found.averaged_over:
        if term == found.area or term not in found.random:
            why = "is what is estimated" if term == found.area else "is not among the random terms"
            raise place.at("averaged_over").refusal(f'"{term}" {why}', "Name a term such as who interviewed")


def _refuse_unstated(assumed: Sensitivity, place: Place) -> None:
    """Direct estimates alone do not say how many took part, nor how far answers lie apart."""
    if assumed.part_taken is None or assumed.difference is None:
        raise place.refusal(
            "how far direct estimates may be off follows from no column here",
            "State both: part_taken = 0.01, and difference, by how much the others may differ",
        )


def from_answers(described: AnswerModel, file: Path, cells: Path) -> Modelled:
    """The model fitted to who answered, and applied to everybody."""
    terms = list(dict.fromkeys(part for term in described.random for part in term.split(":")))
    described.missing.refuse_strangers(table_files.header(file), path=described.path)
    table = table_files.read(file, list(dict.fromkeys([described.outcome, *terms, *described.covariates])))
    answers = table.numbers(described.outcome, missing=described.missing.of(described.outcome))
    silent = np.isnan(answers)
    if silent.all():
        raise table_files.UnusableTable(
            f"nobody answered {described.outcome!r}", where=str(file), remedy="Check the column, and its missing codes"
        )
    table, answers = table.kept(~silent), answers[~silent]
    fit = fit_logistic if described.kind == "logistic" else fit_gaussian
    with table.told():
        columns = _columns(table, terms, described)
        model = fit(answers, columns, random=described.random, covariates=described.covariates)
        rng = np.random.default_rng(described.seed)
        posterior = posterior_draws(model, draws=described.draws, rng=rng)
    population = _cells(cells, terms, described)
    with population.told():
        areas = poststratify_draws(
            posterior,
            _columns(population, [term for term in terms if term in population.columns], described),
            population.amounts(described.count, least=-np.inf),
            area=described.area,
            averaged_over=described.averaged_over,
            level=described.level,
            rng=rng,
        )
    with table.told():
        beside = _beside(model, areas, described)
        checks = _checks(posterior, areas, described, left_out=int(silent.sum()), rng=rng)
    return Modelled(
        areas,
        beside,
        {**checks, "suspected": _suspected(answers, described)},
        part_taken=answers.size / float(areas.population.sum()),
        deviation=float(answers.std()),
    )


def from_direct(described: DirectModel, file: Path) -> Modelled:
    """The model of direct estimates; its intervals weigh up all that the variance between areas may be."""
    named = [described.area, described.direct, described.variance, *described.covariates]
    table = table_files.read(file, list(dict.fromkeys([*named, *filter(None, [described.population])])))
    names, direct, noise = (
        table.keys(described.area),
        table.numbers(described.direct),
        table.numbers(described.variance),
    )
    covariates = np.column_stack([np.empty((len(names), 0)), *map(table.numbers, described.covariates)])
    people = np.ones(len(names)) if described.population is None else _residents(table, described.population)
    with table.told():
        found = fay_herriot(direct, noise, covariates=covariates)
        draws = fay_herriot_draws(
            direct, noise, covariates=covariates, draws=described.draws, rng=np.random.default_rng(described.seed)
        )
    areas = AreaDraws(names, draws, people, level=described.level)
    beside = {
        "estimate": found.estimate,
        "mse": found.mse,
        "direct": direct,
        "direct_se": np.sqrt(noise),
        "weight_on_direct": found.weight_on_direct,
    }
    model = {
        "kind": "fay-herriot",
        "areas": len(names),
        "variance": found.variance,
        "coefficients": dict(zip(("intercept", *described.covariates), found.coefficients, strict=True)),
        "coefficient_se": dict(zip(("intercept", *described.covariates), found.coefficient_se, strict=True)),
        "log_likelihood": found.log_likelihood,
        "note": "areas differ no more than their errors and covariates explain" if found.variance_is_zero else "",
    }
    return Modelled(areas, beside, model, part_taken=1.0, deviation=float(direct.std()))


def _residents(table: TableFile, column: str) -> Floats:
    people = table.amounts(column)
    without = np.flatnonzero(~(people > 0))
    if without.size:
        raise table_files.UnusableTable(
            f"the area has no people in column {column!r}",
            where=table.where(int(without[0])),
            remedy="Fill it in, or leave the area out",
        )
    return people


def _suspected(answers: Floats, described: AnswerModel) -> list[str]:
    """Codes for “don't know” that seem to have stayed in as numbers."""
    if described.kind == "logistic":
        return []
    return [f"{described.outcome}: {said}" for said in left_in(answers)]


def _cells(path: Path, terms: Sequence[str], described: AnswerModel) -> TableFile:
    """The population; a term that is averaged over need not be in it."""
    absent = [part for term in described.averaged_over for part in term.split(":")]
    needed = [term for term in terms if term not in absent]
    return table_files.read(
        path, list(dict.fromkeys([described.area, *needed, *described.covariates, described.count]))
    )


def _columns(table: TableFile, terms: Sequence[str], described: AnswerModel) -> dict[str, Any]:
    numbers = {name: table.numbers(name) for name in described.covariates}
    return {name: table.labels(name) for name in terms} | numbers


def _beside(model: MixedModel, areas: AreaDraws, described: AnswerModel) -> dict[str, Sequence[Any] | Floats]:
    """What the area's own respondents say, next to what the model makes of it."""
    direct = direct_means(model, area=described.area)
    place = {area: at for at, area in enumerate(direct.areas)}
    at = [place.get(area) for area in areas.areas]
    return {
        "n": [0 if one is None else direct.respondents[one] for one in at],
        "population": areas.population,
        "direct": [np.nan if one is None else direct.mean[one] for one in at],
        "direct_se": [np.nan if one is None else direct.standard_error[one] for one in at],
    }


def _checks(
    posterior: PosteriorDraws, areas: AreaDraws, described: AnswerModel, *, left_out: int, rng: np.random.Generator
) -> dict[str, Any]:
    model = posterior.model
    held = calibration(posterior, area=described.area, rng=rng).held
    return {
        "kind": described.kind,
        "respondents": model.respondents,
        "left_out": left_out,
        "log_likelihood": model.log_likelihood,
        "coefficients": model.coefficients,
        "sd": model.sd,
        "residual_sd": model.residual_sd,
        "without_spread": model.without_spread,
        "variance_shares": variance_shares(posterior),
        "kept": shrinkage(model, areas, area=described.area).kept,
        "held": {f"{level:g}": share for level, share in held.items()},
        "effective_points": posterior.effective_points,
        "unseen": {term: [str(level) for level in levels] for term, levels in areas.unseen.items() if levels},
    }


def _publishing(value: Any, place: Place) -> Publishing:
    found = toml_records.fill(Publishing, value, place=place)
    if found.largest_cv is not None and not found.largest_cv > 0:
        raise place.at("largest_cv").refusal("no estimate is that sure", "Write the largest that is still useful: 0.3")
    if not found.widest > 0:
        raise place.at("widest").refusal("no interval is that narrow", "Write the widest that is still useful: 0.2")
    if found.largest_pool < 1:
        raise place.at("largest_pool").refusal("a pool has at least one area", "Write a number such as 4")
    return found


READERS: dict[Any, toml_records.Reader] = ONE_OR_MORE | {
    MissingCodes: missing_codes,
    Sensitivity: read_sensitivity,
    Publishing | None: _publishing,
}
