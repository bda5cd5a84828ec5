"""What a resident does with a receipt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from concerns import WORDS, Sent, hands, private_key
from hearback.foundation.access.models import Desk
from hearback.foundation.audit.enums import RESIDENT
from hearback.foundation.audit.queries import last, verify
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.listen.concerns.actions import desk as at_desk
from hearback.listen.concerns.actions import resident, upkeep
from hearback.listen.concerns.actions._writing import NobodyMayRead, NotNow
from hearback.listen.concerns.enums import TRANSITIONS, Helped, Safety, State
from hearback.listen.concerns.models import Attachment, Concern, Contact, Message, Note, SealedKey
from hearback.listen.concerns.queries import threads
from hearback.listen.concerns.queries.uploads import Upload

pytestmark = pytest.mark.django_db
Sends = Callable[..., Sent]
Purpose = SealedKey.Purpose


def _answered(one: Sent, person: User, at: datetime, text: str = "The lamp is ordered.") -> Concern:
    return at_desk.answer(one.concern, text, **hands(person), at=at)


def test_every_state_can_be_left_for_withdrawn_and_withdrawn_for_nothing() -> None:
    assert set(TRANSITIONS) == set(State)
    assert all(State.WITHDRAWN in after for state, after in TRANSITIONS.items() if state != State.WITHDRAWN)
    assert TRANSITIONS[State.WITHDRAWN] == frozenset()


def test_a_reply_brings_an_answered_concern_back_and_starts_the_clock_again(
    sent: Sends, liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    _answered(one, liaison, at)
    later = at + timedelta(days=7)
    resident.reply(one.concern, "Still dark.", keys=one.keys, by=RESIDENT, at=later)
    assert one.concern.state == State.BEING_READ
    assert one.concern.answer_due == date(2026, 3, 16)
    assert one.concern.waiting_since == later
    assert [line.text for line in threads.words_for_reader(one.concern, liaison, private_key(liaison))] == [
        WORDS,
        "The lamp is ordered.",
        "Still dark.",
    ]


def test_a_reply_before_the_answer_does_not_move_the_clock(
    sent: Sends, liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    due = one.concern.answer_due
    resident.reply(one.concern, "And it rains.", keys=one.keys, by=RESIDENT, at=at + timedelta(days=1))
    assert (one.concern.answer_due, one.concern.waiting_since, one.concern.state) == (due, at, State.RECEIVED)


def test_a_second_click_on_reply_adds_nothing(sent: Sends, liaison: User, liaison_desk: Desk, at: datetime) -> None:
    one = sent(liaison_desk)
    resident.reply(one.concern, "And it rains.", keys=one.keys, by=RESIDENT, at=at)
    before = verify().entries
    resident.reply(one.concern, "And it rains.", keys=one.keys, by=RESIDENT, at=at)
    assert one.concern.messages.count() == 2
    assert verify().entries == before


def test_another_receipt_does_nothing(sent: Sends, liaison: User, liaison_desk: Desk, at: datetime) -> None:
    one, other = sent(liaison_desk), sent(liaison_desk, "other")
    steps: list[Callable[[], object]] = [
        lambda: resident.reply(one.concern, "x", keys=other.keys, by=RESIDENT, at=at),
        lambda: resident.judge(one.concern, Helped.YES, keys=other.keys, by=RESIDENT, at=at),
        lambda: resident.reopen(one.concern, keys=other.keys, by=RESIDENT, at=at),
        lambda: resident.agree_to_handover(one.concern, desk=liaison_desk, keys=other.keys, by=RESIDENT, at=at),
        lambda: resident.refuse_handover(one.concern, keys=other.keys, by=RESIDENT, at=at),
        lambda: resident.withdraw(one.concern, keys=other.keys, by=RESIDENT, at=at),
    ]
    before = Concern.objects.values().get(pk=one.concern.pk)
    for step in steps:
        with pytest.raises(threads.NotYourReceipt):
            step()
    assert Concern.objects.values().get(pk=one.concern.pk) == before


def test_a_reply_that_names_a_reader_shuts_them_out_for_good(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk, uploads=[Upload("image/png", b"photo")], pin=(1.0, 2.0))
    at_desk.assign(one.concern, teammate, by=liaison.actor, at=at)
    old = threads.key_for(one.concern, teammate, private_key(teammate), purpose=Purpose.WORDS)
    resident.reply(one.concern, "It was tom who laughed.", keys=one.keys, by=RESIDENT, at=at)
    assert one.concern.assignee is None
    assert not SealedKey.objects.filter(concern=one.concern, reader=teammate).exists()
    lines = threads.words_for_reader(one.concern, liaison, private_key(liaison))
    assert [line.text for line in lines] == [WORDS, "It was tom who laughed."]
    new = threads.resident_words_key(one.concern, one.keys)
    assert threads.pin_for(one.concern, new) == (1.0, 2.0)
    assert threads.attachment_for(Attachment.objects.get(), new) == b"photo"
    with pytest.raises(Exception, match="does not open"):
        threads._lines(one.concern, old)


def test_a_reply_that_names_every_reader_is_refused(
    sent: Sends, liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    with pytest.raises(NobodyMayRead):
        resident.reply(one.concern, "It was lia.", keys=one.keys, by=RESIDENT, at=at)
    assert one.concern.messages.count() == 1


def test_judging_needs_an_answer(sent: Sends, liaison: User, liaison_desk: Desk, at: datetime) -> None:
    one = sent(liaison_desk)
    with pytest.raises(NotNow):
        resident.judge(one.concern, Helped.NO, keys=one.keys, by=RESIDENT, at=at)
    _answered(one, liaison, at)
    resident.judge(one.concern, Helped.PARTLY, keys=one.keys, by=RESIDENT, at=at)
    assert (one.concern.helped, one.concern.helped_at) == (Helped.PARTLY, at)


def test_an_answered_or_closed_concern_is_reopened_once(
    sent: Sends, liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    _answered(one, liaison, at)
    at_desk.close(one.concern, by=liaison.actor, at=at)
    for _ in range(2):
        resident.reopen(one.concern, keys=one.keys, by=RESIDENT, at=at)
    assert (one.concern.state, one.concern.closed_at) == (State.BEING_READ, None)
    entry = last()
    assert entry is not None
    assert entry.verb == "concerns.reopen"
    assert verify().holds


def _proposed(one: Sent, person: User, desk: Desk, at: datetime) -> None:
    at_desk.propose_handover(one.concern, desk, by=person.actor, at=at)


def test_nothing_is_handed_over_before_the_resident_agrees(
    sent: Sends, liaison: User, overseer: User, liaison_desk: Desk, oversight_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    _proposed(one, liaison, oversight_desk, at)
    assert not SealedKey.objects.filter(reader=overseer).exists()
    resident.refuse_handover(one.concern, keys=one.keys, by=RESIDENT, at=at)
    assert (one.concern.desk, one.concern.handover_to) == (liaison_desk, None)
    with pytest.raises(NotNow):
        resident.agree_to_handover(one.concern, desk=oversight_desk, keys=one.keys, by=RESIDENT, at=at)


def test_a_handover_gives_it_to_the_new_desk_and_takes_it_from_the_former(
    sent: Sends, liaison: User, overseer: User, liaison_desk: Desk, oversight_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk, contact="555-0100")
    at_desk.note(one.concern, "our own note", **hands(liaison), at=at)
    old = threads.key_for(one.concern, liaison, private_key(liaison), purpose=Purpose.WORDS)
    _answered(one, liaison, at)
    _proposed(one, liaison, oversight_desk, at)
    resident.agree_to_handover(one.concern, desk=oversight_desk, keys=one.keys, by=RESIDENT, at=at)
    assert (one.concern.desk, one.concern.state, one.concern.assignee) == (oversight_desk, State.BEING_READ, None)
    assert threads.words_for_reader(one.concern, overseer, private_key(overseer))[0].text == WORDS
    with pytest.raises(threads.NotSealedToYou):
        threads.words_for_reader(one.concern, liaison, private_key(liaison))
    with pytest.raises(Exception, match="does not open"):
        threads._lines(one.concern, old)
    with pytest.raises(threads.NotSealedToYou):
        at_desk.open_contact(one.concern, **hands(overseer), at=at)


def test_the_new_desk_has_notes_of_its_own(
    sent: Sends, liaison: User, overseer: User, liaison_desk: Desk, oversight_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    at_desk.note(one.concern, "our own note", **hands(liaison), at=at)
    _proposed(one, liaison, oversight_desk, at)
    resident.agree_to_handover(one.concern, desk=oversight_desk, keys=one.keys, by=RESIDENT, at=at)
    at_desk.note(one.concern, "oversight's note", **hands(overseer), at=at)
    notes = threads.notes_for_reader(one.concern, overseer, private_key(overseer))
    assert notes == (("ova", at, "oversight's note"),)


def test_how_to_be_reached_goes_along_only_if_the_resident_says_so(
    sent: Sends, liaison: User, overseer: User, liaison_desk: Desk, oversight_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk, contact="555-0100")
    _proposed(one, liaison, oversight_desk, at)
    resident.agree_to_handover(one.concern, desk=oversight_desk, keys=one.keys, with_contact=True, by=RESIDENT, at=at)
    assert at_desk.open_contact(one.concern, **hands(overseer), at=at) == "555-0100"


def test_nobody_agrees_to_another_desk_than_was_shown(
    sent: Sends,
    liaison: User,
    overseer: User,
    liaison_desk: Desk,
    oversight_desk: Desk,
    partner_desk: Desk,
    join: Callable[..., User],
    at: datetime,
) -> None:
    join("pia", Role.PARTNER, partner_desk)
    one = sent(liaison_desk)
    _proposed(one, liaison, oversight_desk, at)
    _proposed(one, liaison, partner_desk, at)
    with pytest.raises(NotNow):
        resident.agree_to_handover(one.concern, desk=oversight_desk, keys=one.keys, by=RESIDENT, at=at)
    assert one.concern.desk == liaison_desk


def test_a_handover_never_reaches_whoever_is_named(
    sent: Sends, liaison: User, overseer: User, liaison_desk: Desk, oversight_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk, "The person called ova laughed.")
    _proposed(one, liaison, oversight_desk, at)
    with pytest.raises(NobodyMayRead):
        resident.agree_to_handover(one.concern, desk=oversight_desk, keys=one.keys, by=RESIDENT, at=at)
    assert one.concern.desk == liaison_desk


def test_withdrawing_erases_every_word_key_and_place(
    sent: Sends, liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(
        liaison_desk, contact="555", pin=(1.0, 2.0), safety=Safety.VIOLENCE, uploads=[Upload("image/png", b"photo")]
    )
    at_desk.note(one.concern, "note", **hands(liaison), at=at)
    at_desk.assign(one.concern, liaison, by=liaison.actor, at=at)
    resident.withdraw(one.concern, keys=one.keys, by=RESIDENT, at=at)
    for model in (Message, Attachment, Contact, Note, SealedKey):
        assert not model.objects.exists()
    left = Concern.objects.values().get()
    kept = {name for name, value in left.items() if value not in (None, "", b"", False, 0)}
    assert kept == {
        "id", "reference", "lookup", "kind", "language", "desk_id", "source", "state", "received_at", "answer_due",
        "resolution_due", "waiting_since", "withdrawn_at", "erase_after",
    }  # fmt: skip
    assert threads.by_lookup(one.keys) == one.concern
    assert verify().holds


def test_nothing_can_be_done_with_what_was_withdrawn(
    sent: Sends, liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    stale = one.concern
    resident.withdraw(one.concern, keys=one.keys, by=RESIDENT, at=at)
    steps: list[Callable[[], object]] = [
        lambda: resident.reply(stale, "x", keys=one.keys, by=RESIDENT, at=at),
        lambda: resident.reopen(stale, keys=one.keys, by=RESIDENT, at=at),
        lambda: resident.judge(stale, Helped.YES, keys=one.keys, by=RESIDENT, at=at),
        lambda: resident.withdraw(stale, keys=one.keys, by=RESIDENT, at=at),
        lambda: at_desk.answer(stale, "x", **hands(liaison), at=at),
        lambda: at_desk.note(stale, "x", **hands(liaison), at=at),
        lambda: at_desk.assign(stale, liaison, by=liaison.actor, at=at),
        lambda: at_desk.close(stale, by=liaison.actor, at=at),
    ]
    for step in steps:
        with pytest.raises(NotNow):
            step()
    assert not Message.objects.exists()
    with pytest.raises(threads.NotYourReceipt):
        threads.words_for_resident(one.concern, one.keys)


def test_a_stale_page_brings_nothing_back(sent: Sends, liaison: User, liaison_desk: Desk, at: datetime) -> None:
    """Somebody at the desk had it open while its resident withdrew it."""
    one = sent(liaison_desk, pin=(1.0, 2.0))
    opened_before = Concern.objects.get()
    resident.withdraw(one.concern, keys=one.keys, by=RESIDENT, at=at)
    with pytest.raises(NotNow):
        at_desk.answer(opened_before, "Thank you", **hands(liaison), at=at)
    assert (one.concern.state, bytes(one.concern.pin), bytes(one.concern.resident_key)) == (State.WITHDRAWN, b"", b"")


def test_under_a_hold_it_leaves_the_inbox_and_is_erased_when_the_hold_ends(
    sent: Sends, liaison: User, overseer: User, liaison_desk: Desk, at: datetime
) -> None:
    one = sent(liaison_desk)
    upkeep.hold(one.concern, reason="Order 12/2026", by=overseer.actor, at=at)
    resident.withdraw(one.concern, keys=one.keys, by=RESIDENT, at=at)
    assert Message.objects.count() == 1
    assert upkeep.erase_expired(by=overseer.actor, at=at) == 0
    with pytest.raises(NotNow):
        at_desk.answer(one.concern, "x", **hands(liaison), at=at)
    assert "rased" not in one.concern.standing
    upkeep.release_hold(one.concern, reason="It is over.", by=overseer.actor, at=at)
    assert not Message.objects.exists()
    assert one.concern.standing == "Withdrawn and erased"
