"""The timetable: late concerns go up, old ones go away, holds stop that, and the clock counts everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from concerns import Sent, hands
from hearback.foundation.access.models import Desk
from hearback.foundation.audit.enums import RESIDENT, Actor
from hearback.foundation.audit.queries import last
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.importers.promises import USUAL
from hearback.listen.concerns import queries
from hearback.listen.concerns.actions import desk as at_desk
from hearback.listen.concerns.actions import resident, upkeep
from hearback.listen.concerns.actions._writing import NotNow
from hearback.listen.concerns.enums import ConcernKind, Helped, State
from hearback.listen.concerns.models import Concern, Message
from hearback.listen.concerns.queries.clock import by_language, everybody, first_answers, resolutions
from hearback.listen.concerns.queries.desk import late
from hearback.permission import NotAllowed
from standing_roles import give_key

pytestmark = pytest.mark.django_db
Sends = Callable[..., Sent]


def test_a_late_concern_goes_to_the_coordinator_and_then_to_oversight(
    sent: Sends,
    liaison: User,
    overseer: User,
    liaison_desk: Desk,
    join: Callable[..., User],
    by: Actor,
    at: datetime,
) -> None:
    """Received Wednesday 4 March, due Monday 9 March."""
    coordinator = join("cora", Role.COORDINATOR)
    one = sent(liaison_desk)

    def levels(day: int) -> tuple[int, int, int]:
        moment = at.replace(day=day)
        moved = upkeep.escalate(by=by, at=moment)
        seen = [len(late(person, today=moment.date())) for person in (coordinator, overseer)]
        return moved, seen[0], seen[1]

    assert levels(9) == (0, 0, 0)
    assert levels(10) == (1, 1, 0)
    assert levels(12) == (0, 1, 0)
    assert levels(13) == (1, 1, 1)
    assert levels(20) == (0, 1, 1)
    assert one.concern.escalated == 2
    at_desk.answer(one.concern, "Sorry.", **hands(liaison), at=at.replace(day=20))
    assert levels(21) == (0, 0, 0)


def test_what_is_late_where_no_coordinator_sees_it_comes_to_oversight_at_once(
    sent: Sends, overseer: User, partner_desk: Desk, join: Callable[..., User], by: Actor, at: datetime
) -> None:
    join("pia", Role.PARTNER, partner_desk)
    one = sent(partner_desk).concern
    assert upkeep.escalate(by=by, at=at.replace(day=9)) == 0
    assert upkeep.escalate(by=by, at=at.replace(day=10)) == 1
    assert [found.reference for found in late(overseer, today=at.replace(day=10).date())] == [one.reference]
    assert upkeep.escalate(by=by, at=at.replace(day=20)) == 0


def test_what_was_answered_and_never_closed_is_late_too_and_goes_the_same_way(
    sent: Sends,
    liaison: User,
    overseer: User,
    liaison_desk: Desk,
    join: Callable[..., User],
    by: Actor,
    at: datetime,
) -> None:
    """A concern of Wednesday 4 March was to be closed by Wednesday 25 March."""
    coordinator = join("cora", Role.COORDINATOR)
    one = sent(liaison_desk).concern
    upkeep.escalate(by=by, at=at.replace(day=20))
    at_desk.answer(one, "I ask the city.", **hands(liaison), at=at.replace(day=20))

    def levels(day: int) -> tuple[int, int, int]:
        moment = at.replace(day=day)
        moved = upkeep.escalate(by=by, at=moment)
        seen = [len(late(person, today=moment.date())) for person in (coordinator, overseer)]
        return moved, seen[0], seen[1]

    assert levels(25) == (0, 0, 0)
    assert levels(26) == (1, 1, 0)
    assert levels(31) == (1, 1, 1)
    (told,) = late(coordinator, today=at.replace(day=31).date())
    assert (told.answered, told.due, told.working_days) == (True, date(2026, 3, 25), 4)
    at_desk.close(one, by=liaison.actor, at=at.replace(day=31))
    assert levels(31) == (0, 0, 0)


def test_what_is_opened_again_after_its_end_has_a_new_day_for_it(
    sent: Sends, liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    one, later = sent(liaison_desk), at + timedelta(days=100)
    at_desk.answer(one.concern, "Friday.", **hands(liaison), at=at)
    resident.reopen(one.concern, keys=one.keys, by=RESIDENT, at=at)
    assert one.concern.resolution_due == date(2026, 3, 25)
    at_desk.answer(one.concern, "On Friday.", **hands(liaison), at=at)
    at_desk.close(one.concern, by=liaison.actor, at=at)
    resident.reopen(one.concern, keys=one.keys, by=RESIDENT, at=later)
    assert one.concern.resolution_due > later.date()


def test_a_weekend_makes_nothing_late(sent: Sends, liaison: User, liaison_desk: Desk, by: Actor, at: datetime) -> None:
    """A question of Wednesday 4 March is due on Friday; Saturday and Sunday are not counted."""
    sent(liaison_desk, kind=ConcernKind.QUESTION)
    assert upkeep.escalate(by=by, at=at.replace(day=8)) == 0
    assert upkeep.escalate(by=by, at=at.replace(day=9)) == 1


def test_what_is_late_tells_no_more_than_where_and_since_when(
    sent: Sends,
    liaison: User,
    overseer: User,
    oversight_desk: Desk,
    partner_desk: Desk,
    liaison_desk: Desk,
    join: Callable[..., User],
    at: datetime,
) -> None:
    join("pia", Role.PARTNER, partner_desk)
    coordinator = join("cora", Role.COORDINATOR)
    independent = [sent(partner_desk), sent(oversight_desk)]
    sent(liaison_desk)
    day = (at + timedelta(days=30)).date()
    assert [one.desk for one in late(coordinator, today=day)] == ["Liaison team"]
    assert set(vars(late(coordinator, today=day)[0])) == {"reference", "desk", "due", "working_days", "answered"}
    for person in (liaison, join("ada", Role.ADMINISTRATOR), join("pat", Role.PARTNER)):
        assert late(person, today=day) == []
    references = {one.concern.reference for one in independent}
    assert not references & {one.reference for one in late(coordinator, today=day)}


def test_what_was_kept_long_enough_is_erased(
    sent: Sends, liaison: User, liaison_desk: Desk, by: Actor, at: datetime
) -> None:
    one = sent(liaison_desk, kind=ConcernKind.THANKS)
    answered = at + timedelta(days=100)
    at_desk.answer(one.concern, "Thank you too.", **hands(liaison), at=answered)
    kept = timedelta(days=USUAL[ConcernKind.THANKS].keep_days)
    assert upkeep.erase_expired(by=by, at=answered + kept) == 0
    assert upkeep.erase_expired(by=by, at=answered + kept + timedelta(days=1)) == 1
    assert one.concern.state == State.WITHDRAWN
    assert not Message.objects.exists()
    assert upkeep.erase_expired(by=by, at=answered + 2 * kept) == 0


def test_what_nobody_answered_is_not_erased(
    sent: Sends, liaison: User, liaison_desk: Desk, by: Actor, at: datetime
) -> None:
    sent(liaison_desk)
    assert upkeep.erase_expired(by=by, at=at + timedelta(days=5000)) == 0


def test_a_held_concern_outlives_its_time(
    sent: Sends, liaison: User, overseer: User, liaison_desk: Desk, by: Actor, at: datetime
) -> None:
    one = sent(liaison_desk)
    at_desk.answer(one.concern, "x", **hands(liaison), at=at)
    upkeep.hold(one.concern, reason="Order 12/2026", by=overseer.actor, at=at)
    much_later = at + timedelta(days=5000)
    assert upkeep.erase_expired(by=by, at=much_later) == 0
    upkeep.release_hold(one.concern, reason="It is over.", by=overseer.actor, at=much_later)
    assert upkeep.erase_expired(by=by, at=much_later) == 1


def test_only_oversight_holds_and_says_why(
    sent: Sends, liaison: User, overseer: User, outsider: User, teammate: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    for actor in (liaison.actor, teammate.actor, outsider.actor, RESIDENT):
        with pytest.raises(NotAllowed):
            upkeep.hold(one.concern, reason="Order", by=actor, at=at)
        with pytest.raises(NotAllowed):
            upkeep.release_hold(one.concern, reason="It is over.", by=actor, at=at)
    with pytest.raises(NotNow):
        upkeep.hold(one.concern, reason=" ", by=overseer.actor, at=at)
    upkeep.hold(one.concern, reason="Order 12/2026", by=overseer.actor, at=at)
    entry = last()
    assert entry is not None
    assert entry.detail == {"reason": "Order 12/2026"}


def test_what_is_erased_cannot_be_held(
    sent: Sends, liaison: User, overseer: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    resident.withdraw(one.concern, keys=one.keys, by=RESIDENT, at=at)
    with pytest.raises(NotNow):
        upkeep.hold(one.concern, reason="Order", by=overseer.actor, at=at)


def test_the_clock_counts_those_who_still_wait(sent: Sends, liaison: User, liaison_desk: Desk, at: datetime) -> None:
    answered, waiting = sent(liaison_desk), sent(liaison_desk, "hola", language="es")
    at_desk.answer(answered.concern, "x", **hands(liaison), at=at + timedelta(days=1))
    resident.judge(answered.concern, Helped.YES, keys=answered.keys, by=RESIDENT, at=at)
    english, spanish = first_answers(by=by_language, at=at + timedelta(days=7))
    assert (english.group, english.times.n, english.times.answered, english.times.median.time) == ("en", 1, 1, 1)
    assert (english.helped, english.judged) == (1, 1)
    assert (spanish.group, spanish.times.n, spanish.times.answered) == ("es", 1, 0)
    assert spanish.times.median.time == float("inf")
    (everyone,) = resolutions(by=everybody, at=at + timedelta(days=7))
    assert (everyone.times.n, everyone.times.answered) == (2, 0)
    at_desk.close(answered.concern, by=liaison.actor, at=at + timedelta(days=2))
    (everyone,) = resolutions(by=everybody, at=at + timedelta(days=7))
    assert everyone.times.answered == 1
    assert waiting.concern.state == State.RECEIVED


def test_a_withdrawn_concern_neither_counts_as_answered_nor_waits_for_ever(
    sent: Sends, liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    resident.withdraw(one.concern, keys=one.keys, by=RESIDENT, at=at + timedelta(days=1))
    (everyone,) = first_answers(by=everybody, at=at + timedelta(days=100))
    assert (everyone.times.n, everyone.times.answered) == (1, 0)
    (resolved,) = resolutions(by=everybody, at=at + timedelta(days=100))
    assert resolved.times.answered == 0


def test_status_notices_concerns_that_nobody_can_read(
    sent: Sends, liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    sent(liaison_desk)
    assert queries.ailments() == []
    give_key(liaison, at=at, replacing=True)
    assert queries.ailments() == [
        "Concerns that nobody at Liaison team can read any more: 1. Their residents can still open them."
    ]


def test_status_counts(sent: Sends, liaison: User, liaison_desk: Desk, at: datetime) -> None:
    sent(liaison_desk)
    one = sent(liaison_desk, "b")
    at_desk.answer(one.concern, "x", **hands(liaison), at=at)
    assert queries.holdings() == {"concerns": Concern.objects.count(), "concerns_waiting": 1}
