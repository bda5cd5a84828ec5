"""`hearback stats …` on the files that R read: the same numbers, from file to file, to 1e-8 relative."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from places import SHARED, needs_shared
from stats_verbs import call, document

pytestmark = [pytest.mark.golden, needs_shared]
CLOSE = 1e-8
"""Twelve digits are written, and R prints fifteen."""

DESIGNS = {
    "srs_fpc": 'fpc = "fpc"\n',
    "strat_fpc": 'weights = "pw"\nstrata = "stype"\nfpc = ["fpc"]\n',
    "clus1_fpc": 'weights = "pw"\npsu = ["dnum"]\nfpc = ["fpc"]\n',
    "clus2_fpc": 'psu = ["dnum", "snum"]\nfpc = ["fpc1", "fpc2"]\n',
    "clus1_JK1": 'weights = "pw"\npsu = "dnum"\nfpc = "fpc"\nreplicates = { kind = "JK1" }\n',
}
SAMPLES = {"srs": "apisrs", "strat": "apistrat", "clus1": "apiclus1", "clus2": "apiclus2"}
STYPE = "stype = { E = 4421, H = 755, M = 1018 }\n"
MARGINS = f'{STYPE}"sch.wide" = {{ Yes = 5122, No = 1072 }}\n'


@cache
def golden() -> dict[str, Any]:
    return json.loads((SHARED / "golden" / "survey.json").read_text())


def schools(case: str) -> Path:
    return SHARED / "data" / "surveys" / f"{SAMPLES[case.split('_')[0]]}.csv"


def results(folder: Path, data: Path, toml: str, *asked: str) -> list[dict[str, Any]]:
    (folder / "design.toml").write_text(toml)
    return document("estimate", data, "--design", folder / "design.toml", *asked, out=folder / "est.json")["results"]


def agrees(found: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    for name in ("estimate", "se"):
        assert [one[name] for one in found] == pytest.approx(np.atleast_1d(expected[name]).tolist(), rel=CLOSE)
    if "ci95_t" in expected:
        bounds = [bound for one in found for bound in (one["ci_low"], one["ci_high"])]
        assert bounds == pytest.approx(np.ravel(expected["ci95_t"]).tolist(), rel=CLOSE)


@pytest.mark.parametrize("case", DESIGNS)
def test_means_totals_and_degrees_of_freedom(tmp_path: Path, case: str) -> None:
    found = results(tmp_path, schools(case), DESIGNS[case], "--mean", "api00", "--mean", "api99", "--total", "enroll")
    agrees(found[:2], golden()[case]["mean_api00_api99"])
    agrees(found[2:], golden()[case]["total_enroll"])
    assert [one["df"] for one in found] == [golden()[case]["degf"]] * 3


@pytest.mark.parametrize("case", ["strat_fpc", "clus1_fpc", "clus1_JK1"])
def test_design_effects(tmp_path: Path, case: str) -> None:
    found = results(tmp_path, schools(case), DESIGNS[case], "--mean", "api00", "--mean", "enroll")
    assert [one["deff"] for one in found] == pytest.approx(golden()[case]["deff_mean"], rel=CLOSE)


@pytest.mark.parametrize("case", [case for case in DESIGNS if not case.startswith("clus2")])
def test_ratios(tmp_path: Path, case: str) -> None:
    agrees(
        results(tmp_path, schools(case), DESIGNS[case], "--ratio", "api.stu/enroll"),
        golden()[case]["ratio_apistu_enroll"],
    )


@pytest.mark.parametrize("case", DESIGNS)
def test_domains(tmp_path: Path, case: str) -> None:
    expected = golden()[case]["by_stype_mean_api00"]
    found = results(tmp_path, schools(case), DESIGNS[case], "--mean", "api00", "--by", "stype")
    assert [one["group"] for one in found] == [{"stype": level} for level in expected["levels"]]
    agrees(found, {name: expected[name] for name in ("estimate", "se")})


@pytest.mark.parametrize("case", DESIGNS)
def test_shares_and_their_intervals(tmp_path: Path, case: str) -> None:
    found = results(tmp_path, schools(case), DESIGNS[case], "--proportion", "stype", "--proportion", "comp.imp")
    expected = golden()[case]["mean_stype"]
    assert [f"stype{one['category']}" for one in found[:3]] == expected["names"]
    agrees(found[:3], {name: expected[name] for name in ("estimate", "se")})
    bounds = [found[4]["ci_low"], found[4]["ci_high"]]
    assert bounds == pytest.approx(golden()[case]["ciprop_compimp_xlogit"]["ci95"], rel=CLOSE)


@pytest.mark.parametrize("case", ["strat_fpc", "clus1_fpc", "clus2_fpc"])
def test_quantiles(tmp_path: Path, case: str) -> None:
    expected = golden()[case]["quantile_api00_math"]
    asked = [word for share in expected["probs"] for word in ("--quantile", f"api00:{share}")]
    found = results(tmp_path, schools(case), DESIGNS[case], *asked)
    for mine, theirs in (("estimate", "q"), ("se", "se"), ("ci_low", "lo"), ("ci_high", "hi")):
        assert [one[mine] for one in found] == pytest.approx(expected[theirs], rel=CLOSE)


@pytest.mark.parametrize(
    ("case", "table"),
    [
        ("postStratify_stype_clus1", f"[poststratify]\n{STYPE}"),
        ("rake_stype_schwide_clus1", f"[rake]\n{MARGINS}"),
        ("rake_stype_schwide_clus1", 'rake = "margins.csv"\n'),
        ("calibrate_linear_stype_clus1", f'[[steps]]\nmethod = "calibrate"\ndistance = "linear"\nmargins.{STYPE}'),
    ],
)
def test_errors_go_through_weighting(tmp_path: Path, case: str, table: str) -> None:
    (tmp_path / "margins.csv").write_text(
        "variable,category,total\nstype,E,4421\nstype,H,755\nstype,M,1018\nsch.wide,Yes,5122\nsch.wide,No,1072\n"
    )
    expected = golden()["calibration"][case]
    found = results(tmp_path, schools("clus1"), DESIGNS["clus1_fpc"] + table, "--mean", "api00", "--total", "enroll")
    agrees(found[:1], expected["mean_api00"])
    agrees(found[1:], expected["total_enroll"])


@pytest.mark.parametrize("lonely", ["certainty", "adjust", "average"])
def test_strata_with_one_school(tmp_path: Path, lonely: str) -> None:
    toml = f'lonely = "{lonely}"\n{DESIGNS["strat_fpc"]}'
    found = results(tmp_path, SHARED / "golden" / "apistrat_lonelyH.csv", toml, "--mean", "api00")
    agrees(found, golden()["lonely_psu"][lonely]["mean_api00"])


def test_weights_in_the_file_meet_the_margins_as_r_has_them(tmp_path: Path) -> None:
    (tmp_path / "design.toml").write_text(f"{DESIGNS['clus1_fpc']}[rake]\n{MARGINS}")
    call("weight", schools("clus1"), "--design", tmp_path / "design.toml", "--out", tmp_path / "weighted.csv")
    with (tmp_path / "weighted.csv").open() as file:
        rows = list(csv.DictReader(file))
    expected = golden()["calibration"]["rake_stype_schwide_clus1"]["weights"]
    assert [float(row["weight"]) for row in rows] == pytest.approx(expected, rel=1e-9)
    totals = {kind: sum(float(row["weight"]) for row in rows if row["stype"] == kind) for kind in "EHM"}
    assert totals == pytest.approx({"E": 4421, "H": 755, "M": 1018}, rel=1e-9)


def test_trimmed_weights_and_the_error_they_leave(tmp_path: Path) -> None:
    steps = f'[[steps]]\nmethod = "rake"\n[steps.margins]\n{MARGINS}[[steps]]\nmethod = "trim"\nlow = 20\nhigh = 45\n'
    found = results(tmp_path, schools("clus1"), DESIGNS["clus1_fpc"] + steps, "--mean", "api00")
    agrees(found, golden()["calibration"]["trim_20_45_strict_TRUE"]["mean_api00"])


def test_fay_herriot_from_file_to_file(tmp_path: Path) -> None:
    milk = list(csv.DictReader((SHARED / "golden" / "milk.csv").open()))
    with (tmp_path / "milk.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["area", "yi", "variance", "two", "three", "four"])
        for row in milk:
            region = [int(row["MajorArea"] == level) for level in "234"]
            writer.writerow([row["SmallArea"], row["yi"], float(row["SD"]) ** 2, *region])
    (tmp_path / "model.toml").write_text(
        'area = "area"\ndirect = "yi"\nvariance = "variance"\ncovariates = ["two", "three", "four"]\n'
    )
    out = tmp_path / "areas.json"
    found = document("smallarea", tmp_path / "milk.csv", "--model", tmp_path / "model.toml", out=out)
    expected = json.loads((SHARED / "golden" / "small_area.json").read_text())["FH_milk_REML"]
    assert [area["estimate"] for area in found["areas"]] == pytest.approx(expected["eblup"], rel=CLOSE)
    assert [area["mse"] for area in found["areas"]] == pytest.approx(expected["mse"], rel=CLOSE)
    assert found["model"]["variance"] == pytest.approx(expected["refvar"], rel=CLOSE)
