"""The public promise page: what is promised, what was kept, and nothing about groups that are too small."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from concerns import Sent, hands
from hearback.foundation.access.models import Desk
from hearback.foundation.audit.enums import RESIDENT, Actor
from hearback.foundation.audit.queries import last
from hearback.foundation.people.models import User
from hearback.foundation.places.models import Area, City
from hearback.importers.promises import USUAL
from hearback.jobs import timetable
from hearback.jobs.publish_clock import publish_clock
from hearback.listen.concerns.actions import desk as at_desk
from hearback.listen.concerns.actions import resident
from hearback.listen.concerns.enums import ConcernKind, Helped
from hearback.report_back.composing.clock import SMALLEST_SHOWN, compose_clock
from hearback.report_back.payloads import CityPage, ClockPage, Kind
from hearback.report_back.releases import actions as releases
from hearback.report_back.releases import queries as published
from residents import said

pytestmark = pytest.mark.django_db
Sends = Callable[..., Sent]
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def edition(by: Actor, at: datetime) -> None:
    page = CityPage("Linnet Bay", True, 1, 1, "area", "areas", "911", (), (), (), 0, "", "2026-03-04")
    releases.publish([(Kind.CITY, "", page)], by=by, at=at)


@pytest.fixture
def answered(sent: Sends, liaison: User, liaison_desk: Desk) -> Callable[..., None]:
    """Concerns that were answered after so many days, and judged."""

    def some(count: int, *, days: int, helped: Helped = Helped.YES, **more: object) -> None:
        for number in range(count):
            one = sent(liaison_desk, f"{number} {days} {more}", at=MONDAY, **more)
            later = MONDAY + timedelta(days=days)
            at_desk.answer(one.concern, "Done.", **hands(liaison), at=later)
            resident.judge(one.concern, helped, keys=one.keys, by=RESIDENT, at=later)

    return some


def _clock(at: datetime = MONDAY + timedelta(days=4)) -> ClockPage:
    ((_, _, page),) = compose_clock(at=at)
    return page


def test_before_anybody_wrote_the_promise_stands_there_and_no_number() -> None:
    page = _clock()
    assert not page.everybody.shown
    assert [kind.answer_days for kind in page.kinds] == [USUAL[kind].answer for kind in ConcernKind]
    assert not any(kind.wait.shown for kind in page.kinds)
    assert page.languages == page.areas == ()


def test_median_and_ninetieth_count_working_days_and_those_who_still_wait(
    answered: Callable[..., None], sent: Sends, liaison_desk: Desk
) -> None:
    answered(9, days=1)
    for number in range(6):
        sent(liaison_desk, f"still waiting {number}", at=MONDAY)
    everybody = _clock().everybody
    assert (everybody.shown, everybody.concerns) == (True, 15)
    assert everybody.median == 1
    assert everybody.ninetieth is None, "more than a tenth still wait, so nobody knows"


def test_a_group_below_ten_has_no_number_at_all(answered: Callable[..., None]) -> None:
    answered(12, days=1, language="en")
    answered(9, days=2, language="es")
    page = _clock()
    assert [(wait.key, wait.shown) for wait in page.languages] == [("en", False), ("es", False)]
    assert {wait.concerns for wait in page.languages} == {None}
    assert {wait.median for wait in page.languages} == {None}


def test_groups_of_ten_are_shown_with_the_share_that_was_helped(answered: Callable[..., None], district: Area) -> None:
    answered(10, days=1, language="en", area=district)
    answered(10, days=3, language="es", helped=Helped.NO)
    page = _clock()
    english, spanish = page.languages
    assert (english.median, english.helped, spanish.median, spanish.helped) == (1, 1.0, 3, 0.0)
    assert [(wait.name, wait.concerns) for wait in page.areas] == [("Harbour", 10)]


def test_ends_are_counted_as_answers_are_and_what_is_open_counts_as_open(
    answered: Callable[..., None], sent: Sends, liaison: User, liaison_desk: Desk
) -> None:
    for number in range(8):
        one = sent(liaison_desk, f"closed {number}", at=MONDAY).concern
        at_desk.answer(one, "Done.", **hands(liaison), at=MONDAY)
        at_desk.close(one, by=liaison.actor, at=MONDAY + timedelta(days=2))
    answered(4, days=1)
    everybody = _clock().everybody
    assert everybody.closing is not None
    assert (everybody.closing.median, everybody.closing.ninetieth) == (2, None)


def test_where_answers_are_not_shown_ends_are_not_either(answered: Callable[..., None]) -> None:
    answered(12, days=1, language="en")
    answered(9, days=2, language="es")
    assert {wait.closing for wait in _clock().languages} == {None}


def test_fewer_than_ten_judgements_are_no_share(answered: Callable[..., None], sent: Sends, liaison_desk: Desk) -> None:
    answered(SMALLEST_SHOWN - 1, days=1)
    sent(liaison_desk, "one more", at=MONDAY)
    everybody = _clock().everybody
    assert everybody.shown
    assert everybody.helped is None


def test_the_number_of_all_is_kept_back_where_it_would_give_a_small_group_away(
    answered: Callable[..., None],
) -> None:
    answered(12, days=1, language="en")
    answered(3, days=1, language="so")
    page = _clock()
    assert page.everybody.shown
    assert not any(wait.shown for wait in page.languages if wait.key == "so")
    shown = [wait.concerns or 0 for wait in page.languages]
    assert page.everybody.concerns is None or page.everybody.concerns - sum(shown) != 3


def test_the_job_renews_the_clock_and_nothing_else(edition: None, by: Actor, answered: Callable[..., None]) -> None:
    before = published.current(Kind.CITY)
    first = publish_clock(by=by, at=MONDAY)
    answered(10, days=1)
    second = publish_clock(by=by, at=MONDAY + timedelta(days=4))
    assert (first, second) == (2, 3)
    assert published.current(Kind.CITY) == before
    assert published.current(Kind.CLOCK).everybody.concerns == 10


def test_the_checksum_of_the_new_edition_covers_everything_in_it(edition: None, by: Actor) -> None:
    publish_clock(by=by, at=MONDAY)
    kept = published.edition()
    assert kept is not None
    again = releases.publish(
        [(Kind.CITY, "", published.current(Kind.CITY)), (Kind.CLOCK, "", published.current(Kind.CLOCK))],
        by=by,
        at=MONDAY,
    )
    assert again.checksum == kept.checksum


def test_the_timetable_publishes_the_clock_anew_once_a_day_and_puts_it_on_record(
    client: Client, edition: None, answered: Callable[..., None]
) -> None:
    City.objects.create(
        name="Linnet Bay", timezone="UTC", emergency_number="911", default_language="en", workdays=[0, 1, 2, 3, 4]
    )
    answered(10, days=1)

    def work(moment: datetime) -> list[str]:
        jobs = [job for job in timetable.due(at=moment) if job.name == "publish_clock"]
        for job in jobs:
            timetable.run(job, at=moment)
        return [job.name for job in jobs]

    first = MONDAY + timedelta(days=4)
    assert work(first) == ["publish_clock"]
    assert "people told us something 10 " in said(client.get("/clock/"))
    answered(12, days=2)
    assert work(first + timedelta(hours=23)) == []
    assert published.current(Kind.CLOCK).everybody.concerns == 10
    assert work(first + timedelta(hours=24)) == ["publish_clock"]
    assert published.current(Kind.CLOCK).everybody.concerns == 22
    entry = last(verb="jobs.run", subject="job:publish_clock")
    kept = published.edition()
    assert entry is not None
    assert kept is not None
    assert (entry.by, entry.detail) == ("software:job publish_clock", {"outcome": kept.number})


def test_without_a_published_city_the_job_does_nothing(by: Actor) -> None:
    assert publish_clock(by=by, at=MONDAY) is None


def test_the_page_says_words_where_it_may_not_say_numbers(client: Client, edition: None, by: Actor) -> None:
    City.objects.create(name="Linnet Bay", timezone="UTC", emergency_number="911", default_language="en")
    publish_clock(by=by, at=MONDAY)
    answer = client.get("/clock/")
    page = said(answer)
    assert answer.status_code == 200
    assert "Fewer than 10 people have told us something so far." in page
    assert "A concern 3 days too few to say" in page
    assert "A complaint about how police behaved 2 days too few to say" in page


def test_the_page_shows_medians_with_their_ranges(
    client: Client, edition: None, by: Actor, answered: Callable[..., None]
) -> None:
    answered(8, days=1)
    answered(4, days=3)
    publish_clock(by=by, at=MONDAY + timedelta(days=4))
    page = said(client.get("/clock/"))
    assert "half were answered within 1 day (1 to 3)" in page
    assert "half were closed within not closed yet" in page
    assert "A concern 15 days not closed yet not closed yet" in page
    assert "over 99" in page
