"""The invented city's people, places and truth hang together, part by part."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hearback.demo import offences, organizations, truth
from hearback.demo.city import DemoCity, generate
from hearback.demo.streams import stream
from hearback.foundation.languages.queries import installed_languages


@pytest.fixture(scope="module")
def city() -> DemoCity:
    return generate()


def test_about_300_000_people_live_there_and_next_to_nobody_on_reserved_land(city: DemoCity) -> None:
    population = city.people.population
    assert abs(population.sum() - 300_000) < 1_000
    assert population[city.geography.is_reserved].max() < 300
    assert (population == 0).sum() == 1, "one area without residents, as real cities have"
    assert population[~city.geography.is_reserved].min() > 500


def test_communities_have_their_share_of_the_city_and_are_segregated_as_in_us_cities(city: DemoCity) -> None:
    people = city.people.count
    shares = people.sum(axis=0) / people.sum()
    assert 7 <= len(city.people.communities) <= 9
    assert shares.min() > 0.02
    assert shares[city.people.communities.index("white")] < 0.5, "no community is a majority"
    distribution = people / people.sum(axis=0)
    against_white = 0.5 * np.abs(distribution[:, 1:] - distribution[:, :1]).sum(axis=0)
    assert against_white.min() > 0.25
    assert against_white.max() < 0.75


def test_people_speak_the_languages_the_software_speaks_and_others(city: DemoCity) -> None:
    assert set(city.people.languages) == {language.code for language in installed_languages()} | {"other"}
    np.testing.assert_allclose(city.people.speaks.sum(axis=2), 1)
    assert city.people.speaks.min() >= 0
    lived_in = city.people.population > 0
    np.testing.assert_allclose(city.people.language_share[lived_in].sum(axis=1), 1)
    speakers = (city.people.count[:, :, None] * city.people.speaks).sum(axis=(0, 1))
    assert speakers.min() > 2_000, "each language is spoken by enough people to be heard from"


def test_a_part_has_a_random_stream_of_its_own() -> None:
    again, other_part, other_seed = stream(6, "people"), stream(6, "concerns"), stream(7, "people")
    first = stream(6, "people").random(5)
    assert (first == again.random(5)).all()
    assert (first != other_part.random(5)).all()
    assert (first != other_seed.random(5)).all()


def test_who_lives_in_a_place_is_no_cause_of_what_happens_there(city: DemoCity) -> None:
    strangers = replace(city.people, count=city.people.count[:, ::-1])
    same = offences.draw(city.geography, city.conditions, city.people, rng=stream(1, "offences"))
    swapped = offences.draw(city.geography, city.conditions, strangers, rng=stream(1, "offences"))
    np.testing.assert_array_equal(same.expected, swapped.expected)


def test_both_clusters_have_more_incidents_than_every_kind_of_other_area(city: DemoCity) -> None:
    known = city.truth
    lived_in = ~city.geography.is_reserved
    rate = known.expected.sum(axis=(1, 2)) / np.maximum(known.population, 1)
    apart = lived_in & ~known.clusters["nightlife"] & ~known.clusters["mills"]
    for areas in known.clusters.values():
        assert 5 <= areas.sum() <= 8
        assert lived_in[areas].all()
        assert rate[areas].min() > np.quantile(rate[apart], 0.97)
    assert not (known.clusters["nightlife"] & known.clusters["mills"]).any()


def test_the_mills_became_a_cluster_over_the_years_and_nightlife_always_was(city: DemoCity) -> None:
    burglary = city.truth.expected[:, :, city.truth.offences.index("BURGLARY")]
    rate = burglary / np.maximum(city.truth.population, 1)[:, None]
    usual = np.median(rate[~city.geography.is_reserved], axis=0)
    excess = np.median(rate[city.truth.clusters["mills"]], axis=0) / usual
    assert excess[-1] > 1.5 * excess[0]
    assert (np.diff(excess) > -0.05).all()


def test_where_trust_broke_fewer_incidents_are_reported_and_no_fewer_happen(city: DemoCity) -> None:
    known = city.truth
    before, after = known.years.index(2019), known.years.index(2020)
    reported = known.reported[known.rupture].sum(axis=(0, 2))
    expected = known.expected[known.rupture].sum(axis=(0, 2))
    assert reported[after] < 0.88 * reported[before]
    assert expected[after] == pytest.approx(expected[before], rel=0.04)
    elsewhere = known.reported[~known.rupture].sum(axis=(0, 2))
    assert elsewhere[after] > 0.93 * elsewhere[before]
    assert not (known.rupture & (known.clusters["nightlife"] | known.clusters["mills"])).any()


def test_more_trust_means_more_reports(city: DemoCity) -> None:
    low, high = (offences.reporting(city.offences, np.full((1, 1), trust)) for trust in (30.0, 70.0))
    homicide = city.offences.words.index("HOMICIDE")
    assert high[0, 0, homicide] == pytest.approx(low[0, 0, homicide]), "a death is known whoever trusts whom"
    assert (np.delete(high, homicide) > np.delete(low, homicide)).all()
    at_average = offences.reporting(city.offences, np.full((1, 1), offences.AVERAGE_TRUST))
    np.testing.assert_allclose(at_average[0, 0], city.offences.reported)


def test_counts_are_possible_and_as_many_as_a_city_of_this_size_reports(city: DemoCity) -> None:
    known = city.truth
    assert (known.reported <= known.happened).all()
    yearly = known.reported.sum(axis=(0, 2))
    assert yearly.min() > 12_000
    assert yearly.max() < 15_000
    assert known.reporting.min() > 0
    assert known.reporting.max() < 1


def test_those_who_trust_less_answer_less_so_that_answers_mislead(city: DemoCity) -> None:
    known = city.truth
    people = known.people
    trust = known.trust.mean(axis=2)
    of_all = (people * trust).sum() / people.sum()
    answering = people * known.response
    assert (answering * trust).sum() / answering.sum() > of_all + 0.8
    assert 0.15 < answering.sum() / people.sum() < 0.4


@pytest.mark.parametrize("quantity", ["trust", "safety"])
def test_attitudes_stand_on_a_scale_of_100_and_differ_between_areas(city: DemoCity, quantity: str) -> None:
    attitude = getattr(city.truth, quantity)
    assert attitude.shape == (120, len(city.truth.communities), 10)
    assert 0 < attitude.min() < attitude.max() < 100
    assert attitude.mean(axis=(1, 2)).std() > 3


def test_need_is_ranked_where_people_live_and_nowhere_else(city: DemoCity) -> None:
    score, rank = city.truth.need_score, city.truth.need_rank
    empty = city.truth.population == 0
    np.testing.assert_array_equal(np.isnan(score), empty)
    np.testing.assert_array_equal(rank == 0, empty)
    assert np.nanmax(score) == 1
    assert score[rank == 1].tolist() == [1.0]


def test_the_need_score_of_three_areas_is_worked_out_by_hand() -> None:
    values = np.array([[0.1, 40_000], [0.2, 60_000], [0.3, 20_000], [np.nan, np.nan]])
    score = truth.need_score(values, ("poverty", "median-household-income"))
    np.testing.assert_array_equal(score, [0.0, 0.0, 1.0, np.nan])


def test_organisations_are_many_named_apart_and_serve_the_languages_around_them(city: DemoCity) -> None:
    places = city.organizations
    assert 140 <= len(places) <= 160
    assert len({one.name for one in places}) == len(places)
    assert {one.languages[0] for one in places} == {"en"}
    served = {code for one in places for code in one.languages}
    assert served == set(organizations.LANGUAGE_NAMES)
    spanish = city.people.language_share[:, city.people.languages.index("es")]
    with_spanish = [spanish[one.area] for one in places if "es" in one.languages]
    without = [spanish[one.area] for one in places if "es" not in one.languages]
    assert np.mean(with_spanish) > 1.5 * np.mean(without)


def test_contacts_lead_to_nobody(city: DemoCity) -> None:
    assert all(one.contact.endswith(".example") and ", 555-01" in one.contact for one in city.organizations)
