"""What a tiny wave says, followed by hand; and waves from which little or nothing can be said."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hearback.evidence.populations import Cells
from hearback.evidence.surveys import Respondents
from hearback.listen.surveys.enums import Mode
from hearback.understand.trust.enums import AREA, Method, Showing, Statistic, Verdict
from hearback.understand.trust.queries.areas import Ground
from hearback.understand.trust.queries.asked import Asked, Question
from hearback.understand.trust.queries.findings import find
from hearback.understand.trust.queries.results import Contrasted, Estimated, Findings
from hearback.understand.trust.queries.weighting import UnusableWave, census_for, sample

FAIR = Question("fair", False, (3.0,), 1.0, 3.0)
TRUST = Question("trust", True, (), 0.0, 10.0)
NAN = np.nan


def texts(*words: str) -> np.ndarray[Any, np.dtype[np.object_]]:
    return np.array(words, dtype=object)


def wave(
    answers: dict[str, list[float]],
    *,
    age: str = "",
    weights: list[float] | None = None,
    mode: Mode = Mode.PROBABILITY,
    key: str = "2025",
    questions: tuple[Question, ...] = (FAIR,),
    **design: Any,
) -> Asked:
    """A wave; `age` has one letter per respondent (y, o, - where not known)."""
    n = len(next(iter(answers.values())))
    names = {"y": "young", "o": "old", "-": ""}
    people = Respondents(
        answers={item: np.array(values) for item, values in answers.items()},
        groups={"age": texts(*(names[letter] for letter in age or "y" * n))},
        area=None,
        weights=None if weights is None else np.array(weights),
        n=n,
        **({"strata": None, "psu": (), "fpc": (), "replicates": None} | design),
    )
    return Asked(
        wave=key,
        mode=mode,
        layer="",
        questions=questions,
        scales={},
        groups={"age": ("young", "old")},
        codes={},
        people=people,
    )


def census(**count: float) -> Cells:
    return Cells(None, {"age": texts(*count)}, np.array([*count.values()], dtype=float), None)


def found(one: Asked, *populations: Cells) -> Findings:
    (only,) = find([one], populations, ground=Ground({}), seed=1)
    return only


def row(findings: Findings, by: str = "", group: str = "", item: str = "fair", **wanted: Any) -> Estimated:
    (only,) = [
        one
        for one in findings.estimates
        if (one.item, one.by, one.group) == (item, by, group)
        and all(getattr(one, name) == value for name, value in wanted.items())
    ]
    return only


def said(one: Estimated | Contrasted) -> str:
    return " | ".join(one.notes)


def numbers(findings: Findings) -> list[Any]:
    return [
        value for one in (*findings.estimates, *findings.contrasts, *findings.scales) for value in vars(one).values()
    ]


def assert_no_nan(findings: Findings) -> None:
    assert not any(isinstance(value, float) and not math.isfinite(value) for value in numbers(findings))


TWELVE = [3.0, 3, 1, 1, 3, 2, 3, 3, 1, NAN, 3, 1]


def test_a_share_is_of_those_who_answered_by_weight() -> None:
    everybody = row(found(wave({"fair": TWELVE}, weights=[2.0] * 4 + [1.0] * 8)))
    assert everybody.method is Method.DESIGN
    assert everybody.n == 11
    assert everybody.estimate == pytest.approx((2 * 2 + 4) / (2 * 4 + 7))
    assert everybody.low is not None
    assert 0 < everybody.low < everybody.estimate < 1


def test_a_group_is_a_part_of_the_sample_and_not_a_sample() -> None:
    """Zero-weighting: the variance of the group's share is that of a ratio over all twelve, by hand."""
    ages = "yyyyyyyyyyoo"
    young = row(found(wave({"fair": TWELVE}, age=ages, weights=[1.0] * 12)), "age", "young")
    inside = np.array([answer for answer, letter in zip(TWELVE, ages, strict=True) if letter == "y"])
    given = inside[~np.isnan(inside)] == 3
    p, m, n = given.mean(), given.size, len(TWELVE)
    assert young.estimate == pytest.approx(p)
    assert young.se == pytest.approx(math.sqrt(n / (n - 1) * p * (1 - p) / m))


def test_weights_are_raked_to_the_population() -> None:
    """Half the sample is young, but three quarters of the people."""
    answers = [3.0] * 10 + [1.0] * 10
    findings = found(wave({"fair": answers}, age="y" * 10 + "o" * 10, weights=[1.0] * 20), census(young=300, old=100))
    assert row(findings).estimate == pytest.approx(0.75)
    assert "Adjusted to the population by age" in said(row(findings))
    assert row(findings).se == pytest.approx(0, abs=1e-9)


