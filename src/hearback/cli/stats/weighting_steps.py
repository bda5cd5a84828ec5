"""What may be done to the weights of a sample, step by step, each said by a table of the design file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any, Literal, Protocol

import numpy as np

from hearback.cli import table_files
from hearback.cli.stats.missing_codes import MissingCodes
from hearback.cli.stats.population_margins import Margins, read_margins, read_totals
from hearback.cli.table_files import TableFile
from hearback.importers import toml_records
from hearback.importers.toml_records import Place
from hearback.stats.design import Design, Floats, Replicates, UnusableDesign
from hearback.stats.weight.calibrate import Auxiliaries, Distance, calibrate, from_margins
from hearback.stats.weight.nonresponse import adjust_for_nonresponse
from hearback.stats.weight.poststratify import poststratify
from hearback.stats.weight.rake import rake, rake_replicates
from hearback.stats.weight.targets import Margin, UnusableMargin
from hearback.stats.weight.trim import trim, usual_limit

YES, NO = ("1", "yes", "true"), ("0", "no", "false")

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Weighting:
    """A sample between two steps: its rows, their first weights, the design so far, and what each step did.

    `again` makes the same sample anew from some of its rows with other first weights.
    """

    table: TableFile
    base: Floats
    design: Design
    missing: MissingCodes
    replicates: Replicates | None
    again: Callable[[TableFile, Floats], Weighting]
    margins: tuple[Margin, ...] = ()
    told: tuple[Told, ...] = ()

    def answers(self, column: str) -> Floats:
        """A column as numbers, missing codes left out."""
        return self.table.numbers(column, missing=self.missing.of(column))

    @property
    def final(self) -> Design:
        """The design with all that was done, for estimates."""
        return self.design if self.replicates is None else self.design.with_replicates(self.replicates)

    def refuse_replicates(self, step: str) -> None:
        """Replicates know nothing of a step that was not done to each of them."""
        if self.replicates is not None:
            raise UnusableDesign(
                f"The step {step} is not done to replicate weights",
                remedy="Leave the replicates out, or weight them by poststratify or rake",
            )


class Step(Protocol):
    """One step of weighting."""

    def columns(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """The columns of the data that it needs."""

    def apply(self, now: Weighting) -> Weighting:
        """The sample after it."""


@dataclass(frozen=True, kw_only=True)
class NonresponseStep:
    """Respondents stand for those of their class who did not answer, and who leave the table with this step."""

    method: str
    responded: str
    classes: tuple[str, ...]

    def columns(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """Whether somebody answered, and the classes."""
        return (self.responded, *self.classes)

    def apply(self, now: Weighting) -> Weighting:
        """Errors: a step before it, an answer that is neither yes nor no, a class in which nobody responded."""
        if now.told:
            raise UnusableDesign("nonresponse comes after another step", remedy="Let it be the first of [[steps]]")
        now.refuse_replicates(self.method)
        if not self.classes:
            raise UnusableDesign("nonresponse has no classes", remedy='Name a column: classes = ["area"]')
        responded = yes_or_no(now.table, self.responded)
        parts = [now.table.labels(name).tolist() for name in self.classes]
        classes = [" × ".join(word or "(empty)" for word in row) for row in zip(*parts, strict=True)]
        found = adjust_for_nonresponse(now.base, responded=responded, classes=classes)
        columns = zip(found.classes, found.respondents, found.response_rate, found.factor, found.thin, strict=True)
        names = ("class", "respondents", "response_rate", "factor", "thin")
        told = {
            "method": self.method,
            "left_out": int((~responded).sum()),
            "classes": [dict(zip(names, (*row[:-1], bool(row[-1])), strict=True)) for row in columns],
        }
        return replace(now.again(now.table.kept(responded), found.weights[responded]), told=(told,))


@dataclass(frozen=True, kw_only=True)
class MarginSteps:
    """Poststratification to one margin, or raking to several."""

    method: str
    margins: Margins
    merge: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def columns(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the margins."""
        return self.margins.columns(header)

    def apply(self, now: Weighting) -> Weighting:
        """Weights that meet the margins, and replicates that each meet them too."""
        margins = self.margins.of(now.table, merge=self.merge, people=float(now.design.weights.sum()))
        told: dict[str, Any] = {"method": self.method, "margins": list(self.margins.totals), "merged": self.merge}
        if self.method == "poststratify":
            if len(margins) != 1:
                raise UnusableMargin(
                    f"poststratify takes one margin, and here are {len(margins)}",
                    remedy='Write rake, or cross them: "sex:age" = {"women:18-29" = …}',
                )
            calibration = poststratify(now.design.weights, margins[0]).calibration
        else:
            raked = rake(now.design.weights, margins)
            calibration = raked.calibration
            told |= {"rounds": raked.rounds, "misfit": raked.misfit}
        replicates = now.replicates
        if replicates is not None:
            replicates = replace(replicates, weights=rake_replicates(replicates.weights, margins).weights)
        return replace(
            now,
            design=now.design.calibrated(calibration),
            replicates=replicates,
            margins=(*now.margins, *margins),
            told=(*now.told, told),
        )


