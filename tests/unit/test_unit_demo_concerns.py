"""What residents of the invented city say: in every language, with waits as true as they are written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pytest

from hearback.demo import concerns
from hearback.demo.city import DemoCity, generate
from hearback.demo.dialogue import play
from hearback.demo.organizations import LANGUAGE_NAMES
from hearback.demo.recipes import recipe
from hearback.demo.streams import stream
from hearback.foundation.access import actions as access
from hearback.foundation.access.enums import DeskKind
from hearback.foundation.access.models import Desk
from hearback.foundation.audit.enums import Actor
from hearback.foundation.audit.queries import verify
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.listen.concerns.models import Concern
from standing_roles import PASSPHRASE


@pytest.fixture(scope="module")
def city() -> DemoCity:
    """The demonstration city."""
    return generate()


def test_every_language_has_words_for_every_kind_and_an_answer() -> None:
    book = recipe("concerns")
    assert set(book) == set(book["wait"]) | {"wait"} == {*LANGUAGE_NAMES, "wait"}
    for language in LANGUAGE_NAMES:
        assert set(book[language]) == {*concerns.KINDS, "answers", "reply"}
        assert all("{area}" in text for kind in concerns.KINDS for text in book[language][kind])


def test_the_same_seed_says_the_same_in_several_languages(city: DemoCity) -> None:
    again = concerns.draw(city.geography, city.people, rng=stream(city.seed, "concerns"))
    assert again == city.concerns
    assert len(again.told) == concerns.HOW_MANY
    assert len({one.language for one in again.told}) >= 8
    assert not any("{area}" in one.text for one in again.told)


def test_waits_are_as_long_as_the_truth_says(city: DemoCity) -> None:
    many = [
        one
        for seed in range(10)
        for one in concerns.draw(city.geography, city.people, rng=np.random.default_rng(seed)).told
    ]
    for language, truth in city.concerns.mean_wait.items():
        waits = [one.wait for one in many if one.language == language and one.wait]
        assert np.mean(waits) == pytest.approx(truth, abs=5 * np.sqrt(truth / len(waits)))


@pytest.mark.django_db
def test_what_is_played_is_answered_on_the_day_the_truth_says(
    city: DemoCity, liaison: User, overseer: User, at: datetime
) -> None:
    told = city.concerns.told[:25]
    played = play(
        told,
        passphrases={"lia": PASSPHRASE, "ova": PASSPHRASE},
        keys_of_areas=city.geography.keys,
        at=at + timedelta(days=60),
    )
    reached = [one for one in told if one.desk != "partner"]
    assert played == Concern.objects.count() == len(reached)
    answered = Concern.objects.exclude(first_answer_at=None)
    assert answered.count() == sum(one.wait is not None for one in reached)
    assert all(one.first_answer_at and one.first_answer_at > one.received_at for one in answered)
    assert verify().holds


@pytest.mark.django_db
def test_who_can_choose_tells_those_who_speak_their_language(
    city: DemoCity, partner_desk: Desk, join: Callable[..., User], by: Actor, at: datetime
) -> None:
    other = access.open_desk(
        key="house", kind=DeskKind.PARTNER, name="Newcomer House", languages=["ar", "so"], by=by, at=at
    )
    for name, desk in (("pia", partner_desk), ("pam", other)):
        join(name, Role.PARTNER, desk)
    told = [one for one in city.concerns.told if one.desk == "partner"]
    secrets = {"pia": PASSPHRASE, "pam": PASSPHRASE}
    play(told, passphrases=secrets, keys_of_areas=city.geography.keys, at=at + timedelta(days=60))
    spoken = set(Concern.objects.filter(desk=partner_desk).values_list("language", flat=True))
    assert spoken
    assert not spoken & {"ar", "so"}
    assert "ar" in set(Concern.objects.filter(desk=other).values_list("language", flat=True))
