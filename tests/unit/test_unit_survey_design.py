"""Designs that cannot be true are refused with a remedy; those that can are read as R reads them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hearback.stats.design import Calibration, UnusableDesign, UnusableWeights
from hearback.stats.estimate.ratios import means
from hearback.stats.survey_design import survey_design
from hearback.stats.variance.replicates import balanced_half_samples, bootstrap, given_replicates, jackknife
from hearback.stats.variance.stage_spread import LonelyUnit

ONES = np.ones(4)
PAIRS = np.array(["a", "a", "b", "b"])


@pytest.mark.parametrize(
    ("weights", "fault"),
    [([1, -1, 1, 1], "negative"), ([1, 0, 1, 1], "zero"), ([1, np.nan, 1, 1], "missing")],
)
def test_weights_that_are_no_number_of_people_are_refused(weights: list[float], fault: str) -> None:
    with pytest.raises(UnusableWeights, match=f"row 2: 1 of 4 weights are {fault}.*leave out"):
        survey_design(weights)


@pytest.mark.parametrize(
    ("description", "problem"),
    [
        ({}, "weights or the size of its population"),
        ({"weights": ONES, "psu": [ONES, ONES[:3]]}, "different lengths"),
        ({"weights": ONES, "fpc": [ONES * 9, ONES * 9]}, "2 stages, sampling units for 0.*every stage but the last"),
        ({"weights": ONES, "psu": [["x", "y", "x", "y"]], "strata": [PAIRS]}, "unit x lies in 2 of 2 strata.*nested"),
        ({"weights": ONES, "psu": [["x", "", "y", "z"]]}, "stage 1, row 2: 1 rows have no label"),
        ({"weights": ONES, "strata": [[1.0, np.nan, 1, 1]]}, "strata of stage 1, row 2"),
        (
            {"weights": ONES, "strata": [PAIRS], "fpc": [[9, 9, 1.5, 1.5]]},
            "smaller than the 2 units drawn in stratum b",
        ),
        ({"weights": ONES, "strata": [PAIRS], "fpc": [[9, 8, 7, 7]]}, "row 1.*differs within stratum a|8 differs"),
        ({"weights": ONES, "strata": [PAIRS], "fpc": [[9, 9, 0.5, 0.5]]}, "a share in one row and a count in another"),
        ({"weights": ONES, "fpc": [[9, 9, 0, 9]]}, "row 3: The population size 0 is missing, zero or negative"),
        ({"psu": [PAIRS, [1, 2, 3, 4]], "fpc": [ONES * 9]}, "populations only where every stage has them"),
    ],
)
def test_descriptions_that_cannot_be_true_are_refused(description: dict[str, Any], problem: str) -> None:
    with pytest.raises(UnusableDesign, match=problem):
        survey_design(**description)


def test_nested_labels_are_other_units_in_each_stratum() -> None:
    design = survey_design(ONES, strata=[PAIRS], psu=[["x", "y", "x", "y"]], nested=True)
    assert design.df == 2


def test_weights_follow_from_populations() -> None:
    design = survey_design(strata=[PAIRS], fpc=[[10, 10, 20, 20]])
    assert design.weights.tolist() == [5, 5, 10, 10]
    assert survey_design(strata=[PAIRS], fpc=[[0.2, 0.2, 0.1, 0.1]]).weights.tolist() == [5, 5, 10, 10]


def test_one_respondent_per_stratum_is_named_with_what_can_be_done() -> None:
    design = survey_design(ONES, strata=[["n", "s", "e", "w"]])
    with pytest.raises(LonelyUnit, match="stage 1: Only one sampling unit was drawn in strata e, n, s, w.*lonely ="):
        means(design, [1, 2, 3, 4])
    with pytest.raises(LonelyUnit):
        jackknife(design)
    with pytest.raises(LonelyUnit, match="by adjust"):
        jackknife(survey_design(ONES, strata=[["n", "s", "e", "w"]], lonely="adjust"))


def test_many_lonely_strata_are_counted_not_listed() -> None:
    with pytest.raises(LonelyUnit, match="0, 1, 2, 3, 4 and 5 more"):
        means(survey_design(np.ones(10), strata=[np.arange(10)]), np.arange(10))


def test_a_stratum_drawn_whole_needs_no_second_unit() -> None:
    design = survey_design(ONES, strata=[["n", "s", "s", "s"]], fpc=[[1, 9, 9, 9]])
    assert means(design, [1, 2, 3, 4]).se[0] > 0


def test_calibrating_after_replicates_were_made_is_refused() -> None:
    design = survey_design(ONES)
    calibration = Calibration(ONES, ONES * 2, groups=(np.zeros(4, dtype=np.int64),))
    assert design.calibrated(calibration).weights.tolist() == [2, 2, 2, 2]
    with pytest.raises(UnusableDesign, match="Calibrate each replicate too"):
        design.with_replicates(jackknife(design)).calibrated(calibration)


def test_programmers_errors_are_told_apart() -> None:
    with pytest.raises(ValueError, match="either groups or auxiliaries"):
        Calibration(ONES, ONES)
    with pytest.raises(ValueError, match="every row"):
        survey_design(ONES).calibrated(Calibration(ONES[:3], ONES[:3], groups=(np.zeros(3, dtype=np.int64),)))
    with pytest.raises(ValueError, match="every row"):
        survey_design(np.ones(5)).with_replicates(jackknife(survey_design(ONES)))


def test_balanced_half_samples_need_pairs() -> None:
    with pytest.raises(UnusableDesign, match="stratum b.*two sampling units.*jackknife"):
        balanced_half_samples(survey_design(np.ones(5), strata=[["a", "a", "b", "b", "b"]]))
    with pytest.raises(UnusableDesign, match="Fay"):
        balanced_half_samples(survey_design(ONES, strata=[PAIRS]), rho=1)


def test_a_jackknife_too_large_for_memory_is_refused() -> None:
    with pytest.raises(UnusableDesign, match="20,000 weights for each of 20,000.*bootstrap"):
        jackknife(survey_design(np.ones(20_000)))


def test_replicates_from_a_file_are_used_as_their_kind_says() -> None:
    design = survey_design(np.array([1.0, 2, 3, 4]), psu=[[1, 2, 3, 4]])
    made = jackknife(design)
    given = given_replicates(made.weights, kind="JK1")
    y = [1, 5, 2, 2]
    assert given.df == design.df
    ours, theirs = (means(design.with_replicates(each), y).se[0] for each in (made, given))
    assert ours == pytest.approx(theirs)
    bureau = given_replicates(made.weights, kind="SDR")
    assert (bureau.scale, bureau.around_estimate) == (1.0, True)
    stratified = given_replicates(made.weights, kind="JKn", rscales=np.full(4, 0.75))
    assert means(design.with_replicates(stratified), y).se[0] == pytest.approx(ours)


@pytest.mark.parametrize(
    ("weights", "kind", "problem"),
    [
        (np.ones((4, 1)), "JK1", "not even two columns"),
        (np.full((4, 2), np.nan), "JK1", "missing or negative"),
        (np.ones((4, 2)), "JKn", "JKn does not follow from the weights alone"),
    ],
)
def test_replicates_that_cannot_be_used_are_refused(weights: np.ndarray, kind: Any, problem: str) -> None:
    with pytest.raises((UnusableDesign, UnusableWeights), match=problem):
        given_replicates(weights, kind=kind)


def test_the_bootstrap_is_repeated_by_its_generator() -> None:
    design = survey_design(ONES, strata=[PAIRS], fpc=[np.full(4, 8)])
    one, two = (bootstrap(design, replicates=7, rng=np.random.default_rng(3)).weights for _ in range(2))
    assert (one == two).all()
    assert one.min() > 0
