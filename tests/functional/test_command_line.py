"""The command line as a person meets it: builds that appear whole or not at all, a status that tells the truth."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

import little_city
from conftest import hearback
from hearback.importers import city
from hearback.refusal import Refusal
from places import ROOT, SHARED, needs_shared

pytestmark = pytest.mark.functional


def test_washington_is_built_with_everything_its_description_names(washington_dir: Path) -> None:
    status = json.loads(hearback("status", "--data-dir", washington_dir, "--json").stdout)
    counts = status["counts"]
    assert status["health"] == {"ok": True, "ailments": []}
    assert (counts["areas"], counts["incidents"]) == (179, 111_090)
    assert counts["organizations"] == 26 + 134 + 900 + 208 + 1461 + 116 + 122 + 50
    assert counts["releases"] > 179
    assert status["edition"]["number"] == 1


def test_status_for_people_says_the_same(washington_dir: Path) -> None:
    done = hearback("status", "--data-dir", washington_dir)
    assert "111,090" in done.stdout
    assert "Nothing is wrong." in done.stdout


def test_building_again_keeps_the_city_and_publishes_a_new_edition(tmp_path: Path) -> None:
    folder, description = tmp_path / "city", little_city.write(tmp_path / "source")
    first = hearback("build", description, "--data-dir", folder)
    assert first.returncode == 0, first.stderr
    assert hearback("build", description, "--data-dir", folder).returncode == 0
    status = json.loads(hearback("status", "--data-dir", folder, "--json").stdout)
    assert status["edition"]["number"] == 2
    assert status["health"]["ok"]
    assert len(list((folder / "evidence").glob("[!.]*"))) == 1


def test_the_same_city_and_seed_give_the_same_edition(tmp_path: Path) -> None:
    description = little_city.write(tmp_path / "source")
    for name in ("one", "two"):
        hearback("build", description, "--data-dir", tmp_path / name, "--seed", "3")
    checksums = {
        json.loads(hearback("status", "--data-dir", tmp_path / name, "--json").stdout)["edition"]["checksum"]
        for name in ("one", "two")
    }
    assert len(checksums) == 1


def test_a_build_that_is_refused_leaves_nothing(tmp_path: Path) -> None:
    description = little_city.write(tmp_path / "source")
    description.write_text(description.read_text().replace("robberies.csv", "missing.csv"))
    done = hearback("build", description, "--data-dir", tmp_path / "city")
    assert done.returncode == 2
    assert "missing.csv" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    description = little_city.write(tmp_path)
    done = hearback("build", description, "--data-dir", tmp_path)
    assert done.returncode == 2
    assert "the folder holds other things" in done.stderr
    assert description.exists()


def test_status_of_a_folder_without_a_city_says_what_to_do(tmp_path: Path) -> None:
    done = hearback("status", "--data-dir", tmp_path)
    assert done.returncode == 2
    assert "hearback build" in done.stderr


def test_init_writes_a_description_that_only_lacks_its_files(tmp_path: Path) -> None:
    assert hearback("init", tmp_path).returncode == 0
    with pytest.raises(Refusal):
        city.read(tmp_path / "city.toml")
    assert hearback("init", tmp_path).returncode == 2


def test_the_demo_says_where_it_lives(tmp_path: Path) -> None:
    done = hearback("demo", "--where", HEARBACK_DEMO_DIR=str(tmp_path / "here"))
    assert done.stdout.strip() == str(tmp_path / "here")


@needs_shared
def test_the_index_verb_gives_cdcs_own_numbers_and_ranges(tmp_path: Path) -> None:
    source = SHARED / "data/svi/rhode-island-tracts-2020-cdc.csv"
    done = hearback("stats", "index", source, "--definition", "cdc-svi-2020", "--out", tmp_path / "ranks.csv")
    assert done.returncode == 0, done.stderr
    with source.open(encoding="utf-8-sig") as file:
        published = {row["FIPS"]: row for row in csv.DictReader(file)}
    with (tmp_path / "ranks.csv").open() as file:
        found = list(csv.DictReader(file))
    assert len(found) == len(published)
    for row in found:
        for name in row:
            if re.match("(EPL|SPL|RPL)_", name):
                assert float(row[name]) == pytest.approx(float(published[row["FIPS"]][name]), abs=1e-4), name
        if float(row["RPL_THEMES"]) >= 0:
            assert int(row["RANK_LOW90"]) <= int(row["RANK"]) <= int(row["RANK_HIGH90"])
            assert 0 <= float(row["P_TOP10"]) <= 1


def test_an_option_that_is_not_understood_is_told_in_one_sentence() -> None:
    refused = hearback("stats", "rates", "areas.csv", "--nonsense", "3")
    assert refused.returncode == 2
    assert refused.stderr == "No such option '--nonsense'. What can be said: hearback stats rates --help\n"


def test_the_readme_commands_exist() -> None:
    text = (ROOT / "README.md").read_text()
    verbs = set(re.findall(r"hearback (\w+)", text))
    assert verbs
    for verb in verbs:
        assert hearback(verb, "--help").returncode == 0, verb
