"""Writes what is true in the invented city, one plain CSV per quantity."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hearback.demo import tables
from hearback.demo.attitudes import RUPTURE
from hearback.demo.city import DemoCity
from hearback.demo.incidents import WRONG_ROWS
from hearback.demo.truth import Truth


def write_truth(city: DemoCity, folder: Path) -> None:
    """The folder of which `hearback build` reads only what it shows beside the estimates of surveys."""
    folder.mkdir(exist_ok=True)
    tables.write_csv(folder / "areas.csv", _areas(city))
    tables.write_csv(folder / "communities.csv", {"community": city.people.communities, "name": city.people.names})
    tables.write_csv(folder / "people.csv", _people(city.truth))
    tables.write_csv(folder / "languages.csv", _languages(city.truth))
    tables.write_csv(folder / "attitudes.csv", _attitudes(city.truth))
    tables.write_csv(folder / "indicators.csv", _indicators(city.truth), decimals={"true": 6, "standard_error": 6})
    tables.write_csv(folder / "need.csv", _need(city.truth))
    tables.write_csv(folder / "incidents.csv", _incidents(city))
    tables.write_csv(
        folder / "wrong_rows.csv", {"reason": list(WRONG_ROWS), "rows": list(map(str, WRONG_ROWS.values()))}
    )
    waits = city.concerns.mean_wait
    told = [sum(one.language == code for one in city.concerns.told) for code in waits]
    tables.write_csv(
        folder / "waits.csv",
        {
            "language": list(waits),
            "concerns": list(map(str, told)),
            "mean_working_days": list(map(str, waits.values())),
        },
    )
    lost = {"year": list(map(str, RUPTURE)), "points_of_trust": list(map(str, RUPTURE.values()))}
    tables.write_csv(folder / "rupture.csv", lost)
    tables.write_csv(folder / "participation.csv", _participation(city))


def _areas(city: DemoCity) -> dict[str, tables.Column]:
    truth, places = city.truth, city.conditions
    return {
        "area": truth.areas,
        "name": city.geography.names,
        "reserved_for": city.geography.reserved,
        "population": truth.population,
        "deprivation": places.deprivation,
        "nightlife": places.nightlife,
        "vacancy": places.vacancy,
        "in_cluster": _cluster_names(truth),
        "rupture": truth.rupture.astype(int),
    }


def _cluster_names(truth: Truth) -> list[str]:
    return [
        next((name for name, marks in truth.clusters.items() if marks[area]), "") for area in range(len(truth.areas))
    ]


def _people(truth: Truth) -> dict[str, tables.Column]:
    area, community = _labels(truth.areas, truth.communities)
    return {
        "area": area,
        "community": community,
        "people": truth.people.ravel(),
        "response_propensity": truth.response.ravel(),
    }


def _languages(truth: Truth) -> dict[str, tables.Column]:
    area, community, language = _labels(truth.areas, truth.communities, truth.languages)
    return {"area": area, "community": community, "language": language, "share": truth.speaks.ravel()}


def _attitudes(truth: Truth) -> dict[str, tables.Column]:
    area, community, year = _labels(truth.areas, truth.communities, truth.years)
    return {
        "area": area,
        "community": community,
        "year": year,
        "trust": truth.trust.ravel(),
        "safety": truth.safety.ravel(),
    }


def _indicators(truth: Truth) -> dict[str, tables.Column]:
    area, indicator = _labels(truth.areas, truth.indicators)
    return {
        "area": area,
        "indicator": indicator,
        "true": truth.indicator.ravel(),
        "standard_error": truth.indicator_error.ravel(),
    }


def _need(truth: Truth) -> dict[str, tables.Column]:
    rank = ["" if not place else str(place) for place in truth.need_rank.tolist()]
    return {"area": truth.areas, "score": truth.need_score, "rank": rank}


def _incidents(city: DemoCity) -> dict[str, tables.Column]:
    truth = city.truth
    area, year, offence = _labels(truth.areas, truth.years, truth.offences)
    residents = np.where(truth.population > 0, truth.population, np.nan)[:, None, None]
    return {
        "area": area,
        "year": year,
        "offense": offence,
        "category": np.tile(np.array(city.offences.nibrs), len(truth.areas) * len(truth.years)),
        "expected": truth.expected.ravel(),
        "rate_per_1000": (1000 * truth.expected / residents).ravel(),
        "happened": truth.happened.ravel(),
        "reporting_probability": truth.reporting.ravel(),
        "reported": truth.reported.ravel(),
    }


def _participation(city: DemoCity) -> dict[str, tables.Column]:
    """How much likelier each group truly is to come to forums, to events and to pulses than everybody is."""
    rows = [
        (channel, kind, group, ratio)
        for channel, kinds in city.engagements.participation.items()
        for kind, groups in kinds.items()
        for group, ratio in groups.items()
    ]
    channel, kind, group, ratio = zip(*rows, strict=True)
    return {"channel": channel, "kind": kind, "group": group, "ratio": np.array(ratio)}


def _labels(*axes: tuple[Any, ...]) -> list[NDArray[Any]]:
    """One label column per axis, for an array with these axes written row by row."""
    return [mesh.ravel() for mesh in np.meshgrid(*(np.array(axis) for axis in axes), indexing="ij")]
