"""What a survey verb cannot use is told in one sentence: file, row or key, and what to do; nothing is written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hearback.refusal import Refusal
from stats_verbs import ANSWERS, DESIGN, call, estimates, survey

pytestmark = pytest.mark.faults

AGE = "[rake]\nage = { young = 50, old = 70 }\n"
NO_DESIGN = 'weights = "weight"\n'


def refused(folder: Path, verb: str, *arguments: str | Path) -> str:
    """The sentence; beside the files that were there, nothing is left."""
    before = set(folder.iterdir())
    with pytest.raises(Refusal) as refusal:
        call(verb, *arguments)
    assert set(folder.iterdir()) == before
    return str(refusal.value)


def of_estimate(folder: Path, *asked: str, answers: str = ANSWERS, toml: str = DESIGN, out: str = "est.json") -> str:
    data, design = survey(folder, answers=answers, toml=toml)
    return refused(folder, "estimate", data, "--design", design, *(asked or ("--mean", "trust")), "--out", folder / out)


# weights


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        ("-20", "survey.csv, row 4: 1 of 6 weights are negative"),
        ("0", "survey.csv, row 4: 1 of 6 weights are zero"),
        ("", "survey.csv, row 4: 1 of 6 weights are missing"),
        ("many", "survey.csv, row 4: 'many' in column 'weight' is not a number"),
    ],
)
@pytest.mark.parametrize("verb", ["estimate", "weight"])
def test_weights_that_are_no_number_of_people(tmp_path: Path, verb: str, weight: str, said: str) -> None:
    answers = ANSWERS.replace("3,North,b,20", f"3,North,b,{weight}")
    data, design = survey(tmp_path, answers=answers, toml=NO_DESIGN + AGE)
    asked = ("--mean", "trust") if verb == "estimate" else ("--column", "final")
    sentence = refused(tmp_path, verb, data, "--design", design, *asked, "--out", tmp_path / "out.json")
    assert said in sentence


def test_a_blank_line_does_not_shift_the_row_that_is_named(tmp_path: Path) -> None:
    answers = ANSWERS.replace("2,North", "\n2,North").replace("3,North,b,20", "3,North,b,-1")
    assert "survey.csv, row 5:" in of_estimate(tmp_path, answers=answers)


def test_a_sample_without_weights_asks_for_them(tmp_path: Path) -> None:
    assert "survey.csv: A sample has weights or the size of its population. Name the column" in of_estimate(
        tmp_path, toml='mode = "probability"\n'
    )


# margins


@pytest.mark.parametrize(
    ("margins", "said"),
    [
        (
            "[rake]\nage = { young = 50, old = 70 }\nlanguage = { English = 50, Spanish = 60 }\n",
            "survey.csv: The totals of age add up to 120, those of language to 110",
        ),
        ("[rake]\nage = { young = 0.5, old = 0.4 }\n", "margin age: The shares add up to 0.9"),
        (
            "[rake]\nage = { young = 120 }\n",
            "survey.csv, margin age: 3 respondents are in “old”, of whom the population has none",
        ),
        (
            "[rake]\nage = { young = 60, old = 60, older = 5 }\n",
            "Nobody in the sample is in “older” of age. Merge “older” of age with “old”",
        ),
        ("[rake]\nage = { young = 0, old = 0 }\n", "Totals must be numbers of people"),
        ("[rake]\nage = { young = -5, old = 125 }\n", "Totals must be numbers of people"),
        ("[rake]\nage = { young = '50', old = 70 }\n", "design.toml, rake, age, young: 50 is no number of people"),
        ("[rake]\nage = 5\n", "design.toml, rake, age: the totals of a margin are a table"),
        ("[rake]\n", "design.toml, rake: margins are a table or the name of a CSV file"),
        ("[rake.sch.wide]\nYes = 5\n", 'stands in quotation marks: "sch.wide"'),
        ('rake = "none.csv"\n', "there is no file"),
        (
            "[poststratify]\nage = { young = 50, old = 70 }\nlanguage = { English = 50, Spanish = 70 }\n",
            "poststratify takes one margin, and here are 2",
        ),
        (f"{AGE}[poststratify]\nage = {{ young = 50, old = 70 }}\n", "both [rake] and [poststratify] stand here"),
        ("[rake]\nheight = { tall = 60, small = 60 }\n", "survey.csv, row 1: there is no column 'height'"),
    ],
)
def test_margins_that_cannot_be(tmp_path: Path, margins: str, said: str) -> None:
    assert said in of_estimate(tmp_path, toml=NO_DESIGN + margins)


def test_somebody_without_a_category_is_named_in_number(tmp_path: Path) -> None:
    answers = ANSWERS.replace("10,young", "10,")
    assert "margin age: 1 respondents have no answer" in of_estimate(tmp_path, answers=answers, toml=NO_DESIGN + AGE)


def test_a_table_of_margins_is_whole(tmp_path: Path) -> None:
    (tmp_path / "margins.csv").write_text("variable,category,total\nage,young,50\nage,young,70\n")
    assert "margins.csv, row 3: a variable, category or total is blank, or the category stands twice" in of_estimate(
        tmp_path, toml=f'{NO_DESIGN}rake = "margins.csv"\n'
    )


# the design


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("strata =", "stratum =", 'design.toml: the key "stratum" is not known here. You may mean "strata"'),
        ('"area"', '"aera"', "survey.csv, row 1: there is no column 'aera'. You may mean \"area\""),
        ('"area"', "3.5", "design.toml, strata: 3.5 is not a list"),
        (
            DESIGN,
            DESIGN + 'lonely = "average"\nlevel = 95.0\n',
            "design.toml, level: an interval cannot have the level 95",
        ),
        (DESIGN, DESIGN + 'lonely = "drop"\n', '"drop" is not one of refuse, certainty, adjust, average'),
        (DESIGN, DESIGN + 'mode = "random"\n', '"random" is not one of probability, opt-in, census'),
        (DESIGN, DESIGN + "missing = 9\n", "design.toml, missing: missing codes are a list. Write them as: [9, 99"),
        (DESIGN, DESIGN + 'fpc = ["age"]\n', "survey.csv, row 2: 'young' in column 'age' is not a number"),
        (
            DESIGN,
            DESIGN + 'fpc = ["trust"]\n',
            "survey.csv, stage 1, row 2: The population size 1 differs within stratum North",
        ),
        (DESIGN, 'weights = "weight"\nstrata = "age"\npsu = "block"\n', "Say that units are nested"),
        (DESIGN, DESIGN + 'replicates = { kind = "JK1", columns = "rep" }\n', 'no column of the data is called "rep"'),
        (
            DESIGN,
            DESIGN + 'replicates = { kind = "SDR" }\n',
            "design.toml, replicates: replicates of kind SDR are not made here",
        ),
        (DESIGN, "weights = weight\n", "it is not TOML"),
        (DESIGN, DESIGN + "[response]\ncomplete = -5\n", "design.toml, response: The count of complete is below 0"),
        (
            DESIGN,
            DESIGN + "[sensitivity]\npart_taken = 5.0\n",
            "design.toml, sensitivity: 5 is no share of a population",
        ),
    ],
)
def test_a_design_that_cannot_be(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert said in of_estimate(tmp_path, toml=DESIGN.replace(before, after))


def test_one_cluster_in_a_stratum_stops_with_what_to_do(tmp_path: Path) -> None:
    answers = ANSWERS.replace("South,d", "South,c")
    sentence = of_estimate(tmp_path, answers=answers)
    assert "survey.csv, stage 1: Only one sampling unit was drawn in stratum South" in sentence
    assert "lonely = certainty, adjust or average" in sentence


def test_one_respondent_per_stratum_stops_too(tmp_path: Path) -> None:
    sentence = of_estimate(tmp_path, toml='weights = "weight"\nstrata = "id"\n')
    assert "Only one sampling unit was drawn in strata 1, 2, 3, 4, 5 and 1 more" in sentence


def test_a_blank_stratum_is_named_by_its_row(tmp_path: Path) -> None:
    answers = ANSWERS.replace("5,South", "5,")
    assert "survey.csv, strata of stage 1, row 6: 1 rows have no label" in of_estimate(tmp_path, answers=answers)


# answers


def test_an_item_that_nobody_answered_is_named(tmp_path: Path) -> None:
    toml = "missing = { trust = [1, 2, 3, 4, 5] }\n" + DESIGN
    assert "survey.csv, 6 respondents: Nobody answered trust" in of_estimate(tmp_path, toml=toml)


def test_answers_all_alike_have_no_spread_and_say_so(tmp_path: Path) -> None:
    answers = "area,block,weight,trust\nN,a,1,3\nN,b,2,3\nS,c,1,3\nS,d,1,3\n"
    (found,) = estimates(tmp_path, "--mean", "trust", answers=answers)["results"]
    assert [found[name] for name in ("estimate", "se", "ci_low", "ci_high", "deff")] == [3, 0, 3, 3, None]
    assert found["notes"] == ["no spread: all answers are the same"]


def test_one_answer_alone_has_no_error(tmp_path: Path) -> None:
    (found,) = estimates(tmp_path, "--mean", "trust", toml=f"missing = [1, 2, 3, 5]\n{DESIGN}")["results"]
    assert (found["estimate"], found["se"], found["deff"], found["n"]) == (4, None, None, 1)
    assert found["notes"] == ["no error can be estimated: one answer only"]


def test_a_group_that_did_not_answer_is_null_with_a_note(tmp_path: Path) -> None:
    answers = ANSWERS.replace("Spanish,2,", "Spanish,,").replace("Spanish,3,", "Spanish,,")
    found = estimates(tmp_path, "--mean", "trust", "--by", "language", answers=answers)["results"]
    spanish = found[1]
    assert [spanish[name] for name in ("estimate", "se", "ci_low", "ci_high", "deff")] == [None] * 5
    assert (spanish["n"], spanish["notes"]) == (0, ["cannot be estimated: nobody answered"])


def test_a_quantile_without_an_error_has_no_interval_either(tmp_path: Path) -> None:
    answers = ANSWERS.replace("Spanish,2,", "Spanish,,").replace("Spanish,3,", "Spanish,,")
    asked = ("--quantile", "trust:0.5", "--by", "language", "--by", "area")
    english_north, _, spanish_north, _ = estimates(tmp_path, *asked, answers=answers)["results"]
    assert english_north["estimate"] == 4
    assert (spanish_north["estimate"], spanish_north["n"]) == (None, 0)
    assert spanish_north["notes"] == ["cannot be estimated: nobody answered"]
    alone = estimates(tmp_path, "--quantile", "trust:0.5", "--by", "block")["results"][2]
    assert [alone[name] for name in ("estimate", "se", "ci_low", "ci_high")] == [5, None, None, None]
    assert alone["notes"]


def test_volunteers_of_whom_nobody_answered_have_no_range(tmp_path: Path) -> None:
    answers = ANSWERS.replace("Spanish,2,", "Spanish,,").replace("Spanish,3,", "Spanish,,")
    found = estimates(
        tmp_path, "--mean", "trust", "--by", "language", answers=answers, toml='mode = "opt-in"\nweights = "weight"\n'
    )
    assert (found["results"][1]["estimate"], found["results"][1]["sensitivity"]) == (None, None)


def test_a_code_left_in_is_suspected_aloud(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(
        f"{n},North,{n},1,young,English,{1 + n % 5},{9 if n % 10 == 0 else 1 + n % 5},yes\n" for n in range(60)
    )
    answers = ANSWERS.partition("\n")[0] + "\n" + rows
    (found,) = estimates(tmp_path, "--mean", "fair", answers=answers)["results"]
    suspicion = "6 answers are 9, frequent, and apart from all other values: if it is no answer, name it under missing"
    assert found["notes"] == [suspicion]
    assert capsys.readouterr().err == f"fair: {suspicion}.\n"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--mean", "trsut"), "there is no column 'trsut'. You may mean \"trust\""),
        (("--mean", "age"), "survey.csv, row 2: 'young' in column 'age' is not a number"),
        (("--ratio", "trust"), "--ratio: “trust” is no ratio"),
        (("--quantile", "trust:half"), "--quantile: “trust:half” is no quantile"),
        (("--quantile", "trust:50"), "The share of a quantile lies between 0 and 1. Write the median as 0.5"),
        (("--mean", "trust", "--by", "colour"), "there is no column 'colour'"),
    ],
)
def test_what_is_asked_for_can_be_followed(tmp_path: Path, asked: tuple[str, ...], said: str) -> None:
    assert said in of_estimate(tmp_path, *asked)


def test_asking_for_nothing_is_answered(tmp_path: Path) -> None:
    data, design = survey(tmp_path)
    said = refused(tmp_path, "estimate", data, "--design", design, "--out", tmp_path / "est.json")
    assert "nothing is asked for. Give --mean" in said


@pytest.mark.parametrize(
    ("out", "said"), [("est.csv", "this is written as .json"), ("no/est.json", "there is no such folder")]
)
def test_where_it_goes_is_checked_first(tmp_path: Path, out: str, said: str) -> None:
    assert said in of_estimate(tmp_path, out=out)


def test_a_design_that_is_not_there_is_told_with_its_neighbour(tmp_path: Path) -> None:
    data, _ = survey(tmp_path)
    said = refused(
        tmp_path,
        "estimate",
        data,
        "--design",
        tmp_path / "desing.toml",
        "--mean",
        "trust",
        "--out",
        tmp_path / "e.json",
    )
    assert 'desing.toml: there is no such file. You may mean "design.toml"' in said


# sampling mode is law


def test_volunteers_without_a_stated_part_get_the_reason_and_the_remedy(tmp_path: Path) -> None:
    sentence = of_estimate(tmp_path, toml='mode = "opt-in"\n')
    assert "survey.csv" not in sentence
    assert "design.toml, sensitivity: People chose themselves whether to take part" in sentence
    assert "part_taken = 0.01" in sentence


def test_a_total_of_volunteers_is_refused(tmp_path: Path) -> None:
    said = of_estimate(tmp_path, "--total", "trust", toml=f'mode = "opt-in"\n{NO_DESIGN}')
    assert "total of trust: People chose themselves" in said


# the other verbs


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("", "design.toml: no step is described. Add [rake]"),
        ('[[steps]]\nmethod = "raking"\n', '"raking" is not one of nonresponse, poststratify, rake, calibrate, trim'),
        ('[[steps]]\nmethod = "rake"\n', 'step 1: the key "margins" is missing'),
        ('[[steps]]\nmethod = "trim"\nhigh = 5\n', "survey.csv: Weights between 0 and 5 cannot add up to 120"),
        ('[[steps]]\nmethod = "trim"\nhihg = 5\n', 'step 1: the key "hihg" is not known here. You may mean "high"'),
        (
            '[[steps]]\nmethod = "nonresponse"\nresponded = "age"\nclasses = "area"\n',
            "survey.csv, row 2: “young” in column 'age' is neither yes nor no",
        ),
        (
            '[[steps]]\nmethod = "nonresponse"\nresponded = "answered"\nclasses = "block"\n',
            "Nobody responded in “b” of nonresponse classes",
        ),
        (
            f'{AGE}[[steps]]\nmethod = "nonresponse"\nresponded = "answered"\nclasses = "area"\n',
            "Let it be the first of [[steps]]",
        ),
        ('[[steps]]\nmethod = "calibrate"\n', "calibrate has neither margins nor totals"),
        ('[[steps]]\nmethod = "calibrate"\ntotals = { trust = 900 }\nbounds = [0.9, 1.1]\n', "widen the bounds"),
        (
            '[[steps]]\nmethod = "calibrate"\ntotals = { trust = 900 }\nbounds = [3, 1]\n',
            "step 1, bounds: two numbers are needed here",
        ),
        (
            '[[steps]]\nmethod = "rake"\nmerge.age = { ancient = "old" }\nmargins.age = { young = 6, old = 6 }\n',
            "There is no category “ancient” to merge",
        ),
        ('[steps]\nmethod = "rake"\n', "Begin each with a line such as: [[steps]]"),
    ],
)
def test_steps_that_cannot_be_done(tmp_path: Path, steps: str, said: str) -> None:
    data, design = survey(tmp_path, toml=NO_DESIGN + steps)
    arguments = (data, "--design", design, "--column", "final", "--out", tmp_path / "weighted.csv")
    assert said in refused(tmp_path, "weight", *arguments)


def test_weights_do_not_replace_a_column_of_the_data(tmp_path: Path) -> None:
    data, design = survey(tmp_path, toml=NO_DESIGN + AGE)
    said = refused(tmp_path, "weight", data, "--design", design, "--column", "trust", "--out", tmp_path / "w.csv")
    assert "survey.csv: the data have a column 'trust' already" in said


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (
            'items = ["trust", "fair"]\nrange = [1, 5]\n',
            "survey.csv, fair, row 7: 9 is no answer between 1 and 5",
        ),
        ('items = ["trust", "fair"]\nrange = [5, 1]\n', "two numbers are needed here, the lower first"),
        ('items = ["trust", "fair"]\n', 'the key "range" is missing'),
        (
            'items = ["trust", "fair"]\nrange = [1, 5]\nreversed = ["fiar"]\n',
            '"fiar" is not among the items. You may mean "fair"',
        ),
        ('items = ["trust", "trust"]\nrange = [1, 5]\n', '"trust" stands twice'),
        ('items = ["trust", "far"]\nrange = [1, 5]\n', "there is no column 'far'"),
        (
            'items = ["trust", "fair"]\nrange = [1, 5]\nmissing = [1, 2, 3, 4, 5, 9]\n',
            "survey.csv, trust: Nobody answered it",
        ),
        ('items = ["trust", "fair"]\nrange = [1, 9]\nleast_answered = 50.0\n', "50 is no share of items"),
    ],
)
def test_scales_that_cannot_be(tmp_path: Path, toml: str, said: str) -> None:
    data, scale = survey(tmp_path, toml=toml)
    assert said in refused(tmp_path, "scale", data, "--scale", scale, "--out", tmp_path / "scale.json")


POPULATION = "age,people\nyoung,60\nold,50\n"


@pytest.mark.parametrize(
    ("population", "options", "said"),
    [
        ("age,people\nyoung,60\n", ("--by", "age"), "survey.csv, row 3: the population has no “old”"),
        ("age,people\nyoung,60\nold,0\n", ("--by", "age"), "population.csv, row 3: nobody is known to live in “old”"),
        ("age,people\nyoung,60\nyoung,50\n", ("--by", "age"), "population.csv"),
        ("age,people\nyoung,60\nold,\n", ("--by", "age"), "population.csv, row 3: nobody is known to live in “old”"),
        (POPULATION, ("--by", "aeg"), "there is no column 'aeg'"),
        (POPULATION, ("--by", "age", "--areas", "--staff"), "two questions are asked at once"),
        (POPULATION, ("--by", "age", "--by", "area"), "Give --population and one --by"),
        (
            POPULATION,
            ("--by", "age", "--count", "language"),
            "survey.csv, row 2: 'English' in column 'language' is not a number",
        ),
        (
            POPULATION,
            ("--by", "age", "--respondents", "trust"),
            "survey.csv, row 3: “2” in column 'trust' is neither yes nor no",
        ),
    ],
)
def test_representation_that_cannot_be(tmp_path: Path, population: str, options: tuple[str, ...], said: str) -> None:
    data, _ = survey(tmp_path)
    (tmp_path / "population.csv").write_text(population)
    arguments = (data, "--population", tmp_path / "population.csv", *options, "--out", tmp_path / "rep.json")
    assert said in refused(tmp_path, "representation", *arguments)


MODEL = 'outcome = "yes"\narea = "area"\nrandom = ["area", "age"]\ncount = "people"\ndraws = 100\n'
YES = "".join(f"{area},{age},{n % 2}\n" for n in range(3) for area in ("A", "B") for age in ("young", "old"))
CELLS = "area,age,people\nA,young,10\nA,old,10\nB,young,10\nB,old,10\n"


@pytest.mark.parametrize(
    ("model", "yes", "cells", "said"),
    [
        (MODEL.replace("random", "rnadom"), YES, CELLS, 'the key "rnadom" is not known here. You may mean "random"'),
        (MODEL.replace('["area", "age"]', '["age"]'), YES, CELLS, 'the area "area" is not among the random terms'),
        (MODEL.replace("100", "1"), YES, CELLS, "model.toml, draws: 1 draws cannot be"),
        (MODEL, YES.replace("1\n", "2\n"), CELLS, "answers.csv, row 6: The answer is 2, neither 0 nor 1"),
        (MODEL, YES.replace("1\n", "0\n"), CELLS, "answers.csv: All answers are 0"),
        (MODEL + "missing = [0, 1]\n", YES, CELLS, "answers.csv: nobody answered 'yes'"),
        (MODEL, YES.replace("B,old", "B,"), CELLS, "answers.csv, row 5: The value of 'age' is missing"),
        (MODEL, YES, CELLS.replace("B,old,10", "B,old,-1"), "cells.csv, row 5: The number of people is -1"),
        (
            MODEL,
            YES,
            CELLS.replace("old", "aged"),
            "cells.csv, column 'age': The sample has age old, which the population lacks",
        ),
        (MODEL, YES, CELLS.replace("people", "persons"), "cells.csv, row 1: there is no column 'people'"),
        (MODEL + "[publish]\nwidest = 0\n", YES, CELLS, "widest"),
        (MODEL + '[publish]\nwidest = 0.001\nneighbours = "near.csv"\n', YES, CELLS, "The neighbours name C"),
        ('area = "area"\ndirect = "yes"\nvariance = "var"\n', YES, CELLS, "--cells: direct estimates need no cells"),
    ],
)
def test_small_areas_that_cannot_be(tmp_path: Path, model: str, yes: str, cells: str, said: str) -> None:
    for name, text in (("model.toml", model), ("answers.csv", f"area,age,yes\n{yes}"), ("cells.csv", cells)):
        (tmp_path / name).write_text(text)
    (tmp_path / "near.csv").write_text("area,neighbour\nA,C\n")
    paths = (tmp_path / "answers.csv", "--model", tmp_path / "model.toml", "--cells", tmp_path / "cells.csv")
    assert said in refused(tmp_path, "smallarea", *paths, "--out", tmp_path / "areas.csv")


def test_the_command_line_leaves_with_status_2(tmp_path: Path) -> None:
    data, design = survey(tmp_path, toml="wieghts = 'weight'\n")
    program = Path(sys.executable).parent / "hearback"
    arguments = ["stats", "estimate", data, "--design", design, "--mean", "trust", "--out", tmp_path / "est.json"]
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert 'You may mean "weights"' in done.stderr
