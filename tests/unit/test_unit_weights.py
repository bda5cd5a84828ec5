"""Weights that cannot be made are refused with what to do, and results carry what they cost."""

from __future__ import annotations

import numpy as np
import pytest

from hearback.refusal import Refusal
from hearback.stats.weight.base_weights import (
    MissingWeight,
    NegativeWeight,
    UnusableWeights,
    ZeroWeight,
    checked_weights,
)
from hearback.stats.weight.calibrate import (
    Auxiliaries,
    CalibrationImpossible,
    UnusableAuxiliaries,
    UnusableBounds,
    calibrate,
    from_margins,
)
from hearback.stats.weight.diagnose import weighting_cost, weighting_report
from hearback.stats.weight.nonresponse import adjust_for_nonresponse
from hearback.stats.weight.poststratify import poststratify
from hearback.stats.weight.rake import RakingDiverged, rake, rake_replicates
from hearback.stats.weight.targets import (
    Collapse,
    EmptyCategory,
    MissingCategory,
    TotalsDisagree,
    UnknownCategory,
    UnusableMargin,
    margin,
)
from hearback.stats.weight.trim import UnusableLimits, trim, trim_to_totals, usual_limit

AGES = {"18-29": 30, "30-49": 40, "50-64": 20, "65+": 10}
WOMEN_AND_MEN = {"women": 52, "men": 48}
SEX = margin("sex", ["women", "men", "women", "men"], totals=WOMEN_AND_MEN)


@pytest.mark.parametrize(
    ("weights", "refusal", "place"),
    [
        ([1, np.nan, 2], MissingWeight, "row 2 of 3"),
        ([1, 2, np.inf], MissingWeight, "row 3 of 3"),
        ([1, 2, -1], NegativeWeight, "row 3 of 3"),
        ([0, 2, 0], ZeroWeight, "row 1 of 3"),
        ([], UnusableWeights, ""),
    ],
)
def test_weights_that_count_nobody_are_refused_by_name_and_row(weights, refusal, place) -> None:
    with pytest.raises(refusal) as refused:
        checked_weights(weights)
    assert isinstance(refused.value, UnusableWeights)
    assert (refused.value.where, bool(refused.value.remedy)) == (place, True)


def test_how_many_more_weights_are_wrong_is_said() -> None:
    with pytest.raises(ZeroWeight, match="and so have 1 more"):
        checked_weights([0, 2, 0])


@pytest.mark.parametrize("totals", [{}, {"a": -1, "b": 2}, {"a": np.nan}, {"a": 0.0}])
def test_totals_that_are_no_population_are_refused(totals) -> None:
    with pytest.raises(UnusableMargin, match="margin party"):
        margin("party", ["a"], totals=totals)


@pytest.mark.parametrize("missing", [None, np.nan, ""])
def test_respondents_without_a_category_are_refused(missing) -> None:
    with pytest.raises(MissingCategory, match="1 respondents have no answer"):
        margin("sex", ["women", missing, "men"], totals=WOMEN_AND_MEN)


def test_a_category_that_the_population_lacks_is_named() -> None:
    with pytest.raises(UnknownCategory, match="2 respondents are in “other”"):
        margin("sex", ["women", "other", "other"], totals=WOMEN_AND_MEN)
    nobody_there = margin("sex", ["women", "men", "other"], totals={**WOMEN_AND_MEN, "other": 0})
    with pytest.raises(UnknownCategory, match="1 respondents are in “other”"):
        poststratify([1, 1, 1], nobody_there)


def test_a_category_with_neither_people_nor_respondents_does_not_matter() -> None:
    found = poststratify([1, 1, 1], margin("sex", ["women", "men", "men"], totals={"other": 0, **WOMEN_AND_MEN}))
    assert found.weights.tolist() == [52, 24, 24]


def test_an_empty_category_is_named_and_merged_with_its_nearest_neighbour() -> None:
    ages = margin("age", ["18-29", "18-29", "30-49", "65+"], totals=AGES)
    with pytest.raises(EmptyCategory, match="Nobody in the sample is in “50-64” of age") as refused:
        rake([1, 1, 3, 1], [ages])
    assert refused.value.proposals == (Collapse("age", "50-64", "65+"),)
    assert refused.value.remedy == "Merge “50-64” of age with “65+”"
    merged = ages.collapsed("50-64", into="65+")
    assert merged.categories == ("18-29", "30-49", "65+")
    assert rake([1, 1, 3, 1], [merged]).weights == pytest.approx([15, 15, 40, 30])


