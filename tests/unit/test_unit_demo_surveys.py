"""The invented city's surveys go through the importer of real ones, and go wrong as real ones do, in known ways."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr

from hearback.demo import opinions, surveys
from hearback.demo.city import DemoCity, generate
from hearback.demo.files import write
from hearback.demo.survey_truth import FAVOURABLE
from hearback.importers import city as descriptions
from hearback.importers import surveys as importer
from hearback.importers.quality import Imported
from hearback.importers.surveys import Responses

WAVES = ("2023", "2024", "2025")


@pytest.fixture(scope="module")
def city() -> DemoCity:
    return generate()


@pytest.fixture(scope="module")
def folder(city: DemoCity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(city, tmp_path_factory.mktemp("linnet-bay")).parent


@pytest.fixture(scope="module")
def read(folder: Path) -> dict[str, Imported[Responses]]:
    described = descriptions.read(folder / "city.toml")
    return {f"{one.codebook.mode} {one.codebook.wave}": importer.read(one.codebook) for one in described.surveys}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[tuple[str, str, str, str], float]:
    rows = table(folder / "truth" / "survey-items.csv")
    return {(row["wave"], row["item"], row["level"], row["key"]): float(row["favourable"]) for row in rows}


def favourable(found: Responses, item: str) -> tuple[np.ndarray, np.ndarray]:
    """Who answered, and which of their answers are favourable."""
    answers = found.answers[item]
    given = ~np.isnan(answers)
    return given, np.isin(answers[given], FAVOURABLE[item])


def test_there_are_three_random_waves_of_some_1500_and_one_link(read: dict[str, Imported[Responses]]) -> None:
    assert list(read) == [*(f"probability {wave}" for wave in WAVES), "opt-in 2025"]
    assert all(1300 < len(found.table) < 1700 for found in read.values())


def test_the_link_s_export_loses_network_addresses_doubles_and_who_did_not_read(
    read: dict[str, Imported[Responses]],
) -> None:
    report = read["opt-in 2025"].report
    assert {group.reason for group in report.refused} == {importer.INATTENTIVE, importer.AGAIN}
    assert "personal columns dropped at the door: IPAddress" in report.notes
    assert "203.0.113" not in str(report)


def test_every_district_is_a_stratum_with_several_areas_and_the_second_stage_has_its_populations(
    read: dict[str, Imported[Responses]], city: DemoCity
) -> None:
    found = read["probability 2025"].table
    assert found.strata is not None
    for district in set(found.strata):
        there = found.strata == district
        assert len(set(found.psu[0][there])) == 12
        assert len(set(found.fpc[0][there])) == 1
    assert len(set(found.psu[1])) == len(found)
    adults = dict(zip(city.geography.keys, city.adults.count.sum(axis=(1, 2, 3)), strict=True))
    assert found.area is not None
    assert all(adults[area] == size for area, size in zip(found.area, found.fpc[1], strict=True))


def test_the_second_and_third_wave_went_to_the_same_areas(read: dict[str, Imported[Responses]]) -> None:
    first, second, third = (set(read[f"probability {wave}"].table.psu[0]) for wave in WAVES)
    assert second == third
    assert first != second


def test_weights_of_all_who_were_asked_add_up_to_the_adults(city: DemoCity) -> None:
    adults = city.adults.count.sum()
    for wave in city.surveys[:3]:
        assert wave.sample is not None
        assert (wave.sample.weight * wave.sample.asked).sum() == pytest.approx(adults, rel=0.08)


def test_the_counts_of_the_codebook_are_those_of_the_fieldwork(
    folder: Path, read: dict[str, Imported[Responses]]
) -> None:
    for wave in WAVES:
        said = read[f"probability {wave}"].table.codebook.response
        fieldwork = table(folder / f"survey-{wave}-fieldwork.csv")
        assert said is not None
        assert said.complete == sum(int(row["answered"]) for row in fieldwork)
        assert said.refusal == sum(int(row["refused"]) for row in fieldwork)
        assert said.non_contact == sum(int(row["not_reached"]) for row in fieldwork)


def test_the_census_counts_every_adult_once(folder: Path, city: DemoCity) -> None:
    rows = table(folder / "census-adults.csv")
    assert sum(int(row["adults"]) for row in rows) == city.adults.count.sum()
    residents = city.people.count.sum()
    assert city.adults.count.sum() == pytest.approx(0.78 * residents, rel=0.01)
    assert (city.adults.count.sum(axis=(2, 3)) <= city.people.count).all()


def test_older_people_and_english_speakers_answer_more(read: dict[str, Imported[Responses]], city: DemoCity) -> None:
    found = read["probability 2025"].table
    assert found.weights is not None
    old = found.weights[found.groups["age"] == "65 and over"].sum() / found.weights.sum()
    english = found.weights[found.groups["language"] == "en"].sum() / found.weights.sum()
    adults = city.adults.count
    spoken = (adults.sum(axis=(2, 3))[:, :, None] * city.people.speaks).sum(axis=(0, 1)) / adults.sum()
    assert old > 1.15 * adults.sum(axis=(0, 1, 3))[-1] / adults.sum()
    assert english > spoken[city.people.languages.index("en")] + 0.02


def test_random_waves_err_upwards_a_little_and_the_link_downwards_a_lot(
    read: dict[str, Imported[Responses]], truth: dict[tuple[str, str, str, str], float]
) -> None:
    found = read["probability 2025"].table
    given, good = favourable(found, "respect")
    assert found.weights is not None
    weighted = (found.weights[given] * good).sum() / found.weights[given].sum()
    true = truth["2025", "respect", "city", ""]
    assert 0.02 < weighted - true < 0.12, "who trusts more answers more"
    assert favourable(read["opt-in 2025"].table, "respect")[1].mean() < true - 0.1, "critics follow the link"


def test_weighting_to_the_census_takes_away_part_of_the_error(
    folder: Path, read: dict[str, Imported[Responses]], truth: dict[tuple[str, str, str, str], float]
) -> None:
    """Poststratified by community and age by hand, over all waves and items about trust."""
    census: dict[tuple[str, str], int] = {}
    for row in table(folder / "census-adults.csv"):
        kind = row["community"], row["age"]
        census[kind] = census.get(kind, 0) + int(row["adults"])
    raw, adjusted = zip(*_errors(read, truth, census), strict=True)

    assert abs(np.mean(adjusted)) < 0.6 * abs(np.mean(raw))
    assert abs(np.mean(adjusted)) < 0.04


def _errors(
    read: dict[str, Imported[Responses]],
    truth: dict[tuple[str, str, str, str], float],
    census: dict[tuple[str, str], int],
) -> Iterator[tuple[float, float]]:
    for wave in WAVES:
        found = read[f"probability {wave}"].table
        assert found.weights is not None
        communities = {label: id_ for id_, label in found.codebook.groups[0].labels.items()}
        ages = {label: id_ for id_, label in found.codebook.groups[1].labels.items()}
        kind = [
            (communities[community], ages[age])
            for community, age in zip(found.groups["community"], found.groups["age"], strict=True)
        ]
        for item in ("respect", "fair", "listen"):
            given, good = favourable(found, item)
            weights = found.weights[given]
            kinds = [one for one, kept in zip(kind, given, strict=True) if kept]
            total: dict[tuple[str, str], float] = {}
            for one, weight in zip(kinds, weights, strict=True):
                total[one] = total.get(one, 0.0) + weight
            fitted = weights * np.array([census[one] / total[one] for one in kinds])
            true = truth[wave, item, "city", ""]
            yield (weights * good).sum() / weights.sum() - true, (fitted * good).sum() / fitted.sum() - true


def test_trust_truly_changed_in_three_districts_after_2024(truth: dict[tuple[str, str, str, str], float]) -> None:
    change = {
        district: truth["2025", "respect", "district", district] - truth["2024", "respect", "district", district]
        for district in ("01", "02", "03", "04", "05", "06")
    }
    assert change["02"] > 0.1
    assert change["05"] > 0.07
    assert change["04"] < -0.06
    assert all(abs(change[district]) < 0.05 for district in ("01", "03", "06"))


def test_the_parts_of_the_truth_add_up_to_the_whole(folder: Path) -> None:
    rows = [
        row for row in table(folder / "truth" / "survey-items.csv") if row["wave"] == "2025" and row["item"] == "fair"
    ]
    whole = next(row for row in rows if row["level"] == "city")
    for level in ("area", "district", "community", "age", "sex", "language"):
        parts = [row for row in rows if row["level"] == level]
        adults = np.array([int(row["adults"]) for row in parts])
        shares = np.array([float(row["favourable"]) for row in parts])
        assert adults.sum() == pytest.approx(int(whole["adults"]), abs=len(parts))
        assert (adults * shares).sum() / adults.sum() == pytest.approx(float(whole["favourable"]), abs=1e-4)


@pytest.mark.parametrize("item", opinions.items(), ids=lambda item: item.id)
def test_the_chances_of_answers_are_those_of_many_draws(item: opinions.Item) -> None:
    rng = np.random.default_rng(5)
    said = item.answers(52 + 16 * rng.normal(size=200_000), rng=rng)
    drawn = (said[:, None] == item.codes).mean(axis=0)

    assert item.probabilities(np.array(52.0), spread=16.0) == pytest.approx(drawn, abs=0.005)
    assert item.probabilities(np.array(52.0), spread=16.0).sum() == pytest.approx(1)


def test_a_yes_is_as_likely_as_the_normal_curve_says() -> None:
    officer = next(item for item in opinions.items() if item.id == "officer")
    yes = officer.probabilities(np.array(60.0), spread=16.0)[0]
    assert yes == pytest.approx(ndtr((60 - 72) / np.hypot(16, 20)))


def test_who_is_likely_to_answer_follows_the_recipe() -> None:
    answer = partial(surveys.propensity, np.array([0.3]))
    typical = answer(np.array([1]), np.array([False]), np.array([0.0]))
    assert answer(np.array([3]), np.array([False]), np.array([0.0])) > typical
    assert answer(np.array([1]), np.array([True]), np.array([0.0])) < typical
    assert answer(np.array([1]), np.array([False]), np.array([2.0])) > typical


def test_questions_that_are_favourable_in_the_truth_are_so_in_the_codebook(
    read: dict[str, Imported[Responses]],
) -> None:
    items = read["probability 2025"].table.items
    assert {item.id: tuple(map(int, item.favourable)) for item in items} == FAVOURABLE


def test_every_question_has_the_languages_of_the_survey(read: dict[str, Imported[Responses]]) -> None:
    found = read["probability 2025"].table
    for item in found.items:
        assert {"en", *item.translations} == set(found.codebook.languages)
    assert set(found.groups["language"]) <= set(found.codebook.languages)
