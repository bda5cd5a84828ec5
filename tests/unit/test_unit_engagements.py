"""What can be done with an engagement, by whom, and what is never done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from hearback.foundation.access.models import Desk
from hearback.foundation.audit.enums import RESIDENT, Actor
from hearback.foundation.audit.models import Entry
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.listen.engagements import actions
from hearback.listen.engagements.actions import Miscounted, NotNow, Occasion, TooManyWaiting
from hearback.listen.engagements.enums import TRANSITIONS, EngagementKind, Ground, State
from hearback.listen.engagements.models import Engagement, HeadCount
from hearback.listen.engagements.queries.board import board, moderation
from hearback.listen.engagements.queries.cards import desk_cards
from hearback.listen.engagements.queries.counted import Counted, counted
from hearback.listen.engagements.queries.desk import is_late, oversight_decided, overview
from hearback.listen.engagements.queries.possible import possible
from hearback.permission import NotAllowed

pytestmark = pytest.mark.django_db
Joins = Callable[..., User]

TITLE, TEXT = (
    "Tea and talk at the harbour",
    "Say what you think of the police. We write it down and come back with answers.",
)
WEEK, EVENING = timedelta(days=7), timedelta(hours=2)


@pytest.fixture
def occasion(at: datetime) -> Occasion:
    """A forum in a week."""
    return Occasion(
        EngagementKind.FORUM,
        TITLE,
        "en",
        at + WEEK,
        at + WEEK + EVENING,
        text=TEXT,
        spoken=("en", "so"),
        place="Hall 2",
    )


@pytest.fixture
def coordinator(join: Joins, liaison_desk: Desk) -> User:
    """The coordinator."""
    return join("cora", Role.COORDINATOR, liaison_desk)


@pytest.fixture
def announced(partner: User, partner_desk: Desk, occasion: Occasion, at: datetime) -> Engagement:
    """The partner's forum, waiting to be read."""
    return actions.announce(partner_desk, occasion, by=partner.actor, at=at)


@pytest.fixture
def held(partner: User, partner_desk: Desk, occasion: Occasion, at: datetime) -> Engagement:
    """A forum of last week that was not announced here."""
    then = replace(occasion, starts_at=at - WEEK, ends_at=at - WEEK + EVENING)
    return actions.record_held(partner_desk, then, by=partner.actor, at=at)


def _publish(engagement: Engagement, by: User, at: datetime) -> Engagement:
    return actions.publish(engagement, seen=engagement.version, by=by.actor, at=at)


def _send_back(engagement: Engagement, by: User, at: datetime, ground: Ground = Ground.UNCLEAR) -> Engagement:
    return actions.send_back(engagement, ground=ground, remark="Say when.", seen=engagement.version, by=by.actor, at=at)


def test_nothing_a_partner_writes_is_public_before_a_second_person_read_it(
    announced: Engagement, coordinator: User, at: datetime
) -> None:
    assert board(at=at) == []
    _publish(announced, coordinator, at)
    (shown,) = board(at=at)
    assert (shown.title, shown.text, shown.desk.name) == (TITLE, TEXT, "Tenants' union")
    assert board(at=at + WEEK + EVENING) == []
    verbs = Entry.objects.filter(verb__startswith="engagements.").order_by("number").values_list("verb", "by")
    assert list(verbs) == [("engagements.announce", "person:pia"), ("engagements.publish", "person:cora")]
    assert TITLE not in str(list(Entry.objects.values_list("detail", "subject")))


def test_nobody_publishes_their_own_words(
    coordinator: User, liaison_desk: Desk, overseer: User, occasion: Occasion, at: datetime
) -> None:
    own = actions.announce(liaison_desk, occasion, by=coordinator.actor, at=at)
    with pytest.raises(NotAllowed):
        _publish(own, coordinator, at)
    assert own not in overview(coordinator, at=at).to_decide
    assert _publish(own, overseer, at).state == State.PUBLISHED


