"""Weights against R's survey package on the California schools, at tight convergence."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from hearback.stats.design import Design
from hearback.stats.estimate.ratios import means, totals
from hearback.stats.survey_design import survey_design
from hearback.stats.weight.calibrate import calibrate, from_margins
from hearback.stats.weight.diagnose import weighting_cost
from hearback.stats.weight.poststratify import poststratify
from hearback.stats.weight.rake import rake
from hearback.stats.weight.targets import Margin, margin
from hearback.stats.weight.trim import trim
from places import SHARED, needs_shared

pytestmark = [pytest.mark.golden, needs_shared]

RELATIVE = 1e-9
"""Raking stops within 1e-10 of each total, here and in R; weights of two such solutions differ a little more."""


@pytest.fixture(scope="module")
def golden():
    return json.loads((SHARED / "golden" / "survey.json").read_text())["calibration"]


@pytest.fixture(scope="module")
def schools() -> list[dict[str, str]]:
    with (SHARED / "data" / "surveys" / "apiclus1.csv").open() as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def weights(schools) -> np.ndarray:
    return np.array([float(row["pw"]) for row in schools])


@pytest.fixture(scope="module")
def margins(schools) -> list[Margin]:
    return [
        margin("stype", [row["stype"] for row in schools], totals={"E": 4421, "H": 755, "M": 1018}),
        margin("sch.wide", [row["sch.wide"] for row in schools], totals={"No": 1072, "Yes": 5122}),
    ]


def mean(schools, weights) -> float:
    return float(np.average([float(row["api00"]) for row in schools], weights=weights))


def test_raked_to_school_type_and_programme(golden, schools, weights, margins) -> None:
    found = rake(weights, margins)
    expected = golden["rake_stype_schwide_clus1"]
    np.testing.assert_allclose(found.weights, expected["weights"], rtol=RELATIVE)
    assert mean(schools, found.weights) == pytest.approx(641.23032092682, rel=1e-11)
    assert found.misfit <= 1e-10


def test_raking_goes_on_where_r_stops_by_default(golden, schools, weights, margins) -> None:
    early = golden["rake_stype_schwide_clus1_DEFAULT_eps1_maxit10"]["mean_api00"]["estimate"][0]
    assert abs(mean(schools, rake(weights, margins).weights) - early) > 5e-5


def test_calibration_by_the_raking_distance_is_raking(golden, weights, margins) -> None:
    found = calibrate(weights, from_margins(margins, weights=weights), distance="raking")
    np.testing.assert_allclose(found.weights, golden["rake_stype_schwide_clus1"]["weights"], rtol=RELATIVE)


def test_poststratified_by_school_type(golden, schools, weights, margins) -> None:
    found = poststratify(weights, margins[0])
    np.testing.assert_allclose(found.weights, golden["postStratify_stype_clus1"]["weights"], rtol=1e-12)
    assert mean(schools, found.weights) == pytest.approx(642.310788211582, rel=1e-12)


def test_calibrated_linearly(golden, schools, weights, margins) -> None:
    found = calibrate(weights, from_margins(margins[:1], weights=weights), distance="linear")
    expected = golden["calibrate_linear_stype_clus1"]
    np.testing.assert_allclose(found.weights, expected["weights"], rtol=1e-10)
    assert mean(schools, found.weights) == pytest.approx(expected["mean_api00"]["estimate"][0], rel=1e-11)


@pytest.mark.parametrize("case", ["trim_20_45_strict_FALSE", "trim_20_45_strict_TRUE"])
def test_raked_weights_trimmed_between_20_and_45(case, golden, schools, weights, margins) -> None:
    found = trim(rake(weights, margins).weights, low=20, high=45)
    np.testing.assert_allclose(found.weights, golden[case]["weights"], rtol=RELATIVE)
    assert mean(schools, found.weights) == pytest.approx(golden[case]["mean_api00"]["estimate"][0], rel=1e-10)


@pytest.mark.parametrize("case", ["postStratify_stype_clus1", "rake_stype_schwide_clus1"])
def test_kishs_design_effect_and_effective_sample_size(case, golden) -> None:
    found, expected = weighting_cost(golden[case]["weights"]), golden[case]["weights_summary"]
    assert found.deff == pytest.approx(expected["kish_deff"], rel=1e-12)
    assert found.effective_n == pytest.approx(expected["kish_neff"], rel=1e-12)
    assert found.cv**2 == pytest.approx(expected["cv2"], rel=1e-11)
    assert (found.smallest, found.largest) == pytest.approx((expected["min"], expected["max"]))


@pytest.fixture(scope="module")
def clustered(schools, weights) -> Design:
    psu, fpc = ([row[name] for row in schools] for name in ("dnum", "fpc"))
    return survey_design(weights=weights, psu=[psu], fpc=[np.array(fpc, dtype=float)])


METHODS = {
    "rake_stype_schwide_clus1": lambda weights, margins: rake(weights, margins).calibration,
    "postStratify_stype_clus1": lambda weights, margins: poststratify(weights, margins[0]).calibration,
    "calibrate_linear_stype_clus1": lambda weights, margins: (
        calibrate(weights, from_margins(margins[:1], weights=weights)).calibration
    ),
}


@pytest.mark.parametrize("case", METHODS)
def test_standard_errors_go_through_the_weighting(case, golden, schools, weights, margins, clustered) -> None:
    """1e-8: R stops raking at the distance it was told, a little further off than here."""
    design = clustered.calibrated(METHODS[case](weights, margins))
    for name, column, estimated in (("mean_api00", "api00", means), ("total_enroll", "enroll", totals)):
        found = estimated(design, np.array([float(row[column]) for row in schools]))
        assert found.estimate == pytest.approx(golden[case][name]["estimate"], rel=1e-9)
        assert found.se == pytest.approx(golden[case][name]["se"], rel=1e-8)
