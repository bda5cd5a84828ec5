"""How a sample was drawn and weighted: strata, clusters in stages, populations, calibrations, replicates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hearback.refusal import Refusal

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Bools = NDArray[np.bool_]
Labels = NDArray[np.str_]
Lonely = Literal["refuse", "certainty", "adjust", "average"]
"""What a stratum with one unit adds to a variance: a refusal; nothing, as if its unit had been certain to be drawn;
its distance from the whole sample's mean instead of the stratum's; or the average of the other strata. R `survey`
calls the first "fail"."""


class UnusableDesign(Refusal):
    """A description of a sample that cannot be true, or from which no variance follows."""


class UnusableWeights(Refusal):
    """Weights that are no number of people."""


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage of sampling: which unit each row lies in, which stratum each unit, and how many units there are.

    `unit` (n,) codes of units, `stratum` (units,) codes of strata, `population` (strata,) the number of units that
    could have been drawn (infinity: unknown or drawn with replacement), `drawn_before` (strata,) the share of units
    drawn at the stages before, in which the stratum lies (1 at the first). Names are as the data have them;
    `unit_names` is None where every row is a unit of its own.
    """

    unit: Codes
    stratum: Codes
    population: Floats
    drawn_before: Floats
    stratum_names: Labels
    unit_names: Labels | None

    @cached_property
    def sample(self) -> Codes:
        """Units drawn in each stratum, (strata,)."""
        return np.bincount(self.stratum, minlength=self.population.size).astype(np.int64)

    @property
    def fraction(self) -> Floats:
        """Share of units drawn in each stratum, (strata,)."""
        return self.sample / self.population


@dataclass(frozen=True, eq=False)
class Calibration:
    """One adjustment of weights to known totals, as variances must know it.

    `weights_before` and `weights_after` (n,); `groups`: for poststratification one vector (n,) of integer codes, for
    raking one per margin; for calibration to other totals `auxiliaries` (n, p) instead.
    """

    weights_before: Floats
    weights_after: Floats
    groups: tuple[Codes, ...] = ()
    auxiliaries: Floats | None = None

    def __post_init__(self) -> None:
        if bool(self.groups) == (self.auxiliaries is not None):
            raise ValueError("a calibration has either groups or auxiliaries")


@dataclass(frozen=True, eq=False)
class Replicates:
    """Weights (n, R) of R replicates of the whole weighting, and how their estimates make a variance.

    The covariance is `scale` times the sum over r of `rscales` (R,) times the squared distances of replicate r from
    the mean of all replicates, or from the estimate itself where `around_estimate`. `df` are its degrees of freedom.
    """

    weights: Floats
    scale: float
    rscales: Floats
    df: int
    around_estimate: bool = False


@dataclass(frozen=True, eq=False)
class Design:
    """A weighted sample: `weights` (n,), `stages` of its drawing, and what was done to the weights since.

    With `replicates` every variance comes from them; without, from Taylor linearisation over stages and calibrations.
    """

    weights: Floats
    stages: tuple[Stage, ...]
    lonely: Lonely = "refuse"
    calibrations: tuple[Calibration, ...] = ()
    replicates: Replicates | None = None

    @property
    def n(self) -> int:
        """Respondents, those with weight 0 included."""
        return int(self.weights.size)

    @cached_property
    def df(self) -> int:
        """First-stage units less strata, of those with any weight (R: `degf`); replicates bring their own."""
        if self.replicates is not None:
            return self.replicates.df
        units = np.unique(self.stages[0].unit[self.weights != 0])
        return int(units.size - np.unique(self.stages[0].stratum[units]).size)

    def calibrated(self, calibration: Calibration) -> Design:
        """The design with calibrated weights, its variances lowered by what the known totals explain."""
        if calibration.weights_after.shape != self.weights.shape:
            raise ValueError("a calibration has a weight for every row of the design")
        if self.replicates is not None:
            raise UnusableDesign(
                "Replicate weights were made before these weights were calibrated",
                remedy="Calibrate each replicate too and put them back with with_replicates",
            )
        return replace(self, weights=calibration.weights_after, calibrations=(*self.calibrations, calibration))

    def with_replicates(self, replicates: Replicates) -> Design:
        """The design with variances from replicates of its weights."""
        if replicates.weights.shape[0] != self.n:
            raise ValueError("replicates have a weight for every row of the design")
        return replace(self, replicates=replicates)

    def domain(self, inside: ArrayLike) -> Design:
        """The design with weights only where `inside` (n,) is true; rows outside still count as drawn (R: `subset`)."""
        kept = np.asarray(inside, dtype=np.bool_)
        copies = self.replicates
        if copies is not None:
            copies = replace(copies, weights=np.where(kept[:, None], copies.weights, 0.0))
        return replace(self, weights=np.where(kept, self.weights, 0.0), replicates=copies)


def missing_labels(labels: NDArray[np.generic]) -> Bools:
    """Which labels are NaN, None or empty."""
    if labels.dtype.kind in "iub":
        return np.zeros(labels.shape, dtype=np.bool_)
    if labels.dtype.kind == "f":
        return np.asarray(np.isnan(labels))
    return np.array([one is None or one != one or one == "" for one in labels.tolist()], dtype=np.bool_)
