"""Small areas: from 2,000 respondents to intervals of 300 areas, and the golden poll with seven crossed terms."""

from __future__ import annotations

import csv
import itertools
import warnings
from pathlib import Path

import numpy as np
from statsmodels.genmod.bayes_mixed_glm import BinomialBayesMixedGLM

from benchmarks.line import Line, paired, seconds
from hearback.stats.small_area.mixed_model import MixedModel, fit_logistic
from hearback.stats.small_area.posterior import posterior_draws
from hearback.stats.small_area.poststratify import poststratify_draws

AREAS, RESPONDENTS, DRAWS = 300, 2_000, 500
KINDS = {"age": 6, "education": 5, "ethnicity": 4, "gender": 2}
TERMS = ("area", "age", "education", "ethnicity", "region")
R_SECONDS = 4.6
POLL = Path(__file__).parents[2] / "shared" / "golden" / "mrp_megapoll.csv"
LME4_SECONDS, GPBOOST_SECONDS = 24.1, 1.04
POLL_TERMS = ("state", "age.edu.cat", "race.female", "poll", "region", "edu.cat", "age.cat")
POLL_COVARIATES = ("p.relig.full", "p.kerry.full")

Columns = dict[str, np.ndarray]


def run() -> list[Line]:
    """The whole way and its fit alone against statsmodels; the golden poll where its file is at hand."""
    lines = _city()
    return [*lines, _poll()] if POLL.exists() else lines


def _city() -> list[Line]:
    cells, sample, yes = _survey()

    def whole() -> None:
        rng = np.random.default_rng(1)
        draws = posterior_draws(_fit(yes, sample), draws=DRAWS, rng=rng)
        poststratify_draws(draws, cells, cells["people"], area="area", rng=rng)

    whole()
    ours = sorted(seconds(whole) for _ in range(3))[1]
    fit, peer, ratio = paired(lambda: _fit(yes, sample), lambda: _statsmodels(yes, sample), runs=1)
    return [
        Line(
            f"{RESPONDENTS:,} respondents, {AREAS} areas, 5 terms; {cells['area'].size:,} cells, {DRAWS} draws",
            f"{ours:.2f} s",
            f"R lme4, measured elsewhere: {R_SECONDS} s",
            f"{R_SECONDS / ours:.0f} x",
            "5 x",
        ),
        Line("its fit alone", f"{fit:.3f} s", f"statsmodels, variational: {peer:.1f} s", f"{ratio:.0f} x"),
    ]


def _fit(yes: np.ndarray, sample: Columns) -> MixedModel:
    return fit_logistic(yes, sample, random=TERMS, covariates=["need"])


def _statsmodels(yes: np.ndarray, sample: Columns) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its optimiser says that it stopped early
        formulas = {term: f"0 + C({term})" for term in TERMS}
        BinomialBayesMixedGLM.from_formula("yes ~ need", formulas, {"yes": yes, **sample}).fit_vb()


def _survey() -> tuple[Columns, Columns, np.ndarray]:
    rng = np.random.default_rng(7)
    kinds = np.array(list(itertools.product(range(AREAS), *map(range, KINDS.values()))))
    cells = dict(zip(("area", *KINDS), kinds.T, strict=True))
    cells["region"], cells["need"] = cells["area"] // 30, rng.normal(size=AREAS)[cells["area"]]
    cells["people"] = rng.gamma(1, 50, len(kinds))
    spread = {"area": 0.4, "age": 0.3, "education": 0.2, "ethnicity": 0.3, "region": 0.2}
    odds = -0.3 + 0.3 * cells["need"]
    for term, sd in spread.items():
        odds += (sd * rng.normal(size=AREAS))[cells[term]]
    chosen = rng.choice(len(kinds), RESPONDENTS, p=cells["people"] / cells["people"].sum())
    sample = {name: column[chosen] for name, column in cells.items()}
    return cells, sample, (rng.random(RESPONDENTS) < 1 / (1 + np.exp(-odds[chosen]))).astype(float)


def _poll() -> Line:
    with POLL.open() as file:
        rows = [row for row in csv.DictReader(file) if all(v for k, v in row.items() if k != "weight")]
    columns = {term: np.array([row[term] for row in rows]) for term in POLL_TERMS}
    columns |= {name: np.array([float(row[name]) for row in rows]) for name in POLL_COVARIATES}
    yes = np.array([float(row["yes.of.all"]) for row in rows])
    ours = sorted(
        seconds(lambda: fit_logistic(yes, columns, random=POLL_TERMS, covariates=POLL_COVARIATES)) for _ in range(3)
    )[1]
    return Line(
        "mixed model, 6,341 respondents, seven crossed terms",
        f"{ours:.2f} s",
        f"measured elsewhere: lme4 {LME4_SECONDS} s, gpboost {GPBOOST_SECONDS} s",
        f"{LME4_SECONDS / ours:.0f} x, {GPBOOST_SECONDS / ours:.0f} x",
        "under 2 s",
    )
