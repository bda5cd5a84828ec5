"""Writes the invented city as a real city's files would lie: sources and a description, with the truth beside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely

from hearback.demo import tables
from hearback.demo.city import DemoCity
from hearback.demo.head_counts import write_head_counts, write_staff_truth
from hearback.demo.organizations import LANGUAGE_NAMES
from hearback.demo.recipes import RECIPES
from hearback.demo.survey_files import write_survey_truth, write_surveys
from hearback.demo.truth_files import write_truth

DESCRIPTION = "city.toml"
COPIED = (DESCRIPTION, "need.yaml", "questionnaire.toml")


def write(city: DemoCity, folder: Path) -> Path:
    """Everything that `hearback build` reads, and `truth/`; returns the description's path."""
    folder.mkdir(parents=True, exist_ok=True)
    _areas(city, folder / "areas.geojson")
    _districts(city, folder / "districts.geojson")
    _indicators(city, folder / "indicators.csv")
    _incidents(city, folder / "incidents.csv")
    _organizations(city, folder / "organizations.geojson")
    for name in COPIED:
        (folder / name).write_bytes((RECIPES / name).read_bytes())
    write_surveys(city, folder)
    write_head_counts(city, folder)
    write_truth(city, folder / "truth")
    write_survey_truth(city, folder / "truth")
    write_staff_truth(city, folder / "truth")
    return folder / DESCRIPTION


def _areas(city: DemoCity, path: Path) -> None:
    land = city.geography
    tables.write_geojson(
        path,
        land.polygons,
        (
            {
                "area": key,
                "name": name,
                "district": land.districts[district],
                "population": int(population),
                "square_km": round(float(square_km), 3),
            }
            for key, name, district, population, square_km in zip(
                land.keys, land.names, land.district_of, city.people.population, land.square_km, strict=True
            )
        ),
    )


def _districts(city: DemoCity, path: Path) -> None:
    land = city.geography
    population = np.bincount(land.district_of, weights=city.people.population)
    tables.write_geojson(
        path,
        land.district_polygons,
        (
            {"district": key, "name": name, "population": int(people)}
            for key, name, people in zip(land.districts, land.district_names, population, strict=True)
        ),
    )


def _indicators(city: DemoCity, path: Path) -> None:
    """Estimate (E) and 90 % margin (M) of each indicator, as the Census Bureau prints them."""
    measured = city.indicators
    columns: dict[str, tables.Column] = {"area": city.geography.keys, "name": city.geography.names}
    decimals = {}
    for number, (indicator, unit) in enumerate(zip(measured.ids, measured.units, strict=True)):
        for letter, values in (("E", measured.estimate), ("M", measured.margin)):
            name = f"{indicator.replace('-', '_')}_{letter}"
            columns[name] = values[:, number]
            decimals[name] = 0 if unit == "dollars" else 4
    tables.write_csv(path, columns, decimals=decimals)


def _incidents(city: DemoCity, path: Path) -> None:
    rows = city.incidents.rows
    words = np.array([*city.offences.words, ""])
    columns: dict[str, tables.Column] = {
        "incident": [f"LB{number:07d}" for number in range(1, len(rows.date) + 1)],
        "offense": words[rows.offence],
        "date": rows.date,
        "longitude": rows.longitude,
        "latitude": rows.latitude,
    }
    tables.write_csv(path, columns, decimals={"longitude": 5, "latitude": 5})


def _organizations(city: DemoCity, path: Path) -> None:
    tables.write_geojson(
        path,
        (shapely.Point(one.longitude, one.latitude) for one in city.organizations),
        (
            {
                "name": one.name,
                "kind": one.kind,
                "languages": ", ".join(LANGUAGE_NAMES[code] for code in one.languages),
                "contact": one.contact,
            }
            for one in city.organizations
        ),
    )
