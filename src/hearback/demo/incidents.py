"""The rows of the incident file: what was reported, on which day and where, and a few rows that are wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

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
class Rows:
    """The rows of the file; right ones by area, wrong ones (`wrong` not empty) counted nowhere."""

    area: Integers
    """−1 where the row is wrong."""
    offence: Integers
    """−1 where the row has none."""
    date: NDArray[np.str_]
    longitude: Floats
    """NaN where the row has none."""
    latitude: Floats
    wrong: NDArray[np.str_]
    """A key of WRONG_ROWS; empty for nearly all."""


@dataclass(frozen=True)
class Incidents:
    """What happened and what was reported, (areas, years, offences), and the file's rows by date."""

    happened: Integers
    reporting: Floats
    """Probability that an incident is reported."""
    reported: Integers
    rows: Rows


def draw(geography: Geography, rates: Rates, *, trust: Floats, rng: np.random.Generator) -> Incidents:
    """Incidents at their rates, reported as trust (areas, years; 0–100) allows."""
    probability = reporting(rates.offences, trust)
    happened = rng.poisson(rates.expected)
    reported = rng.binomial(happened, probability)
    area, year, offence = (np.repeat(axis.ravel(), reported.ravel()) for axis in np.indices(reported.shape))
    longitude, latitude = _places(geography, area, rng)
    right = Rows(
        area=area,
        offence=offence,
        date=_dates(year, offence, rates.offences, rng),
        longitude=longitude,
        latitude=latitude,
        wrong=np.full(len(area), "", dtype=f"U{max(map(len, WRONG_ROWS))}"),
    )
    return Incidents(happened, probability, reported, _with_wrong_rows(right, geography, rng))


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
    return np.asarray((first[year] + passed.astype("timedelta64[D]")).astype(np.str_))


def _places(geography: Geography, area: Integers, rng: np.random.Generator) -> tuple[Floats, Floats]:
    longitude, latitude = np.empty(len(area)), np.empty(len(area))
    for index, polygon in enumerate(geography.polygons):
        rows = np.flatnonzero(area == index)
        points = _points_within(polygon.buffer(-INSIDE_BY), len(rows), rng)
        longitude[rows], latitude[rows] = points.T
    return np.round(longitude, 5), np.round(latitude, 5)


def _points_within(polygon: BaseGeometry, wanted: int, rng: np.random.Generator) -> Floats:
    """(wanted, 2) points, even over the polygon."""
    west, south, east, north = polygon.bounds
    shapely.prepare(polygon)
    found = np.empty((0, 2))
    while len(found) < wanted:
        tried = rng.uniform((west, south), (east, north), (2 * wanted + 10, 2))
        found = np.concatenate([found, tried[shapely.contains_xy(polygon, tried)]])
    return found[:wanted]


def _with_wrong_rows(right: Rows, geography: Geography, rng: np.random.Generator) -> Rows:
    """All rows by date, with wrong ones among them: copies of right ones in which one thing went wrong."""
    reasons = np.repeat(list(WRONG_ROWS), list(WRONG_ROWS.values()))
    copied = rng.choice(len(right.date), len(reasons), replace=False)
    origin = np.concatenate([np.arange(len(right.date)), copied])
    order = np.argsort(right.date[origin], kind="stable")
    rows = Rows(
        area=right.area[origin][order],
        offence=right.offence[origin][order],
        date=right.date[origin][order],
        longitude=right.longitude[origin][order],
        latitude=right.latitude[origin][order],
        wrong=np.concatenate([right.wrong, reasons])[order],
    )
    _spoil(rows, geography, rng)
    return rows


def _spoil(rows: Rows, geography: Geography, rng: np.random.Generator) -> None:
    """Make each wrong row wrong, in place."""
    rows.area[rows.wrong != ""] = -1
    rows.offence[rows.wrong == "no offence"] = -1
    late = np.flatnonzero(rows.wrong == "impossible date")
    rows.date[late] = rng.choice(IMPOSSIBLE_DATES, len(late))
    for reason, nowhere in (("no coordinates", np.nan), ("coordinates 0, 0", 0.0)):
        rows.longitude[rows.wrong == reason] = rows.latitude[rows.wrong == reason] = nowhere
    outside = rows.wrong == "outside the city"
    elsewhere = np.round(_points_outside(geography, int(outside.sum()), rng), 5)
    rows.longitude[outside], rows.latitude[outside] = elsewhere.T


def _points_outside(geography: Geography, wanted: int, rng: np.random.Generator) -> Floats:
    """On the water or in the next town: near the city and in none of its areas."""
    city = shapely.coverage_union_all(list(geography.polygons))
    return _points_within(shapely.difference(city.buffer(BEYOND), city.buffer(INSIDE_BY)), wanted, rng)
