"""What the people of a desk do with a concern: take it, answer, note, ask to hand over, merge, share, close."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from hearback.foundation.access.queries import desks_open_to_residents, readers
from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor
from hearback.listen.concerns.actions._writing import NotNow, Purpose, keys_for, lock, turn, write_message
from hearback.listen.concerns.enums import WAITING, Author, State
from hearback.listen.concerns.models import Concern, Note, SealedKey
from hearback.listen.concerns.permissions import may_share, may_work_on
from hearback.listen.concerns.queries.keys import context_of
from hearback.listen.concerns.queries.naming import people_named_in
from hearback.listen.concerns.queries.threads import key_for, readable_keys, words_for_reader, words_readers
from hearback.permission import demand
from hearback.sealing.contents import decrypt, encrypt

if TYPE_CHECKING:
    from hearback.foundation.access.models import Desk
    from hearback.foundation.people.models import User


@transaction.atomic
def assign(concern: Concern, person: User | None, *, by: Actor, at: datetime) -> Concern:
    """Say who looks after it; the resident sees that somebody is looking at it."""
    _begin(concern, by)
    if person is not None and person not in words_readers(concern):
        raise NotNow("it is not sealed to that person", where=concern.reference, remedy="Share it with them first")
    concern.assignee = person
    if concern.state == State.RECEIVED and person is not None:
        turn(concern, State.BEING_READ, at=at)
    concern.save()
    audit.record(
        verb="concerns.assign",
        subject=f"concern:{concern.reference}",
        by=by,
        at=at,
        detail={"to": person.username if person else ""},
    )
    return concern


@transaction.atomic
def answer(concern: Concern, text: str, *, person: User, private_key: bytes, by: Actor, at: datetime) -> Concern:
    """Answer the resident, and the residents of its duplicates who have had no answer yet.

    Later answers go to the one resident alone: by then each dialogue has gone its own way. A duplicate that is not
    sealed to this person stays in the inbox of those who can read it.
    """
    _begin(concern, by)
    reached = [
        one
        for one in [concern, *_unanswered_duplicates(concern, person)]
        if _answer(one, text, person, private_key, at=at)
    ]
    if reached:
        detail = {"also": [one.reference for one in reached if one != concern]}
        audit.record(verb="concerns.answer", subject=f"concern:{concern.reference}", by=by, at=at, detail=detail)
    return concern


@transaction.atomic
def note(concern: Concern, text: str, *, person: User, private_key: bytes, by: Actor, at: datetime) -> Note:
    """Write something for the people of the desk only."""
    _begin(concern, by)
    key = key_for(concern, person, private_key, purpose=Purpose.NOTES)
    sealed = encrypt(text.encode(), key=key, context=context_of(concern.reference, Purpose.NOTES))
    written = Note.objects.create(concern=concern, written_by=person, at=at, sealed=sealed)
    audit.record(verb="concerns.note", subject=f"concern:{concern.reference}", by=by, at=at)
    return written


@transaction.atomic
def open_contact(concern: Concern, *, person: User, private_key: bytes, by: Actor, at: datetime) -> str:
    """Read how the resident may be reached. That it was read is on record for good."""
    _begin(concern, by)
    if concern.safety:
        raise NotNow("this resident must never be called back", where=concern.reference, remedy="Answer here")
    key = key_for(concern, person, private_key, purpose=Purpose.CONTACT)
    context = context_of(concern.reference, Purpose.CONTACT)
    told = decrypt(bytes(concern.contact.sealed), key=key, context=context).decode()
    audit.record(verb="concerns.open_contact", subject=f"concern:{concern.reference}", by=by, at=at)
    return told


@transaction.atomic
def close(concern: Concern, *, by: Actor, at: datetime) -> Concern:
    """Close an answered concern; the resident can reopen it."""
    _begin(concern, by)
    turn(concern, State.CLOSED, at=at)
    concern.closed_at = at
    concern.save()
    audit.record(verb="concerns.close", subject=f"concern:{concern.reference}", by=by, at=at)
    return concern


@transaction.atomic
def merge(concern: Concern, into: Concern, *, by: Actor, at: datetime) -> Concern:
    """Treat it as a duplicate of another at the same desk: its resident hears the other's next answer too, if they
    have had none, and neither resident sees the other."""
    for one in sorted([concern, into], key=lambda one: one.pk):
        _begin(one, by)
    if into == concern or into.merged_into_id or into.desk_id != concern.desk_id:
        raise NotNow("these two cannot be merged", where=concern.reference, remedy="Choose another of the same desk")
    concern.merged_into = into
    concern.save()
    Concern.objects.filter(merged_into=concern).update(merged_into=into)
    audit.record(
        verb="concerns.merge", subject=f"concern:{concern.reference}", by=by, at=at, detail={"into": into.reference}
    )
    return concern


@transaction.atomic
def unmerge(concern: Concern, *, by: Actor, at: datetime) -> Concern:
    """Take a duplicate apart again: from now on it is answered by itself, and its resident keeps what they heard."""
    _begin(concern, by)
    into = concern.merged_into
    if into is None:
        raise NotNow("it is merged into nothing", where=concern.reference, remedy="Open it again to see how it stands")
    concern.merged_into = None
    concern.save()
    audit.record(
        verb="concerns.unmerge", subject=f"concern:{concern.reference}", by=by, at=at, detail={"from": into.reference}
    )
    return concern


@transaction.atomic
def propose_handover(concern: Concern, desk: Desk, *, by: Actor, at: datetime) -> Concern:
    """Ask the resident whether another desk may read it; nothing is sealed to anybody until they agree."""
    _begin(concern, by)
    if desk == concern.desk or desk not in desks_open_to_residents():
        raise NotNow("it cannot be handed over to that desk", where=desk.name, remedy="Choose another open desk")
    concern.handover_to = desk
    concern.save()
    audit.record(
        verb="concerns.propose_handover",
        subject=f"concern:{concern.reference}",
        by=by,
        at=at,
        detail={"desk": desk.key},
    )
    return concern


@transaction.atomic
def share(concern: Concern, colleague: User, *, person: User, private_key: bytes, by: Actor, at: datetime) -> Concern:
    """Let a colleague at the same desk read it; never somebody whom its resident names."""
    _begin(concern, by)
    demand(may_share, by, concern, colleague)
    newcomer = next((reader for reader in readers(concern.desk) if reader == colleague), None)
    if newcomer is None:
        raise NotNow("this person has no key at the desk", where=colleague.username, remedy="Give them a seat first")
    said = "\n".join(
        line.text for line in words_for_reader(concern, person, private_key) if line.author == Author.RESIDENT
    )
    if people_named_in(said, [newcomer]):
        raise NotNow("it names this person", where=colleague.username, remedy="Share it with somebody else")
    purposes = [
        purpose for purpose in Purpose if readable_keys(purpose).filter(concern=concern, reader=person).exists()
    ]
    keys = {purpose: key_for(concern, person, private_key, purpose=purpose) for purpose in purposes}
    concern.sealed_keys.filter(reader=newcomer).delete()
    SealedKey.objects.bulk_create(
        [row for purpose, key in keys.items() for row in keys_for(concern, purpose, key, people=[newcomer])]
    )
    audit.record(
        verb="concerns.share",
        subject=f"concern:{concern.reference}",
        by=by,
        at=at,
        detail={"with": colleague.username},
    )
    return concern


def _begin(concern: Concern, by: Actor) -> None:
    """Lock the concern, for somebody who may work on it."""
    lock(concern)
    if concern.state == State.WITHDRAWN:
        raise NotNow("its resident took this back", where=concern.reference, remedy="Nothing more can be done with it")
    demand(may_work_on, by, concern)


def _unanswered_duplicates(concern: Concern, person: User) -> list[Concern]:
    ours = readable_keys(Purpose.WORDS).filter(reader=person).values("concern")
    waiting = Concern.objects.filter(merged_into=concern, first_answer_at=None, state__in=WAITING, pk__in=ours)
    return list(waiting.order_by("pk").select_for_update())


def _answer(concern: Concern, text: str, person: User, private_key: bytes, *, at: datetime) -> bool:
    key = key_for(concern, person, private_key, purpose=Purpose.WORDS)
    if not write_message(concern, text, key=key, author=Author.DESK, person=person.pk, at=at):
        return False
    if concern.state != State.ANSWERED:
        turn(concern, State.ANSWERED, at=at)
        concern.escalated = 0
    concern.first_answer_at = concern.first_answer_at or at
    concern.save()
    return True