def test_an_empty_cell_of_a_table_is_merged_one_step_away() -> None:
    cells = {(age, sex): 10.0 for age in AGES for sex in WOMEN_AND_MEN}
    present = [cell for cell in cells if cell not in {("18-29", "men"), ("65+", "women")}]
    with pytest.raises(EmptyCategory, match="18-29 × men") as refused:
        poststratify(np.ones(6), margin("age and sex", present, totals=cells))
    proposals = refused.value.proposals
    assert [proposal.category for proposal in proposals] == [("18-29", "men"), ("65+", "women")]
    for proposal in proposals:
        differing = sum(a != b for a, b in zip(proposal.category, proposal.into, strict=True))
        assert differing == 1


def test_margins_of_different_populations_are_refused_and_can_be_scaled() -> None:
    half = margin("city", ["north", "north", "south", "south"], totals={"north": 20, "south": 30})
    with pytest.raises(TotalsDisagree, match="sex add up to 100, those of city to 50"):
        rake(np.ones(4), [SEX, half])
    assert rake(np.ones(4), [SEX, half.scaled_to(100)]).weights.sum() == pytest.approx(100)


def test_totals_that_differ_by_rounding_are_met_as_scaled_to_the_first() -> None:
    near = margin("city", ["north", "north", "south", "south"], totals={"north": 40, "south": 60.00001})
    assert rake(np.ones(4), [SEX, near]).weights.sum() == pytest.approx(100, rel=1e-10)


def test_raking_to_no_margin_is_refused() -> None:
    with pytest.raises(UnusableMargin):
        rake([1], [])


def test_raking_says_its_rounds_and_carries_what_variances_need() -> None:
    city = margin("city", ["north", "north", "south", "south"], totals={"north": 40, "south": 60})
    found = rake([1, 2, 3, 4], [SEX, city])
    assert 1 < found.rounds < 50
    assert found.calibration.weights_before.tolist() == [1, 2, 3, 4]
    assert [group.tolist() for group in found.calibration.groups] == [[0, 1, 0, 1], [0, 0, 1, 1]]
    assert rake(found.weights, [SEX, city]).rounds == 0


def test_margins_that_contradict_each_other_in_this_sample_stop_with_the_worst_category() -> None:
    city = margin("city", ["north", "south", "north", "south"], totals={"north": 40, "south": 60})
    with pytest.raises(RakingDiverged, match="still .*% off its total") as refused:
        rake(np.ones(4), [SEX, city], most_rounds=100)
    assert "Merge" in refused.value.remedy


def test_a_replicate_that_lost_a_category_is_named() -> None:
    replicates = np.array([[1, 0], [1, 2], [1, 0], [1, 2]])
    with pytest.raises(EmptyCategory, match="replicate 2: 1 of 2 replicates lack") as refused:
        rake_replicates(replicates, [SEX])
    assert refused.value.proposals == (Collapse("sex", "women", "men"),)


@pytest.mark.parametrize(("wrong", "refusal"), [(np.nan, MissingWeight), (np.inf, MissingWeight), (-1, NegativeWeight)])
def test_replicates_that_are_no_weights_are_refused(wrong, refusal) -> None:
    with pytest.raises(refusal):
        rake_replicates([[1, 1], [1, wrong], [1, 1], [1, 1]], [SEX])


def test_a_class_in_which_nobody_responded_is_named() -> None:
    with pytest.raises(EmptyCategory, match="Nobody responded in “2”") as refused:
        adjust_for_nonresponse(np.ones(6), responded=[1, 0, 0, 0, 1, 1], classes=[1, 1, 2, 2, 3, 3])
    assert refused.value.proposals[0].into == 1


def test_few_respondents_or_a_large_factor_make_a_class_thin() -> None:
    classes = np.repeat(["few", "many", "silent"], [10, 50, 100])
    responded = np.concatenate([np.ones(60), np.ones(25), np.zeros(75)])
    found = adjust_for_nonresponse(np.ones(160), responded=responded, classes=classes)
    assert found.thin.tolist() == [True, False, True]
    assert found.factor.tolist() == [1, 1, 4]
    assert found.respondents.tolist() == [10, 50, 25]


def test_calibration_to_a_number_and_to_categories_at_once() -> None:
    known = from_margins([SEX], weights=np.ones(4)).with_total("years", [20, 30, 40, 60], total=4000)
    found = calibrate(np.ones(4), known)
    assert known.names == ("sex: women", "sex: men", "years")
    assert found.weights @ known.columns == pytest.approx([52, 48, 4000])
    assert found.calibration.auxiliaries is known.columns


def test_auxiliaries_that_repeat_each_other_do_no_harm() -> None:
    once = from_margins([SEX], weights=np.ones(4))
    twice = once.with_total("everybody", np.ones(4), total=100)
    np.testing.assert_allclose(calibrate(np.ones(4), twice).weights, calibrate(np.ones(4), once).weights)


