"""A city's description says the same in Python as in TOML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city_files import AREAS, CITY, COUNTS, INCIDENTS, INDICATORS, NEED, ORGANIZATIONS, SAID, WHOLE, described
from hearback.importers import city, slugs
from hearback.importers.city import AreaLayer, City, OrganizationSource
from hearback.importers.incident_columns import CountColumns, PointColumns, WideCountColumns
from hearback.importers.indicators import ColumnSpec
from hearback.importers.times import TimeColumns
from places import ROOT, needs_shared


def read(folder: Path, *tables: str) -> City:
    """The description made of these tables."""
    return city.read(described(folder, "\n".join(tables)))


def test_the_smallest_city_has_a_name_a_timezone_and_one_layer(tmp_path: Path) -> None:
    found = read(tmp_path, CITY, AREAS)

    assert (found.name, found.slug, found.timezone) == ("Our City", "our-city", "Europe/London")
    assert (found.emergency_number, found.invented) == ("911", False)
    assert (found.default_language, found.languages) == ("en", ("en",))
    assert found.bounds is None
    assert found.need is None
    assert found.sources == (found.primary,)
    assert found.primary == AreaLayer(
        title="Tracts",
        file=(tmp_path / "a.geojson").resolve(),
        source="a test",
        licence="CC0-1.0",
        vintage="2020",
        id="tract",
        key="id",
        singular="Tract",
        plural="Tracts",
        primary=True,
    )


def test_every_key_of_the_city_is_taken(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        CITY,
        'slug = "oc"\nemergency_number = 112\ninvented = true\ndefault_language = "FR"\n'
        'languages = ["zh-Hant", "fr"]\nbounds = [-1, 51.5, 1, 52]\n',
        AREAS,
    )

    assert (found.slug, found.emergency_number, found.invented) == ("oc", "112", True)
    assert (found.default_language, found.languages) == ("fr", ("fr", "zh-hant"))
    assert found.bounds == (-1.0, 51.5, 1.0, 52.0)


def test_vintages_may_be_written_as_years(tmp_path: Path) -> None:
    assert read(tmp_path, CITY, AREAS.replace('"2020"', "2020")).primary.vintage == "2020"


def test_paths_are_relative_to_the_description(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data" / "a.geojson").touch()
    (tmp_path / "elsewhere" / "city.toml").write_text(CITY + AREAS.replace("a.geojson", "../data/a.geojson"))
    monkeypatch.chdir(tmp_path)

    found = city.read(Path("elsewhere/city.toml"))

    assert found.primary.file == (tmp_path / "data" / "a.geojson").resolve()


def test_columns_of_indicators_are_written_in_four_ways(tmp_path: Path) -> None:
    ways = (
        'a = "A"\nb = ["B1", "B2"]\nc = { estimate = "C", margin = "CM" }\n'
        'd = { numerator = ["D1", "D2"], denominator = "D", '
        'numerator_margin = ["M1", "M2"], denominator_margin = "M" }\n'
        'e = { numerator = "E", denominator = "D", rule = "ratio" }\n'
    )

    (source,) = read(tmp_path, CITY, AREAS, INDICATORS.replace('poverty = "POV"\n', ways)).indicators

    assert source.columns == {
        "a": ColumnSpec(estimate="A"),
        "b": ColumnSpec(estimate=("B1", "B2")),
        "c": ColumnSpec(estimate="C", margin="CM"),
        "d": ColumnSpec(estimate=("D1", "D2"), margin=("M1", "M2"), denominator="D", denominator_margin="M"),
        "e": ColumnSpec(estimate="E", denominator="D", rule="ratio"),
    }


def test_a_cdc_file_needs_neither_key_nor_columns(tmp_path: Path) -> None:
    svi = f'[[indicators]]\ntitle = "SVI"\nfile = "i.csv"\nlayout = "svi"\nareas = "tract"\n{SAID}'

    (source,) = read(tmp_path, CITY, AREAS, svi).indicators

    assert (source.layout, source.key, source.columns) == ("svi", None, {})


def test_incidents_are_points_or_counts_in_one_or_in_many_columns(tmp_path: Path) -> None:
    wide = COUNTS.replace('category = "what"\ncount = "n"\n', "").replace('"Counts"', '"Wide"')

    points, counts, columns = read(tmp_path, CITY, AREAS, INCIDENTS, COUNTS, wide).incidents

    assert points.categories == {"ROB": "robbery"}
    assert points.columns == PointColumns(longitude="x", latitude="y", category="what", time=TimeColumns(date="on"))
    assert counts.columns == CountColumns(area="id", category="what", count="n", time=TimeColumns(year="y"))
    assert columns.columns == WideCountColumns(area="id", time=TimeColumns(year="y"))


def test_organisations_have_one_kind_or_a_column_of_kinds(tmp_path: Path) -> None:
    kinds = (
        ORGANIZATIONS.replace('kind = "library"', 'kind_column = "type"\ncontacts = ["phone"]').replace(
            "Places", "More"
        )
        + '[organizations.kinds]\n"Church" = "place-of-worship"\n'
        '[organizations.language_columns]\nZH-Hant = "chinese"\n'
    )

    one, many = read(tmp_path, CITY, AREAS, ORGANIZATIONS, kinds).organizations

    assert (one.kind, one.contacts, one.language_columns) == ("library", (), {})
    assert many == replace(
        one,
        title="More",
        kind=None,
        kind_column="type",
        kinds={"Church": "place-of-worship"},
        contacts=("phone",),
        language_columns={"zh-hant": "chinese"},
    )
    assert isinstance(many, OrganizationSource)


def test_need_is_a_packaged_index_or_a_file_beside_the_description(tmp_path: Path) -> None:
    packaged = read(tmp_path, CITY, AREAS, NEED).need
    own = read(tmp_path, CITY, AREAS, '[need]\ndefinition = "need.yaml"\ndraws = 500\nlevel = 0.95\n').need

    assert packaged is not None
    assert (packaged.definition, packaged.draws, packaged.level) == ("cdc-svi-2020", 2000, 0.9)
    assert own is not None
    assert (own.definition, own.draws, own.level) == ((tmp_path / "need.yaml").resolve(), 500, 0.95)


def test_sources_are_all_files_in_the_order_of_the_tables(tmp_path: Path) -> None:
    assert [source.title for source in read(tmp_path, WHOLE).sources] == ["Tracts", "Living", "Incidents", "Places"]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
def test_a_slug_can_stand_in_an_address_or_is_empty(name: str) -> None:
    slug = slugs.slug(name)

    assert slug == "" or (slug.isascii() and slug.replace("-", "").isalnum() and slug == slug.lower().strip("-"))


@needs_shared
def test_washington_is_described_with_three_layers_and_eight_kinds_of_places() -> None:
    found = city.read(ROOT / "examples" / "washington-dc.toml")

    assert [layer.id for layer in found.areas] == ["tract", "cluster", "psa"]
    assert found.slug == "washington-dc"
    assert sorted(str(source.kind) for source in found.organizations) == [
        "aging-service",
        "homeless-service",
        "human-service",
        "library",
        "place-of-worship",
        "primary-care",
        "public-school",
        "recreation-centre",
    ]
