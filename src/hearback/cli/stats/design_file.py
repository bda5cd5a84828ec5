"""The TOML file that says how a sample was drawn, answered and weighted; shared by the verbs on surveys."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

import numpy as np

from hearback.cli.stats.missing_codes import MissingCodes, missing_codes
from hearback.cli.stats.population_margins import Margins, read_margins
from hearback.cli.stats.weighting_steps import (
    ONE_OR_MORE,
    MarginSteps,
    Step,
    Weighting,
    read_steps,
)
from hearback.cli.table_files import TableFile
from hearback.importers import delimited, toml_records
from hearback.importers.nearest import advice
from hearback.importers.toml_records import Place
from hearback.refusal import Refusal
from hearback.stats.design import Design, Floats, Lonely, Replicates
from hearback.stats.response_rates import Dispositions, response_rates
from hearback.stats.sampling_mode import SamplingMode, if_answering_depends, if_others_differ
from hearback.stats.survey_design import survey_design
from hearback.stats.variance.replicates import (
    Kind,
    balanced_half_samples,
    bootstrap,
    given_replicates,
    jackknife,
)

SUREST = 0.999999
"""Above this the ends of an interval are beyond what numbers can tell."""
MOST_REPLICATES = 20_000


@dataclass(frozen=True, kw_only=True)
class ReplicateWeights:
    """Replicate weights: columns of the file (`rep*`, or what their names begin with), else made from the design.

    `around_estimate`: distances are taken from the estimate, not from the replicates' mean (R: `mse`).
    """

    kind: Kind
    columns: tuple[str, ...] = ()
    fay: float = 0.0
    rscales: tuple[float, ...] = ()
    around_estimate: bool = False
    number: int = 500
    seed: int = 2026


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """What is assumed of those who did not take part: they differ by so much, or taking part goes with the answer."""

    part_taken: float | None = None
    difference: float | None = None
    correlation: float = 0.05
    lowest: float = float("-inf")
    highest: float = float("inf")


@dataclass(frozen=True, kw_only=True)
class DesignFile:
    """A sample as its TOML file describes it; names are columns of the data, lists have one entry per stage."""

    path: Path
    weights: str | None = None
    strata: tuple[str, ...] = ()
    psu: tuple[str, ...] = ()
    fpc: tuple[str, ...] = ()
    nest: bool = False
    lonely: Lonely = "refuse"
    replicates: ReplicateWeights | None = None
    level: float = 0.95
    missing: MissingCodes = field(default_factory=MissingCodes)
    mode: Literal["probability", "opt-in", "census"] | None = None
    sensitivity: Sensitivity = field(default_factory=Sensitivity)
    response: Dispositions | None = None
    rake: Margins | None = None
    poststratify: Margins | None = None
    steps: tuple[Step, ...] = ()

    @property
    def sampling_mode(self) -> SamplingMode:
        """The mode; where the file does not say, a sample is taken to be random."""
        return SamplingMode(self.mode or SamplingMode.PROBABILITY)

    def columns(self, header: tuple[str, ...]) -> list[str]:
        """Every column of the data that the description names; errors: codes of a column that is not there."""
        self.missing.refuse_strangers(header, path=self.path)
        named = [self.weights, *self.strata, *self.psu, *self.fpc, *self.replicate_columns(header)]
        named += [name for step in self.all_steps for name in step.columns(header)]
        return [name for name in dict.fromkeys(named) if name]

    def replicate_columns(self, header: tuple[str, ...]) -> tuple[str, ...]:
        """The columns of replicate weights, in the order of the file."""
        patterns = () if self.replicates is None else self.replicates.columns
        found: dict[str, None] = {}
        for pattern in patterns:
            wide = pattern if pattern in header or "*" in pattern else f"{pattern}*"
            matching = [name for name in header if fnmatchcase(name, wide)]
            if not matching:
                place = Place(self.path, "replicates")
                raise place.refusal(f'no column of the data is called "{pattern}"', advice(pattern, header))
            found |= dict.fromkeys(matching)
        return tuple(found)

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """What is done to the weights, in order; [rake] and [poststratify] are one step each."""
        short = [
            MarginSteps(method=method, margins=margins)
            for method, margins in (("poststratify", self.poststratify), ("rake", self.rake))
            if margins is not None
        ]
        return (*short, *self.steps)

    def weighted(self, table: TableFile, header: tuple[str, ...]) -> Weighting:
        """The sample in a table, all steps done; what cannot be is refused with the table's name."""
        with table.told():
            weighting = self._begun(table, header)
            for step in self.all_steps:
                weighting = step.apply(weighting)
            return weighting

    def _begun(self, table: TableFile, header: tuple[str, ...], weights: Floats | None = None) -> Weighting:
        design = self._drawn(table, weights)
        return Weighting(
            table=table,
            base=design.weights,
            design=design,
            missing=self.missing,
            replicates=self._replicates(design, table, header),
            again=lambda kept, kept_weights: self._begun(kept, header, kept_weights),
        )

    def _drawn(self, table: TableFile, weights: Floats | None) -> Design:
        if weights is None and self.weights is not None:
            weights = _people(table, self.weights)
        if weights is None and not self.fpc and self.sampling_mode is not SamplingMode.PROBABILITY:
            weights = np.ones(len(table.rows))
        return survey_design(
            weights,
            strata=[table.labels(name) for name in self.strata],
            psu=[table.labels(name) for name in self.psu],
            fpc=[_people(table, name) for name in self.fpc],
            nested=self.nest,
            lonely=self.lonely,
        )

    def _replicates(self, design: Design, table: TableFile, header: tuple[str, ...]) -> Replicates | None:
        asked = self.replicates
        if asked is None:
            return None
        made = self._copies(asked, design, table, header)
        return replace(made, around_estimate=True) if asked.around_estimate else made

    def _copies(self, asked: ReplicateWeights, design: Design, table: TableFile, header: tuple[str, ...]) -> Replicates:
        if asked.columns:
            columns = np.column_stack([_people(table, name) for name in self.replicate_columns(header)])
            return given_replicates(columns, kind=asked.kind, rho=asked.fay, rscales=asked.rscales or None)
        if asked.kind == "JK1" and design.stages[0].population.size > 1:
            raise Place(self.path, "replicates").refusal("JK1 is for samples without strata", 'Write kind = "JKn"')
        if asked.kind in ("JK1", "JKn"):
            return jackknife(design)
        if asked.kind in ("BRR", "Fay"):
            return balanced_half_samples(design, rho=asked.fay)
        if asked.kind == "bootstrap":
            return bootstrap(design, replicates=asked.number, rng=np.random.default_rng(asked.seed))
        raise Place(self.path, "replicates").refusal(
            f"replicates of kind {asked.kind} are not made here", "Name their columns: columns = …"
        )