def test_bounds_too_narrow_are_refused_with_how_far_they_would_have_to_be() -> None:
    """Two women stand for 52: their factor is 26, 25 away from 1; what is said may be a little less, never more."""
    with pytest.raises(CalibrationImpossible, match="must differ from 1 by .* or more") as refused:
        calibrate(np.ones(4), from_margins([SEX], weights=np.ones(4)), bounds=(0.5, 2))
    assert 24 < float(refused.value.remedy.split("by ")[1].split()[0]) <= 25


def test_totals_that_contradict_each_other_are_refused_whatever_the_bounds() -> None:
    contradiction = from_margins([SEX], weights=np.ones(4)).with_total("everybody", np.ones(4), total=70)
    for distance in ("linear", "raking"):
        with pytest.raises(CalibrationImpossible, match="No weights at all"):
            calibrate(np.ones(4), contradiction, distance=distance)


@pytest.mark.parametrize("bounds", [(2, 0.5), (0.5, np.inf), (1.0, 2.0), (np.nan, 2)])
def test_bounds_without_room_around_one_are_refused_for_logit(bounds) -> None:
    with pytest.raises(UnusableBounds):
        calibrate(np.ones(4), from_margins([SEX], weights=np.ones(4)), distance="logit", bounds=bounds)


@pytest.mark.parametrize(
    "auxiliaries",
    [
        Auxiliaries(("x",), np.array([[1.0], [np.nan]]), np.array([3.0])),
        Auxiliaries(("x",), np.ones((2, 1)), np.array([np.nan])),
        Auxiliaries(("x",), np.ones((3, 1)), np.array([3.0])),
    ],
)
def test_auxiliaries_with_gaps_or_of_other_people_are_refused(auxiliaries) -> None:
    with pytest.raises(UnusableAuxiliaries):
        calibrate([1, 1], auxiliaries)


def test_raking_keeps_weights_above_zero_where_linear_calibration_does_not() -> None:
    known = Auxiliaries(("n", "x"), np.column_stack([np.ones(5), np.arange(5)]), np.array([5.0, 17.0]))
    assert calibrate(np.ones(5), known, distance="linear").weights.min() < 0
    assert calibrate(np.ones(5), known, distance="raking").weights.min() > 0


def test_trimming_shows_what_it_costs_and_whether_it_is_worth_it() -> None:
    weights = np.array([1.0] * 50 + [20.0])
    tied, unrelated = (weights > 5).astype(float), np.resize([0.0, 1.0, np.nan], 51)
    found = trim(weights, high=5, outcomes={"tied to the weight": tied, "unrelated": unrelated})
    assert found.weights.sum() == pytest.approx(70)
    assert found.cut.sum() == 1
    assert found.moved == pytest.approx(15 / 70)
    assert found.after.deff < found.before.deff
    biased, harmless = found.means
    assert (biased.before, biased.after) == pytest.approx((20 / 70, 5 / 70))
    assert not biased.worthwhile
    assert harmless.before == pytest.approx(harmless.after, abs=0.06)


def test_a_mean_that_hardly_moves_and_gets_surer_is_worth_trimming() -> None:
    rng = np.random.default_rng(4)
    weights = rng.lognormal(0, 1.2, 400)
    found = trim(weights, high=usual_limit(weights), outcomes={"unrelated": np.tile([1.0, -1.0], 200)})
    assert found.means[0].worthwhile
    assert 0 < found.moved < 0.2


def test_limits_that_cannot_keep_the_sum_are_refused() -> None:
    with pytest.raises(UnusableLimits, match="must hold the mean weight, 5"):
        trim([1, 9], high=4)


def test_weights_within_the_limits_stay() -> None:
    found = trim([1, 2, 3], low=0.5, high=3)
    assert found.weights.tolist() == pytest.approx([1, 2, 3])
    assert (found.moved, found.cut.any()) == (pytest.approx(0, abs=1e-15), False)


def test_trimming_to_totals_is_refused_where_no_weights_below_the_limit_meet_them() -> None:
    with pytest.raises(CalibrationImpossible):
        trim_to_totals(np.ones(4), from_margins([SEX], weights=np.ones(4)), high=25)


def test_equal_weights_cost_nothing() -> None:
    found = weighting_cost([3, 3, 3, 0])
    assert (found.n, found.effective_n, found.deff, found.cv) == (3, pytest.approx(3), pytest.approx(1), 0)


def test_balance_shows_margins_that_were_not_weighted_to() -> None:
    city = margin("city", ["north", "north", "south", "south"], totals={"north": 10, "south": 90})
    weights = rake(np.ones(4), [SEX]).weights
    to_sex, to_city = weighting_report(np.ones(4), weights, margins=[SEX, city]).balance
    assert to_sex.largest_gap == pytest.approx(0)
    assert to_city.largest_gap == pytest.approx(0.4)


def test_refusals_of_weights_are_refusals() -> None:
    for refusal in (EmptyCategory, TotalsDisagree, UnknownCategory, RakingDiverged, CalibrationImpossible):
        assert issubclass(refusal, Refusal)
