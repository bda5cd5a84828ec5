"""The rows of the incident file: what was reported, on which day and where, and a few rows that are wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from hearback.demo.geography import Geography
from hearback.demo.offences import YEARS, Offences, Rates, reporting

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

WRONG_ROWS = {
    "no coordinates": 60,
    "coordinates 0, 0": 15,
    "outside the city": 45,
    "impossible date": 20,
    "no offence": 12,
}
IMPOSSIBLE_DATES = ("1899-12-30", "2106-05-14")
"""What a spreadsheet makes of an empty date, and a slip of the finger."""
INSIDE_BY = 6e-5
"""Degrees, about 6 m: no rounding carries a point over a border."""
BEYOND = 0.02
DAYS = 365


@dataclass(frozen=True)
class Incidents:
    """Counts by area, year and offence, and the rows of the file in the order of their dates."""

    happened: Integers
    reporting: Floats
    """Probability that an incident is reported."""
    reported: Integers
    area: Integers
    """Of each row; −1 where it is wrong, and counted nowhere."""
    offence: Integers
    date: NDArray[np.str_]
    longitude: Floats
    """NaN where the row has none."""
    latitude: Floats
    wrong: NDArray[np.str_]
    """Why a row is wrong, a key of WRONG_ROWS; empty for nearly all."""


def record(geography: Geography, rates: Rates, trust: Floats, rng: np.random.Generator) -> Incidents:
    """Draw what happened and what was reported; trust is (areas, years), on 0–100."""
    probability = reporting(rates.offences, trust)
    happened = rng.poisson(rates.expected)
    reported = rng.binomial(happened, probability)
    area, year, offence = (
        np.repeat(axis.ravel(), reported.ravel()) for axis in np.indices(reported.shape, dtype=np.int64)
    )
    date = _dates(year, offence, rates.offences, rng)
    longitude, latitude = _places(geography, area, rng)
    rows = _with_wrong_rows(geography, area, offence, date, longitude, latitude, rng)
    return Incidents(happened, probability, reported, *rows)


def _dates(year: Integers, offence: Integers, offences: Offences, rng: np.random.Generator) -> NDArray[np.str_]:
    """ISO dates, more of them around the offence's peak month."""
    wave = np.cos(2 * np.pi * (np.arange(DAYS) / DAYS - (offences.peak[:, None] - 0.5) / 12))
    weights = np.cumsum(1 + offences.season[:, None] * wave, axis=1)
    weights /= weights[:, -1:]
    chance = rng.random(len(year))
    day = np.empty(len(year))
    for kind in range(len(offences.words)):
        of_kind = offence == kind
        day[of_kind] = np.searchsorted(weights[kind], chance[of_kind])
    first = np.array([f"{calendar}-01-01" for calendar in (*YEARS, YEARS[-1] + 1)], dtype="datetime64[D]")
    length = np.diff(first).astype(np.int64)[year]
    passed = np.floor((day + rng.random(len(year))) / DAYS * length).astype(np.int64)
    return np.datetime_as_string(first[year] + passed)


def _places(geography: Geography, area: Integers, rng: np.random.Generator) -> tuple[Floats, Floats]:
    longitude, latitude = np.empty(len(area)), np.empty(len(area))
    for index, polygon in enumerate(geography.polygons):
        rows = np.flatnonzero(area == index)
        points = _points_within(polygon.buffer(-INSIDE_BY), len(rows), rng)
        longitude[rows], latitude[rows] = points.T
    return np.round(longitude, 5), np.round(latitude, 5)


def _points_within(polygon: shapely.Geometry, wanted: int, rng: np.random.Generator) -> Floats:
    """(wanted, 2) points, even over the polygon."""
    west, south, east, north = polygon.bounds
    shapely.prepare(polygon)
    found = np.empty((0, 2))
    while len(found) < wanted:
        tried = rng.uniform((west, south), (east, north), (2 * wanted + 10, 2))
        found = np.concatenate([found, tried[shapely.contains_xy(polygon, tried)]])
    return found[:wanted]


def _with_wrong_rows(
    geography: Geography,
    area: Integers,
    offence: Integers,
    date: NDArray[np.str_],
    longitude: Floats,
    latitude: Floats,
    rng: np.random.Generator,
) -> tuple[Integers, Integers, NDArray[np.str_], Floats, Floats, NDArray[np.str_]]:
    """All rows by date, with wrong ones among them: copies of right ones in which one thing went wrong."""
    reasons = np.repeat(list(WRONG_ROWS), list(WRONG_ROWS.values()))
    copied = rng.choice(len(area), len(reasons), replace=False)
    wrong = np.concatenate([np.full(len(area), "", dtype=reasons.dtype), reasons])
    origin = np.concatenate([np.arange(len(area)), copied])
    order = np.argsort(date[origin], kind="stable")
    wrong, origin = wrong[order], origin[order]
    area, offence, date = area[origin], offence[origin], date[origin]
    longitude, latitude = longitude[origin], latitude[origin]
    area[wrong != ""] = -1
    longitude[wrong == "no coordinates"] = latitude[wrong == "no coordinates"] = np.nan
    longitude[wrong == "coordinates 0, 0"] = latitude[wrong == "coordinates 0, 0"] = 0
    outside = wrong == "outside the city"
    longitude[outside], latitude[outside] = np.round(_points_outside(geography, int(outside.sum()), rng), 5).T
    date[wrong == "impossible date"] = rng.choice(IMPOSSIBLE_DATES, int((wrong == "impossible date").sum()))
    offence[wrong == "no offence"] = -1
    return area, offence, date, longitude, latitude, wrong


def _points_outside(geography: Geography, wanted: int, rng: np.random.Generator) -> Floats:
    """On the water or in the next town: near the city and in none of its areas."""
    city = shapely.coverage_union_all(list(geography.polygons))
    return _points_within(shapely.difference(city.buffer(BEYOND), city.buffer(INSIDE_BY)), wanted, rng)
