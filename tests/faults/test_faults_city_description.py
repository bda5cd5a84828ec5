"""What is wrong in a description is told with its table, its key and what to write instead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from city_files import AREAS, CITY, COUNTS, INCIDENTS, INDICATORS, NEED, ORGANIZATIONS, SAID, WHOLE, described
from hearback.importers import city
from hearback.importers.toml_records import TomlRefusal

pytestmark = pytest.mark.faults


def sentence(folder: Path, *tables: str) -> str:
    """The refusal of the description made of these tables, without the path before it."""
    path = described(folder, "\n".join(tables))
    with pytest.raises(TomlRefusal) as refused:
        city.read(path)
    assert refused.value.sentence.startswith(str(path))
    assert refused.value.remedy
    return refused.value.sentence.removeprefix(str(path)).replace(str(folder), "")


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        # unknown keys
        ("timezone =", "time_zone =", ', [city]: the key "time_zone" is not known here. You may mean "timezone".'),
        ("singular =", "singluar =", ', [areas.tract]: the key "singluar" is not known here. You may mean "singular".'),
        (
            "longitude =",
            "lon =",
            ', [[incidents]] no. 1 (Incidents): the key "lon" is not known here. You may mean "longitude".',
        ),
        ("[need]", "[needs]", ': the key "needs" is not known here. You may mean "need".'),
        ("[[organizations]]", "[[organisations]]", 'You may mean "organizations".'),
        ("definition =", "id = 1\ndefinition =", "Known here: definition, draws, level."),
        (
            'poverty = "POV"',
            'poverty = { estimte = "E" }',
            '[[indicators]] no. 1 (Living), columns, poverty: the key "estimte"',
        ),
        # missing keys
        (
            'timezone = "Europe/London"',
            "",
            ', [city]: the key "timezone" is missing. Add a line that begins with: timezone =.',
        ),
        ('key = "id"\nsingular', "singular", ', [areas.tract]: the key "key" is missing.'),
        ('key = "id"\nvintage', "vintage", ' the key "key" is missing: the layout plain needs it.'),
        ('latitude = "y"\n', "", 'the key "latitude" is missing: points need it.'),
        ('date = "on"\n', "", 'the key "year" is missing: incidents need it, or date.'),
        ('kind = "library"\n', "", 'the key "kind" is missing: organisations need it, or kind_column.'),
        ('kind = "library"\n', 'kind_column = "k"\n', 'the key "kinds" is missing: kind_column needs it.'),
        ('poverty = "POV"', 'poverty = { numerator = "N" }', 'poverty: the key "denominator" is missing.'),
        # keys that do nothing
        (
            'date = "on"',
            'date = "on"\nyear = "y"',
            'the key "year" does nothing here: date says it already. Remove it.',
        ),
        (
            'category = "what"',
            'category = "what"\ncount = "n"',
            'the key "count" does nothing here: points do without.',
        ),
        ('kind = "library"', 'kind = "library"\nkinds = {a = "b"}', 'the key "kinds" does nothing here'),
        # wrong types
        ('name = "Our City"', "name = true", ", [city], name: true is not text."),
        ('name = "Our City"', 'name = "  "', ", [city], name: the text is blank."),
        (
            "primary = true",
            'primary = "yes"',
            ", [areas.tract], primary: yes is neither yes nor no. Write true or false",
        ),
        ("primary = true", "primary = true\nkey_digits = 11.0", "key_digits: 11.0 is not a whole number."),
        ('definition = "cdc-svi-2020"', 'definition = "x"\nlevel = "high"', "level: high is not a number."),
        ('areas = "tract"', 'areas = "tract"\nmissing = "NA"', "missing: NA is not a list."),
        (
            'areas = "tract"',
            'areas = "tract"\nlayout = "pain"',
            'layout: "pain" is not one of plain, acs, svi. You may mean "plain".',
        ),
        ('[indicators.columns]\npoverty = "POV"', 'columns = "POV"', "columns: this is not a table of columns."),
        ('[incidents.categories]\n"ROB" = "robbery"', 'categories = "all"', "categories: all is not a table."),
        # values that cannot be
        (
            "Europe/London",
            "Europe/Londn",
            'timezone: there is no timezone "Europe/Londn". You may mean "Europe/London".',
        ),
        (
            'name = "Our City"',
            'name = "Our City"\nslug = "Our City"',
            '[city], slug: "Our City" cannot stand in an address.',
        ),
        ('name = "Our City"', 'name = "都市"', '[city], slug: "" cannot stand in an address.'),
        (
            'name = "Our City"',
            'name = "C"\nlanguages = ["Spanish"]',
            '[city], languages: "Spanish" is no language tag.',
        ),
        (
            'name = "Our City"',
            'name = "C"\nbounds = [51, -1, 52, 1, 3]',
            "bounds: [51, -1, 52, 1, 3] is no box of degrees.",
        ),
        (
            'name = "Our City"',
            'name = "C"\nbounds = [1, 51, -1, 52]',
            "is no box of degrees. Write [west, south, east, north]",
        ),
        ("[areas.tract]", '[areas."My tract"]', '[areas.My tract]: "My tract" cannot name a layer.'),
        (
            'areas = "tract"',
            'areas = "tracts"',
            'the table "Living": there is no layer [areas.tracts]. You may mean "tract".',
        ),
        ('kind = "library"', 'kind = "Public Library"', '"Public Library" cannot name a kind.'),
        ('definition = "cdc-svi-2020"', 'definition = "x"\ndraws = 0', "draws: 0 draws are too few or too many."),
        ('definition = "cdc-svi-2020"', 'definition = "x"\nlevel = 90', "level: 90.0 is no level of confidence."),
        # files that are not there
        ('"i.csv"', '"acs.csv"', ", [[indicators]] no. 1 (Living), file: there is no file /acs.csv."),
        ('"cdc-svi-2020"', '"mine.yaml"', ", [need], definition: there is no file /mine.yaml."),
    ],
)
def test_one_fault_in_a_whole_description(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    assert right in WHOLE

    assert told in sentence(tmp_path, WHOLE.replace(right, wrong, 1))


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ((), ": the table [city] is missing."),
        ((CITY,), ": the table [areas] is missing."),
        ((CITY, "[areas]"), ": no layer of areas is described."),
        (
            (CITY, AREAS.replace("primary = true\n", "")),
            ", [areas]: 0 layers are primary, and pages are about exactly one.",
        ),
        (
            (CITY, AREAS, AREAS.replace("areas.tract", "areas.b").replace("Tracts", "Bs")),
            ", [areas]: 2 layers are primary",
        ),
        (("city = 3", AREAS), ", [city]: a table is needed here. Begin it with a line such as: [city]."),
        (
            (CITY, AREAS, ORGANIZATIONS.replace("[[organizations]]", "[organizations]")),
            "Write the name in double brackets",
        ),
        ((CITY, AREAS, INDICATORS, INDICATORS), ': 2 datasets are called "Living".'),
        (
            (CITY, AREAS, INDICATORS, INDICATORS.replace("Living", "Again")),
            ', [[indicators]]: the indicator "poverty" of [areas.tract] comes from 2 tables.',
        ),
        (
            (CITY, AREAS, INDICATORS.replace('areas = "tract"', 'areas = "tract"\nlayout = "svi"')),
            'the key "key" does nothing',
        ),
        (
            (CITY, AREAS, COUNTS.replace('count = "n"\n', "")),
            'the key "count" is missing: category and count come together.',
        ),
        ((CITY, AREAS, COUNTS.replace('area = "id"\n', "")), 'the key "area" is missing: counts need it.'),
        (
            (CITY, AREAS, COUNTS.replace('year = "y"', 'year = "y"\naccept_outside = "so"')),
            'the key "accept_outside" does nothing',
        ),
        ((CITY, AREAS, INCIDENTS.replace('"ROB" = "robbery"\n', "")), 'the key "categories" is missing'),
        ((CITY, AREAS, NEED, f"vintage = 1\n{SAID}"), "it is not TOML"),
    ],
)
def test_tables_that_do_not_go_together(tmp_path: Path, tables: tuple[str, ...], told: str) -> None:
    assert told in sentence(tmp_path, *tables)


def test_a_line_that_is_not_toml_is_named(tmp_path: Path) -> None:
    assert re.search(r"it is not TOML: .*line 2", sentence(tmp_path, "[city]\nname = Our City"))


def test_a_description_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TomlRefusal, match="there is no such file.*hearback init"):
        city.read(tmp_path / "gone.toml")


def test_a_description_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "city.toml"
    path.write_bytes('[city]\nname = "Coruña"'.encode("latin-1"))

    with pytest.raises(TomlRefusal, match="not UTF-8"):
        city.read(path)


def test_data_in_the_place_of_a_description_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "incidents.csv"
    with path.open("wb") as file:
        file.truncate(2 * 10**9)

    with pytest.raises(TomlRefusal, match="2000 MB, and a description has a few kB"):
        city.read(path)
