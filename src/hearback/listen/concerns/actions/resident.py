"""What a resident does with a receipt: reply, judge, reopen, consent, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hmac import compare_digest
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from hearback.foundation.access.queries import readers
from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.foundation.calendar.queries import calendar_of
from hearback.foundation.places.queries import city
from hearback.listen.concerns.actions._writing import (
    NotNow,
    Purpose,
    change_words_key,
    erase,
    keys_for,
    lock,
    new_key,
    nobody_may_read,
    to_the_minute,
    turn,
    write_message,
)
from hearback.listen.concerns.enums import WAITING, Author, ConcernKind, Helped, State
from hearback.listen.concerns.models import Concern, SealedKey
from hearback.listen.concerns.queries.naming import people_named_in
from hearback.listen.concerns.queries.promises import promise_of
from hearback.listen.concerns.queries.threads import (
    NotYourReceipt,
    contact_key,
    resident_words_key,
    words_for_resident,
    words_readers,
)
from hearback.listen.concerns.queries.uploads import Upload
from hearback.sealing.receipts import ReceiptKeys

if TYPE_CHECKING:
    from hearback.foundation.access.models import Desk
    from hearback.foundation.people.models import User


@transaction.atomic
def reply(
    concern: Concern, text: str, *, keys: ReceiptKeys, uploads: Sequence[Upload] = (), by: Actor, at: datetime
) -> Concern:
    """Add to what was said; an answered or closed concern is read again, and its clock starts again.

    A reader whom the reply names reads nothing of the concern any more.
    """
    at = to_the_minute(at)
    _begin(concern, keys)
    key = _kept_from_those_named(concern, text, keys)
    if write_message(concern, text, key=key, author=Author.RESIDENT, uploads=uploads, at=at):
        if concern.state not in WAITING:
            _start_again(concern, at=at)
        concern.save()
        audit.record(verb="concerns.reply", subject=f"concern:{concern.reference}", by=by, at=at)
    return concern


@transaction.atomic
def judge(concern: Concern, helped: Helped, *, keys: ReceiptKeys, by: Actor, at: datetime) -> Concern:
    """Say whether the answer helped."""
    at = to_the_minute(at)
    _begin(concern, keys)
    if concern.first_answer_at is None:
        raise NotNow(_("nobody has answered yet"), where=concern.reference, remedy=_("Come back after the answer"))
    concern.helped, concern.helped_at = helped, at
    concern.save()
    audit.record(verb="concerns.judge", subject=f"concern:{concern.reference}", by=by, at=at, detail={"helped": helped})
    return concern


@transaction.atomic
def reopen(concern: Concern, *, keys: ReceiptKeys, by: Actor, at: datetime) -> Concern:
    """Ask for another answer, because this one did not help. What waits for an answer already goes on waiting."""
    at = to_the_minute(at)
    _begin(concern, keys)
    if concern.state not in WAITING:
        _start_again(concern, at=at)
        concern.save()
        audit.record(verb="concerns.reopen", subject=f"concern:{concern.reference}", by=by, at=at)
    return concern


@transaction.atomic
def agree_to_handover(
    concern: Concern, *, desk: Desk, keys: ReceiptKeys, with_contact: bool = False, by: Actor, at: datetime
) -> Concern:
    """Let the proposed desk read it instead of the former one, which can open nothing of it any more.

    The desk is named again, so that nobody agrees to another than was shown. How the resident may be reached goes
    along only `with_contact`. Notes of the former desk stay with its people, and those of the new desk are its own.
    """
    at = to_the_minute(at)
    key = _begin(concern, keys)
    if concern.handover_to_id != desk.pk:
        raise NotNow(
            _("this desk was not proposed"), where=desk.name, remedy=_("Open it again to see what can be done now")
        )
    people = _unnamed_readers(concern, desk, keys)
    change_words_key(concern, key, people=people)
    concern.sealed_keys.filter(purpose=Purpose.NOTES, reader__in=people).delete()
    concern.sealed_keys.filter(purpose=Purpose.CONTACT, reader__isnull=False).delete()
    rows = keys_for(concern, Purpose.NOTES, new_key(), people=people)
    if with_contact and hasattr(concern, "contact"):
        rows += keys_for(concern, Purpose.CONTACT, contact_key(concern, keys), people=people)
    SealedKey.objects.bulk_create(rows)
    Concern.objects.filter(merged_into=concern).update(merged_into=None)
    concern.desk, concern.handover_to, concern.assignee, concern.merged_into = desk, None, None, None
    if concern.state not in WAITING:
        _start_again(concern, at=at)
    concern.save()
    audit.record(
        verb="concerns.agree_to_handover",
        subject=f"concern:{concern.reference}",
        by=by,
        at=at,
        detail={"desk": desk.key},
    )
    return concern


@transaction.atomic
def refuse_handover(concern: Concern, *, keys: ReceiptKeys, by: Actor, at: datetime) -> Concern:
    """Keep the concern with the readers that were chosen."""
    at = to_the_minute(at)
    _begin(concern, keys)
    concern.handover_to = None
    concern.save()
    audit.record(verb="concerns.refuse_handover", subject=f"concern:{concern.reference}", by=by, at=at)
    return concern


@transaction.atomic
def withdraw(concern: Concern, *, keys: ReceiptKeys, by: Actor, at: datetime) -> Concern:
    """Erase everything that was said, with every key; that something was withdrawn stays on record as a tombstone.

    Under a legal hold it leaves the inbox at once, and is erased in the moment the hold ends.
    """
    at = to_the_minute(at)
    _begin(concern, keys)
    turn(concern, State.WITHDRAWN, at=at)
    concern.withdrawn_at = at
    if not concern.legal_hold:
        erase(concern, at=at)
    concern.save()
    audit.record(verb="concerns.withdraw", subject=f"concern:{concern.reference}", by=by, at=at)
    return concern


def _begin(concern: Concern, keys: ReceiptKeys) -> bytes:
    """Lock the concern, for whoever holds its receipt; gives the key of its words."""
    lock(concern)
    if not compare_digest(bytes(concern.lookup), keys.lookup):
        raise NotYourReceipt
    if concern.state == State.WITHDRAWN:
        raise NotNow(
            _("this was withdrawn"), where=concern.reference, remedy=_("Open a new form to say something again")
        )
    return resident_words_key(concern, keys)


def _kept_from_those_named(concern: Concern, text: str, keys: ReceiptKeys) -> bytes:
    """The key for a new message: the old one, or a new one where the message names a reader."""
    key, people = resident_words_key(concern, keys), words_readers(concern)
    named = people_named_in(text, people)
    if not named:
        return key
    left = [person for person in people if person not in named]
    if not left:
        raise nobody_may_read(concern.desk.name)
    concern.sealed_keys.filter(reader__in=named).delete()
    concern.assignee = None if concern.assignee in named else concern.assignee
    return change_words_key(concern, key, people=left)


def _unnamed_readers(concern: Concern, desk: Desk, keys: ReceiptKeys) -> list[User]:
    people = readers(desk)
    said = "\n".join(line.text for line in words_for_resident(concern, keys) if line.author == Author.RESIDENT)
    named = people_named_in(said, people)
    if len(named) == len(people):
        raise nobody_may_read(desk.name)
    return [person for person in people if person not in named]


def _start_again(concern: Concern, *, at: datetime) -> None:
    """Back to being read, with a new day by which to answer; what was closed has a new day for its end too."""
    place = city()
    calendar, promise = calendar_of(place), promise_of(ConcernKind(concern.kind), place=place)
    if concern.state == State.CLOSED:
        concern.resolution_due = calendar.due(calendar.day_of(at), working_days=promise.resolution)
    turn(concern, State.BEING_READ, at=at)
    concern.answer_due = calendar.due(calendar.day_of(at), working_days=promise.answer)
    concern.waiting_since, concern.escalated, concern.closed_at = at, 0, None
