"""Whatever is wrong with a city's files, `hearback build` says so in one sentence, and nothing is half-written."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely

import little_city
from hearback import cli
from hearback.cli import build, installation
from hearback.foundation.installation.queries import everything_held
from vector_files import bow_tie, geojson, projected, swapped

pytestmark = [pytest.mark.faults, pytest.mark.django_db]

Spoil = Callable[[Path], object]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The folder with the little city's files."""
    return little_city.write(tmp_path / "source").parent


@pytest.fixture
def said(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[[Path], str]]:
    """Runs `hearback build` on the little city, and gives the one sentence with which it is refused.

    The installation is the test's own; nothing in its folder or its database may have changed.
    """
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    monkeypatch.setattr(build, "fresh_or_existing", lambda data_dir: installation.suppress())
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def saying(source: Path) -> str:
        held, files = everything_held(), sorted(tmp_path.rglob("*"))
        monkeypatch.setattr(sys, "argv", ["hearback", "build", f"{source}/city.toml", "--data-dir", "unused"])
        with pytest.raises(SystemExit) as left:
            cli.main()
        told = capsys.readouterr().err
        assert left.value.code == 2, told
        assert told.count("\n") == 1
        assert "Traceback" not in told
        assert everything_held() == held
        assert [file for file in sorted(tmp_path.rglob("*")) if file.name != "evidence"] == files
        return told.strip()

    yield saying
    for number, handler in before.items():
        signal.signal(number, handler)


def replaced(file: str, right: str, wrong: str) -> Spoil:
    """Another text in one of the files."""

    def spoil(source: Path) -> None:
        text = (source / file).read_text()
        assert right in text
        (source / file).write_text(text.replace(right, wrong, 1))

    return spoil


def written(file: str, content: bytes) -> Spoil:
    """Another content of one of the files."""
    return lambda source: (source / file).write_bytes(content)


def missing(file: str) -> Spoil:
    """A file that is not there."""
    return lambda source: (source / file).unlink()


def a_folder(file: str) -> Spoil:
    """A folder in the place of a file."""

    def spoil(source: Path) -> None:
        (source / file).unlink()
        (source / file).mkdir()

    return spoil


def two_gigabytes(file: str) -> Spoil:
    """A sparse file: it takes no room on the disk."""

    def spoil(source: Path) -> None:
        with (source / file).open("wb") as huge:
            huge.truncate(2 * 10**9)

    return spoil


def outlines(change: Callable[[list[Any]], list[Any]], **keys: Any) -> Spoil:
    """Other outlines, or other keys, of the squares."""

    def spoil(source: Path) -> None:
        drawn = [feature["geometry"] for feature in json.loads((source / "squares.geojson").read_text())["features"]]
        properties = [{"id": key, "called": f"Square {key}", "people": 900} for key in little_city.KEYS]
        properties[2] |= keys
        changed = change([shapely.geometry.shape(one) for one in drawn])
        geojson(source / "squares.geojson", list(zip(properties, changed, strict=True)))

    return spoil


def geoids(source: Path) -> None:
    """A tract of Alabama without its zero beside those of the District of Columbia."""
    for number, key in enumerate(little_city.KEYS):
        geoid = 1001020100 if number == 0 else 11001000000 + number
        replaced("squares.geojson", f'"id": "{key}"', f'"id": "{geoid}"')(source)


JUNK = bytes(range(256)) * 8