def test_only_coordinators_and_oversight_moderate(
    announced: Engagement, liaison: User, teammate: User, outsider: User, partner: User, resident: Actor, at: datetime
) -> None:
    for actor in (liaison.actor, teammate.actor, outsider.actor, partner.actor, resident):
        with pytest.raises(NotAllowed):
            actions.publish(announced, seen=1, by=actor, at=at)
        with pytest.raises(NotAllowed):
            actions.send_back(announced, ground=Ground.HARM, remark="no", seen=1, by=actor, at=at)
    announced.refresh_from_db()
    assert announced.state == State.WAITING


def test_only_whoever_sits_at_a_desk_announces_and_looks_after_in_its_name(
    announced: Engagement,
    partner_desk: Desk,
    occasion: Occasion,
    liaison: User,
    teammate: User,
    outsider: User,
    overseer: User,
    coordinator: User,
    at: datetime,
) -> None:
    for actor in (*(person.actor for person in (liaison, teammate, outsider, overseer, coordinator)), RESIDENT):
        for act in (
            lambda by: actions.announce(partner_desk, occasion, by=by, at=at),
            lambda by: actions.record_held(partner_desk, occasion, by=by, at=at + 2 * WEEK),
            lambda by: actions.reword(announced, occasion, by=by, at=at),
            lambda by: actions.withdraw(announced, by=by, at=at),
            lambda by: actions.appeal(announced, by=by, at=at),
            lambda by: actions.call_off(announced, by=by, at=at),
            lambda by: actions.count(announced, people=3, groups={}, by=by, at=at + 2 * WEEK),
        ):
            with pytest.raises(NotAllowed):
                act(actor)
    assert Engagement.objects.count() == 1


def test_words_that_were_changed_meanwhile_are_not_published(
    announced: Engagement, partner: User, coordinator: User, occasion: Occasion, at: datetime
) -> None:
    actions.reword(announced, replace(occasion, text="Other words"), by=partner.actor, at=at)
    with pytest.raises(NotNow, match="changed while you read"):
        actions.publish(announced, seen=1, by=coordinator.actor, at=at)
    with pytest.raises(NotNow, match="changed while you read"):
        actions.send_back(announced, ground=Ground.HARM, remark="no", seen=1, by=coordinator.actor, at=at)
    assert actions.publish(announced, seen=2, by=coordinator.actor, at=at).text == "Other words"


def test_what_is_published_is_not_changed_under_its_readers(
    announced: Engagement, partner: User, coordinator: User, occasion: Occasion, at: datetime
) -> None:
    _publish(announced, coordinator, at)
    with pytest.raises(NotNow, match="stands at “Published”"):
        actions.reword(announced, replace(occasion, place="Hall 3"), by=partner.actor, at=at)
    assert board(at=at)[0].place == occasion.place


def test_oversight_alone_takes_off_what_a_partner_has_published(
    announced: Engagement,
    coordinator: User,
    overseer: User,
    liaison: User,
    liaison_desk: Desk,
    occasion: Occasion,
    at: datetime,
) -> None:
    of_police = actions.announce(liaison_desk, occasion, by=liaison.actor, at=at)
    for one in (announced, of_police):
        _publish(one, coordinator, at)
    assert _send_back(of_police, coordinator, at).state == State.RETURNED
    with pytest.raises(NotNow, match="oversight alone"):
        _send_back(announced, coordinator, at)
    assert _send_back(announced, overseer, at).state == State.RETURNED


def test_oversight_has_the_last_word_about_the_same_words(
    announced: Engagement, partner: User, coordinator: User, overseer: User, occasion: Occasion, at: datetime
) -> None:
    _send_back(announced, coordinator, at, Ground.HARM)
    actions.appeal(announced, by=partner.actor, at=at)
    with pytest.raises(NotAllowed):
        _publish(announced, coordinator, at)
    assert overview(coordinator, at=at).to_decide == ()
    assert overview(overseer, at=at).to_decide == (announced,)
    _send_back(announced, overseer, at)
    assert oversight_decided(announced)
    with pytest.raises(NotNow, match="oversight has decided"):
        actions.appeal(announced, by=partner.actor, at=at)
    actions.reword(announced, occasion, by=partner.actor, at=at)
    assert not oversight_decided(announced)
    assert _publish(announced, coordinator, at).state == State.PUBLISHED


