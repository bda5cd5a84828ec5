"""What the people of a desk do with a concern, and who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from concerns import WORDS, Sent, hands, private_key
from hearback.foundation.access import actions as access
from hearback.foundation.access.models import Desk
from hearback.foundation.audit.enums import RESIDENT, Actor
from hearback.foundation.audit.models import Entry
from hearback.foundation.audit.queries import last, verify
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.listen.concerns import permissions
from hearback.listen.concerns.actions import desk as at_desk
from hearback.listen.concerns.actions import resident
from hearback.listen.concerns.actions._writing import NotNow
from hearback.listen.concerns.enums import Safety, State
from hearback.listen.concerns.models import Note, SealedKey
from hearback.listen.concerns.queries import threads
from hearback.listen.concerns.queries.desk import Filter, concern_for, inbox, sharable_with
from hearback.permission import NotAllowed
from standing_roles import give_key

pytestmark = pytest.mark.django_db
Sends = Callable[..., Sent]


def _said(one: Sent) -> list[str]:
    return [line.text for line in threads.words_for_resident(one.concern, one.keys)]


def test_taking_a_concern_shows_that_somebody_looks_at_it(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    at_desk.assign(one.concern, teammate, by=liaison.actor, at=at)
    assert (one.concern.state, one.concern.assignee) == (State.BEING_READ, teammate)
    at_desk.assign(one.concern, None, by=liaison.actor, at=at)
    assert (one.concern.state, one.concern.assignee) == (State.BEING_READ, None)


def test_nobody_is_given_what_they_cannot_read(
    sent: Sends, liaison: User, outsider: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    with pytest.raises(NotNow):
        at_desk.assign(one.concern, outsider, by=liaison.actor, at=at)


def test_an_answer_reaches_its_resident_and_stops_the_clock_once(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    at_desk.answer(one.concern, "We went there.", **hands(liaison), at=at)
    at_desk.answer(one.concern, "It is repaired.", **hands(teammate), at=at + timedelta(days=1))
    assert _said(one) == [WORDS, "We went there.", "It is repaired."]
    assert (one.concern.state, one.concern.first_answer_at) == (State.ANSWERED, at)


def test_a_second_click_on_answer_adds_nothing(sent: Sends, liaison: User, liaison_desk: Desk, at: datetime) -> None:
    one = sent(liaison_desk)
    for _ in range(2):
        at_desk.answer(one.concern, "We went there.", **hands(liaison), at=at)
    assert _said(one) == [WORDS, "We went there."]
    assert Entry.objects.filter(verb="concerns.answer").count() == 1


def test_a_note_stays_at_the_desk(sent: Sends, liaison: User, teammate: User, liaison_desk: Desk, at: datetime) -> None:
    one = sent(liaison_desk)
    at_desk.note(one.concern, "Ask the lighting office.", **hands(liaison), at=at)
    assert threads.notes_for_reader(one.concern, teammate, private_key(teammate)) == (
        ("lia", at, "Ask the lighting office."),
    )
    assert _said(one) == [WORDS]
    assert not SealedKey.objects.filter(reader=None, purpose="notes").exists()


def test_opening_a_contact_is_on_record(sent: Sends, liaison: User, liaison_desk: Desk, at: datetime) -> None:
    one = sent(liaison_desk, contact="555-0100")
    assert at_desk.open_contact(one.concern, **hands(liaison), at=at) == "555-0100"
    entry = last()
    assert entry is not None
    assert (entry.verb, entry.by) == ("concerns.open_contact", "person:lia")
    assert "555" not in str(entry.detail)


@pytest.mark.parametrize("safety", [Safety.VIOLENCE, Safety.MINOR])
def test_nobody_calls_back_after_violence_or_a_minor(
    sent: Sends, liaison: User, liaison_desk: Desk, at: datetime, safety: Safety
) -> None:
    one = sent(liaison_desk, contact="555-0100", safety=safety)
    with pytest.raises(NotNow, match="never be called back"):
        at_desk.open_contact(one.concern, **hands(liaison), at=at)


def test_only_what_was_answered_is_closed(sent: Sends, liaison: User, liaison_desk: Desk, at: datetime) -> None:
    one = sent(liaison_desk)
    with pytest.raises(NotNow):
        at_desk.close(one.concern, by=liaison.actor, at=at)
    at_desk.answer(one.concern, "Done.", **hands(liaison), at=at)
    later = at + timedelta(days=3)
    at_desk.close(one.concern, by=liaison.actor, at=later)
    assert (one.concern.state, one.concern.closed_at) == (State.CLOSED, later)
    assert one.concern.erase_after == later.date() + timedelta(days=730)


def test_residents_of_duplicates_hear_the_first_answer_and_not_what_follows(
    sent: Sends, liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    one, other = sent(liaison_desk), sent(liaison_desk, "The lamp at the corner is out.")
    at_desk.merge(other.concern, one.concern, by=liaison.actor, at=at)
    at_desk.answer(one.concern, "We went there.", **hands(liaison), at=at)
    resident.reply(one.concern, "My name is Ana.", keys=one.keys, by=RESIDENT, at=at)
    at_desk.answer(one.concern, "Thank you, Ana.", **hands(liaison), at=at)
    assert _said(other) == ["The lamp at the corner is out.", "We went there."]
    assert other.concern.state == State.ANSWERED
    assert "Ana" in _said(one)[-1]


def test_a_withdrawn_or_unreadable_duplicate_stops_no_answer(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk, at: datetime
) -> None:
    one, gone, about_tom = sent(liaison_desk), sent(liaison_desk, "the lamp"), sent(liaison_desk, "tom broke the lamp")
    for duplicate in (gone, about_tom):
        at_desk.merge(duplicate.concern, one.concern, by=liaison.actor, at=at)
    resident.withdraw(gone.concern, keys=gone.keys, by=RESIDENT, at=at)
    at_desk.answer(one.concern, "We went there.", **hands(teammate), at=at)
    assert about_tom.concern.state == State.RECEIVED
    assert about_tom.concern in inbox(liaison, Filter(), today=at.date())


def test_a_duplicate_whose_original_is_withdrawn_stands_alone(
    sent: Sends, liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    one, other = sent(liaison_desk), sent(liaison_desk, "the lamp")
    at_desk.merge(other.concern, one.concern, by=liaison.actor, at=at)
    resident.withdraw(one.concern, keys=one.keys, by=RESIDENT, at=at)
    assert other.concern.merged_into is None


def test_merging_makes_no_chains_and_crosses_no_desks(
    sent: Sends,
    liaison: User,
    join: Callable[..., User],
    liaison_desk: Desk,
    by: Actor,
    at: datetime,
) -> None:
    from hearback.foundation.access.enums import DeskKind

    elsewhere = access.open_desk(key="east", kind=DeskKind.LIAISON, name="East", by=by, at=at)
    access.give_seat(elsewhere, person=liaison, by=by, at=at)
    one, two, three, far = sent(liaison_desk), sent(liaison_desk, "b"), sent(liaison_desk, "c"), sent(elsewhere, "d")
    at_desk.merge(one.concern, two.concern, by=liaison.actor, at=at)
    at_desk.merge(two.concern, three.concern, by=liaison.actor, at=at)
    assert one.concern.merged_into == two.concern.merged_into == three.concern
    for wrong in (three, one, far):
        with pytest.raises(NotNow):
            at_desk.merge(three.concern, wrong.concern, by=liaison.actor, at=at)


def test_a_handover_is_proposed_only_to_a_desk_where_somebody_reads(
    sent: Sends, liaison: User, liaison_desk: Desk, oversight_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    for desk in (liaison_desk, oversight_desk):
        with pytest.raises(NotNow):
            at_desk.propose_handover(one.concern, desk, by=liaison.actor, at=at)


def test_a_concern_is_never_shared_with_somebody_it_names(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk, "tom shouted at me")
    with pytest.raises(NotNow, match="names this person"):
        at_desk.share(one.concern, teammate, **hands(liaison), at=at)


def test_a_concern_is_shared_only_within_the_desk(
    sent: Sends, liaison: User, outsider: User, overseer: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    for stranger in (outsider, overseer):
        with pytest.raises(NotAllowed):
            at_desk.share(one.concern, stranger, **hands(liaison), at=at)


def test_whoever_made_a_new_key_reads_again_once_a_colleague_shares(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk, by: Actor, at: datetime
) -> None:
    one = sent(liaison_desk)
    give_key(teammate, at=at, replacing=True)
    access.give_seat(liaison_desk, person=teammate, by=by, at=at)
    assert inbox(teammate, Filter(), today=at.date()) == []
    assert sharable_with(liaison, teammate) == [one.concern]
    at_desk.share(one.concern, teammate, **hands(liaison), at=at)
    assert threads.words_for_reader(one.concern, teammate, private_key(teammate))[0].text == WORDS


def test_whoever_left_the_desk_finds_nothing_any_more(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk, by: Actor, at: datetime
) -> None:
    one = sent(liaison_desk)
    access.leave_seat(liaison_desk, person=teammate, by=by, at=at)
    assert inbox(teammate, Filter(), today=at.date()) == []
    assert concern_for(teammate, one.concern.reference) is None
    with pytest.raises(NotAllowed):
        at_desk.answer(one.concern, "x", **hands(teammate), at=at)


@pytest.fixture
def steps(at: datetime) -> dict[str, Callable[[Sent, User], object]]:
    """Everything that can be done at a desk, by name."""
    return {
        "assign": lambda one, who: at_desk.assign(one.concern, None, by=who.actor, at=at),
        "answer": lambda one, who: at_desk.answer(one.concern, "x", **hands(who), at=at),
        "note": lambda one, who: at_desk.note(one.concern, "x", **hands(who), at=at),
        "open_contact": lambda one, who: at_desk.open_contact(one.concern, **hands(who), at=at),
        "close": lambda one, who: at_desk.close(one.concern, by=who.actor, at=at),
        "merge": lambda one, who: at_desk.merge(one.concern, one.concern, by=who.actor, at=at),
        "propose": lambda one, who: at_desk.propose_handover(one.concern, one.concern.desk, by=who.actor, at=at),
        "share": lambda one, who: at_desk.share(one.concern, who, **hands(who), at=at),
    }


@pytest.mark.parametrize("step", ["assign", "answer", "note", "open_contact", "close", "merge", "propose", "share"])
def test_the_standing_roles_at_a_liaison_desk(
    sent: Sends,
    liaison: User,
    teammate: User,
    outsider: User,
    overseer: User,
    liaison_desk: Desk,
    steps: dict[str, Callable[[Sent, User], object]],
    step: str,
    at: datetime,
) -> None:
    """The liaison and her teammate may; a colleague without a seat, a resident and oversight may not."""
    one = sent(liaison_desk, contact="555")
    for stranger in (outsider, overseer):
        with pytest.raises(NotAllowed):
            steps[step](one, stranger)
    with pytest.raises(NotAllowed):
        at_desk.close(one.concern, by=RESIDENT, at=at)
    for reader in (liaison, teammate):
        try:
            steps[step](one, reader)
        except NotNow:
            continue
    assert one.concern.state != State.CLOSED or step == "close"


@pytest.mark.parametrize("kind", ["partner", "oversight"])
def test_no_police_side_role_reads_or_works_at_an_independent_desk(
    sent: Sends,
    liaison: User,
    overseer: User,
    oversight_desk: Desk,
    partner_desk: Desk,
    join: Callable[..., User],
    steps: dict[str, Callable[[Sent, User], object]],
    kind: str,
    at: datetime,
) -> None:
    join("pia", Role.PARTNER, partner_desk)
    one = sent({"partner": partner_desk, "oversight": oversight_desk}[kind], contact="555")
    for person in (liaison, join("cora", Role.COORDINATOR)):
        assert inbox(person, Filter(), today=at.date()) == []
        assert concern_for(person, one.concern.reference) is None
        assert not permissions.may_read(person.actor, one.concern)
        for step in steps.values():
            with pytest.raises(NotAllowed):
                step(one, person)
    for role in (Role.ADMINISTRATOR, Role.ANALYST):
        person = join(f"some-{role}", role)
        assert not permissions.may_read(person.actor, one.concern)


def test_the_inbox_filters(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk, district: object, at: datetime
) -> None:
    plain, spanish = sent(liaison_desk), sent(liaison_desk, "hola", language="es", area=district)
    at_desk.assign(plain.concern, teammate, by=liaison.actor, at=at)
    today = at.date()

    def found(wanted: Filter, person: User = liaison, day: int = 0) -> list[object]:
        return list(inbox(person, wanted, today=today + timedelta(days=day)))

    assert found(Filter()) == [plain.concern, spanish.concern]
    assert found(Filter(language="es")) == found(Filter(area="harbour")) == [spanish.concern]
    assert found(Filter(state=State.BEING_READ)) == found(Filter(mine=True), teammate) == [plain.concern]
    assert found(Filter(kind="idea")) == []
    assert found(Filter(late=True)) == []
    assert found(Filter(late=True), day=30) == [plain.concern, spanish.concern]
    resident.withdraw(plain.concern, keys=plain.keys, by=RESIDENT, at=at)
    assert found(Filter()) == [spanish.concern]


def test_every_step_leaves_a_chain_that_holds(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    before = verify().entries
    at_desk.assign(one.concern, liaison, by=liaison.actor, at=at)
    at_desk.note(one.concern, "x", **hands(liaison), at=at)
    at_desk.answer(one.concern, "y", **hands(liaison), at=at)
    at_desk.close(one.concern, by=liaison.actor, at=at)
    assert verify().entries == before + 4
    assert verify().holds
    assert Note.objects.count() == 1
