"""What clumps of voices are worth, what they do to participation, and what the command line says of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hearback.stats.representation.clustered_counts import OneOccasion, clustered_counts
from hearback.stats.representation.participation import Heard, Participation, participation
from hearback.stats.representation.relative_rates import UnusableCounts
from stats_verbs import document

PEOPLE = [9800, 4900, 300]
EVENINGS = [[24, 5, 0], [31, 7, 0], [9, 2, 8], [14, 17, 0], [29, 4, 0], [22, 6, 1]]


def compared(voices: object, people: object = PEOPLE, **options: object) -> Participation:
    return participation(voices, people, rng=np.random.default_rng(1), **options)


# counts


def test_occasions_on_which_nobody_was_counted_are_none() -> None:
    found, plain = clustered_counts([*EVENINGS, [0, 0, 0]]), clustered_counts(EVENINGS)
    assert (found.occasions, found.mean_deff) == (6, plain.mean_deff)
    assert found.voices.tolist() == [129, 41, 9]


def test_evenings_of_the_same_make_up_say_as_much_as_people_who_come_alone() -> None:
    found = clustered_counts([[30, 10], [60, 20], [15, 5]])
    assert found.deff.tolist() == [1, 1]
    assert found.mean_deff == 1


def test_a_group_heard_nowhere_clumps_as_all_do_together() -> None:
    found = clustered_counts([[40, 10, 0], [20, 35, 0], [30, 5, 0]])
    assert found.deff[2] == found.mean_deff > 1


def test_where_one_group_alone_was_heard_an_evening_says_as_much_as_one_voice() -> None:
    found = clustered_counts([[25, 0]] * 4)
    assert found.deff.tolist() == [25, 25]
    assert compared(found.voices, [600, 400], design_effect=found.design_effect).heard[1] == Heard.UNCERTAIN
    assert compared(found.voices, [600, 400]).heard[1] == Heard.LESS


def test_an_evening_that_dwarfs_the_others_leaves_everything_open() -> None:
    found = clustered_counts([[2_000_000, 5], [1, 0]], level=0.999)
    assert np.isfinite(found.design_effect).all()
    ratios = compared(found.voices, [600, 400], design_effect=found.design_effect).rates
    assert (ratios.low < 0.01).all()
    assert (ratios.high > 2.5).all()


def test_one_occasion_is_refused_with_a_remedy() -> None:
    with pytest.raises(OneOccasion, match="come from one occasion.*Wait for a second one"):
        clustered_counts([[80, 3], [0, 0]])


@pytest.mark.parametrize("counts", [[[1, -1], [2, 3]], [[1, np.nan], [2, 3]], [[0, 0], [0, 0]]])
def test_impossible_counts_are_refused(counts: list[list[float]]) -> None:
    with pytest.raises(UnusableCounts):
        clustered_counts(counts)


def test_counts_that_are_no_matrix_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="matrix"):
        clustered_counts([1, 2, 3])


# participation


def test_a_design_effect_of_one_changes_no_number() -> None:
    plain, same = compared([30, 10, 2], unknown=7), compared([30, 10, 2], unknown=7, design_effect=np.ones(3))
    for name in ("ratio", "low", "high", "p_below"):
        assert getattr(plain.rates, name).tolist() == getattr(same.rates, name).tolist()
    assert (plain.parity, plain.parity_low, plain.parity_high) == (same.parity, same.parity_low, same.parity_high)


def test_voices_stay_what_they_are_while_their_intervals_widen() -> None:
    plain, found = compared([300, 90, 4]), compared([300, 90, 4], design_effect=[4.0, 9.0, 2.0])
    for name in ("voices", "share", "population_share", "share_highest"):
        assert getattr(plain, name).tolist() == getattr(found, name).tolist()
    for name in ("counted", "expected", "raw"):
        assert getattr(plain.rates, name).tolist() == getattr(found.rates, name).tolist()
    assert (found.rates.high - found.rates.low > plain.rates.high - plain.rates.low).all()
    assert (np.abs(found.rates.ratio - 1) < np.abs(plain.rates.ratio - 1)).all()
    assert found.parity_high - found.parity_low > plain.parity_high - plain.parity_low


@pytest.mark.parametrize("effect", [0.5, np.nan, np.inf, [1.0, 2.0]])
def test_a_design_effect_that_cannot_be_is_a_mistake_of_the_caller(effect: object) -> None:
    with pytest.raises(ValueError, match=r"1 or more|broadcast"):
        compared([30, 10, 2], design_effect=effect)


# hearback stats representation --occasions


def heard(folder: Path, *options: str) -> dict[str, object]:
    """What the verb says of the evenings; a row for each voice whose group nobody knows."""
    (folder / "people.csv").write_text("language,people\nEnglish,9800\nSpanish,4900\nSomali,300\n")
    rows = [
        f"{evening},{name},{n}\n"
        for evening, counts in zip("abcdef", EVENINGS, strict=True)
        for name, n in zip(("English", "Spanish", "Somali"), counts, strict=True)
    ]
    (folder / "voices.csv").write_text("evening,language,n\n" + "".join(rows) + "b,,4\ng,,2\n")
    paths = (folder / "voices.csv", "--population", folder / "people.csv")
    return document("representation", *paths, "--by", "language", "--count", "n", *options, out=folder / "heard.json")


def test_the_verb_says_how_much_voices_that_came_together_are_worth(tmp_path: Path) -> None:
    found, counts = heard(tmp_path, "--occasions", "evening"), clustered_counts(EVENINGS)
    rates = compared(counts.voices, design_effect=counts.design_effect).rates
    assert (found["occasions"], found["unknown"]) == (6, 6)
    assert found["design_effect"] == pytest.approx(counts.mean_deff)
    for name, values in {
        "voices": counts.voices,
        "expected": rates.expected,
        "low": rates.low,
        "high": rates.high,
        "design_effect": counts.deff,
        "effective_voices": counts.voices / counts.design_effect,
    }.items():
        assert [row[name] for row in found["results"]] == pytest.approx(values.tolist())


def test_the_level_of_the_intervals_is_the_level_of_student_s_factor(tmp_path: Path) -> None:
    found = heard(tmp_path, "--occasions", "evening", "--level", "0.5")
    counts = clustered_counts(EVENINGS, level=0.5)
    rates = compared(counts.voices, design_effect=counts.design_effect, level=0.5).rates
    assert [row["low"] for row in found["results"]] == pytest.approx(rates.low.tolist())


def test_without_occasions_nothing_is_said_of_them(tmp_path: Path) -> None:
    assert {"occasions", "design_effect"}.isdisjoint(heard(tmp_path))


def test_everybody_an_occasion_of_their_own_is_nearly_as_if_nobody_had_asked(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("language,people\nEnglish,700\nSpanish,300\n")
    (tmp_path / "voices.csv").write_text(
        "who,language\n" + "".join(f"{at},{'English' if at % 4 else 'Spanish'}\n" for at in range(200))
    )
    arguments = (tmp_path / "voices.csv", "--population", tmp_path / "people.csv", "--by", "language")
    alone = document("representation", *arguments, out=tmp_path / "a.json")
    asked = document("representation", *arguments, "--occasions", "who", out=tmp_path / "b.json")
    assert asked["design_effect"] == pytest.approx(200 / 199)
    assert [row["low"] for row in asked["results"]] == pytest.approx([row["low"] for row in alone["results"]], rel=0.02)
