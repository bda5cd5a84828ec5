"""The invented city's files go through the importers of real files, and say what the truth says."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import numpy as np
import pytest
import shapely

from hearback.demo.city import DemoCity, generate
from hearback.demo.files import write
from hearback.demo.incidents import WRONG_ROWS
from hearback.evidence.point_in_polygon import PolygonLocator
from hearback.importers import areas, incidents, indicators, nibrs, organizations
from hearback.importers import city as descriptions
from hearback.importers.incident_columns import Incidents, PointColumns
from hearback.stats.index_definition import load_definition
from hearback.stats.need_index import compute_index


@pytest.fixture(scope="module")
def city() -> DemoCity:
    return generate()


@pytest.fixture(scope="module")
def folder(city: DemoCity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(city, tmp_path_factory.mktemp("linnet-bay")).parent


@pytest.fixture(scope="module")
def described(folder: Path) -> descriptions.City:
    return descriptions.read(folder / "city.toml")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def incidents_of(described: descriptions.City) -> incidents.IncidentReader[Incidents]:
    (source,) = described.incidents
    assert isinstance(source.columns, PointColumns)
    return incidents.read(source.file, layout=source.columns, categories=source.categories, latest_year=2026)


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_city(folder: Path, tmp_path: Path) -> None:
    write(generate(), tmp_path / "again")
    write(generate(7), tmp_path / "other")
    ours, again, other = (fingerprint(place) for place in (folder, tmp_path / "again", tmp_path / "other"))
    assert ours == again
    same = {name for name in ours if ours[name] == other[name]}
    assert same == {
        "city.toml",
        "link-2025.toml",
        "need.yaml",
        "questionnaire.toml",
        "truth/communities.csv",
        "truth/rupture.csv",
        "truth/wrong_rows.csv",
    }


def test_the_description_says_that_the_city_is_invented_and_names_files_that_are_there(
    described: descriptions.City, folder: Path
) -> None:
    assert described.invented
    assert described.name == "Linnet Bay"
    assert {source.file.name for source in described.sources} == {
        "areas.geojson",
        "districts.geojson",
        "indicators.csv",
        "incidents.csv",
        "organizations.geojson",
        "census-adults.csv",
        "census-languages.csv",
        "police-staff.csv",
        "survey-2023.csv",
        "survey-2024.csv",
        "survey-2025.csv",
        "link-2025.csv",
    }
    assert all("invented" in source.source.lower() for source in described.sources)


def test_areas_are_read_whole_with_their_zeros(described: descriptions.City, city: DemoCity) -> None:
    layer = described.primary
    read = areas.read(
        layer.file, key=layer.key, name=layer.name, key_digits=layer.key_digits, population=layer.population
    )
    assert read.table.keys == city.geography.keys
    assert read.table.names == city.geography.names
    assert read.table.population is not None
    np.testing.assert_array_equal(read.table.population, city.people.population)
    assert read.report.notes == (), "nothing had to be mended"


def test_districts_are_read_and_hold_everybody(described: descriptions.City, city: DemoCity) -> None:
    (layer,) = (layer for layer in described.areas if not layer.primary)
    read = areas.read(
        layer.file, key=layer.key, name=layer.name, key_digits=layer.key_digits, population=layer.population
    )
    assert read.table.keys == ("01", "02", "03", "04", "05", "06")
    assert read.table.population is not None
    assert read.table.population.sum() == city.people.population.sum()


def test_indicators_are_read_as_they_were_drawn(described: descriptions.City, city: DemoCity) -> None:
    (source,) = described.indicators
    read = indicators.read(source.file, key=str(source.key), columns=source.columns, key_digits=source.key_digits)
    assert read.table.keys == city.geography.keys
    assert tuple(read.table.estimates) == city.indicators.ids
    for column, (indicator, unit) in enumerate(zip(city.indicators.ids, city.indicators.units, strict=True)):
        rounding = 0.5 if unit == "dollars" else 5e-5
        for written, drawn in (
            (read.table.estimates[indicator], city.indicators.estimate[:, column]),
            (read.table.margins[indicator], city.indicators.margin[:, column]),
        ):
            np.testing.assert_allclose(written, drawn, atol=rounding * 1.001, rtol=0)


def test_incidents_are_counted_in_every_area_year_and_category_as_the_truth_counts_them(
    described: descriptions.City, city: DemoCity
) -> None:
    reader = incidents_of(described)
    locate = PolygonLocator(city.geography.polygons).locate
    kept = np.zeros((121, 10, len(reader.categories)), dtype=np.int64)
    for chunk in reader.chunks():
        area = locate(chunk.longitude, chunk.latitude)
        np.add.at(kept, (np.where(area < 0, 120, area), chunk.year - 2016, chunk.category), 1)
    mapped = np.array(city.offences.nibrs)
    true = np.stack([city.truth.reported[:, :, mapped == name].sum(axis=2) for name in reader.categories], axis=2)
    np.testing.assert_array_equal(kept[:120], true)
    assert kept[120].sum() == WRONG_ROWS["outside the city"]


def test_wrong_rows_are_exactly_as_many_as_said(described: descriptions.City, city: DemoCity, folder: Path) -> None:
    reader = incidents_of(described)
    for _ in reader.chunks():
        pass
    assert {group.reason: group.rows for group in reader.report().refused} == {
        "coordinates missing or no numbers": WRONG_ROWS["no coordinates"],
        "coordinates (0, 0)": WRONG_ROWS["coordinates 0, 0"],
        "impossible year": WRONG_ROWS["impossible date"],
        "no category": WRONG_ROWS["no offence"],
    }
    assert reader.report().rows_read == city.truth.reported.sum() + sum(WRONG_ROWS.values())
    said = {row["reason"]: int(row["rows"]) for row in table(folder / "truth" / "wrong_rows.csv")}
    assert said == WRONG_ROWS


def test_every_offence_word_has_the_category_that_the_truth_gives_it(
    described: descriptions.City, city: DemoCity
) -> None:
    (source,) = described.incidents
    assert source.categories == dict(zip(city.offences.words, city.offences.nibrs, strict=True))
    assert all(not nibrs.category(name).sensitive for name in city.offences.nibrs)


def test_organisations_are_read_with_languages_and_with_contacts_apart(
    described: descriptions.City, city: DemoCity
) -> None:
    (source,) = described.organizations
    read = organizations.read(
        source.file,
        name=source.name,
        kind_column=source.kind_column,
        kinds=source.kinds,
        languages=source.languages,
        contacts=source.contacts,
    )
    assert read.report.refused == ()
    assert read.report.notes == ()
    assert read.table.names == tuple(one.name for one in city.organizations)
    written = [tuple(tag.lower() for tag in tags) for tags in read.table.languages]
    assert written == [one.languages for one in city.organizations]
    assert [dict(contact)["contact"] for contact in read.table.contacts] == [one.contact for one in city.organizations]
    points = shapely.points(read.table.longitude, read.table.latitude)
    at_home = shapely.contains(np.array(city.geography.polygons)[[one.area for one in city.organizations]], points)
    assert at_home.all()


def test_the_true_need_is_what_the_index_says_of_exact_values(city: DemoCity, folder: Path) -> None:
    definition = load_definition(folder / "need.yaml")
    columns = dict(zip(city.indicators.ids, city.truth.indicator.T, strict=True))
    result = compute_index(columns | {"population": city.people.population.astype(float)}, definition)
    np.testing.assert_array_equal(result.overall_rank, city.truth.need_score)
    assert {indicator.column for indicator in definition.indicators} == set(city.indicators.ids)
    assert all(indicator.margin == indicator.column for indicator in definition.indicators)


def test_the_truth_is_written_as_it_is_known(city: DemoCity, folder: Path) -> None:
    known = city.truth
    rows = table(folder / "truth" / "incidents.csv")
    assert [int(row["reported"]) for row in rows] == known.reported.ravel().tolist()
    assert [int(row["happened"]) for row in rows] == known.happened.ravel().tolist()
    where = known.areas.index("0305"), known.years.index(2021), known.offences.index("THEFT")
    (one,) = (row for row in rows if (row["area"], row["year"], row["offense"]) == ("0305", "2021", "THEFT"))
    assert float(one["reporting_probability"]) == pytest.approx(known.reporting[where], abs=1e-4)
    assert float(one["expected"]) == pytest.approx(known.expected[where], abs=1e-4)
    assert one["category"] == "larceny"
    minds = table(folder / "truth" / "attitudes.csv")
    (mind,) = (row for row in minds if tuple(row.values())[:3] == ("0305", "latino", "2021"))
    kind = where[0], known.communities.index("latino"), where[1]
    assert float(mind["trust"]) == pytest.approx(known.trust[kind], abs=1e-4)
    assert float(mind["safety"]) == pytest.approx(known.safety[kind], abs=1e-4)
    people = table(folder / "truth" / "people.csv")
    assert sum(int(row["people"]) for row in people) == known.population.sum()


def test_dates_follow_the_seasons(city: DemoCity) -> None:
    rows = city.incidents.rows
    month = np.array([int(day[5:7]) for day in rows.date.tolist()])
    assault = rows.offence == city.offences.words.index("SIMPLE ASSAULT")
    summer, winter = (np.isin(month[assault], months).sum() for months in ((6, 7, 8), (12, 1, 2)))
    assert summer > 1.2 * winter
    right = rows.wrong == ""
    assert sorted({day[:4] for day in rows.date[right].tolist()}) == [str(year) for year in range(2016, 2026)]
    assert max(day[5:] for day in rows.date[right].tolist()) == "12-31"
