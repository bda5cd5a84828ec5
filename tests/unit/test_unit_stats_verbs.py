"""What `hearback stats weight|estimate|scale|smallarea|representation` write, on surveys small enough to do by hand."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from stats_verbs import ANSWERS, DESIGN, call, document, estimates, survey

WEIGHTS = 'weights = "weight"\n'
VOLUNTEERS = f'mode = "opt-in"\n{WEIGHTS}'


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


# estimate


def test_a_result_has_its_number_its_error_and_what_it_is_of(tmp_path: Path) -> None:
    found = estimates(tmp_path, "--mean", "trust")
    (mean,) = found["results"]
    assert mean["estimate"] == pytest.approx((10 * 1 + 10 * 2 + 20 * 4 + 20 * 5 + 30 * 3 + 30 * 2) / 120)
    assert {name: mean[name] for name in ("statistic", "variable", "category", "quantile", "group", "df", "n")} == {
        "statistic": "mean",
        "variable": "trust",
        "category": None,
        "quantile": None,
        "group": None,
        "df": 2,
        "n": 6,
    }
    assert mean["ci_low"] < mean["estimate"] < mean["ci_high"]
    assert (found["mode"], found["design"]["n"], found["design"]["strata"]) == ("probability", 6, [2])


def test_groups_are_crossed_in_order_and_named_by_column(tmp_path: Path) -> None:
    found = estimates(tmp_path, "--total", "trust", "--by", "area", "--by", "age")["results"]
    assert [one["group"] for one in found] == [
        {"area": area, "age": age} for area in ("North", "South") for age in ("old", "young")
    ]
    assert [one["estimate"] for one in found] == [20, 90, 160, 90]


def test_codes_are_missing_everywhere_or_in_one_column(tmp_path: Path) -> None:
    everywhere = estimates(tmp_path, "--mean", "trust", "--mean", "fair", toml=f"missing = [9, 5]\n{DESIGN}")
    assert [one["n"] for one in everywhere["results"]] == [5, 4]
    one_column = estimates(tmp_path, "--mean", "trust", "--mean", "fair", toml=f"{DESIGN}[missing]\nfair = [9.0]\n")
    assert [one["n"] for one in one_column["results"]] == [6, 5]


def test_shares_come_with_their_answer_and_quantiles_with_their_share(tmp_path: Path) -> None:
    found = estimates(tmp_path, "--proportion", "language", "--quantile", "trust:0.5")["results"]
    assert [(one["category"], one["quantile"]) for one in found] == [("English", None), ("Spanish", None), (None, 0.5)]
    assert [one["estimate"] for one in found] == pytest.approx([80 / 120, 40 / 120, 3])
    assert found[2]["notes"] == ["no design effect is defined for quantiles"]


def test_parquet_gives_the_same_numbers(tmp_path: Path) -> None:
    data, design = survey(tmp_path)
    duckdb.read_csv(str(data)).write_parquet(str(tmp_path / "survey.parquet"))
    asked = ("--design", design, "--mean", "trust", "--by", "area")
    assert document("estimate", tmp_path / "survey.parquet", *asked, out=tmp_path / "a.json") == document(
        "estimate", data, *asked, out=tmp_path / "b.json"
    )


def test_replicate_weights_of_the_file_are_found_by_what_their_names_begin_with(tmp_path: Path) -> None:
    answers = "w,r1,r2,r3,y\n1,0,1.5,1.5,2\n1,1.5,0,1.5,4\n1,1.5,1.5,0,9\n"
    given = 'weights = "w"\nreplicates = { kind = "JK1", columns = "r" }\n'
    made = 'weights = "w"\nreplicates = { kind = "JK1" }\n'
    by_file = estimates(tmp_path, "--mean", "y", answers=answers, toml=given)["results"]
    assert by_file[0]["se"] == pytest.approx(np.std([2, 4, 9], ddof=1) / np.sqrt(3))
    assert estimates(tmp_path, "--mean", "y", answers=answers, toml=made)["results"] == by_file


def test_each_replicate_is_raked_too(tmp_path: Path) -> None:
    toml = f'{WEIGHTS}replicates = {{ kind = "bootstrap", number = 50, seed = 3 }}\n'
    toml += "[poststratify]\narea = { North = 70, South = 50 }\n"
    answers = "area,weight,in_north\n" + "North,1,1\n" * 20 + "South,1,0\n" * 20
    (found,) = estimates(tmp_path, "--total", "in_north", answers=answers, toml=toml)["results"]
    assert (found["estimate"], found["se"]) == (pytest.approx(70), pytest.approx(0, abs=1e-9))


def test_response_rates_stand_beside_the_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = estimates(tmp_path, "--mean", "trust", toml=f"{DESIGN}[response]\ncomplete = 300\nrefusal = 700\n")
    assert found["response"]["rr1"] == 0.3
    assert "response rate 30.0% (RR1)" in capsys.readouterr().out


def test_volunteers_get_a_range_and_the_reason_in_the_place_of_an_error(tmp_path: Path) -> None:
    toml = f"{VOLUNTEERS}[sensitivity]\npart_taken = 0.01\ndifference = 1.0\nlowest = 1.0\nhighest = 5.0\n"
    (found,) = estimates(tmp_path, "--mean", "trust", toml=toml)["results"]
    assert [found[name] for name in ("se", "ci_low", "ci_high", "df", "deff")] == [None] * 5
    assert found["sensitivity"]["low"] == pytest.approx(3 - 0.99)
    assert found["sensitivity"]["high"] == pytest.approx(3 + 0.99)
    assert "differ by up to 1 on average" in found["sensitivity"]["assumption"]
    assert "People chose themselves" in found["notes"][0]
    assert "not a random sample" in found["label"]


def test_the_part_that_took_part_follows_from_weights_that_speak_for_a_population(tmp_path: Path) -> None:
    found = estimates(tmp_path, "--proportion", "language", toml=VOLUNTEERS)["results"]
    english = found[0]
    reach = 0.05 * np.sqrt((1 - 0.05) / 0.05) * np.sqrt(2 / 3 * 1 / 3)
    assert english["sensitivity"]["high"] == pytest.approx(2 / 3 + reach)


# weight


def weighted(folder: Path, steps: str, *, answers: str = ANSWERS) -> tuple[list[dict[str, str]], dict[str, Any]]:
    data, design = survey(folder, answers=answers, toml=WEIGHTS + steps)
    out, report = folder / "weighted.csv", folder / "report.json"
    call("weight", data, "--design", design, "--column", "final", "--out", out, "--report", report)
    return rows(out), json.loads(report.read_text())


def test_every_column_is_kept_and_totals_are_met(tmp_path: Path) -> None:
    found, report = weighted(tmp_path, "[rake]\nage = { young = 100, old = 200 }\narea = { North = 90, South = 210 }\n")
    assert [{name: row[name] for name in row if name != "final"} for row in found] == rows(tmp_path / "survey.csv")
    assert sum(float(row["final"]) for row in found if row["age"] == "old") == pytest.approx(200)
    balance = report["balance"][0]
    assert [one["after"] for one in balance["categories"]] == pytest.approx([1 / 3, 2 / 3])
    assert report["steps"][0]["rounds"] > 1
    assert report["after"]["effective_n"] < 6


def test_shares_are_taken_of_the_people_the_weights_speak_for(tmp_path: Path) -> None:
    found, _ = weighted(tmp_path, "[rake]\nage = { young = 0.25, old = 0.75 }\n")
    assert sum(float(row["final"]) for row in found) == pytest.approx(120)
    assert sum(float(row["final"]) for row in found if row["age"] == "young") == pytest.approx(30)


def test_crossed_margins_and_merged_categories(tmp_path: Path) -> None:
    steps = (
        '[[steps]]\nmethod = "poststratify"\nmerge."area:age" = { "North:ancient" = "North:old" }\n[steps.margins]\n'
    )
    steps += '"area:age" = { "North:young" = 30, "North:old" = 20, "North:ancient" = 5'
    steps += ', "South:young" = 30, "South:old" = 50 }\n'
    found, report = weighted(tmp_path, steps)
    assert float(found[1]["final"]) == pytest.approx(25)
    assert report["steps"][0]["merged"] == {"area:age": {"North:ancient": "North:old"}}


def test_respondents_stand_for_those_of_their_class_who_did_not_answer(tmp_path: Path) -> None:
    found, report = weighted(tmp_path, '[[steps]]\nmethod = "nonresponse"\nresponded = "answered"\nclasses = "area"\n')
    assert [float(row["final"]) for row in found] == [20, 20, 20, 30, 30]
    assert report["steps"][0]["left_out"] == 1
    assert report["steps"][0]["classes"][0]["factor"] == 2
    assert report["steps"][0]["classes"][0]["thin"] is True


def test_calibration_meets_a_total_within_its_bounds(tmp_path: Path) -> None:
    steps = '[[steps]]\nmethod = "calibrate"\ntotals = { trust = 380 }\nbounds = [0.5, 2]\n'
    found, report = weighted(tmp_path, steps)
    assert sum(float(row["final"]) * float(row["trust"]) for row in found) == pytest.approx(380)
    assert 0.5 <= report["steps"][0]["least_factor"] <= report["steps"][0]["largest_factor"] <= 2


def test_trimming_shows_what_it_moved(tmp_path: Path) -> None:
    found, report = weighted(tmp_path, '[[steps]]\nmethod = "trim"\nhigh = 25\ncompare = ["trust"]\n')
    assert max(float(row["final"]) for row in found) == 25
    assert sum(float(row["final"]) for row in found) == pytest.approx(120)
    assert report["steps"][0]["cut"] == 2
    assert report["steps"][0]["means"][0]["name"] == "trust"
    assert report["after"]["deff"] < report["before"]["deff"]


# scale


ITEMS = "id,a,b,c\nx,1,2,5\ny,4,4,2\nz,5,5,9\nw,3,,3\nv,2,3,4\n"
SCALE = 'items = ["a", "b", "c"]\nreversed = ["c"]\nrange = [1, 5]\nmissing = [9]\nkey = "id"\n'


def scale(folder: Path, toml: str, *, answers: str = ITEMS) -> dict[str, Any]:
    data, described = survey(folder, answers=answers, toml=toml)
    return document("scale", data, "--scale", described, "--scores", folder / "scores.csv", out=folder / "scale.json")


def test_scores_turn_reversed_items_and_leave_out_missing_answers(tmp_path: Path) -> None:
    found = scale(tmp_path, SCALE)
    assert [float(row["score"]) for row in rows(tmp_path / "scores.csv")] == pytest.approx([4 / 3, 4, 5, 3, 7 / 3])
    assert [row["id"] for row in rows(tmp_path / "scores.csv")] == list("xyzwv")
    assert [item["n"] for item in found["items"]] == [5, 4, 4]
    assert found["alpha"]["n"] == 3
    assert found["invariance"] is None


def test_the_rule_for_missing_items_and_rescaling_are_stated(tmp_path: Path) -> None:
    found = scale(tmp_path, SCALE + "least_answered = 1.0\nrescale = true\n")
    assert "at least 100% of them answered; rescaled so that 1 is 0 and 5 is 100" in found["statement"]
    assert (found["scores"]["n"], found["scores"]["low"], found["scores"]["high"]) == (3, 0, 100)


def test_an_item_answered_alike_by_all_leaves_alpha_out_and_says_why(tmp_path: Path) -> None:
    found = scale(tmp_path, SCALE, answers="id,a,b,c\nx,1,3,5\ny,4,3,2\nz,5,3,1\n")
    assert found["alpha"]["alpha"] is None
    assert found["alpha"]["note"].startswith("cannot be estimated: b: Everybody gave the same answer")
    assert found["omega"]["omega"] is None
    assert found["scores"]["n"] == 3


def test_small_groups_cannot_be_compared(tmp_path: Path) -> None:
    answers = ITEMS.replace("id,", "id,language,").replace("\nx,", "\nx,English,").replace("\ny,", "\ny,English,")
    for name in "zwv":
        answers = answers.replace(f"\n{name},", f"\n{name},Spanish,")
    found = scale(tmp_path, SCALE + 'groups = "language"\n', answers=answers)
    assert found["invariance"]["verdict"] == "cannot be checked"
    assert "English (2), Spanish (1)" in found["invariance"]["reason"]


# small areas


def areas(folder: Path, *, more: str = "", out: str = "areas.json") -> Path:
    rng = np.random.default_rng(5)
    lines = ["area,age,yes"]
    for area, share in (("A", 0.2), ("B", 0.5), ("C", 0.8)):
        lines += [f"{area},{rng.choice(['young', 'old'])},{int(rng.random() < share)}" for _ in range(60)]
    cells = "".join(
        f"{area},{age},{people}\n"
        for area, people in zip("ABCD", (100, 200, 300, 400), strict=True)
        for age in ("young", "old")
    )
    texts = {
        "answers.csv": "\n".join([*lines, "B,old,"]) + "\n",
        "cells.csv": f"area,age,people\n{cells}",
        "near.csv": "area,neighbour\nC,D\n",
        "model.toml": f'outcome = "yes"\narea = "area"\nrandom = ["area", "age"]\ncount = "people"\n{more}',
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    paths = (folder / "answers.csv", "--model", folder / "model.toml", "--cells", folder / "cells.csv")
    call("smallarea", *paths, "--out", folder / out)
    return folder / out


def test_areas_come_with_the_model_that_a_person_can_check(tmp_path: Path) -> None:
    found = json.loads(areas(tmp_path).read_text())
    a, b, c, d = found["areas"]
    assert a["estimate"] < b["estimate"] < c["estimate"]
    assert (d["n"], d["direct"], d["population"]) == (0, None, 800)
    assert d["high"] - d["low"] > 1.5 * (b["high"] - b["low"])
    assert found["model"]["left_out"] == 1
    assert found["model"]["unseen"] == {"area": ["D"]}
    assert 0 < found["model"]["kept"] <= 1
    assert found["notes"] == ["no publishing rule is stated"]


def test_the_same_seed_gives_the_same_file(tmp_path: Path) -> None:
    assert areas(tmp_path, out="one.csv").read_text() == areas(tmp_path, out="two.csv").read_text()


def test_an_area_that_may_not_be_shown_leaves_no_number_in_the_file(tmp_path: Path) -> None:
    *_, d = rows(areas(tmp_path, more="[publish]\nwidest = 0.3\n", out="areas.csv"))
    assert (d["showing"], d["reasons"]) == ("withheld", "too_wide")
    assert [d[name] for name in ("estimate", "sd", "low", "high", "direct", "direct_se")] == [""] * 6


def test_an_area_is_pooled_with_named_neighbours(tmp_path: Path) -> None:
    more = '[publish]\nwidest = 0.6\nlargest_pool = 2\nneighbours = "near.csv"\n'
    found = {row["area"]: row for row in rows(areas(tmp_path, more=more, out="areas.csv"))}
    assert found["A"]["showing"] == "alone"
    assert (found["D"]["showing"], found["D"]["stands_for"]) == ("pooled", "D; C")
    assert found["C"]["showing"] == "alone"


def test_areas_of_volunteers_are_labelled_with_their_range(tmp_path: Path) -> None:
    found = json.loads(areas(tmp_path, more='mode = "opt-in"\n[sensitivity]\ndifference = 0.1\n').read_text())
    assert {row["direct_se"] for row in found["areas"]} == {None}
    part = 180 / 2000
    assert "not a random sample" in found["label"]
    assert "differ by up to 0.1" in found["assumption"]
    for area in found["areas"]:
        assert area["range_high"] - area["estimate"] == pytest.approx((1 - part) * 0.1, rel=1e-6)


# representation


def represented(folder: Path, voices: str, population: str, *options: str) -> dict[str, Any]:
    (folder / "voices.csv").write_text(voices)
    (folder / "population.csv").write_text(population)
    paths = (folder / "voices.csv", "--population", folder / "population.csv", *options)
    return document("representation", *paths, out=folder / "rep.json")


LANGUAGES = "language,people,se\nEnglish,8000,100\nSpanish,2000,80\n"


def test_voices_are_counted_by_group_and_the_unknown_apart(tmp_path: Path) -> None:
    voices = "language\n" + "English\n" * 90 + "Spanish\n" * 5 + '""\n' * 5
    found = represented(tmp_path, voices, LANGUAGES, "--by", "language", "--people-se", "se")
    assert [(row["group"], row["voices"], row["heard"]) for row in found["results"]] == [
        ("English", 90, "uncertain"),
        ("Spanish", 5, "less"),
    ]
    assert found["unknown"] == 5
    assert found["results"][1]["share_highest"] == pytest.approx(0.1)
    assert found["parity_low"] < found["parity"] < found["parity_high"]


def test_counted_voices_are_the_same_voices(tmp_path: Path) -> None:
    one_each = represented(tmp_path, "language\n" + "English\n" * 9 + "Spanish\n", LANGUAGES, "--by", "language")
    counted = "language,reports\nEnglish,4\nEnglish,5\nSpanish,1\n"
    assert represented(tmp_path, counted, LANGUAGES, "--by", "language", "--count", "reports") == one_each


def test_quiet_areas_and_those_where_nobody_lives(tmp_path: Path) -> None:
    population = "area,people\n" + "".join(f"{name},3000\n" for name in "ABCDE") + "Park,0\n"
    voices = "area,n\n" + "".join(f"{name},{n}\n" for name, n in zip("ABCDE", (2, 30, 28, 31, 29), strict=True))
    found = represented(tmp_path, voices, population, "--by", "area", "--count", "n", "--areas")
    assert [row["voice"] for row in found["results"]] == ["quiet", *["uncertain"] * 4, "unknown"]
    assert round(found["results"][0]["missing"]) == 20
    assert found["results"][5]["ratio"] is None


def test_staff_against_the_community(tmp_path: Path) -> None:
    population = "group,people\na,42\nb,21\nc,24\nd,9\ne,4\n"
    staff = "group,n\na,310\nb,60\nc,90\nd,25\ne,15\n"
    found = represented(tmp_path, staff, population, "--by", "group", "--count", "n", "--staff")
    assert [round(row["ratio"], 2) for row in found["results"]] == [1.48, 0.57, 0.75, 0.56, 0.75]
    assert round(found["dissimilarity"], 3) == 0.2


def test_the_r_indicator_of_two_groups_by_hand(tmp_path: Path) -> None:
    sample = "age,answered\n" + "old,1\n" * 80 + "old,0\n" * 20 + "young,yes\n" * 40 + "young,no\n" * 60
    (tmp_path / "sample.csv").write_text(sample)
    found = document(
        "representation", tmp_path / "sample.csv", "--by", "age", "--respondents", "answered", out=tmp_path / "r.json"
    )
    assert found["r"] == pytest.approx(1 - 2 * 0.2 * np.sqrt(200 / 199), rel=1e-6)
    assert found["response_rate"] == pytest.approx(0.6)
    assert [row["adds"] < 0 for row in found["results"]] == [False, True]
    known = found["beyond_chance"]
    assert known["low"] < found["r"] < known["r"] < known["high"] < 1


def test_an_r_indicator_with_weights_says_that_it_has_no_interval(tmp_path: Path) -> None:
    (tmp_path / "sample.csv").write_text("age,w,answered\n" + "old,2,1\nold,1,0\nyoung,1,1\nyoung,2,0\n" * 20)
    options = ("--by", "age", "--respondents", "answered", "--weights", "w")
    found = document("representation", tmp_path / "sample.csv", *options, out=tmp_path / "r.json")
    assert found["beyond_chance"] is None
    assert found["notes"] == ["with design weights, how surely R is known cannot be told"]


def test_people_who_were_drawn_together_tell_less(tmp_path: Path) -> None:
    blocks = [(f"b{at}", "old" if at % 2 else "young", int(at % 4 > 1)) for at in range(40)]
    lines = [f"{block},{age},{answered}\n" * 5 + f"{block},{age},{1 - answered}\n" for block, age, answered in blocks]
    (tmp_path / "sample.csv").write_text("block,age,answered\n" + "".join(lines))
    options = ("--by", "age", "--respondents", "answered")
    alone = document("representation", tmp_path / "sample.csv", *options, out=tmp_path / "r.json")
    together = document(
        "representation", tmp_path / "sample.csv", *options, "--clusters", "block", out=tmp_path / "c.json"
    )
    assert alone["beyond_chance"]["overdispersion"] < together["beyond_chance"]["overdispersion"]
    assert together["beyond_chance"]["low"] < alone["beyond_chance"]["low"]