def test_a_population_may_be_counted_by_the_words_of_the_file() -> None:
    one = replace(wave({"fair": TWELVE}, age="yyyyyyoooooo", weights=[1.0] * 12), codes={"age": {"18-39": "young"}})
    known = Cells(None, {"age": texts("18-39", "old")}, np.array([1.0, 1.0]), None)
    assert sample(one, census_for(one, [known])).raked_to == ("age",)


def test_people_of_no_known_group_keep_their_share() -> None:
    one = wave({"fair": TWELVE}, age="yyyyyyooo---", weights=[1.0] * 12)
    weights = sample(one, census_for(one, [census(young=10, old=10)])).design.weights
    assert weights.sum() == pytest.approx(20)
    assert weights[9:].sum() == pytest.approx(20 * 3 / 12)
    assert weights[:6].sum() == pytest.approx(10 * 9 / 12)


def test_a_group_without_respondents_is_counted_with_its_neighbour_and_named() -> None:
    findings = found(wave({"fair": TWELVE}, weights=[1.0] * 12), census(young=10, old=30))
    assert "Nobody of “old” answered; they are counted with “young”" in said(row(findings))
    assert "nobody answered" in said(row(findings, "age", "old"))


def test_a_group_that_the_population_lacks_is_named_and_its_kind_is_not_used() -> None:
    findings = found(wave({"fair": TWELVE}, age="yyyyyyoooooo", weights=[1.0] * 12), census(young=10, middling=30))
    assert "Not adjusted by age: the population on record has nobody of old" in said(row(findings))


def test_an_open_link_has_a_range_and_a_reason_but_no_error() -> None:
    findings = found(wave({"fair": TWELVE}, age="yyyyyyoooooo", mode=Mode.OPT_IN), census(young=60, old=60))
    everybody = row(findings)
    assert everybody.method is Method.OPT_IN
    assert (everybody.se, everybody.df, everybody.deff) == (None, None, None)
    assert everybody.estimate is not None
    assert everybody.low == pytest.approx(0.1 * everybody.estimate + 0.9 * (everybody.estimate - 0.2))
    assert "No margin of error: people chose themselves" in said(everybody)
    assert findings.contrasts == ()


def test_where_everybody_was_asked_there_is_no_sampling_error() -> None:
    one = replace(
        wave({"fair": TWELVE}, mode=Mode.CENSUS), dispositions={"complete": 12, "refusal": 4, "non_contact": 8}
    )
    everybody = row(found(one))
    assert everybody.se is None
    assert everybody.low == pytest.approx(6 / 11 * 0.5 + 0.5 * (6 / 11 - 0.2))
    assert "everybody was asked" in said(everybody)


@pytest.mark.parametrize("mode", [Mode.NOT_STATED, Mode.PROBABILITY])
def test_without_a_design_intervals_are_those_of_a_simple_random_sample_and_say_so(mode: Mode) -> None:
    everybody = row(found(wave({"fair": TWELVE}, mode=mode)))
    assert everybody.method is Method.ANSWERS
    assert "The source says too little" in said(everybody)
    assert everybody.deff is None
    assert everybody.se == pytest.approx(math.sqrt(12 / 11 * (6 / 11) * (5 / 11) / 11))


def test_a_design_that_came_with_answers_of_unknown_origin_is_not_called_a_simple_random_sample() -> None:
    everybody = row(found(wave({"fair": TWELVE}, mode=Mode.NOT_STATED, weights=[1.0, 3.0] * 6)))
    assert everybody.method is Method.ANSWERS
    assert "simple random sample" not in said(everybody)
    assert "as the weights and the design in the file say" in said(everybody)


def test_the_response_rate_stands_beside_a_random_sample() -> None:
    one = replace(wave({"fair": TWELVE}, weights=[1.0] * 12), dispositions={"complete": 12, "refusal": 36})
    assert "Response rate (AAPOR RR1): 25.0 %" in said(row(found(one)))


def test_an_item_that_nobody_answered_cannot_be_estimated() -> None:
    other = Question("respect", False, (3.0,), 1.0, 3.0)
    findings = found(
        wave({"fair": TWELVE, "respect": [NAN] * 12}, weights=[1.0] * 12, questions=(FAIR, other)), census(young=9)
    )
    nothing = row(findings, item="respect")
    assert (nothing.estimate, nothing.n) == (None, 0)
    assert said(nothing).startswith("Cannot be estimated: nobody answered")
    assert_no_nan(findings)


