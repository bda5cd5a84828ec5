"""Five items in 77 areas, 50,000 respondents with raked weights, standard errors through the raking, against svy."""

from __future__ import annotations

import numpy as np
import polars as pl
import svy

from benchmarks.line import Line, paired
from hearback.stats.design import Design
from hearback.stats.estimate.estimates import Estimates
from hearback.stats.estimate.ratios import means
from hearback.stats.survey_design import survey_design
from hearback.stats.weight.rake import rake
from hearback.stats.weight.targets import Margin

PEOPLE, AREAS, ITEMS = 50_000, 77, 5
CATEGORIES = {"age": 6, "race": 5, "sex": 2, "education": 4}
POPULATION = 2_700_000


def run() -> list[Line]:
    """The same raked weights (ours, svy's within its tolerance) and then all 385 means with their standard errors."""
    respondents = invented()
    design, sample = raked(respondents), raked_by_svy(respondents)
    items = np.column_stack([respondents[f"y{j}"] for j in range(ITEMS)])
    area = np.asarray(respondents["area"])
    found, expected = estimates(design, items, area), estimates_of_svy(sample)
    same = np.abs(found.se.reshape(AREAS, ITEMS) / expected - 1).max()
    ours, theirs, ratio = paired(lambda: estimates(design, items, area), lambda: estimates_of_svy(sample))
    return [
        Line(
            f"5 items in 77 areas, 50,000 respondents, raked, linearised (standard errors equal to {same:.0e})",
            f"{ours:.3f} s",
            f"svy {theirs:.2f} s",
            f"{ratio:.0f} x",
            "20 x",
        )
    ]


def invented() -> dict[str, np.ndarray]:
    """Respondents in ten strata with unequal weights whose answers depend on who they are and where."""
    rng = np.random.default_rng(77)
    people: dict[str, np.ndarray] = {
        "area": rng.integers(0, AREAS, PEOPLE),
        "stratum": rng.integers(0, 10, PEOPLE),
        "weight": rng.gamma(4, POPULATION / PEOPLE / 4, PEOPLE) + 5,
    }
    people |= {name: rng.integers(0, size, PEOPLE) for name, size in CATEGORIES.items()}
    slope = people["age"] / 6 + people["race"] / 5 + people["area"] / AREAS
    return people | {f"y{j}": (rng.random(PEOPLE) < slope / 3 + j / 50).astype(np.float64) for j in range(ITEMS)}


def population_totals(name: str) -> np.ndarray:
    """Totals that the sample misses by up to a fifth."""
    shares = np.linspace(0.8, 1.2, CATEGORIES[name])
    return POPULATION * shares / shares.sum()


def raked(people: dict[str, np.ndarray]) -> Design:
    """Our design with our raking."""
    design = survey_design(people["weight"], strata=[people["stratum"]])
    margins = [
        Margin(name, tuple(str(i) for i in range(size)), people[name], population_totals(name))
        for name, size in CATEGORIES.items()
    ]
    return design.calibrated(rake(people["weight"], margins).calibration)


def raked_by_svy(people: dict[str, np.ndarray]) -> svy.Sample:
    """The same in svy."""
    sample = svy.Sample(pl.DataFrame(people), svy.Design(stratum="stratum", wgt="weight"))
    controls = {name: dict(enumerate(population_totals(name).tolist())) for name in CATEGORIES}
    return sample.weighting.rake(controls=controls, tol=1e-12, max_iter=1000)


def estimates(design: Design, items: np.ndarray, area: np.ndarray) -> Estimates:
    """Ours, all at once."""
    return means(design, items, by=area)


def estimates_of_svy(sample: svy.Sample) -> np.ndarray:
    """Standard errors (areas, items) by svy, which takes the five items in one call."""
    found = [sample.estimation.mean(f"y{j}", by="area").to_polars().sort("area")["se"] for j in range(ITEMS)]
    return np.column_stack([column.to_numpy() for column in found])
