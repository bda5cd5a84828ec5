"""California's schools: every estimator against R `survey` 4.1 on the API samples, to 1e-8 relative or better."""

from __future__ import annotations

import csv
import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from hearback.stats.design import Calibration, Design, Floats
from hearback.stats.estimate.chi_square import rao_scott
from hearback.stats.estimate.contrasts import difference, wald_test
from hearback.stats.estimate.estimates import Estimates
from hearback.stats.estimate.proportions import proportions
from hearback.stats.estimate.quantiles import quantiles
from hearback.stats.estimate.ratios import means, ratios, totals
from hearback.stats.estimate.regression import linear_regression, logistic_regression
from hearback.stats.survey_design import survey_design
from hearback.stats.variance.replicates import jackknife
from hearback.stats.variance.stage_spread import LonelyUnit
from places import SHARED, needs_shared

pytestmark = [pytest.mark.golden, needs_shared]
TIGHT = 1e-10
"""R prints 15 digits; sums in another order move the last few."""
TAYLOR = ("srs_fpc", "strat_fpc", "clus1_fpc", "clus2_fpc")
ALL = (*TAYLOR, "clus1_JK1")


@cache
def golden() -> dict[str, Any]:
    return json.loads((SHARED / "golden" / "survey.json").read_text())


@cache
def columns(file: str) -> dict[str, np.ndarray]:
    """A file's columns, as numbers where all are, NaN where empty."""
    with (SHARED / file).open() as lines:
        rows = list(csv.DictReader(lines))
    return {name: as_numbers([row[name] for row in rows]) for name in rows[0]}


def as_numbers(words: list[str]) -> np.ndarray:
    try:
        return np.array([float(word) if word not in ("", "NA") else np.nan for word in words])
    except ValueError:
        return np.array(words)


def schools(case: str) -> dict[str, np.ndarray]:
    sample = {"srs": "apisrs", "strat": "apistrat", "clus1": "apiclus1", "clus2": "apiclus2"}[case.split("_")[0]]
    return columns(f"data/surveys/{sample}.csv")


@cache
def design(case: str) -> Design:
    data = schools(case)
    if case == "srs_fpc":
        return survey_design(fpc=[data["fpc"]])
    if case == "strat_fpc":
        return survey_design(data["pw"], strata=[data["stype"]], fpc=[data["fpc"]])
    if case == "clus2_fpc":
        return survey_design(psu=[data["dnum"], data["snum"]], fpc=[data["fpc1"], data["fpc2"]])
    clusters = survey_design(data["pw"], psu=[data["dnum"]], fpc=[data["fpc"]])
    return clusters.with_replicates(jackknife(clusters)) if case == "clus1_JK1" else clusters


def agrees(found: Estimates, expected: dict[str, Any], *, intervals: str = "ci95_t") -> None:
    assert found.estimate == pytest.approx(np.array(expected["estimate"]), rel=TIGHT)
    assert found.se == pytest.approx(np.array(expected["se"]), rel=TIGHT)
    if "vcov" in expected:
        assert found.covariance == pytest.approx(np.array(expected["vcov"]), rel=TIGHT, abs=1e-16)
    if intervals in expected:
        assert np.column_stack([found.ci_low, found.ci_high]) == pytest.approx(np.array(expected[intervals]), rel=TIGHT)


@pytest.mark.parametrize("case", ALL)
def test_means_and_their_covariance(case: str) -> None:
    data = schools(case)
    agrees(means(design(case), np.column_stack([data["api00"], data["api99"]])), golden()[case]["mean_api00_api99"])


@pytest.mark.parametrize("case", ALL)
def test_degrees_of_freedom(case: str) -> None:
    assert design(case).df == golden()[case]["degf"]


@pytest.mark.parametrize("case", ALL)
def test_totals_also_where_answers_are_missing(case: str) -> None:
    agrees(totals(design(case), schools(case)["enroll"]), golden()[case]["total_enroll"])


@pytest.mark.parametrize("case", ["srs_fpc", "strat_fpc", "clus1_fpc", "clus1_JK1"])
def test_ratios(case: str) -> None:
    data, expected = schools(case), golden()[case]["ratio_apistu_enroll"]
    found = ratios(design(case), data["api.stu"], data["enroll"])
    agrees(found, {name: [expected[name]] for name in ("estimate", "se")} | {"ci95_t": expected["ci95_t"]})


@pytest.mark.parametrize("case", ["strat_fpc", "clus1_fpc", "clus1_JK1"])
def test_design_effects(case: str) -> None:
    data = schools(case)
    found = means(design(case), np.column_stack([data["api00"], data["enroll"]]))
    assert found.deff == pytest.approx(golden()[case]["deff_mean"], rel=TIGHT)


