"""Taking a concern in: sealed to its readers in the same moment, and acknowledged only once it is safe."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hearback.foundation.access.queries import readers
from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor, ActorKind
from hearback.foundation.calendar.queries import calendar_of
from hearback.foundation.places.queries import city
from hearback.listen.concerns.actions._writing import (
    NobodyMayRead,
    Purpose,
    keys_for,
    new_key,
    nobody_may_read,
    one_writer,
    resident_key,
    sealed_attachments,
    sealed_message,
    to_the_minute,
)
from hearback.listen.concerns.enums import Author, ConcernKind, Safety, Source, State
from hearback.listen.concerns.models import Attachment, Concern, Contact, Message, SealedKey
from hearback.listen.concerns.permissions import may_record_for_others
from hearback.listen.concerns.queries import keys as secrets_of
from hearback.listen.concerns.queries.naming import people_named_in
from hearback.listen.concerns.queries.promises import promise_of
from hearback.listen.concerns.queries.threads import by_lookup, was_received, words_for_resident
from hearback.listen.concerns.queries.uploads import Upload
from hearback.permission import demand
from hearback.refusal import Refusal
from hearback.sealing.contents import encrypt
from hearback.sealing.proofs import content_of, sign
from hearback.sealing.receipts import Receipt, ReceiptKeys
from hearback.sealing.tokens import FormToken

if TYPE_CHECKING:
    from hearback.foundation.access.models import Desk
    from hearback.foundation.people.models import User
    from hearback.foundation.places.models import Area

REFERENCE_ALPHABET = "23456789CFGHJMPQRVWX"
"""No letters that make words or look like digits."""


class AlreadySent(Refusal):
    """The form is spent, with other words."""


@dataclass(frozen=True)
class Draft:
    """What somebody wants to say, and to whom. `pin` is longitude and latitude, already coarsened."""

    kind: ConcernKind
    text: str = field(repr=False)
    language: str
    desk: Desk
    area: Area | None = None
    pin: tuple[float, float] | None = None
    contact: str = field(default="", repr=False)
    safety: Safety = Safety.NONE
    source: Source = Source.RESIDENT
    uploads: Sequence[Upload] = ()


@dataclass(frozen=True)
class Submission:
    """What the resident takes home."""

    concern: Concern
    receipt: Receipt
    proof: str
    salt: bytes = field(repr=False)


def submit(draft: Draft, *, token: FormToken, by: Actor, at: datetime) -> Submission:
    """Take a concern in, once per form: a second click with the same words gets the receipt of the first.

    When this returns, the concern is in the database for good; when it raises, nothing of it is. The same form with
    other words or another reader (somebody who found it in the browser's history) is refused, and shown no receipt.
    """
    receipt = secrets_of.receipt_for(token, language=draft.language)
    keys, at = secrets_of.keys_of(receipt), to_the_minute(at)
    concern = _sent_before(draft, keys)
    if concern is None:
        sealed = _sealed(draft, token=token, keys=keys, by=by, at=at)
        concern = sealed.concern
        try:
            with one_writer(), transaction.atomic():
                _write(sealed)
                audit.record(
                    verb="concerns.submit",
                    subject=f"concern:{concern.reference}",
                    by=by,
                    at=at,
                    detail={"desk": draft.desk.key, "source": draft.source},
                )
        except IntegrityError:
            concern = _sent_before(draft, keys)  # the other click was faster
            if concern is None:
                raise
    return Submission(concern, receipt, concern.content_proof, secrets_of.proof_salt(token))


def _sent_before(draft: Draft, keys: ReceiptKeys) -> Concern | None:
    """The concern of this form, when it was sent with the same words to the same readers."""
    concern = by_lookup(keys) if was_received(keys) else None
    if concern is None:
        return None
    same = concern.state != State.WITHDRAWN and concern.desk_id == draft.desk.pk and concern.kind == draft.kind
    if same:
        first = words_for_resident(concern, keys)[0]
        same = (first.text, len(first.attachments)) == (draft.text, len(draft.uploads))
        same = same and hasattr(concern, "contact") == bool(draft.contact)
    if not same:
        raise AlreadySent(
            _("this form was sent before"), remedy=_("Use your receipt to add something, or open a new form")
        )
    return concern


@dataclass(frozen=True)
class _Sealed:
    """Every row of a concern, not yet saved: sealing takes longer than writing, and others wait for whoever writes."""

    concern: Concern
    message: Message
    attachments: list[Attachment]
    contact: Contact | None
    keys: list[SealedKey]


def _write(sealed: _Sealed) -> None:
    sealed.concern.save(force_insert=True)
    sealed.message.save(force_insert=True)
    if sealed.attachments:
        Attachment.objects.bulk_create(sealed.attachments)
    if sealed.contact:
        sealed.contact.save(force_insert=True)
    SealedKey.objects.bulk_create(sealed.keys)


def _sealed(draft: Draft, *, token: FormToken, keys: ReceiptKeys, by: Actor, at: datetime) -> _Sealed:
    if by.kind == ActorKind.PERSON:
        demand(may_record_for_others, by)
    people, words_key = _readers(draft), new_key()
    concern = _concern(draft, words_key, token=token, keys=keys, by=by, at=at)
    message = sealed_message(concern, draft.text, key=words_key, author=Author.RESIDENT, at=at)
    contact, contact_keys = _contact(concern, draft, people)
    return _Sealed(
        concern=concern,
        message=message,
        attachments=sealed_attachments(message, draft.uploads, key=words_key),
        contact=contact,
        keys=[
            resident_key(concern, Purpose.WORDS, words_key),
            *keys_for(concern, Purpose.WORDS, words_key, people=people),
            *keys_for(concern, Purpose.NOTES, new_key(), people=people),
            *contact_keys,
        ],
    )


def _concern(
    draft: Draft, words_key: bytes, *, token: FormToken, keys: ReceiptKeys, by: Actor, at: datetime
) -> Concern:
    place = city()
    calendar, promise = calendar_of(place), promise_of(draft.kind, place=place)
    today = calendar.day_of(at)
    reference = "".join(secrets.choice(REFERENCE_ALPHABET) for place in range(10))
    return Concern(
        reference=reference,
        lookup=keys.lookup,
        kind=draft.kind,
        language=draft.language,
        desk=draft.desk,
        area=draft.area,
        pin=_sealed_pin(draft, reference, words_key),
        source=draft.source,
        recorded_by_id=by.person_id,
        safety=draft.safety,
        received_at=at,
        waiting_since=at,
        answer_due=calendar.due(today, working_days=promise.answer),
        resolution_due=calendar.due(today, working_days=promise.resolution),
        resident_key=keys.public_key,
        keep_days=promise.keep_days,
        erase_after=today + timedelta(days=promise.keep_days),
        content_proof=sign(
            content_of(draft.text), salt=secrets_of.proof_salt(token), at=at, private_key=secrets_of.signing_key()
        ),
    )


def _readers(draft: Draft) -> list[User]:
    """Those at the desk whom the concern does not name."""
    people = readers(draft.desk) if draft.desk.open else []
    if not people:
        raise NobodyMayRead(
            _("nobody reads at this desk at the moment"), where=draft.desk.name, remedy=_("Choose another reader")
        )
    named = people_named_in(f"{draft.text}\n{draft.contact}", people)
    if len(named) == len(people):
        raise nobody_may_read(draft.desk.name)
    return [person for person in people if person not in named]


def _sealed_pin(draft: Draft, reference: str, key: bytes) -> bytes:
    if draft.pin is None:
        return b""
    return encrypt(json.dumps(draft.pin).encode(), key=key, context=secrets_of.context_of(reference, secrets_of.PIN))


def _contact(concern: Concern, draft: Draft, people: list[User]) -> tuple[Contact | None, list[SealedKey]]:
    """How the resident may be reached, under a key of its own, with its keys."""
    if not draft.contact:
        return None, []
    key = new_key()
    context = secrets_of.context_of(concern.reference, Purpose.CONTACT)
    contact = Contact(concern=concern, sealed=encrypt(draft.contact.encode(), key=key, context=context))
    return contact, [
        resident_key(concern, Purpose.CONTACT, key),
        *keys_for(concern, Purpose.CONTACT, key, people=people),
    ]