def test_everybody_sees_how_often_words_were_sent_back_and_why(
    announced: Engagement, partner: User, coordinator: User, overseer: User, at: datetime
) -> None:
    _send_back(announced, coordinator, at, Ground.HARM)
    actions.appeal(announced, by=partner.actor, at=at)
    _publish(announced, overseer, at)
    found = moderation(at=at)
    assert found.published == 1
    assert dict(found.returned) == {ground: int(ground == Ground.HARM) for ground in Ground}
    assert moderation(at=at + timedelta(days=366)).published == 0


def test_what_is_called_off_says_so_at_once_and_is_not_counted(
    announced: Engagement, partner: User, coordinator: User, at: datetime
) -> None:
    _publish(announced, coordinator, at)
    actions.call_off(announced, by=partner.actor, at=at)
    assert [one.state for one in board(at=at)] == [State.CALLED_OFF]
    with pytest.raises(NotNow, match="not held"):
        actions.count(announced, people=3, groups={}, by=partner.actor, at=at + 2 * WEEK)


def test_what_is_taken_back_loses_its_words(announced: Engagement, partner: User, at: datetime) -> None:
    actions.withdraw(announced, by=partner.actor, at=at)
    stored = Engagement.objects.values().get()
    assert (stored["title"], stored["text"], stored["place"]) == ("", "", "")
    assert overview(partner, at=at).waiting == ()


def test_what_was_recorded_by_mistake_loses_its_count_too(
    held: Engagement, two_more: None, partner: User, at: datetime
) -> None:
    actions.count(held, people=30, groups={"age": {"young": 12}}, by=partner.actor, at=at)
    actions.withdraw(held, by=partner.actor, at=at)
    assert _counted(at) == [Counted(20, {}), Counted(20, {})]
    assert not HeadCount.objects.exists()


@pytest.fixture
def two_more(partner: User, partner_desk: Desk, occasion: Occasion, at: datetime) -> None:
    """Two other forums of last week, counted: the third counted makes a batch."""
    for number in range(2):
        begins = at - WEEK - timedelta(days=number + 1)
        then = replace(occasion, title=f"{number}", starts_at=begins, ends_at=begins + EVENING)
        one = actions.record_held(partner_desk, then, by=partner.actor, at=at)
        actions.count(one, people=20, groups={}, by=partner.actor, at=at)


def _counted(at: datetime, kind: EngagementKind = EngagementKind.FORUM, days: int = 30) -> list[Counted]:
    return counted(kind, since=at - timedelta(days=days), until=at)


def test_a_count_holds_numbers_and_replaces_an_earlier_one(
    held: Engagement, two_more: None, partner: User, at: datetime
) -> None:
    actions.count(held, people=30, groups={"age": {"young": 12, "old": 3}}, by=partner.actor, at=at)
    actions.count(held, people=31, groups={"age": {"young": 14, "old": 0}}, by=partner.actor, at=at)
    assert _counted(at) == [Counted(20, {}), Counted(20, {}), Counted(31, {"age": {"young": 14}})]
    assert _counted(at, EngagementKind.EVENT) == []
    assert _counted(at, days=1) == []


def test_no_occasion_is_compared_alone(
    held: Engagement, two_more: None, partner: User, partner_desk: Desk, occasion: Occasion, at: datetime
) -> None:
    assert _counted(at) == []
    actions.count(held, people=30, groups={}, by=partner.actor, at=at)
    whole = _counted(at)
    assert len(whole) == 3
    fourth = replace(occasion, title="fourth", starts_at=at - EVENING, ends_at=at)
    one = actions.record_held(partner_desk, fourth, by=partner.actor, at=at)
    actions.count(one, people=40, groups={}, by=partner.actor, at=at)
    assert _counted(at) == whole
    actions.count(held, people=31, groups={}, by=partner.actor, at=at + WEEK)
    assert [each.people for each in _counted(at + WEEK)] == [20, 20, 31], "counted anew, it keeps its place"