@pytest.mark.parametrize("case", ALL)
def test_shares_with_covariance(case: str) -> None:
    found = proportions(design(case), schools(case)["stype"])
    expected = golden()[case]["mean_stype"]
    assert [f"stype{name}" for name in found.names] == expected["names"]
    agrees(found, expected, intervals="none")


@pytest.mark.parametrize("case", ALL)
@pytest.mark.parametrize(("interval", "method"), [("logit", "xlogit"), ("beta", "beta")])
def test_intervals_of_shares(case: str, interval: Any, method: str) -> None:
    found = proportions(design(case), schools(case)["comp.imp"], interval=interval)
    assert [found.ci_low[1], found.ci_high[1]] == pytest.approx(
        golden()[case][f"ciprop_compimp_{method}"]["ci95"], rel=TIGHT
    )


@pytest.mark.parametrize("case", ALL)
def test_domains_and_the_contrast_of_two(case: str) -> None:
    data, expected = schools(case), golden()[case]
    found = means(design(case), data["api00"], by=data["stype"])
    agrees(found, expected["by_stype_mean_api00"])
    gap = difference(found, "E", "H")
    assert gap.estimate[0] == pytest.approx(expected["contrast_E_minus_H"]["estimate"], rel=TIGHT)
    assert gap.se[0] == pytest.approx(expected["contrast_E_minus_H"]["se"], rel=TIGHT)


@pytest.mark.parametrize("case", ["srs_fpc", "strat_fpc", "clus1_fpc", "clus1_JK1"])
def test_totals_of_crossed_domains(case: str) -> None:
    data, expected = schools(case), golden()[case]["by_stype_schwide_total_enroll"]
    both = np.char.add(np.char.add(data["stype"], "."), data["sch.wide"])
    found = totals(design(case), data["enroll"], by=both)
    place = [found.names.index(level) for level in expected["levels"]]
    assert found.estimate[place] == pytest.approx(np.array(expected["estimate"]), rel=TIGHT)
    assert found.se[place] == pytest.approx(np.array(expected["se"]), rel=TIGHT)


@pytest.mark.parametrize("case", ALL)
def test_a_subset_keeps_the_design_and_counts_its_own_degrees_of_freedom(case: str) -> None:
    data, expected = schools(case), golden()[case]["subset_schwide_yes_mean_api00"]
    inside = design(case).domain(data["sch.wide"] == "Yes")
    assert inside.df == expected["degf"]
    agrees(means(inside, data["api00"]), expected)


@pytest.mark.parametrize("case", TAYLOR)
@pytest.mark.parametrize("rule", ["math", "school", "hf7"])
def test_quantiles_and_woodruff_intervals(case: str, rule: Any) -> None:
    if case == "srs_fpc" and rule != "hf7":
        pytest.skip("every share falls on a tie of 200 equal weights, which R decides by how 30.97 rounds")
    expected = golden()[case][f"quantile_api00_{rule}"]
    found = quantiles(design(case), schools(case)["api00"], expected["probs"], rule=rule)
    for mine, theirs in ((found.estimate, "q"), (found.ci_low, "lo"), (found.ci_high, "hi"), (found.se, "se")):
        assert mine == pytest.approx(np.array(expected[theirs]), rel=TIGHT)


def test_quantiles_of_replicates_agree_while_their_intervals_are_woodruffs() -> None:
    expected = golden()["clus1_JK1"]["quantile_api00_hf7"]
    found = quantiles(design("clus1_JK1"), schools("clus1_JK1")["api00"], expected["probs"], rule="hf7")
    assert found.estimate == pytest.approx(np.array(expected["q"]), rel=TIGHT)


@pytest.mark.parametrize("case", ALL)
def test_rao_scott_of_first_and_second_order(case: str) -> None:
    data, expected = schools(case), golden()[case]["chisq_schwide_stype"]
    found = rao_scott(design(case), data["sch.wide"], data["stype"])
    second, first = expected["F"], expected["Chisq"]
    assert found.f == pytest.approx(second["statistic"], rel=TIGHT)
    assert [found.df_numerator, found.df_denominator] == pytest.approx(second["parameter"], rel=TIGHT)
    assert found.p == pytest.approx(second["p"], rel=1e-9)
    assert (found.pearson, found.p_first) == pytest.approx((first["statistic"], first["p"]), rel=1e-9)


