"""Taking a concern in: sealed to its readers in the same moment, and acknowledged only once it is safe."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hearback.foundation.access.queries import readers
from hearback.foundation.audit import actions as audit
from hearback.foundation.audit.enums import Actor, ActorKind
from hearback.foundation.calendar.queries import agency_calendar
from hearback.listen.concerns.actions._writing import (
    NobodyMayRead,
    Purpose,
    keys_for,
    last_day_of,
    new_key,
    nobody_may_read,
    resident_key,
    to_the_minute,
    write_message,
)
from hearback.listen.concerns.enums import PROMISES, Author, ConcernKind, Safety, Source, State
from hearback.listen.concerns.models import Concern, Contact, SealedKey
from hearback.listen.concerns.permissions import may_record_for_others
from hearback.listen.concerns.queries import keys as secrets_of
from hearback.listen.concerns.queries.naming import people_named_in
from hearback.listen.concerns.queries.threads import by_lookup, words_for_resident
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
    keys = secrets_of.keys_of(receipt)
    try:
        concern = _sent_before(draft, keys) or _take_in(draft, token=token, keys=keys, by=by, at=at)
    except IntegrityError:
        concern = _sent_before(draft, keys)  # the other click was faster
        if concern is None:
            raise
    return Submission(concern, receipt, concern.content_proof, secrets_of.proof_salt(token))


def _sent_before(draft: Draft, keys: ReceiptKeys) -> Concern | None:
    """The concern of this form, when it was sent with the same words to the same readers."""
    concern = by_lookup(keys)
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


@transaction.atomic
def _take_in(draft: Draft, *, token: FormToken, keys: ReceiptKeys, by: Actor, at: datetime) -> Concern:
    if by.kind == ActorKind.PERSON:
        demand(may_record_for_others, by)
    people, at = _readers(draft), to_the_minute(at)
    calendar, promise = agency_calendar(), PROMISES[draft.kind]
    today, words_key = calendar.day_of(at), new_key()
    reference = "".join(secrets.choice(REFERENCE_ALPHABET) for place in range(10))
    concern = Concern.objects.create(
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
        erase_after=last_day_of(draft.kind, at=at),
        content_proof=sign(
            content_of(draft.text), salt=secrets_of.proof_salt(token), at=at, private_key=secrets_of.signing_key()
        ),
    )
    write_message(concern, draft.text, key=words_key, author=Author.RESIDENT, uploads=draft.uploads, at=at)
    rows = [
        resident_key(concern, Purpose.WORDS, words_key),
        *keys_for(concern, Purpose.WORDS, words_key, people=people),
        *keys_for(concern, Purpose.NOTES, new_key(), people=people),
        *_contact_keys(concern, draft, people),
    ]
    SealedKey.objects.bulk_create(rows)
    audit.record(
        verb="concerns.submit",
        subject=f"concern:{concern.reference}",
        by=by,
        at=at,
        detail={"desk": draft.desk.key, "source": draft.source},
    )
    return concern


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
    return encrypt(
        json.dumps(draft.pin).encode(), key=key, context=secrets_of.context_of(reference, secrets_of.PIN)
    )


def _contact_keys(concern: Concern, draft: Draft, people: list[User]) -> list[SealedKey]:
    """How the resident may be reached, under a key of its own; its keys, not yet saved."""
    if not draft.contact:
        return []
    key = new_key()
    context = secrets_of.context_of(concern.reference, Purpose.CONTACT)
    Contact.objects.create(concern=concern, sealed=encrypt(draft.contact.encode(), key=key, context=context))
    return [resident_key(concern, Purpose.CONTACT, key), *keys_for(concern, Purpose.CONTACT, key, people=people)]