def test_a_small_meeting_keeps_its_total_alone(held: Engagement, two_more: None, partner: User, at: datetime) -> None:
    with pytest.raises(Miscounted, match="would tell who they are"):
        actions.count(held, people=9, groups={"age": {"young": 1}}, by=partner.actor, at=at)
    assert not HeadCount.objects.exists()
    actions.count(held, people=9, groups={"age": {"young": 0}}, by=partner.actor, at=at)
    assert _counted(at)[-1] == Counted(9, {})


def test_groups_cannot_be_more_than_took_part(held: Engagement, partner: User, at: datetime) -> None:
    with pytest.raises(Miscounted) as refused:
        actions.count(
            held, people=20, groups={"age": {"young": 12}, "language": {"en": 12, "so": 9}}, by=partner.actor, at=at
        )
    assert (refused.value.where, "21" in refused.value.problem) == ("language", True)
    held.refresh_from_db()
    assert held.people is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ends_at": -EVENING}, "ends before it begins"),
        ({"starts_at": -2 * WEEK}, "has begun already"),
    ],
)
def test_moments_that_cannot_be_are_refused(
    change: dict[str, Any], said: str, partner: User, partner_desk: Desk, occasion: Occasion, at: datetime
) -> None:
    moved = replace(occasion, **{name: occasion.starts_at + by for name, by in change.items()})
    with pytest.raises(NotNow, match=said):
        actions.announce(partner_desk, moved, by=partner.actor, at=at)
    assert not Engagement.objects.exists()


def test_nothing_is_counted_before_it_began_or_recorded_before_it_is_over(
    announced: Engagement, partner: User, partner_desk: Desk, coordinator: User, occasion: Occasion, at: datetime
) -> None:
    _publish(announced, coordinator, at)
    with pytest.raises(NotNow, match="has not begun"):
        actions.count(announced, people=3, groups={}, by=partner.actor, at=at)
    with pytest.raises(NotNow, match="not over yet"):
        actions.record_held(partner_desk, occasion, by=partner.actor, at=at)


def test_nobody_calls_off_what_is_over(announced: Engagement, partner: User, coordinator: User, at: datetime) -> None:
    _publish(announced, coordinator, at)
    with pytest.raises(NotNow, match="is over"):
        actions.call_off(announced, by=partner.actor, at=at + 2 * WEEK)


def test_nobody_publishes_what_is_over(announced: Engagement, coordinator: User, at: datetime) -> None:
    with pytest.raises(NotNow, match="is over"):
        _publish(announced, coordinator, at + 2 * WEEK)


def test_a_flood_of_announcements_stops_at_its_desk(
    partner: User, partner_desk: Desk, liaison: User, liaison_desk: Desk, occasion: Occasion, at: datetime
) -> None:
    for number in range(actions.MOST_WAITING):
        actions.announce(partner_desk, replace(occasion, title=f"{number}"), by=partner.actor, at=at)
    with pytest.raises(TooManyWaiting):
        actions.announce(partner_desk, occasion, by=partner.actor, at=at)
    assert actions.announce(liaison_desk, occasion, by=liaison.actor, at=at).state == State.WAITING


def test_a_second_click_makes_one(
    announced: Engagement, held: Engagement, partner: User, partner_desk: Desk, occasion: Occasion, at: datetime
) -> None:
    assert actions.announce(partner_desk, occasion, by=partner.actor, at=at) == announced
    then = replace(occasion, starts_at=at - WEEK, ends_at=at - WEEK + EVENING)
    assert actions.record_held(partner_desk, then, by=partner.actor, at=at) == held
    assert Engagement.objects.count() == 2
    assert actions.announce(partner_desk, replace(occasion, place="Hall 3"), by=partner.actor, at=at) != announced


def test_what_is_over_is_taken_off_no_page(announced: Engagement, overseer: User, at: datetime) -> None:
    _publish(announced, overseer, at)
    with pytest.raises(NotNow, match="on the page no more"):
        _send_back(announced, overseer, at + 2 * WEEK)