BLUNDERS: dict[str, tuple[Spoil, tuple[str, ...]]] = {
    "areas missing": (missing("squares.geojson"), ("[areas.square], file: there is no file", "Correct the path")),
    "table missing": (missing("poverty.csv"), ("(Poverty in squares), file: there is no file", "Correct the path")),
    "areas empty": (written("squares.geojson", b""), ("squares.geojson", "empty (0 bytes)", "Export or download")),
    "table empty": (written("poverty.csv", b""), ("poverty.csv: the file is empty", "Export it again")),
    "points empty": (written("robberies.csv", b""), ("robberies.csv: the file is empty", "Export it again")),
    "description empty": (written("city.toml", b""), ("city.toml: the table [city] is missing", "hearback init")),
    "areas a folder": (a_folder("squares.geojson"), ("source/squares.geojson is a folder", "Name the file inside it")),
    "description a folder": (a_folder("city.toml"), ("city.toml: it is a folder", "Name the file inside it")),
    "areas huge": (two_gigabytes("squares.geojson"), ("squares.geojson: it is 2.0 GB", "Cut it to your city")),
    "table huge": (two_gigabytes("poverty.csv"), ("poverty.csv: the file has 2.0 GB", "Split it")),
    "points huge": (two_gigabytes("robberies.csv"), ("robberies.csv: the file has 2.0 GB", "for example by year")),
    "description huge": (two_gigabytes("city.toml"), ("city.toml: it has 2000 MB", "Name the TOML file")),
    "areas junk": (written("squares.geojson", JUNK), ("squares.geojson: it cannot be read as GeoJSON", "Export it as")),
    "table junk": (written("poverty.csv", JUNK), ("poverty.csv, row 1: this is not UTF-8 text", "CSV UTF-8")),
    "points junk": (written("robberies.csv", JUNK), ("robberies.csv, row 1: this is not UTF-8 text", "CSV UTF-8")),
    "description junk": (written("city.toml", JUNK), ("city.toml: it is not UTF-8", "UTF-8")),
    "areas column": (
        replaced("city.toml", 'name = "called"\npopulation', 'name = "caled"\npopulation'),
        ('squares.geojson: there is no column "caled"', 'You may mean "called"'),
    ),
    "table column": (
        replaced("city.toml", 'estimate = "share"', 'estimate = "shares"'),
        ("poverty.csv, row 1: there is no column 'shares'", 'You may mean "share"'),
    ),
    "points column": (
        replaced("city.toml", 'category = "what"', 'category = "waht"'),
        ("robberies.csv, row 1: there is no column 'waht'", 'You may mean "what"'),
    ),
    "organisations column": (
        replaced("city.toml", 'kind_column = "kind"', 'kind_column = "kinds"'),
        ('places.geojson: there is no column "kinds"', 'You may mean "kind"'),
    ),
    "unknown key": (
        replaced("city.toml", "singular =", "singluar ="),
        ('[areas.square]: the key "singluar" is not known here', 'You may mean "singular"'),
    ),
    "unknown indicator": (
        replaced("city.toml", "poverty = {", "povrty = {"),
        ("there is no indicator “povrty”", "poverty"),
    ),
    "unknown index": (
        replaced("city.toml", '"need.yaml"', '"cdc-svi-2021"'),
        ("cdc-svi-2021", "cdc-svi-2020"),
    ),
    "crossed outline": (
        outlines(lambda drawn: [*drawn[:4], bow_tie(), *drawn[5:]]),
        ("squares.geojson, row 5: the outline of Square 22 crosses itself", "repair = true"),
    ),
    "swapped": (
        outlines(lambda drawn: [swapped(one) for one in drawn]),
        ("squares.geojson, row 1: longitude and latitude are swapped", "Write longitude first"),
    ),
    "one swapped": (
        outlines(lambda drawn: [*drawn[:8], swapped(drawn[8])]),
        ("squares.geojson, row 9: the outline of Square 33 lies at 39.025, -76.975", "longitude first"),
    ),
    "metres": (
        outlines(lambda drawn: projected(drawn, "EPSG:26918")),
        ("squares.geojson, row 1: its coordinates (32", "are not degrees", "EPSG:4326"),
    ),
    "points": (
        outlines(lambda drawn: [shapely.centroid(one) for one in drawn]),
        ("squares.geojson, row 1: Square 11 is a Point, not a polygon", "closed polygons"),
    ),
    "lost zero": (geoids, ("squares.geojson, row 1", "its leading zero was lost", "key_digits = 11")),
    "long key": (
        outlines(list, id="k" * 300),
        ("squares.geojson, row 3:", "cannot stand in the address of a page", "at most 120 characters"),
    ),
    "key of dots": (outlines(list, id=".."), ('squares.geojson, row 3: ".." cannot stand', "letters or digits")),
    "long name": (
        outlines(list, called="n" * 300),
        ("squares.geojson, row 3: the name in column", "has 300 characters", "at most 200"),
    ),
    "people beyond counting": (
        outlines(list, people=10**12),
        ("squares.geojson, row 3: the population", "is not a number of people", "leave it blank"),
    ),
    "people below nothing": (outlines(list, people=-4), ("squares.geojson, row 3: the population", "Correct it")),
    "word among numbers": (
        replaced("poverty.csv", "\n12,0.12,", "\n12,much,"),
        ("poverty.csv, row 3: 'much' in column 'share' is not a number", "missing"),
    ),
    "percent for a share": (
        replaced("poverty.csv", "\n12,0.12,", "\n12,12,"),
        ("poverty.csv, row 3: poverty is 12, and a share lies between 0 and 1", "percent = true"),
    ),
    "code for missing": (
        replaced("poverty.csv", "\n12,0.12,", "\n12,-999,"),
        ("poverty.csv, row 3: poverty is -999", "name codes for missing values under missing"),
    ),
    "negative margin": (
        replaced("poverty.csv", "\n12,0.12,0.02", "\n12,0.12,-1"),
        ("poverty.csv, row 3: the margin of error -1 in column 'moe' is below zero", "under missing"),
    ),
    "key twice": (
        replaced("poverty.csv", "\n12,", "\n11,"),
        ('poverty.csv: the key "11" stands in row 2 and again in row 3', "one row for each area"),
    ),
    "keys of other areas": (
        replaced("poverty.csv", "\n12,", "\n99,"),
        ("poverty.csv, row 3, Poverty in squares joined with square: 8 keys match", "accept_unmatched"),
    ),
    "impossible year": (
        written("robberies.csv", b"x,y,on,what\n-76.995,39.005,2924-03-01,ROB\n"),
        ("robberies.csv: 1 of 1 rows have no time that can be true", "as in row 2: 2924-03-01", "Correct the years"),
    ),
    "points swapped": (
        written("robberies.csv", b"x,y,on,what\n39.005,-76.995,2024-03-01,ROB\n"),
        ("robberies.csv, row 2: longitude and latitude are swapped", 'Write longitude = "y"'),
    ),
    "points in metres": (
        written("robberies.csv", b"x,y,on,what\n327000.5,4318000.5,2024-03-01,ROB\n"),
        ("robberies.csv, row 2: the coordinates are metres or feet", "EPSG:4326"),
    ),
    "points elsewhere": (
        written("robberies.csv", b"x,y,on,what\n-80.5,41.5,2024-03-01,ROB\n"),
        ("robberies.csv: 1 of 1 incidents lie outside every area", "accept_outside"),
    ),
    "unknown word": (
        replaced("robberies.csv", ",ROB\n", ",STEAL\n"),
        ('robberies.csv: there is no category for "STEAL" (1 rows)', '"STEAL" ='),
    ),
    "titles too alike": (
        replaced("city.toml", 'title = "Robberies in squares"', 'title = "POVERTY in squares!"'),
        ("are too alike for two datasets", "another title"),
    ),
    "index without its columns": (
        replaced("city.toml", '"need.yaml"', '"cdc-svi-2020"'),
        ("city.toml, [need]: no table of indicators brings what the index is made of", 'layout = "svi"'),
    ),
}


@pytest.mark.parametrize("blunder", BLUNDERS)
def test_a_blunder_is_told_in_one_sentence_and_nothing_has_changed(
    source: Path, said: Callable[[Path], str], blunder: str
) -> None:
    spoil, told = BLUNDERS[blunder]
    spoil(source)

    sentence = said(source)

    for part in told:
        assert part in sentence


def test_the_little_city_unspoiled_would_be_built(source: Path, said: Callable[[Path], str]) -> None:
    with pytest.raises(AssertionError, match=r"assert 0 == 2"):
        said(source)