@dataclass(frozen=True, kw_only=True)
class CalibrateStep:
    """Weights that meet margins and totals of numeric columns, each within bounds on its factor."""

    method: str
    margins: Margins = field(default_factory=lambda: Margins({}))
    totals: Mapping[str, float] = field(default_factory=dict)
    distance: Distance = "raking"
    bounds: tuple[float, float] = (0.0, inf)
    merge: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def columns(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the margins and of the totals."""
        return (*self.margins.columns(header), *self.totals)

    def apply(self, now: Weighting) -> Weighting:
        """Errors: totals that cannot be met within the bounds."""
        now.refuse_replicates(self.method)
        weights = now.design.weights
        margins = self.margins.of(now.table, merge=self.merge, people=float(weights.sum()))
        known = Auxiliaries((), np.empty((weights.size, 0)), np.empty(0))
        if margins:
            known = from_margins(margins, weights=weights)
        for name, total in self.totals.items():
            known = known.with_total(name, now.answers(name), total=total)
        if not known.names:
            raise UnusableMargin("calibrate has neither margins nor totals", remedy="Give it one of them")
        found = calibrate(weights, known, distance=self.distance, bounds=self.bounds)
        told = {
            "method": self.method,
            "met": list(known.names),
            "rounds": found.steps,
            "misfit": found.misfit,
            "least_factor": found.factors.min(),
            "largest_factor": found.factors.max(),
        }
        return replace(
            now,
            design=now.design.calibrated(found.calibration),
            margins=(*now.margins, *margins),
            told=(*now.told, told),
        )


@dataclass(frozen=True, kw_only=True)
class TrimStep:
    """Weights cut to limits; without a limit above, at the median plus six interquartile ranges."""

    method: str
    low: float = 0.0
    high: float | None = None
    compare: tuple[str, ...] = ()

    def columns(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """Those whose means are compared."""
        return self.compare

    def apply(self, now: Weighting) -> Weighting:
        """Calibrations go on explaining what they explained before the cut, as after R's `trimWeights`."""
        now.refuse_replicates(self.method)
        before = now.design.weights
        high = usual_limit(before) if self.high is None else self.high
        outcomes = {name: now.answers(name) for name in self.compare}
        found = trim(before, low=self.low, high=high, outcomes=outcomes)
        told = {
            "method": self.method,
            "low": self.low,
            "high": high,
            "cut": int(found.cut.sum()),
            "moved": found.moved,
            "deff_before": found.before.deff,
            "deff_after": found.after.deff,
            "means": [{**vars(moved), "worthwhile": bool(moved.worthwhile)} for moved in found.means],
        }
        return replace(now, design=replace(now.design, weights=found.weights), told=(*now.told, told))


def yes_or_no(table: TableFile, column: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """A column of yes and no; anything else is refused with its row."""
    words = [word.casefold().removesuffix(".0") for word in table.labels(column).tolist()]
    for at, word in enumerate(words):
        if word not in (*YES, *NO):
            raise table_files.UnusableTable(
                f"“{table.columns[column][at]}” in column {column!r} is neither yes nor no",
                where=f"row {at + 1}",
                remedy="Write 1 or yes for who responded, 0 or no for who did not",
            )
    return np.array([word in YES for word in words], dtype=np.bool_)


def read_steps(value: Any, place: Place) -> tuple[Step, ...]:
    """The tables of [[steps]], each of the kind that its method names."""
    if not isinstance(value, list) or not all(isinstance(step, dict) for step in value):
        raise place.refusal("steps are tables in double brackets", "Begin each with a line such as: [[steps]]")
    return tuple(_step(table, place.at(f"step {number}")) for number, table in enumerate(value, start=1))


def _step(table: dict[str, Any], place: Place) -> Step:
    method = toml_records.fill(_Method, {"method": table.get("method", "")}, place=place).method
    record: Any = STEPS[method]
    found: Step = toml_records.fill(record, table, place=place, readers=STEP_READERS)
    return found


@dataclass(frozen=True)
class _Method:
    method: Literal["nonresponse", "poststratify", "rake", "calibrate", "trim"]


STEPS: Mapping[str, type] = {
    "nonresponse": NonresponseStep,
    "poststratify": MarginSteps,
    "rake": MarginSteps,
    "calibrate": CalibrateStep,
    "trim": TrimStep,
}


def _one_or_more(value: Any, place: Place) -> tuple[str, ...]:
    return (toml_records.text(value, place),) if isinstance(value, str) else toml_records.texts(value, place)


def _merge(value: Any, place: Place) -> dict[str, dict[str, str]]:
    if not isinstance(value, dict):
        raise place.refusal("what is merged is a table", 'Write: { age = { "75+" = "65-74" } }')
    return {name: toml_records.words(pairs, place.at(name)) for name, pairs in value.items()}


def read_pair(value: Any, place: Place) -> tuple[float, float]:
    """Two numbers, the lower first."""
    numbers = isinstance(value, list) and all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in value
    )
    if not numbers or len(value) != 2 or not value[0] < value[1]:
        raise place.refusal("two numbers are needed here, the lower first", "Write them as: [1, 5]")
    return float(value[0]), float(value[1])


ONE_OR_MORE: dict[Any, toml_records.Reader] = {tuple[str, ...]: _one_or_more}
"""One name may stand without brackets."""
STEP_READERS: dict[Any, toml_records.Reader] = ONE_OR_MORE | {
    Margins: read_margins,
    Mapping[str, Mapping[str, str]]: _merge,
    Mapping[str, float]: read_totals,
    tuple[float, float]: read_pair,
}