@pytest.mark.parametrize("days", [-20, -1, 8])
@pytest.mark.parametrize("state", State)
def test_the_page_offers_just_what_can_be_done(
    state: State, days: int, announced: Engagement, partner: User, coordinator: User, overseer: User, at: datetime
) -> None:
    """`possible` says on the page what actions decide; here it is asked of both."""
    later = {"starts_at": at + timedelta(days=days), "ends_at": at + timedelta(days=days + 2), "state": state}
    Engagement.objects.filter(pk=announced.pk).update(**later)
    announced.refresh_from_db()
    soon = Occasion(EngagementKind.EVENT, "Other", "en", at + WEEK, at + WEEK + EVENING)
    steps: dict[str, Callable[[Actor], Engagement]] = {
        "reword": lambda by: actions.reword(announced, soon, by=by, at=at),
        "withdraw": lambda by: actions.withdraw(announced, by=by, at=at),
        "appeal": lambda by: actions.appeal(announced, by=by, at=at),
        "call_off": lambda by: actions.call_off(announced, by=by, at=at),
        "count": lambda by: actions.count(announced, people=3, groups={}, by=by, at=at),
        "publish": lambda by: actions.publish(announced, seen=1, by=by, at=at),
        "send_back": lambda by: actions.send_back(
            announced, ground=Ground.UNCLEAR, remark="When?", seen=1, by=by, at=at
        ),
    }
    for person in (partner, coordinator, overseer):
        offered = possible(person, announced, at=at)
        assert offered == {name for name, step in steps.items() if _can(step, person.actor, announced)}


def _can(step: Callable[[Actor], Engagement], actor: Actor, engagement: Engagement) -> bool:
    """Whether it is done; then it is undone."""
    try:
        with transaction.atomic():
            step(actor)
            raise _Undone
    except (NotNow, NotAllowed):
        return False
    except _Undone:
        return True
    finally:
        engagement.refresh_from_db()


class _Undone(Exception):
    """Takes back what a test has tried."""


@pytest.mark.parametrize("state", State)
def test_only_the_steps_that_are_written_down_can_be_taken(
    state: State, announced: Engagement, partner: User, overseer: User, occasion: Occasion, at: datetime
) -> None:
    Engagement.objects.filter(pk=announced.pk).update(state=state)
    steps = {
        State.WAITING: lambda: actions.reword(announced, occasion, by=partner.actor, at=at),
        State.PUBLISHED: lambda: actions.publish(announced, seen=1, by=overseer.actor, at=at),
        State.RETURNED: lambda: _send_back(announced, overseer, at),
        State.APPEALED: lambda: actions.appeal(announced, by=partner.actor, at=at),
        State.CALLED_OFF: lambda: actions.call_off(announced, by=partner.actor, at=at),
        State.WITHDRAWN: lambda: actions.withdraw(announced, by=partner.actor, at=at),
    }
    for wanted, step in steps.items():
        announced.refresh_from_db()
        if wanted not in TRANSITIONS[state]:
            with pytest.raises(NotNow, match="stands at"):
                step()
            assert Engagement.objects.get().state == state


def test_what_waits_too_long_comes_to_oversight(
    announced: Engagement, coordinator: User, overseer: User, partner: User, at: datetime
) -> None:
    assert [card.count for card in desk_cards(coordinator, at=at)] == [1]
    assert desk_cards(overseer, at=at) == []
    later = at + timedelta(days=6)
    assert is_late(announced, at=later)
    assert [(card.count, card.urgent) for card in desk_cards(overseer, at=later)] == [(1, True)]
    _send_back(announced, coordinator, later)
    assert [card.title for card in desk_cards(partner, at=later)] == ["Announcements that came back"]
    assert desk_cards(coordinator, at=later) == []


def test_hosts_are_reminded_to_count(held: Engagement, partner: User, outsider: User, at: datetime) -> None:
    assert [card.title for card in desk_cards(partner, at=at)] == ["Not counted yet"]
    assert desk_cards(outsider, at=at) == []
    actions.count(held, people=4, groups={}, by=partner.actor, at=at)
    assert desk_cards(partner, at=at) == []
    assert overview(partner, at=at).over == (held,)