DEGENERATE = {
    "all answers equal": {"answers": {"fair": [3.0] * 12}, "weights": [1.0] * 12},
    "one answer": {"answers": {"fair": [3.0] + [NAN] * 11}, "weights": [1.0] * 12},
    "one respondent": {"answers": {"fair": [3.0]}, "weights": [5.0]},
    "one respondent per stratum": {
        "answers": {"fair": TWELVE},
        "weights": [1.0] * 12,
        "strata": texts(*"abcdefghijkl"),
    },
    "one stratum with one respondent": {
        "answers": {"fair": TWELVE},
        "weights": [1.0] * 12,
        "strata": texts(*"abbbbbbccccc"),
    },
    "one cluster": {"answers": {"fair": TWELVE}, "weights": [1.0] * 12, "psu": (texts(*"a" * 12),)},
    "nobody's age is known": {"answers": {"fair": TWELVE}, "weights": [1.0] * 12, "age": "-" * 12},
    "a number without ends, by a link": {
        "answers": {"trust": TWELVE},
        "mode": Mode.OPT_IN,
        "questions": (replace(TRUST, lowest=None, highest=None),),
    },
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_waves_that_say_little_never_say_not_a_number(name: str) -> None:
    findings = found(wave(**DEGENERATE[name]), census(young=100, old=50))
    assert_no_nan(findings)
    everybody = next(one for one in findings.estimates if not one.by)
    if everybody.low is None:
        assert everybody.notes


def test_a_lonely_respondent_never_makes_an_estimate_surer() -> None:
    plain = row(found(wave({"fair": TWELVE}, weights=[1.0] * 12, strata=texts(*"bbbbbbbccccc"))))
    lonely = row(found(wave({"fair": TWELVE}, weights=[1.0] * 12, strata=texts(*"abbbbbbccccc"))))
    assert plain.se is not None
    assert lonely.se is not None
    assert lonely.se > 0.9 * plain.se
    assert "stands for the spread that cannot be seen" in said(lonely)


def test_a_design_that_cannot_be_names_its_wave() -> None:
    with pytest.raises(UnusableWave, match="wave 2025"):
        found(wave({"fair": TWELVE}, weights=[1.0] * 11 + [-1.0]))


def test_few_people_are_withheld_and_so_is_who_would_give_them_away() -> None:
    answers = [3.0, 1.0] * 20
    findings = found(wave({"fair": answers}, age="o" * 4 + "y" * 36, weights=[1.0] * 40))
    assert row(findings, "age", "old").showing is Showing.WITHHELD
    assert "Fewer than 10 people answered" in said(row(findings, "age", "old"))
    assert row(findings, "age", "young").showing is Showing.WITHHELD
    assert "cannot be worked out" in said(row(findings, "age", "young"))
    assert row(findings).showing is Showing.SHOWN
    assert [one.showing for one in findings.contrasts] == [Showing.WITHHELD]


def test_two_groups_are_compared_with_a_test() -> None:
    answers = [3.0] * 15 + [1.0] * 5 + [3.0] * 8 + [1.0] * 12
    (only,) = found(wave({"fair": answers}, age="y" * 20 + "o" * 20, weights=[1.0] * 40)).contrasts
    assert (only.group, only.other) == ("old", "young")
    assert only.difference == pytest.approx(0.4 - 0.75)
    se = math.sqrt(40 / 39 * (0.4 * 0.6 / 20 + 0.75 * 0.25 / 20))
    assert only.se == pytest.approx(se)
    assert only.p_value is not None
    assert only.p_value < 0.05
    assert only.p_more == pytest.approx(only.p_value / 2)
    assert only.p_adjusted == pytest.approx(only.p_value)


def change(before: Asked, after: Asked) -> list[Contrasted]:
    findings = find([before, after], [], ground=Ground({}), seed=1)
    return [one for one in findings[1].contrasts if one.earlier]


def test_waves_that_asked_the_same_people_are_compared_more_surely() -> None:
    first = {"fair": [3.0, 1] * 10}
    second = {"fair": [3.0, 1] * 9 + [3.0, 3.0]}
    people = texts(*(f"p{number}" for number in range(20)))
    apart = [wave(answers, key=key, weights=[1.0] * 20) for key, answers in (("1", first), ("2", second))]
    same = [wave(answers, key=key, weights=[1.0] * 20, psu=(people,)) for key, answers in (("1", first), ("2", second))]
    (independent, *_), (panel, *_) = change(*apart), change(*same)
    assert panel.difference == pytest.approx(0.05)
    assert panel.se is not None
    assert independent.se is not None
    assert panel.se < 0.5 * independent.se


def test_an_item_that_was_asked_otherwise_is_not_compared_with_itself() -> None:
    other = replace(FAIR, favourable=(2.0, 3.0))
    before = wave({"fair": TWELVE}, key="1", weights=[1.0] * 12)
    after = wave({"fair": TWELVE}, key="2", weights=[1.0] * 12, questions=(other,))
    assert change(before, after) == []


def test_an_open_link_is_not_compared_with_a_random_sample() -> None:
    before = wave({"fair": TWELVE}, key="1", weights=[1.0] * 12)
    after = wave({"fair": TWELVE}, key="2", mode=Mode.OPT_IN)
    assert change(before, after) == []


def test_a_number_is_averaged_and_shared_where_both_are_asked_for() -> None:
    number = replace(TRUST, favourable=(7.0, 8, 9, 10))
    findings = found(wave({"trust": [2.0, 8, 9, 5]}, weights=[1.0] * 4, questions=(number,)))
    assert row(findings, item="trust", statistic=Statistic.MEAN).estimate == pytest.approx(6)
    assert row(findings, item="trust", statistic=Statistic.FAVOURABLE).estimate == pytest.approx(0.5)


def test_a_scale_that_few_answered_cannot_be_called_comparable() -> None:
    rng = np.random.default_rng(1)
    standing = rng.normal(size=60)
    items = {name: np.digitize(standing + rng.normal(size=60), [-0.5, 0.5]) + 1.0 for name in ("a", "b", "c")}
    one = wave(
        {name: values.tolist() for name, values in items.items()},
        age="y" * 30 + "o" * 30,
        weights=[1.0] * 60,
        questions=tuple(Question(name, False, (3.0,), 1.0, 3.0) for name in items),
    )
    reliability, by_age = found(replace(one, scales={"treatment": ("a", "b", "c")})).scales
    assert reliability.alpha is not None
    assert reliability.low is not None
    assert reliability.low < reliability.alpha
    assert (by_age.verdict, by_age.comparable) == (Verdict.UNKNOWN, None)
    assert AREA not in {one.by for one in (reliability, by_age)}


def test_groups_to_whom_a_scale_means_something_else_are_compared_with_a_warning() -> None:
    """Old people answer the first question two steps higher than young people of the same standing."""
    rng = np.random.default_rng(1)
    standing, old = rng.normal(size=600), np.repeat([False, True], 300)
    said_to = {name: standing + 0.5 * rng.normal(size=600) for name in ("a", "b", "c")}
    said_to["a"] = said_to["a"] + 2 * old
    items = {name: np.digitize(values, [-1.5, -0.5, 0.5, 1.5]) + 1.0 for name, values in said_to.items()}
    scored = Question("treatment", True, (), 1.0, 5.0, parts=("a", "b", "c"), fewest=3)
    one = wave(
        {name: values.tolist() for name, values in items.items()}
        | {"treatment": np.mean([*items.values()], axis=0).tolist()},
        age="y" * 300 + "o" * 300,
        weights=[1.0] * 600,
        questions=(*(Question(name, False, (4.0, 5.0), 1.0, 5.0) for name in items), scored),
    )
    findings = found(replace(one, scales={"treatment": ("a", "b", "c")}))
    assert [check.comparable for check in findings.scales] == [None, False]
    warned = {contrast.item for contrast in findings.contrasts if "may not be compared" in said(contrast)}
    assert warned == {"treatment"}


def replicates(count: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Random groups left out one at a time."""
    outside = np.arange(12)[:, None] % count != np.arange(count)
    return np.asarray(outside * count / (count - 1), dtype=np.float64)


def test_replicate_weights_are_raked_one_by_one() -> None:
    one = wave({"fair": TWELVE}, age="yyyyyyoooooo", weights=[1.0] * 12, replicates=replicates(6))
    raked = sample(replace(one, replicates="JK1"), census_for(one, [census(young=30, old=10)])).design
    assert raked.replicates is not None
    young = raked.replicates.weights[:6].sum(axis=0)
    assert young == pytest.approx([30.0] * 6)
    everybody = row(found(replace(one, replicates="JK1"), census(young=30, old=10)))
    assert everybody.df == 5


def test_replicates_whose_scales_are_not_known_are_not_used() -> None:
    one = wave({"fair": TWELVE}, weights=[1.0] * 12, replicates=replicates(6))
    plain, unscaled = (row(found(replace(one, replicates=kind))) for kind in (None, "JKn"))
    assert unscaled.se == plain.se
    assert "JKn are not used" in said(unscaled)
