"""What an agency promises in its description is what residents are told, what the clock runs by and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import little_city
from city_files import AREAS, CITY, described
from concerns import Sent, hands
from hearback.foundation.access.models import Desk
from hearback.foundation.audit.enums import RESIDENT, Actor
from hearback.foundation.audit.models import Entry
from hearback.foundation.people.models import User
from hearback.foundation.places.queries import city as on_record
from hearback.importers import city
from hearback.importers.promises import QUESTION_AFTER, USUAL, Promise
from hearback.jobs.build_city import build_city
from hearback.listen.concerns.actions import desk as at_desk
from hearback.listen.concerns.actions import resident, upkeep
from hearback.listen.concerns.enums import ConcernKind, State
from hearback.listen.concerns.models import Concern, Message
from hearback.listen.concerns.queries.promises import promise_of
from hearback.listen.concerns.views.thread import ASKED_AFTER
from residents import said

Sends = Callable[..., Sent]
Builds = Callable[..., None]
OTHER = "[promises.concern]\nanswer = 1\nresolution = 9\nkeep_days = 103\n[promises.thanks]\nkeep_days = 400\n"
AFTERWARDS = timedelta(days=1)


@pytest.fixture
def builds(tmp_path: Path, settings: Any, by: Actor, at: datetime) -> Builds:
    """Builds the little city with these promises in its description."""
    settings.DATA_DIR = tmp_path / "data"
    description = little_city.write(tmp_path / "source")
    as_written = description.read_text()

    def build(promises: str = "") -> None:
        description.write_text(f"{as_written}\n{promises}")
        build_city(city.read(description), by=by, at=at, rng=np.random.default_rng(1))

    return build


def test_the_usual_promises_are_for_the_kinds_on_the_form_in_its_order() -> None:
    assert list(USUAL) == list(ConcernKind)


def test_what_is_kept_outlives_the_question_whether_it_helped() -> None:
    assert ASKED_AFTER.days == QUESTION_AFTER


def test_what_the_usual_promises_are_could_be_written_into_a_description(tmp_path: Path) -> None:
    tables = "\n".join(
        f"[promises.{kind}]\nanswer = {usual.answer}\nresolution = {usual.resolution}\nkeep_days = {usual.keep_days}"
        for kind, usual in USUAL.items()
    )
    assert city.read(described(tmp_path, "\n".join((CITY, AREAS, tables)))).promises == USUAL


def test_what_a_description_does_not_say_is_as_usual(tmp_path: Path) -> None:
    found = city.read(described(tmp_path, "\n".join((CITY, AREAS, OTHER)))).promises
    assert found == USUAL | {
        "concern": Promise(answer=1, resolution=9, keep_days=103),
        "thanks": Promise(answer=5, resolution=5, keep_days=400),
    }
    assert city.read(described(tmp_path, "\n".join((CITY, AREAS)))).promises == USUAL


@pytest.mark.django_db
def test_before_a_city_is_built_and_for_one_built_long_ago_it_is_as_usual(builds: Builds) -> None:
    assert on_record() is None
    assert promise_of(ConcernKind.IDEA, place=on_record()) == USUAL["idea"]
    builds()
    place = on_record()
    assert place is not None
    place.promises = {}
    assert promise_of(ConcernKind.IDEA, place=place) == USUAL["idea"]


@pytest.mark.django_db
def test_every_build_writes_into_the_log_what_is_promised(builds: Builds) -> None:
    builds(OTHER)
    builds()
    told = [entry.detail["promises"] for entry in Entry.objects.filter(verb="places.describe_city").order_by("number")]
    assert [one["concern"]["answer"] for one in told] == [1, 3]
    assert [one["concern"]["keep_days"] for one in told] == [103, 730]


@pytest.mark.django_db
def test_new_promises_are_for_what_comes_in_since_and_old_ones_for_what_came_before(
    builds: Builds, sent: Sends, teammate: User, liaison_desk: Desk, at: datetime
) -> None:
    """4 March 2026 is a Wednesday."""
    builds()
    old = sent(liaison_desk)
    builds(OTHER)
    new = sent(liaison_desk)

    def dates(one: Sent) -> tuple[date, date, date]:
        return one.concern.answer_due, one.concern.resolution_due, one.concern.erase_after

    assert dates(old) == (date(2026, 3, 9), date(2026, 3, 25), date(2026, 3, 4) + timedelta(days=730))
    assert dates(new) == (date(2026, 3, 5), date(2026, 3, 17), date(2026, 3, 4) + timedelta(days=103))


@pytest.mark.django_db
def test_what_is_opened_again_is_promised_by_the_numbers_of_that_day_and_kept_by_those_of_its_own(
    builds: Builds, sent: Sends, teammate: User, liaison_desk: Desk, at: datetime
) -> None:
    builds()
    one = sent(liaison_desk)
    at_desk.answer(one.concern, "Friday.", **hands(teammate), at=at)
    at_desk.close(one.concern, by=teammate.actor, at=at)
    builds(OTHER)
    resident.reopen(one.concern, keys=one.keys, by=RESIDENT, at=at)
    assert (one.concern.answer_due, one.concern.resolution_due) == (date(2026, 3, 5), date(2026, 3, 17))
    assert one.concern.erase_after == date(2026, 3, 4) + timedelta(days=730)


@pytest.mark.django_db
def test_escalation_follows_what_was_promised(
    builds: Builds, sent: Sends, teammate: User, liaison_desk: Desk, by: Actor, at: datetime
) -> None:
    builds()
    old = sent(liaison_desk)
    builds(OTHER)
    new = sent(liaison_desk)

    def levels(day: int) -> tuple[int, int]:
        upkeep.escalate(by=by, at=at.replace(day=day))
        return old.concern.escalated, new.concern.escalated

    assert levels(5) == (0, 0)
    assert levels(6) == (0, 1)
    assert levels(9) == (0, 1)
    assert levels(10) == (1, 1)
    assert levels(11) == (1, 2)


@pytest.mark.django_db
def test_each_is_erased_when_the_time_that_it_was_given_is_over(
    builds: Builds, sent: Sends, teammate: User, liaison_desk: Desk, by: Actor, at: datetime
) -> None:
    builds()
    old = sent(liaison_desk)
    builds(OTHER)
    new = sent(liaison_desk)
    answered = at + timedelta(days=10)
    for one in (old, new):
        at_desk.answer(one.concern, "Done.", **hands(teammate), at=answered)
    assert upkeep.erase_expired(by=by, at=answered + timedelta(days=103)) == 0
    assert upkeep.erase_expired(by=by, at=answered + timedelta(days=103) + AFTERWARDS) == 1
    assert (old.concern.state, new.concern.state) == (State.ANSWERED, State.WITHDRAWN)
    assert upkeep.erase_expired(by=by, at=answered + timedelta(days=730)) == 0
    assert upkeep.erase_expired(by=by, at=answered + timedelta(days=730) + AFTERWARDS) == 1
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_the_public_pages_say_what_this_agency_promises(builds: Builds, client: Client) -> None:
    builds(OTHER)
    english, arabic, clock = (said(client.get(address)) for address in ("/privacy/", "/ar/privacy/", "/clock/"))
    assert "A concern 103 days 1 9 An idea 1 year 5 20 Thanks 400 days 5 5" in english
    assert "730" not in english
    assert "what you told us before is kept for as long as was promised then" in english
    assert "103 أيام 1 9" in arabic
    assert "A concern 1 day too few" in clock
    assert "A concern 9 days too few" in clock
    builds()
    assert "A concern 2 years 3 15 An idea" in said(client.get("/privacy/"))
    assert "A concern 3 days too few" in said(client.get("/clock/"))


@pytest.mark.django_db
def test_a_submission_reads_the_city_once(builds: Builds, sent: Sends, teammate: User, liaison_desk: Desk) -> None:
    builds(OTHER)
    with CaptureQueriesContext(connection) as asked:
        sent(liaison_desk)
    assert sum("places_city" in query["sql"] for query in asked) == 1


@pytest.mark.django_db(transaction=True)
def test_concerns_of_an_older_version_are_kept_as_long_as_it_promised(
    sent: Sends, teammate: User, liaison_desk: Desk
) -> None:
    for kind in ConcernKind:
        sent(liaison_desk, kind, kind=kind)
    call_command("migrate", "concerns", "0001", verbosity=0)
    call_command("migrate", "concerns", verbosity=0)
    kept = dict(Concern.objects.values_list("kind", "keep_days"))
    assert kept == {kind: usual.keep_days for kind, usual in USUAL.items()}
