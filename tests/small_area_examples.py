"""Surveys for the tests of small areas: the golden ones from files, and small invented ones."""

from __future__ import annotations

import csv
import json

import numpy as np

from places import SHARED

MEGAPOLL_TERMS = ("state", "age.edu.cat", "race.female", "poll", "region", "edu.cat", "age.cat")
MEGAPOLL_COVARIATES = ("p.relig.full", "p.kerry.full")


def golden() -> dict:
    return json.loads((SHARED / "golden" / "small_area.json").read_text())


def table(*path: str, numeric: tuple[str, ...] = ()) -> dict[str, np.ndarray]:
    """A CSV file by column, rows with an empty cell left out, weights not read."""
    with SHARED.joinpath(*path).open() as file:
        rows = [row for row in csv.DictReader(file) if all(v for k, v in row.items() if k != "weight")]
    return {name: np.array([row[name] for row in rows], dtype=float if name in numeric else None) for name in rows[0]}


def megapoll() -> dict[str, np.ndarray]:
    return table("golden", "mrp_megapoll.csv", numeric=(*MEGAPOLL_COVARIATES, "yes.of.all"))


def megapoll_population() -> dict[str, np.ndarray]:
    return table("golden", "mrp_poststrat_2000.csv", numeric=(*MEGAPOLL_COVARIATES, "N"))


def invented(seed: int, *, areas: int = 20, respondents: int = 300, spread: float = 0.6):
    """Columns of a sample, its yes-or-no answers, and the population with true shares: (sample, yes, cells)."""
    rng = np.random.default_rng(seed)
    area, group = (part.ravel() for part in np.indices((areas, 3)))
    need = rng.normal(size=areas)
    predictor = 0.3 + 0.4 * need[area] + (spread * rng.normal(size=areas))[area] + np.array([-0.5, 0.0, 0.6])[group]
    cells = {
        "area": area,
        "group": np.array(["a", "b", "c"])[group],
        "need": need[area],
        "people": rng.integers(50, 500, area.size).astype(float),
        "share": 1 / (1 + np.exp(-predictor)),
    }
    first = np.arange(area.size) if respondents >= area.size else []
    chosen = np.concatenate([first, rng.choice(area.size, respondents - len(first))]).astype(int)
    sample = {name: cells[name][chosen] for name in ("area", "group", "need")}
    return sample, (rng.random(respondents) < cells["share"][chosen]).astype(float), cells
