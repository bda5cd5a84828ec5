"""The categories of offences are those of the FBI's manual, and an unknown one is refused with a suggestion."""

from __future__ import annotations

import pytest

from hearback.importers import nibrs
from hearback.importers.nibrs import UnknownCategory


def test_there_are_28_categories_with_71_offences_and_13_reported_on_arrest_only() -> None:
    categories = nibrs.load().categories
    group_a = [entry for entry in categories if entry.group == "A"]
    group_b = [entry for entry in categories if entry.group == "B"]
    assert (len(group_a), sum(len(entry.offences) for entry in group_a)) == (28, 71)
    assert (len(group_b), sum(len(entry.offences) for entry in group_b)) == (13, 13)


def test_ids_and_codes_are_unique_and_codes_have_three_characters() -> None:
    categories = nibrs.load().categories
    codes = [offence.code for entry in categories for offence in entry.offences]
    assert len({entry.id for entry in categories}) == len(categories)
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 3 for code in codes)
    assert {code for code in codes if code.startswith("90")} == {
        offence.code for entry in categories if entry.group == "B" for offence in entry.offences
    }


@pytest.mark.parametrize(
    ("code", "category", "against"),
    [
        ("09A", "homicide", "person"),
        ("09C", "homicide", "not a crime"),
        ("120", "robbery", "property"),
        ("13A", "assault", "person"),
        ("220", "burglary", "property"),
        ("23F", "larceny", "property"),
        ("26H", "fraud", "society"),
        ("35A", "drugs", "society"),
        ("360", "sex-offenses", "society"),
        ("64B", "human-trafficking", "person"),
        ("90A", "bad-checks", "property"),
    ],
)
def test_codes_stand_in_their_category(code: str, category: str, against: str) -> None:
    by_code = {offence.code: offence for offence in nibrs.category(category).offences}
    assert by_code[code].against == against


def test_what_could_point_at_a_victim_or_a_family_is_marked_sensitive() -> None:
    assert {entry.id for entry in nibrs.load().categories if entry.sensitive} == {
        "sex-offenses",
        "kidnapping",
        "human-trafficking",
        "family-offenses",
        "immigration",
        "peeping-tom",
    }


def test_an_unknown_category_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UnknownCategory, match=r"^city.toml: there is no category 'robery'. You may mean \"robbery\""):
        nibrs.category("robery", where="city.toml")


@pytest.mark.parametrize(
    ("word", "category"),
    [("THEFT FROM MOTOR VEHICLE", "larceny"), ("Homicides", "homicide"), ("Aggravated Assult", "assault"), ("ADW", "")],
)
def test_a_local_word_is_likened_to_an_offence_only_when_it_is_like_one(word: str, category: str) -> None:
    assert nibrs.nearest(word) == category
