"""Taking a concern in: sealed to its readers, once per form, with a proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from concerns import WORDS, Sent, hands, private_key, send
from hearback.foundation.access import actions as access
from hearback.foundation.access.models import Desk
from hearback.foundation.audit.enums import RESIDENT, Actor
from hearback.foundation.audit.queries import last, verify
from hearback.foundation.people.enums import Role
from hearback.foundation.people.models import User
from hearback.listen.concerns.actions import desk as at_desk
from hearback.listen.concerns.actions.submitting import AlreadySent, Draft, NobodyMayRead, submit
from hearback.listen.concerns.enums import ConcernKind, Source, State
from hearback.listen.concerns.models import Attachment, Concern, SealedKey
from hearback.listen.concerns.queries import keys as secrets_of
from hearback.listen.concerns.queries import threads
from hearback.listen.concerns.queries.uploads import Upload
from hearback.permission import NotAllowed
from hearback.sealing import proofs

pytestmark = pytest.mark.django_db
Sends = Callable[..., Sent]
Purpose = SealedKey.Purpose
PHOTO = Upload("image/jpeg", b"\xff\xd8 a street light")


def test_a_concern_is_read_by_its_desk_and_its_resident(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk
) -> None:
    one = sent(liaison_desk)
    assert [line.text for line in threads.words_for_resident(one.concern, one.keys)] == [WORDS]
    for person in (liaison, teammate):
        assert threads.words_for_reader(one.concern, person, private_key(person))[0].text == WORDS


def test_nobody_else_can_open_it(
    sent: Sends, liaison: User, outsider: User, overseer: User, liaison_desk: Desk
) -> None:
    one = sent(liaison_desk)
    for person in (outsider, overseer):
        with pytest.raises(threads.NotSealedToYou):
            threads.words_for_reader(one.concern, person, private_key(person))


def test_no_column_holds_a_word(sent: Sends, liaison: User, liaison_desk: Desk) -> None:
    one = sent(liaison_desk, contact="telephone 555-0100", pin=(-70.123, 40.456), uploads=[PHOTO])
    rows = [Concern.objects.values().get(), *SealedKey.objects.values(), *Attachment.objects.values()]
    everything = repr([*rows, *one.concern.messages.values(), one.concern.contact.sealed])
    for secret in ("street light", "555-0100", "70.123", "40.456"):
        assert secret not in everything


def test_a_moment_is_kept_to_the_minute(sent: Sends, liaison: User, liaison_desk: Desk, at: datetime) -> None:
    one = sent(liaison_desk, at=at.replace(second=41, microsecond=7))
    assert one.concern.received_at == one.concern.waiting_since == at
    assert one.concern.messages.get().at == at
    entry = last()
    assert entry is not None
    assert entry.at == at


def test_the_clock_is_set_by_kind_in_working_days(sent: Sends, liaison: User, liaison_desk: Desk, at: datetime) -> None:
    """4 March 2026 is a Wednesday."""
    question = sent(liaison_desk, kind=ConcernKind.QUESTION).concern
    assert question.answer_due == date(2026, 3, 6)
    assert question.resolution_due == date(2026, 3, 11)
    assert question.erase_after == date(2026, 3, 4) + timedelta(days=365)


def test_a_second_click_gives_the_same_receipt_and_one_concern(liaison: User, liaison_desk: Desk, at: datetime) -> None:
    token = secrets_of.take_back_form(secrets_of.hand_out_form(at=at), at=at)
    draft = Draft(kind=ConcernKind.CONCERN, text=WORDS, language="en", desk=liaison_desk, uploads=[PHOTO], contact="me")
    first = submit(draft, token=token, by=RESIDENT, at=at)
    second = submit(draft, token=token, by=RESIDENT, at=at + timedelta(minutes=5))
    assert (first.receipt.words, first.proof, first.salt) == (second.receipt.words, second.proof, second.salt)
    assert Concern.objects.count() == 1
    assert verify().holds


@pytest.mark.parametrize(
    "change",
    [{"text": "other"}, {"kind": ConcernKind.IDEA}, {"desk": "other"}, {"contact": "me"}, {"uploads": [PHOTO]}],
    ids=lambda change: next(iter(change)),
)
def test_the_same_form_with_anything_else_is_refused_and_shows_no_receipt(
    liaison: User, overseer: User, liaison_desk: Desk, oversight_desk: Desk, at: datetime, change: dict[str, Any]
) -> None:
    token = secrets_of.take_back_form(secrets_of.hand_out_form(at=at), at=at)
    said: dict[str, Any] = {"kind": ConcernKind.CONCERN, "text": WORDS, "language": "en", "desk": liaison_desk}
    submit(Draft(**said), token=token, by=RESIDENT, at=at)
    change = {"desk": oversight_desk} if "desk" in change else change
    with pytest.raises(AlreadySent):
        submit(Draft(**said | change), token=token, by=RESIDENT, at=at)
    assert Concern.objects.count() == 1


def test_a_form_whose_concern_was_withdrawn_is_spent(liaison: User, liaison_desk: Desk, at: datetime) -> None:
    from hearback.listen.concerns.actions.resident import withdraw

    token = secrets_of.take_back_form(secrets_of.hand_out_form(at=at), at=at)
    draft = Draft(kind=ConcernKind.CONCERN, text=WORDS, language="en", desk=liaison_desk)
    done = submit(draft, token=token, by=RESIDENT, at=at)
    withdraw(done.concern, keys=secrets_of.keys_of(done.receipt), by=RESIDENT, at=at)
    with pytest.raises(AlreadySent):
        submit(draft, token=token, by=RESIDENT, at=at)


def test_the_proof_shows_these_words_and_no_others(
    sent: Sends, liaison: User, liaison_desk: Desk, at: datetime
) -> None:
    done = sent(liaison_desk).submission
    statement = proofs.verify(done.proof, public_keys=[secrets_of.proof_public_key()])
    assert statement.at == at
    assert statement.shows(proofs.content_of(WORDS), salt=done.salt)
    assert not statement.shows(proofs.content_of("other words"), salt=done.salt)


def test_whoever_is_named_is_not_among_the_readers(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk
) -> None:
    liaison.last_name, liaison.badge = "Smithfield", "4471"
    liaison.save()
    for words in ("Smithfield never listens", "badge 4471 laughed at me"):
        one = sent(liaison_desk, words)
        assert threads.words_readers(one.concern) == [teammate]
        assert not SealedKey.objects.filter(concern=one.concern, reader=liaison).exists()


def test_whoever_is_named_as_a_way_to_reach_somebody_is_not_among_the_readers(
    sent: Sends, liaison: User, teammate: User, liaison_desk: Desk
) -> None:
    one = sent(liaison_desk, contact="through my husband, tom")
    assert threads.words_readers(one.concern) == [liaison]


def test_a_concern_about_everybody_is_refused_and_leaves_nothing(
    sent: Sends, liaison: User, liaison_desk: Desk
) -> None:
    before = verify().entries
    with pytest.raises(NobodyMayRead, match="about them"):
        sent(liaison_desk, "lia is rude")
    assert not Concern.objects.exists()
    assert verify().entries == before


def test_a_desk_without_readers_or_closed_takes_nothing(
    sent: Sends, liaison_desk: Desk, overseer: User, oversight_desk: Desk, at: datetime
) -> None:
    access.close_desk(oversight_desk, by=overseer.actor, at=at)
    for desk in (liaison_desk, oversight_desk):
        with pytest.raises(NobodyMayRead, match="nobody reads"):
            sent(desk)


def test_an_added_colleague_reads_nothing_old_until_it_is_shared(
    sent: Sends, liaison: User, liaison_desk: Desk, join: Callable[..., User], at: datetime
) -> None:
    one = sent(liaison_desk)
    newcomer = join("nia", Role.LIAISON, liaison_desk)
    with pytest.raises(threads.NotSealedToYou):
        threads.words_for_reader(one.concern, newcomer, private_key(newcomer))
    at_desk.share(one.concern, newcomer, **hands(liaison), at=at)
    assert threads.words_for_reader(one.concern, newcomer, private_key(newcomer))[0].text == WORDS


@pytest.mark.parametrize("role", [Role.LIAISON, Role.COORDINATOR, Role.PARTNER])
def test_people_record_on_behalf_of_others(
    sent: Sends, liaison: User, liaison_desk: Desk, join: Callable[..., User], role: Role
) -> None:
    recorder = join("rec", role)
    one = sent(liaison_desk, by=recorder.actor, source=Source.WALK_IN)
    assert (one.concern.source, one.concern.recorded_by) == (Source.WALK_IN, recorder)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.OVERSIGHT, Role.ADMINISTRATOR])
def test_others_do_not_record_on_behalf_of_anybody(sent: Sends, liaison: User, liaison_desk: Desk, role: Role) -> None:
    with pytest.raises(NotAllowed):
        sent(liaison_desk, by=Actor("person", "x", role=role), source=Source.PHONE)
    assert not Concern.objects.exists()


def test_the_audit_log_tells_nothing_of_the_words(sent: Sends, liaison: User, liaison_desk: Desk) -> None:
    sent(liaison_desk, contact="555-0100")
    entry = last()
    assert entry is not None
    assert entry.detail == {"desk": "team", "source": "resident"}
    assert entry.by == "resident:somebody"


def test_a_pin_is_opened_with_the_words(sent: Sends, liaison: User, liaison_desk: Desk) -> None:
    one = sent(liaison_desk, pin=(-70.125, 40.25))
    key = threads.resident_words_key(one.concern, one.keys)
    assert threads.pin_for(one.concern, key) == (-70.125, 40.25)
    assert threads.pin_for(sent(liaison_desk).concern, key) is None


def test_an_attachment_is_opened_with_the_words(sent: Sends, liaison: User, liaison_desk: Desk) -> None:
    one = sent(liaison_desk, uploads=[PHOTO])
    (number,) = threads.words_for_resident(one.concern, one.keys)[0].attachments
    attachment = threads.attachment_of(one.concern, number)
    assert attachment is not None
    key = threads.key_for(one.concern, liaison, private_key(liaison), purpose=Purpose.WORDS)
    assert threads.attachment_for(attachment, key) == PHOTO.content
    assert threads.attachment_of(sent(liaison_desk).concern, number) is None


def test_a_receipt_opens_only_its_own_concern(sent: Sends, liaison: User, liaison_desk: Desk) -> None:
    one, other = sent(liaison_desk), sent(liaison_desk, "something else")
    assert threads.by_lookup(one.keys) == one.concern
    assert one.concern.state == State.RECEIVED
    with pytest.raises(Exception, match="does not open"):
        threads.words_for_resident(one.concern, other.keys)


def test_different_forms_give_different_receipts(sent: Sends, liaison: User, liaison_desk: Desk, at: datetime) -> None:
    words = {send(liaison_desk, at=at).submission.receipt.words for _ in range(20)}
    assert len(words) == 20
