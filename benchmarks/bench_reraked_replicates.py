"""A thousand bootstrap replicates of 10,000 respondents, each raked again to four margins, against svy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import svy
from numpy.typing import NDArray

from benchmarks.line import Line, paired
from hearback.stats.estimate.ratios import means
from hearback.stats.survey_design import survey_design
from hearback.stats.variance.replicates import bootstrap
from hearback.stats.weight.rake import TIGHT, rake, rake_replicates
from hearback.stats.weight.targets import Margin, margin

N, REPLICATES, ITEMS = 10_000, 1_000, 5
CATEGORIES = {"age": 6, "sex": 2, "district": 5, "schooling": 4}


def run() -> list[Line]:
    """Raking alone, of the same replicates to the same closeness; then all: draw, rake, five means with errors."""
    return [_raking(), _everything()]


def _raking() -> Line:
    columns, margins = _city()
    sample = _in_svy(columns).weighting.create_bs_wgts(REPLICATES, rstate=1)
    replicates = sample.data.select([f"w{r}" for r in range(1, REPLICATES + 1)]).to_numpy()
    mine, theirs, ratio = paired(
        lambda: (rake(columns["w"], margins), rake_replicates(replicates, margins)),
        lambda: _raked_by_svy(sample, margins, tol=TIGHT),
    )
    apart = _largest_difference(sample, replicates, margins)
    return Line(
        f"raking 1,000 replicates of 10,000 respondents to 1e-10 (weights differ by {apart:.0e} at most)",
        f"{mine:.2f} s",
        f"svy {theirs:.2f} s",
        f"{ratio:.1f} x",
        "3 x faster",
    )


def _everything() -> Line:
    columns, margins = _city()
    items = np.column_stack([columns[f"y{item}"] for item in range(ITEMS)])

    design = survey_design(weights=columns["w"])

    def ours() -> object:
        drawn = bootstrap(design, replicates=REPLICATES, rng=np.random.default_rng(1))
        raked = replace(drawn, weights=rake_replicates(drawn.weights, margins).weights)
        return means(design.calibrated(rake(columns["w"], margins).calibration).with_replicates(raked), items)

    def peer() -> object:
        sample = _in_svy(columns).weighting.create_bs_wgts(REPLICATES, rstate=1)
        raked = _raked_by_svy(sample, margins, tol=1e-4)
        return [raked.estimation.mean(f"y{item}", method="replication") for item in range(ITEMS)]

    mine, theirs, ratio = paired(ours, peer)
    return Line(
        "the same with drawing them and five means with errors (svy at its usual 1e-4)",
        f"{mine:.2f} s",
        f"svy {theirs:.2f} s",
        f"{ratio:.1f} x",
        "3 x faster",
    )


def _city() -> tuple[dict[str, NDArray[np.float64]], list[Margin]]:
    rng = np.random.default_rng(3)
    columns: dict[str, NDArray[np.float64]] = {"w": rng.uniform(50, 150, N), "id": np.arange(N, dtype=np.float64)}
    margins = []
    for name, k in CATEGORIES.items():
        columns[name] = rng.choice(k, N, p=rng.dirichlet(np.full(k, 20.0)))
        shares = rng.dirichlet(np.full(k, 20.0))
        margins.append(margin(name, columns[name], totals=dict(enumerate((shares * 1_000_000).tolist()))))
    for item in range(ITEMS):
        columns[f"y{item}"] = rng.normal(columns["age"] + columns["district"])
    return columns, margins


def _in_svy(columns: dict[str, NDArray[np.float64]]) -> svy.Sample:
    return svy.Sample(pl.DataFrame(columns), svy.Design(wgt="w", psu="id"))


def _raked_by_svy(sample: svy.Sample, margins: list[Margin], *, tol: float) -> svy.Sample:
    controls = {one.name: dict(zip(one.categories, one.totals.tolist(), strict=True)) for one in margins}
    return sample.weighting.rake(controls=controls, tol=tol, max_iter=1000)


def _largest_difference(sample: svy.Sample, replicates: NDArray[np.float64], margins: list[Margin]) -> float:
    theirs = _raked_by_svy(sample, margins, tol=TIGHT).data
    names = [f"rk_wgt{r}" for r in range(1, REPLICATES + 1)]
    ours = rake_replicates(replicates, margins).weights
    return float(np.abs(theirs.select(names).to_numpy() - ours).max() / ours.max())