@pytest.mark.parametrize("case", ALL)
@pytest.mark.parametrize("kind", ["gaussian_api00", "quasibinomial_schwide"])
def test_regressions(case: str, kind: str) -> None:
    data, expected = schools(case), golden()[case][f"glm_{kind}_ell_meals_mobility"]
    names = ("ell", "meals", "mobility")
    x = np.column_stack([data[name] for name in names])
    if kind.startswith("gaussian"):
        found = linear_regression(design(case), data["api00"], x, names=names)
    else:
        found = logistic_regression(design(case), data["sch.wide"] == "Yes", x, names=names)
    agrees(found, {"estimate": expected["coef"], "se": expected["se"], "vcov": expected["vcov"]})
    assert found.p == pytest.approx(np.array(expected["p"]), rel=1e-9)
    assert (found.df == expected["df_resid"]).all()


@pytest.mark.parametrize("case", ALL)
def test_wald_test_of_a_category(case: str) -> None:
    data, expected = schools(case), golden()[case]["regTermTest_stype_wald"]
    x = np.column_stack([data["ell"], data["stype"] == "H", data["stype"] == "M"])
    found = wald_test(
        linear_regression(design(case), data["api00"], x, names=("ell", "H", "M")), [[0, 0, 1, 0], [0, 0, 0, 1]]
    )
    assert (found.f, found.p) == pytest.approx((expected["F"], expected["p"]), rel=1e-9)
    assert (found.df_numerator, found.df_denominator) == (expected["df"], expected["ddf"])


@pytest.mark.parametrize("case", ALL)
def test_comparing_two_groups_by_regression_is_the_t_test(case: str) -> None:
    data, expected = schools(case), golden()[case]["ttest_api00_compimp"]
    found = linear_regression(design(case), data["api00"], data["comp.imp"] == "Yes", names=("improved",))
    assert (found.t[1], found.p[1], found.estimate[1]) == pytest.approx(
        (expected["t"], expected["p"], expected["diff"]), rel=1e-9
    )


CALIBRATIONS = {
    "postStratify_stype_clus1": ("stype",),
    "rake_stype_schwide_clus1": ("stype", "sch.wide"),
    "calibrate_linear_stype_clus1": (),
}


@cache
def calibrated(case: str) -> Design:
    """The cluster sample with R's own calibrated weights, so that only the variance is under test."""
    data, before = schools("clus1"), design("clus1_fpc")
    weights: Floats = np.array(golden()["calibration"][case]["weights"])
    if groups := tuple(np.unique(data[name], return_inverse=True)[1] for name in CALIBRATIONS[case]):
        return before.calibrated(Calibration(before.weights, weights, groups=groups))
    x = np.column_stack([np.ones(before.n), data["stype"] == "H", data["stype"] == "M"])
    return before.calibrated(Calibration(before.weights, weights, auxiliaries=x))


@pytest.mark.parametrize("case", CALIBRATIONS)
def test_variances_through_calibration(case: str) -> None:
    data, expected, sample = schools("clus1"), golden()["calibration"][case], calibrated(case)
    agrees(means(sample, data["api00"]), expected["mean_api00"])
    agrees(totals(sample, data["enroll"]), expected["total_enroll"])
    agrees(totals(sample, data["api.stu"]), expected["total_apistu"])
    agrees(means(sample, data["api00"], by=data["stype"]), expected["by_stype"])
    agrees(proportions(sample, data["comp.imp"]), expected["mean_compimp"])


@pytest.mark.parametrize("case", CALIBRATIONS)
def test_regression_through_calibration(case: str) -> None:
    data, expected = schools("clus1"), golden()["calibration"][case]["glm_schwide"]
    names = ("ell", "meals", "mobility")
    x = np.column_stack([data[name] for name in names])
    found = logistic_regression(calibrated(case), data["comp.imp"] == "Yes", x, names=names)  # whatever its name says
    agrees(found, {"estimate": expected["coef"], "se": expected["se"]})


def test_a_total_that_calibration_made_known_has_no_error() -> None:
    found = totals(calibrated("postStratify_stype_clus1"), schools("clus1")["stype"] == "H")
    assert found.estimate[0] == pytest.approx(755)
    assert found.se[0] == 0


@pytest.mark.parametrize("lonely", ["certainty", "adjust", "average"])
def test_strata_with_one_school(lonely: Any) -> None:
    data, expected = columns("golden/apistrat_lonelyH.csv"), golden()["lonely_psu"][lonely]
    sample = survey_design(data["pw"], strata=[data["stype"]], fpc=[data["fpc"]], lonely=lonely)
    agrees(means(sample, data["api00"]), expected["mean_api00"])
    agrees(totals(sample, data["enroll"]), expected["total_enroll"])


def test_a_stratum_with_one_school_stops_unless_told_what_to_do() -> None:
    data = columns("golden/apistrat_lonelyH.csv")
    sample = survey_design(data["pw"], strata=[data["stype"]], fpc=[data["fpc"]])
    with pytest.raises(LonelyUnit, match="stratum H.*certainty, adjust or average"):
        means(sample, data["api00"])
