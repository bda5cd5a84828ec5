"""What cannot be estimated is said, never NaN in silence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hearback.stats.estimate.chi_square import rao_scott
from hearback.stats.estimate.contrasts import contrasts, difference, wald_test
from hearback.stats.estimate.estimates import ALONE, NO_DF, NOBODY, SAME, UnusableAnswers
from hearback.stats.estimate.proportions import EXTREME, proportions, within_bounds
from hearback.stats.estimate.quantiles import quantiles
from hearback.stats.estimate.ratios import NO_DENOMINATOR, means, ratios, totals
from hearback.stats.estimate.regression import UnusableModel, linear_regression, logistic_regression
from hearback.stats.estimate.waves import IncomparableWaves, change
from hearback.stats.survey_design import survey_design
from hearback.stats.variance.replicates import jackknife

DESIGN = survey_design(np.full(6, 10.0))
Y = np.array([1.0, 2, 3, 4, 5, 9])
GROUP = np.array(["a", "a", "a", "b", "b", ""])


def test_a_mean_and_all_that_comes_with_it() -> None:
    found = means(DESIGN, Y, names=("trust",))
    assert (found.names, found.estimate[0], found.n[0], found.df[0], found.notes) == (("trust",), 4.0, 6, 5.0, ("",))
    assert found.se[0] == pytest.approx(np.std(Y, ddof=1) / np.sqrt(6))
    assert found.deff[0] == pytest.approx(1 / (1 - 6 / 60))
    assert found.ci_high[0] - found.estimate[0] == pytest.approx(2.5705818 * found.se[0])


def test_missing_answers_leave_the_estimate_but_not_the_sample() -> None:
    found = means(DESIGN, [1, 2, 3, 4, 5, np.nan])
    assert (found.estimate[0], found.n[0], found.df[0]) == (3.0, 5, 5.0)
    assert totals(DESIGN, [1, 2, 3, 4, 5, np.nan]).notes == ("1 missing answers count as nothing",)


def test_answers_that_are_all_the_same_have_no_error_and_no_design_effect() -> None:
    found = means(DESIGN, np.full(6, 0.1))
    assert (found.se[0], found.deff, found.notes) == (0.0, (None,), (SAME,))
    assert quantiles(DESIGN, np.full(6, 0.1), [0.5]).notes == (SAME,)
    assert np.isnan(found.t[0])


def test_an_item_answered_by_nobody_is_refused() -> None:
    nobody = np.column_stack([Y, np.full(6, np.nan)])
    for estimate in (means, totals):
        with pytest.raises(UnusableAnswers, match="Nobody answered q14.*missing codes"):
            estimate(DESIGN, nobody, names=("q13", "q14"))
    with pytest.raises(UnusableAnswers, match="Nobody answered"):
        quantiles(DESIGN, nobody[:, 1], [0.5])


def test_a_group_that_did_not_answer_is_stated() -> None:
    answers = np.array([1.0, 2, 3, np.nan, np.nan, 4])
    for estimate in (means, totals):
        found = estimate(DESIGN, answers, by=GROUP)
        assert found.names == ("a", "b")
        assert found.notes[1] == NOBODY
        assert np.isnan([found.estimate[1], found.se[1], found.ci_low[1]]).all()
        assert found.deff[1] is None
        with pytest.raises(UnusableAnswers, match="b: cannot be estimated: nobody answered"):
            difference(found, "a", "b")


def test_a_group_with_one_answer_has_no_error_to_go_by() -> None:
    found = means(DESIGN, [1, 2, 3, 4, np.nan, 6], by=GROUP)
    assert found.notes == ("", ALONE)
    assert found.estimate[1] == 4
    assert np.isnan(found.se[1])


def test_a_group_that_a_replicate_leaves_out_has_no_interval() -> None:
    copies = DESIGN.with_replicates(jackknife(DESIGN))
    found = means(copies, Y, by=["a", "a", "a", "a", "b", ""])
    assert np.isnan(found.se[1])
    assert found.notes == ("", ALONE)
    clusters = survey_design(np.ones(6), psu=[[1, 1, 2, 2, 3, 3]])
    found = means(clusters.with_replicates(jackknife(clusters)), Y, by=["a", "a", "a", "a", "b", "b"])
    assert found.notes == ("", NO_DF)


def test_a_denominator_of_zero_is_stated() -> None:
    found = ratios(DESIGN, Y, [1, 1, 1, 0, 0, 1], by=GROUP)
    assert found.notes == ("", NO_DENOMINATOR)


def test_degrees_of_freedom_are_the_designs_or_the_groups() -> None:
    assert means(DESIGN, Y, by=GROUP).df.tolist() == [5, 5]
    assert means(DESIGN, Y, by=GROUP, domain_df=True).df.tolist() == [2, 1]


def test_without_degrees_of_freedom_there_is_no_interval() -> None:
    found = means(survey_design(np.ones(2), strata=[["a", "b"]], lonely="adjust"), [1, 2])
    assert found.notes == (NO_DF,)
    assert found.se[0] > 0


@pytest.mark.parametrize(
    ("values", "options", "problem"),
    [
        (Y[:5], {}, "5 answers for 6 respondents"),
        ([1, 2, 3, 4, 5, np.inf], {}, "infinite"),
        (Y, {"by": ["a"]}, "1 group labels for 6"),
        (Y, {"by": [None] * 6}, "Nobody belongs to any group"),
        (Y, {"level": 95}, "between 0 and 1, which 95 does not"),
    ],
)
def test_answers_that_do_not_fit_are_refused(values: Any, options: dict[str, Any], problem: str) -> None:
    with pytest.raises(UnusableAnswers, match=problem):
        means(DESIGN, values, **options)


def test_shares_of_nobody_and_everybody_have_the_exact_interval_of_a_simple_sample() -> None:
    found = within_bounds(means(DESIGN, np.column_stack([np.zeros(6), np.ones(6), Y > 2])))
    assert found.notes == (EXTREME, EXTREME, "")
    assert found.ci_low[0] == 0
    assert found.ci_high[0] == pytest.approx(1 - 0.025 ** (1 / 6))
    assert found.ci_low[1] == pytest.approx(0.025 ** (1 / 6))
    with pytest.raises(UnusableAnswers, match="between 0 and 1"):
        within_bounds(means(DESIGN, Y))


def test_shares_add_up_and_missing_labels_take_no_part() -> None:
    found = proportions(DESIGN, GROUP)
    assert (found.names, found.n.tolist()) == (("a", "b"), [5, 5])
    assert found.estimate.tolist() == pytest.approx([0.6, 0.4])
    by_half = proportions(DESIGN, GROUP, by=[1, 1, 2, 2, 2, 2])
    assert by_half.names == ("1: a", "1: b", "2: a", "2: b")


def test_quantiles_outside_their_range_are_refused() -> None:
    with pytest.raises(UnusableAnswers, match="Write the median as 0.5"):
        quantiles(DESIGN, Y, [50])
    with pytest.raises(UnusableAnswers, match="no joint covariance"):
        difference(quantiles(DESIGN, Y, [0.25, 0.5]), "0.25", "0.5")


def test_contrasts_that_cannot_be_made_are_refused() -> None:
    found = means(DESIGN, Y, by=GROUP)
    with pytest.raises(UnusableAnswers, match="no estimate named c. Choose from a, b"):
        difference(found, "a", "c")
    with pytest.raises(ValueError, match="one weight per estimate"):
        contrasts(found, [1, 2, 3], names=("wrong",))
    with pytest.raises(UnusableAnswers, match="follow from one another"):
        wald_test(found, [[1, -1], [2, -2]])


def test_tables_with_one_row_are_refused() -> None:
    with pytest.raises(UnusableAnswers, match="same answer to one of them"):
        rao_scott(DESIGN, GROUP, ["x", "x", "x", "x", "x", "y"])


@pytest.mark.parametrize(
    ("outcome", "predictors", "problem"),
    [
        (Y > 2, [1, 2, 3, 4, 5, 6], "tells the outcome perfectly"),
        (Y, [1, 2, 3, 4, 5, 6], "0 or 1"),
        (Y > 0, [1, 2, 3, 4, 5, 6], "All outcomes are the same"),
        (Y > 2, [2, 2, 2, 2, 2, 2], "predictor x follows from those before it"),
        ([1, np.nan, np.nan, np.nan, np.nan, 0], [1, np.nan, 3, 4, 5, np.nan], "1 complete answers cannot determine 2"),
    ],
)
def test_regressions_that_answers_do_not_determine_are_refused(outcome: Any, predictors: Any, problem: str) -> None:
    with pytest.raises(UnusableModel, match=problem):
        logistic_regression(DESIGN, outcome, predictors, names=("x",))


def test_a_linear_regression_on_a_line_has_no_error() -> None:
    found = linear_regression(DESIGN, 3 + 2 * Y, Y, names=("slope",))
    assert found.estimate == pytest.approx([3, 2])
    assert found.se == pytest.approx([0, 0], abs=1e-12)


def test_waves_that_cannot_be_compared_are_refused() -> None:
    one = means(DESIGN, Y)
    with pytest.raises(IncomparableWaves, match="not asked for the same"):
        change(one, means(DESIGN, Y, names=("other",)))
    with pytest.raises(IncomparableWaves, match="Stack the waves"):
        change(one, means(DESIGN.with_replicates(jackknife(DESIGN)), Y))
    with pytest.raises(IncomparableWaves, match="Only means"):
        change(quantiles(DESIGN, Y, [0.5]), quantiles(DESIGN, Y, [0.5]))


def test_a_group_missing_from_one_wave_is_stated_in_the_change() -> None:
    before = means(DESIGN, [1, 2, 3, 4, 5, 6], by=GROUP)
    after = means(DESIGN, [1, 2, 3, np.nan, np.nan, 6], by=GROUP)
    found = change(before, after)
    assert found.notes == ("", NOBODY)
    assert np.isnan(found.se[1])
    assert found.se[0] > 0


def test_a_quantile_whose_share_has_no_error_has_no_interval_and_says_so() -> None:
    design = survey_design(weights=np.ones(8), psu=[np.repeat(["a", "b"], 4)])
    only_a = np.where(np.arange(8) < 4, np.arange(8.0), np.nan)
    found = quantiles(design, only_a, [0.5])
    assert np.isfinite(found.estimate).all()
    assert np.isnan([found.se, found.ci_low, found.ci_high]).all()
    assert found.notes[0]