def load(path: Path) -> dict[str, Any]:
    """The tables of a TOML file that an option names."""
    delimited.check_file(path)
    return toml_records.load(path)


def read(path: Path) -> DesignFile:
    """A design file, refused at the first key that is unknown or of the wrong type."""
    place = Place(path)
    found = toml_records.fill(DesignFile, load(path), place=place, readers=READERS, given={"path": path})
    refuse_level(found.level, place)
    if found.rake is not None and found.poststratify is not None:
        raise place.refusal(
            "both [rake] and [poststratify] stand here", "Keep one, or write both as [[steps]] in their order"
        )
    if found.replicates is not None:
        _refuse_unclear(found.replicates, place.at("replicates"))
    return found


def refuse_level(level: float, place: Place) -> None:
    """Refuse a level of intervals that is no probability."""
    if not 0 < level <= SUREST:
        raise place.at("level").refusal(f"an interval cannot have the level {level:g}", "Write one such as 0.95")


def _refuse_unclear(asked: ReplicateWeights, place: Place) -> None:
    """Refuse what says nothing of replicates of this kind, rather than go on without it."""
    if not asked.columns and asked.rscales:
        raise place.at("rscales").refusal("these belong to columns of the data", "Name them: columns = …")
    if asked.fay and asked.kind != "Fay":
        raise place.at("fay").refusal(f"{asked.kind} has no such coefficient", 'Write kind = "Fay", or leave it out')
    if not asked.columns and not 2 <= asked.number <= MOST_REPLICATES:
        raise place.refusal(
            f"{asked.number} replicates are no use" if asked.number > 1 else "fewer than 2 replicates show no spread",
            "Write number = 500",
        )
    if asked.seed < 0:
        raise place.at("seed").refusal("a seed is 0 or more", "Write one such as 2026")


def _people(table: TableFile, column: str) -> Floats:
    """Numbers of people or units; what else is wrong with them the design says."""
    return table.amounts(column, least=-np.inf)


def read_sensitivity(value: Any, place: Place) -> Sensitivity:
    """The table [sensitivity], whose numbers can be true."""
    found = toml_records.fill(Sensitivity, value, place=place)
    if not found.lowest < found.highest:
        raise place.refusal("the lowest answer is not below the highest", "Write such as: lowest = 1, highest = 5")
    try:
        if_others_differ(
            0.0, part_taken=1.0 if found.part_taken is None else found.part_taken, difference=found.difference or 0.0
        )
        if_answering_depends(
            0.0,
            part_taken=1.0 if found.part_taken is None else found.part_taken,
            correlation=found.correlation,
            deviation=1.0,
        )
    except Refusal as refusal:
        raise place.refusal(refusal.problem, refusal.remedy) from refusal
    return found


def _dispositions(value: Any, place: Place) -> Dispositions:
    found = toml_records.fill(Dispositions, value, place=place)
    try:
        response_rates(found)
    except Refusal as refusal:
        raise place.refusal(refusal.problem, refusal.remedy) from refusal
    return found


def _numbers(value: Any, place: Place) -> tuple[float, ...]:
    if not isinstance(value, list) or any(isinstance(one, bool) or not isinstance(one, int | float) for one in value):
        raise place.refusal("a list of numbers is needed here", "Write it as: [0.5, 0.5]")
    return tuple(map(float, value))


def _replicate_table(value: Any, place: Place) -> ReplicateWeights:
    if isinstance(value, dict) and value.get("columns") == []:
        raise place.at("columns").refusal("no column is named", "Name them, or leave the key out to have them made")
    return toml_records.fill(ReplicateWeights, value, place=place, readers=ONE_OR_MORE | {tuple[float, ...]: _numbers})


READERS: dict[Any, toml_records.Reader] = ONE_OR_MORE | {
    MissingCodes: missing_codes,
    Sensitivity: read_sensitivity,
    ReplicateWeights | None: _replicate_table,
    Dispositions | None: _dispositions,
    Margins | None: read_margins,
    tuple[Step, ...]: read_steps,
}
