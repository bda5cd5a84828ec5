"""The real areas and organisations of Washington, DC are read whole, with what is wrong with them told."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely

from hearback.importers import areas, organizations
from places import SHARED, needs_shared

pytestmark = [pytest.mark.golden, needs_shared]

FOLDER = SHARED / "data" / "washington-dc"

ORGANIZATIONS = {
    "libraries": 26,
    "recreation-centers": 134,
    "places-of-worship": 900,
    "homeless-services": 208,
    "human-services": 1461,
    "aging-services": 116,
    "public-schools": 122,
    "primary-care-centers": 50,
}

PRIMARY_CARE_LANGUAGES = {
    "es": "primary_care_infospanish",
    "vi": "primary_care_infovietnamese",
    "ko": "primary_care_infokorean",
    "am": "primary_care_infoamharic",
    "zh-hant": "primary_care_infochinese_traditional",
    "fr": "primary_care_infofrench",
    "ase": "primary_care_infoasl",
}


@pytest.mark.parametrize(
    ("name", "key", "rows"),
    [("census-tracts-2010", "geoid", 179), ("neighborhood-clusters", "name", 39), ("police-service-areas", "psa", 56)],
)
def test_every_area_is_read(name: str, key: str, rows: int) -> None:
    found = areas.read(FOLDER / f"{name}.geojson", key=key)

    assert len(found.table) == found.report.rows_kept == rows
    assert shapely.is_valid(found.table.geometries).all()


def test_tracts_and_police_service_areas_have_the_population_of_the_2010_census() -> None:
    tracts = areas.read(FOLDER / "census-tracts-2010.geojson", key="geoid", population="population_2010").table
    beats = areas.read(FOLDER / "police-service-areas.geojson", key="psa", population="totalpop").table

    assert np.nansum(tracts.population) == np.nansum(beats.population) == 601_723


def test_the_overlap_of_neighbourhood_clusters_is_told() -> None:
    (note,) = areas.read(FOLDER / "neighborhood-clusters.geojson", key="name", name="nbh_names").report.notes

    assert note.startswith("Areas overlap by 0.002% of the layer")


def test_the_tracts_of_2000_have_two_outlines_that_cross_themselves() -> None:
    path = FOLDER / "census-tracts-2000.geojson"

    with pytest.raises(areas.BadOutline, match="row 56: the outline of 2000 Tract 78.09 crosses itself"):
        areas.read(path, key="fedtractno", name="name")

    repaired = areas.read(path, key="fedtractno", name="name", repair=True)
    assert len(repaired.table) == 188
    assert "2 (2000 Tract 78.09, 2000 Tract 78.04); 0.00% of the area changed" in repaired.report.notes[0]


@pytest.mark.parametrize(("name", "rows"), ORGANIZATIONS.items())
def test_every_organisation_is_read(name: str, rows: int) -> None:
    found = organizations.read(FOLDER / f"{name}.geojson", name="name", kind="any")

    assert len(found.table) == found.report.rows_read == rows
    assert np.isfinite(found.table.longitude).all()


@pytest.mark.parametrize(
    ("tag", "words", "set_aside"),
    [
        ("en", ("english",), 2),  # "Non-English speaking referrals" twice
        ("es", ("spanish",), 19),  # limited, some, a little, in writing, or referred to another house
        ("ase", ("american sign", "asl"), 2),  # limited conversational, some
        ("fr", ("french",), 6),  # some, limited
        ("am", ("amhari",), 0),
        ("om", ("oromo", "dromo"), 0),
        ("vi", ("vietnamese",), 0),
    ],
)
def test_languages_are_told_from_free_text(tag: str, words: tuple[str, ...], set_aside: int) -> None:
    """Against a plain search for the words, less the rows that a reader of the file would set aside."""
    path = FOLDER / "human-services.geojson"
    texts = [feature["properties"]["languages"] or "" for feature in json.loads(path.read_text())["features"]]
    mentioned = sum(any(word in text.lower() for word in words) for text in texts)

    found = organizations.read(path, name="name", kind="any", languages="languages")

    assert sum(tag in tags for tags in found.table.languages) == mentioned - set_aside


def test_what_was_said_about_languages_and_not_counted_is_told() -> None:
    found = organizations.read(FOLDER / "human-services.geojson", name="name", kind="any", languages="languages")

    # 807 of 1,461 rows say something; 29 of them name no language and 3 name one only in part.
    assert sum(map(bool, found.table.languages)) == 807 - 29 - 3
    assert "no language was recognised: 29 (rows" in found.report.notes[0]
    assert "only in part, in writing or elsewhere, not counted: 25 (rows" in found.report.notes[1]


def test_yes_in_a_language_column_counts_and_a_telephone_line_does_not() -> None:
    found = organizations.read(
        FOLDER / "primary-care-centers.geojson", name="name", kind="any", language_columns=PRIMARY_CARE_LANGUAGES
    )
    spoken = [tag for tags in found.table.languages for tag in tags]

    # 38 rows say "Yes" to Spanish and 3 say "Spanish"; 17 to French and one "French".
    assert {tag: spoken.count(tag) for tag in PRIMARY_CARE_LANGUAGES} == {
        "es": 41,
        "vi": 13,
        "ko": 10,
        "am": 17,
        "zh-hant": 12,
        "fr": 18,
        "ase": 11,
    }
    assert "neither yes nor no, not counted: 17" in found.report.notes[0]
