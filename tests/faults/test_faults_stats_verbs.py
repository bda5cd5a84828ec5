"""What a hostile statistician asks of the survey verbs: no traceback, nothing half-written, no number untrue."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hearback.refusal import Refusal
from hearback.stats.small_area.area_draws import AreaDraws
from hearback.stats.small_area.publish import Rule, Showing, publish
from stats_verbs import ANSWERS, DESIGN, call, document, estimates, survey

pytestmark = [pytest.mark.faults, pytest.mark.filterwarnings("error")]

WEIGHTED = 'weights = "weight"\n'
COPIES = re.sub(
    ",(10|20|30),",
    lambda weight: {"10": ",10,5,15,", "20": ",20,30,10,", "30": ",30,25,35,"}[weight[1]],
    ANSWERS.replace("weight,", "weight,r1,r2,"),
)
GIVEN = '{ kind = "JKn", columns = "r", rscales = [%s] }'


def refused(folder: Path, verb: str, *arguments: str | Path) -> str:
    """The sentence; beside the files that were there, nothing is left, and none was changed."""
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(Refusal) as refusal:
        call(verb, *arguments)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    sentence = str(refusal.value)
    assert "\n" not in sentence
    return sentence


def of_estimate(folder: Path, *asked: str, answers: str = ANSWERS, toml: str = DESIGN) -> str:
    data, design = survey(folder, answers=answers, toml=toml)
    return refused(
        folder, "estimate", data, "--design", design, *(asked or ("--mean", "trust")), "--out", folder / "e.json"
    )


def of_weight(folder: Path, toml: str, *options: str | Path, answers: str = ANSWERS) -> str:
    data, design = survey(folder, answers=answers, toml=WEIGHTED + toml)
    options = options or ("--column", "final", "--out", folder / "weighted.csv", "--report", folder / "report.json")
    return refused(folder, "weight", data, "--design", design, *options)


# numbers that are none


@pytest.mark.parametrize("number", ["1e300", "-1e300", "2e15"])
@pytest.mark.parametrize(("column", "before"), [("weight", "b,20,"), ("trust", "b,20,young,English,4")])
def test_a_number_beyond_all_measure_is_refused_before_it_overflows(
    tmp_path: Path, column: str, before: str, number: str
) -> None:
    after = f"b,{number}," if column == "weight" else f"b,20,young,English,{number}"
    sentence = of_estimate(tmp_path, answers=ANSWERS.replace(before, after, 1))
    assert f"survey.csv, row 4: {float(number):g} in column '{column}' is " in sentence


def test_more_people_than_there_are_on_earth_are_no_weight(tmp_path: Path) -> None:
    assert "row 4: 1e+13 in column 'weight' is above 1e+12" in of_estimate(
        tmp_path, answers=ANSWERS.replace("b,20,", "b,1e13,")
    )


def test_tiny_weights_are_only_another_unit(tmp_path: Path) -> None:
    tiny = ANSWERS
    for weight in ("10", "20", "30"):
        tiny = tiny.replace(f",{weight},", f",{weight}e-300,")
    (usual,) = estimates(tmp_path, "--mean", "trust")["results"]
    found = estimates(tmp_path, "--mean", "trust", answers=tiny)
    assert [found["results"][0][name] for name in ("estimate", "se", "n")] == pytest.approx(
        [usual[name] for name in ("estimate", "se", "n")]
    )
    assert found["design"]["effective_n"] == pytest.approx(36 / 7)


@pytest.mark.parametrize("total", ["nan", "inf", "1e308", "-inf"])
def test_totals_are_numbers_of_people(tmp_path: Path, total: str) -> None:
    toml = f"{WEIGHTED}[rake]\nage = {{ young = {total}, old = 60 }}\n"
    assert f"design.toml, rake, age, young: {float(total)} is no number of people" in of_estimate(tmp_path, toml=toml)


# what the design says


@pytest.mark.parametrize(
    ("replicates", "said"),
    [
        (GIVEN % "0.5", "There are 2 replicates, and the scales given are not 2 numbers"),
        (GIVEN % "0.5, 0.5, 0.5", "There are 2 replicates, and the scales given are not 2 numbers"),
        (GIVEN % "-0.5, 0.5", "2 numbers of 0 or more, some above 0"),
        (GIVEN % "0, 0", "2 numbers of 0 or more, some above 0"),
        (GIVEN % "nan, 0.5", "2 numbers of 0 or more, some above 0"),
        ('{ kind = "JKn", columns = "r" }', "JKn does not follow from the weights alone. Give rscales"),
        ('{ kind = "JK1", columns = "r", rscales = [1, 1] }', "JK1 has no rscales"),
        ('{ kind = "JKn", rscales = [1, 1] }', "replicates, rscales: these belong to columns of the data"),
        ('{ kind = "Fay", columns = "r", fay = 1.0 }', "Fay's coefficient lies from 0 to below 1"),
        ('{ kind = "Fay", columns = "r", fay = -1.0 }', "Fay's coefficient lies from 0 to below 1"),
        (
            '{ kind = "BRR", columns = "r", fay = 0.3 }',
            'replicates, fay: BRR has no such coefficient. Write kind = "Fay"',
        ),
        ('{ kind = "JK1", columns = [] }', "replicates, columns: no column is named"),
        ('{ kind = "JK1" }', 'JK1 is for samples without strata. Write kind = "JKn"'),
        ('{ kind = "bootstrap", seed = -1 }', "replicates, seed: a seed is 0 or more"),
        ('{ kind = "bootstrap", number = 1000000000 }', "replicates: 1000000000 replicates are no use"),
    ],
)
def test_replicates_that_would_be_scaled_wrongly(tmp_path: Path, replicates: str, said: str) -> None:
    assert said in of_estimate(tmp_path, answers=COPIES, toml=f"{DESIGN}replicates = {replicates}\n")


def test_a_replicate_in_which_nobody_counts_is_named(tmp_path: Path) -> None:
    nobody = COPIES.replace(",5,15,", ",0,15,").replace(",30,10,", ",0,10,").replace(",25,35,", ",0,35,")
    toml = 'weights = "weight"\nreplicates = { kind = "JK1", columns = ["r1", "r2"] }\n'
    assert "replicate 1 of 2: The weights of a replicate are all 0" in of_estimate(tmp_path, answers=nobody, toml=toml)


def test_replicates_about_the_estimate_are_asked_for_by_name(tmp_path: Path) -> None:
    toml = WEIGHTED + 'replicates = { kind = "JK1", columns = ["r1", "r2"]%s }\n'
    copies = [(5 * 3 + 30 * 9 + 25 * 5) / 120, (15 * 3 + 10 * 9 + 35 * 5) / 120]  # trust adds up to 3, 9, 5 by weight
    for key, centre in (("", sum(copies) / 2), (", around_estimate = true", 3.0)):
        (found,) = estimates(tmp_path, "--mean", "trust", answers=COPIES, toml=toml % key)["results"]
        assert found["se"] == pytest.approx((0.5 * sum((one - centre) ** 2 for one in copies)) ** 0.5)


@pytest.mark.parametrize("asked", ["--mean", "--total"])
def test_strata_that_all_have_one_unit_have_no_average_to_lend(tmp_path: Path, asked: str) -> None:
    toml = 'weights = "weight"\nstrata = "id"\nlonely = "average"\n'
    assert "No other stratum has an average to lend" in of_estimate(tmp_path, asked, "trust", toml=toml)


def test_a_population_no_larger_than_the_sample_says_why_there_is_no_error(tmp_path: Path) -> None:
    everybody = ANSWERS.replace("weight,", "weight,N,").replace(",10,", ",10,1,").replace(",20,", ",20,1,")
    (found,) = estimates(
        tmp_path, "--mean", "trust", answers=everybody.replace(",30,", ",30,1,"), toml=f'{DESIGN}fpc = "N"\n'
    )["results"]
    assert (found["se"], found["notes"]) == (
        0,
        ["no sampling error: by the sizes given under fpc, everybody was drawn"],
    )


def test_a_share_that_a_known_total_fixes_says_so(tmp_path: Path) -> None:
    toml = f"{DESIGN}[poststratify]\nage = {{ young = 50, old = 70 }}\n"
    found = estimates(tmp_path, "--proportion", "age", toml=toml)["results"]
    assert {(one["se"], *one["notes"]) for one in found} == {
        (0, "no sampling error: the strata or the known totals fix this number")
    }


def test_a_level_that_rounds_to_certainty_is_none(tmp_path: Path) -> None:
    assert "level: an interval cannot have the level 1" in of_estimate(
        tmp_path, toml=f"{DESIGN}level = 0.9999999999999999\n"
    )


@pytest.mark.parametrize("verb", ["estimate", "scale", "smallarea"])
def test_codes_of_a_misspelt_column_do_not_stay_in_as_numbers(tmp_path: Path, verb: str) -> None:
    data, toml = survey(tmp_path, toml="missing = { trsut = [9] }\n" + _described(verb))
    options: dict[str, tuple[str | Path, ...]] = {
        "estimate": ("--design", toml, "--mean", "trust"),
        "scale": ("--scale", toml),
        "smallarea": ("--model", toml, "--cells", data),
    }
    said = refused(tmp_path, verb, data, *options[verb], "--out", tmp_path / "out.json")
    assert 'design.toml, missing: the data have no column "trsut". You may mean "trust"' in said


def _described(verb: str) -> str:
    return {
        "estimate": DESIGN,
        "scale": 'items = ["trust", "fair"]\nrange = [1, 5]\n',
        "smallarea": 'area = "area"\noutcome = "trust"\nkind = "gaussian"\nrandom = "area"\ncount = "weight"\n',
    }[verb]


# answers and groups


def test_a_control_character_in_a_label_is_told_with_its_row(tmp_path: Path) -> None:
    asked = ("--mean", "trust", "--by", "area", "--by", "age")
    toml = WEIGHTED
    sentence = of_estimate(tmp_path, *asked, answers=ANSWERS.replace("5,South", "5,Sou\x1fth"), toml=toml)
    assert "survey.csv, row 6: the label in column 'area' has a control character" in sentence


def test_groups_written_in_two_ways_are_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = estimates(tmp_path, "--mean", "trust", "--by", "age", answers=ANSWERS.replace("10,young", "10,Young"))
    assert found["warnings"] == ["age: “Young” and “young” are taken for different groups"]
    assert capsys.readouterr().err == "age: “Young” and “young” are taken for different groups.\n"


@pytest.mark.parametrize("asked", [("--proportion", "trust"), ("--quantile", "trust:0.5")])
def test_an_item_without_answers_is_named_whatever_is_asked(tmp_path: Path, asked: tuple[str, ...]) -> None:
    toml = "missing = { trust = [1, 2, 3, 4, 5] }\n" + DESIGN
    assert "survey.csv: Nobody answered trust. Leave the item out" in of_estimate(tmp_path, *asked, toml=toml)


def test_a_quantile_at_the_highest_answer_is_no_certainty(tmp_path: Path) -> None:
    (found,) = estimates(tmp_path, "--quantile", "trust:0.95")["results"]
    assert [found[name] for name in ("estimate", "se", "ci_low", "ci_high")] == [5, None, None, None]
    assert found["notes"][0] == "no interval: the quantile is the highest answer of all"


# volunteers


def test_the_ends_of_a_scale_are_not_those_of_a_share(tmp_path: Path) -> None:
    toml = 'mode = "opt-in"\n[sensitivity]\npart_taken = 0.5\ndifference = 0.2\nlowest = 1\nhighest = 5\n'
    found = estimates(tmp_path, "--mean", "trust", "--proportion", "age", toml=f"{WEIGHTED}{toml}")["results"]
    ranges = [(one["sensitivity"]["low"], one["sensitivity"]["high"]) for one in found]
    assert ranges == [pytest.approx(pair) for pair in ((2.9, 3.1), (0.4, 0.6), (0.4, 0.6))]


def test_a_share_of_volunteers_stays_between_0_and_1(tmp_path: Path) -> None:
    toml = f'{WEIGHTED}mode = "opt-in"\nsensitivity = {{ part_taken = 0.0001 }}\n'
    found = estimates(tmp_path, "--proportion", "age", toml=toml)["results"]
    assert [(one["sensitivity"]["low"], one["sensitivity"]["high"]) for one in found] == [(0, 1), (0, 1)]


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ("lowest = 5\nhighest = 1\n", "sensitivity: the lowest answer is not below the highest"),
        ("lowest = 7\nhighest = 9\n", "sensitivity: The estimate 3 is not between 7 and 9"),
    ],
)
def test_ends_that_no_scale_has(tmp_path: Path, ends: str, said: str) -> None:
    toml = f'{WEIGHTED}mode = "opt-in"\n[sensitivity]\npart_taken = 0.5\ndifference = 1\n{ends}'
    assert said in of_estimate(tmp_path, toml=toml)


# weighting


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("[rake]\nage = { young = 2, old = 3 }\n", "The totals add up to 5, and there are 6 respondents"),
        ('[[steps]]\nmethod = "trim"\ncompare = "trsut"\n', "there is no column 'trsut'. You may mean \"trust\""),
        (
            '[[steps]]\nmethod = "nonresponse"\nresponded = "answered"\nclasses = []\n',
            "nonresponse has no classes. Name a column",
        ),
        (
            '[[steps]]\nmethod = "calibrate"\nmargins.age = { young = 60, old = 60 }\nbounds = [1.5, 3]\n',
            "The totals are met already, by factors of 1, which the bounds leave out",
        ),
        ('[[steps]]\nmethod = "calibrate"\ntotals = { trust = 0 }\n', "The totals are not met by factors"),
        ('[[steps]]\nmethod = "calibrate"\ntotals = { trust = 9 }\nbounds = [true, 3]\n', "two numbers are needed"),
        (
            '[[steps]]\nmethod = "rake"\nmargins.age = { young = 60, old = 60 }\nmerge.age = { young = "young" }\n',
            "“young” is merged with itself",
        ),
        (
            '[[steps]]\nmethod = "rake"\nmargins.age = { young = 60, old = 60 }\nmerge.agee = { young = "old" }\n',
            'There is no margin “agee” to merge in. You may mean "age"',
        ),
    ],
)
def test_weighting_that_cannot_be(tmp_path: Path, steps: str, said: str) -> None:
    assert said in of_weight(tmp_path, steps)


def test_a_class_of_which_nobody_responded_may_be_the_whole_sample(tmp_path: Path) -> None:
    steps = '[[steps]]\nmethod = "nonresponse"\nresponded = "answered"\nclasses = "area"\n'
    said = of_weight(tmp_path, steps, answers=ANSWERS.replace("yes", "no"))
    assert "Nobody responded. Check the column that says who did" in said


def test_a_missing_code_is_no_number_to_calibrate_to(tmp_path: Path) -> None:
    steps = '[[steps]]\nmethod = "calibrate"\ntotals = { fair = 400 }\n'
    assert "survey.csv, fair: The values or the total of an auxiliary are missing" in of_weight(
        tmp_path, f"missing = [9]\n{steps}"
    )


def test_one_file_is_not_written_over_another(tmp_path: Path) -> None:
    rake, out = "[rake]\nage = { young = 60, old = 60 }\n", tmp_path / "o.json"
    assert "the report would overwrite it" in of_weight(tmp_path, rake, "--column", "w", "--out", out, "--report", out)
    data = tmp_path / "survey.csv"
    assert "the table with the weights would overwrite it" in of_weight(tmp_path, rake, "--column", "w", "--out", data)
    scale = tmp_path / "scale.toml"
    scale.write_text('items = ["trust", "fair"]\nrange = [1, 9]\n')
    both = ("--scale", scale, "--out", out, "--scores", out)
    assert "Give each file a name of its own" in refused(tmp_path, "scale", data, *both)


def test_weights_need_a_name(tmp_path: Path) -> None:
    rake = "[rake]\nage = { young = 60, old = 60 }\n"
    assert "--column: the column of weights has no name" in of_weight(
        tmp_path, rake, "--column", " ", "--out", tmp_path / "w.csv"
    )


# scales


@pytest.mark.parametrize(
    ("scale", "said"),
    [
        ("items = []\nrange = [1, 5]\n", "items: no item is named"),
        ('items = ["trust", "fair"]\nrange = [-inf, 9]\n', "range: no answer is that far off"),
        ('items = ["trust", "fair"]\nrange = [true, 9]\n', "range: two numbers are needed here"),
    ],
)
def test_scales_that_cannot_be(tmp_path: Path, scale: str, said: str) -> None:
    data, toml = survey(tmp_path, toml=scale)
    assert said in refused(tmp_path, "scale", data, "--scale", toml, "--out", tmp_path / "o.json")


# small areas

DIRECT = "area,d,v,pop\n" + "".join(f"{area},0.{at}5,0.00{at + 2},{100 * at}\n" for at, area in enumerate("ABCDEF"))
HERRIOT = 'area = "area"\ndirect = "d"\nvariance = "v"\ndraws = 100\n'
MODEL = 'area = "area"\noutcome = "trust"\nkind = "gaussian"\ncount = "weight"\ndraws = 100\n'


@pytest.mark.parametrize(
    ("more", "direct", "said"),
    [
        ('population = "pop"\n', DIRECT, "direct.csv, row 2: the area has no people in column 'pop'"),
        ("", DIRECT.replace("0.004", "1e-300"), "The sampling variances reach from 1e-300 to 0.007"),
        ('mode = "opt-in"\n', DIRECT, "sensitivity: how far direct estimates may be off follows from no column here"),
        ('mode = "opt-in"\nsensitivity = { part_taken = 0.01 }\n', DIRECT, "State both: part_taken = 0.01, and diff"),
        ("[publish]\nwidest = 0.2\nlargest_cv = nan\n", DIRECT, "publish, largest_cv: no estimate is that sure"),
    ],
)
def test_direct_estimates_that_cannot_be(tmp_path: Path, more: str, direct: str, said: str) -> None:
    (tmp_path / "direct.csv").write_text(direct)
    (tmp_path / "m.toml").write_text(HERRIOT + more)
    arguments = (tmp_path / "direct.csv", "--model", tmp_path / "m.toml", "--out", tmp_path / "o.json")
    assert said in refused(tmp_path, "smallarea", *arguments)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ('random = ["area", "area"]\n', 'random: "area" stands twice'),
        ('random = ["area", "area:age", "age:area"]\n', 'random: "age:area" stands twice'),
        ('random = ["area", "area:area"]\n', 'random: "area:area" stands twice'),
        ('random = ["area", "age"]\naveraged_over = "area"\n', 'averaged_over: "area" is what is estimated'),
        ('random = ["area", "age"]\naveraged_over = "aeg"\n', 'averaged_over: "aeg" is not among the random terms'),
    ],
)
def test_terms_that_cannot_be(tmp_path: Path, terms: str, said: str) -> None:
    data, toml = survey(tmp_path, toml=MODEL + terms)
    assert said in refused(tmp_path, "smallarea", data, "--model", toml, "--cells", data, "--out", tmp_path / "o.json")


def test_a_code_left_in_is_suspected_of_areas_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"{'ABC'[n % 3]},1,{99 if n % 8 == 0 else 1 + n % 5}\n" for n in range(96))
    data, toml = survey(tmp_path, answers=f"area,weight,trust\n{rows}", toml=f'{MODEL}random = "area"\n')
    found = document("smallarea", data, "--model", toml, "--cells", data, out=tmp_path / "o.json")
    (suspected,) = found["model"]["suspected"]
    assert suspected.startswith("trust: 12 answers are 99, ")
    assert capsys.readouterr().err.endswith(f"{suspected}.\n")


def test_a_rule_that_cannot_be_compared_with_shows_nothing() -> None:
    areas = AreaDraws(("A", "B"), np.random.default_rng(1).normal(size=(100, 2)), population=np.ones(2))
    shown = publish(areas, neighbours={"A": ["B"], "B": ["A"]}, rule=Rule(widest=float("nan")))
    assert [area.showing for area in shown] == [Showing.WITHHELD] * 2


# representation

PEOPLE = "age,people,se\nyoung,60,2\nold,50,2\n"


@pytest.mark.parametrize(
    ("people", "options", "said"),
    [
        (PEOPLE, ("--weights", "weight"), "--weights is an option of --respondents"),
        (PEOPLE, ("--clusters", "block"), "--clusters is an option of --respondents"),
        (PEOPLE, ("--areas", "--people-se", "se"), "--people-se has no part in --areas"),
        (PEOPLE, ("--respondents", "answered", "--count", "fair"), "--count has no part in --respondents"),
        (PEOPLE, ("--respondents", "answered", "--occasions", "block"), "--occasions has no part in --respondents"),
        (PEOPLE, ("--areas", "--occasions", "block"), "--occasions has no part in --areas"),
        (PEOPLE, ("--staff", "--occasions", "block"), "--occasions has no part in --staff"),
        (
            PEOPLE,
            ("--staff", "--areas"),
            "two questions are asked at once. Give one of --areas, --staff, --respondents",
        ),
        (PEOPLE, ("--occasions", "blocks"), "there is no column 'blocks'. You may mean \"block\""),
        (PEOPLE.replace("old", "very old"), ("--occasions", "block"), "row 3: the population has no “old”"),
        (PEOPLE.replace(",50,2", ",50,"), ("--staff", "--people-se", "se"), "row 3: the standard error is missing"),
        (PEOPLE.replace(",50,2", ",50,900"), ("--people-se", "se"), "row 3: the standard error is more than 10 times"),
        ("age,people\nyoung,2\nold,3\n", ("--staff",), "there are 6 staff and only 5 people"),
        (PEOPLE, ("--count", "half"), "survey.csv, row 2: 0.5 is no count"),
    ],
)
def test_comparisons_that_cannot_be(tmp_path: Path, people: str, options: tuple[str, ...], said: str) -> None:
    data, _ = survey(
        tmp_path,
        answers=ANSWERS.replace("answered", "answered,half").replace("yes\n", "yes,0.5\n").replace("no\n", "no,1\n"),
    )
    (tmp_path / "people.csv").write_text(people)
    arguments = (data, "--by", "age", "--population", tmp_path / "people.csv", *options, "--out", tmp_path / "o.json")
    assert said in refused(tmp_path, "representation", *arguments)


@pytest.mark.parametrize(
    ("voices", "said"),
    [
        (
            "young,a,5\nold,,2\n",
            "voices.csv, row 3: nobody knows on which occasion these voices were counted. Fill it in",
        ),
        ("young,a,5\nold, ,0\n", "row 3: nobody knows on which occasion"),
        ("young,a,5\nold,a,2\n", "voices.csv: all voices come from one occasion, which tells nothing of how"),
        ("young,a,5\nold,b,0\n,c,7\n", "voices.csv: all voices come from one occasion"),
        (",a,5\n,b,2\n", "voices.csv: there are no voices yet"),
    ],
)
def test_occasions_that_tell_nothing(tmp_path: Path, voices: str, said: str) -> None:
    (tmp_path / "voices.csv").write_text(f"age,forum,n\n{voices}")
    (tmp_path / "people.csv").write_text(PEOPLE)
    arguments = (tmp_path / "voices.csv", "--by", "age", "--population", tmp_path / "people.csv", "--count", "n")
    assert said in refused(tmp_path, "representation", *arguments, "--occasions", "forum", "--out", tmp_path / "o.json")


def test_a_group_that_responded_to_a_man_is_refused_with_weights_as_without(tmp_path: Path) -> None:
    rows = "".join(f"{'xyz'[n % 3]},{int(n % 7 < 3 or n % 3 == 0)},{1 + n % 2}\n" for n in range(60))
    data, _ = survey(tmp_path, answers=f"g,yes,w\n{rows}")
    options: tuple[Any, ...]
    for options in ((), ("--weights", "w")):
        said = refused(
            tmp_path,
            "representation",
            data,
            "--by",
            "g",
            "--respondents",
            "yes",
            *options,
            "--out",
            tmp_path / "o.json",
        )
        assert "the traits tell for certain who responds" in said


# files


def test_a_pipe_is_no_table(tmp_path: Path) -> None:
    data, design = survey(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    arguments = ("stats", "estimate", tmp_path / "pipe", "--design", design, "--mean", "trust")
    program = Path(sys.executable).parent / "hearback"
    done = subprocess.run(
        [program, *arguments, "--out", tmp_path / "e.json"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "pipe: this is a stream, not a file. Save it as a file, and name that" in done.stderr
    assert data.exists()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="there is no folder here that takes no files")
def test_a_folder_that_takes_no_files_is_told(tmp_path: Path) -> None:
    data, design = survey(tmp_path)
    out = ("--out", "/proc/hearback.json")
    said = refused(tmp_path, "estimate", data, "--design", design, "--mean", "trust", *out)
    assert said.startswith("/proc/hearback.json: no file can be made here")
