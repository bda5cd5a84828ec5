"""A concern as its resident and its readers see it, opened with their own key."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from hearback.foundation.access.queries import readers
from hearback.listen.concerns.enums import Author
from hearback.listen.concerns.models import Attachment, Concern, SealedKey
from hearback.listen.concerns.queries.keys import ATTACHMENT, PIN, context_of, info_of
from hearback.prepared import Asked, Prepared
from hearback.refusal import Refusal
from hearback.sealing.contents import CannotReadContent, decrypt
from hearback.sealing.envelopes import open_sealed
from hearback.sealing.receipts import ReceiptKeys

if TYPE_CHECKING:
    from hearback.foundation.people.models import User

Purpose = SealedKey.Purpose


class NotSealedToYou(Refusal):
    """The concern was never sealed to this person."""


_WITH_THE_RECEIPT = Prepared(lambda: Concern.objects.filter(lookup=Asked("lookup")).values_list("pk"))


class NotYourReceipt(Refusal):
    """The receipt belongs to another concern, or what it opened was erased."""

    def __init__(self) -> None:
        super().__init__(_("this receipt opens nothing here"), remedy=_("Type the words of your receipt again"))


@dataclass(frozen=True)
class Line:
    """One message, in the clear."""

    author: Author
    at: datetime
    text: str
    attachments: tuple[int, ...]
    """Numbers of attachments; each is opened by itself."""
    number: int


def by_lookup(keys: ReceiptKeys) -> Concern | None:
    """The concern that a receipt belongs to; withdrawn ones too, of which only the trace is left."""
    found = Concern.objects.filter(lookup=keys.lookup).select_related("desk", "area", "handover_to")
    return found.defer("area__wkb").first()


def was_received(keys: ReceiptKeys) -> bool:
    """Whether there is a concern of this receipt; much cheaper than reading it."""
    return bool(_WITH_THE_RECEIPT(lookup=keys.lookup))


def words_for_resident(concern: Concern, keys: ReceiptKeys) -> tuple[Line, ...]:
    """The whole dialogue, for whoever holds the receipt."""
    return _lines(concern, resident_words_key(concern, keys))


def words_for_reader(concern: Concern, person: User, private_key: bytes) -> tuple[Line, ...]:
    """The whole dialogue, for a person it was sealed to."""
    return _lines(concern, key_for(concern, person, private_key, purpose=Purpose.WORDS))


def notes_for_reader(concern: Concern, person: User, private_key: bytes) -> tuple[tuple[str, datetime, str], ...]:
    """The notes of the person's own desk: who, when, what. Those of a desk that had it before do not open."""
    key = key_for(concern, person, private_key, purpose=Purpose.NOTES)
    context = context_of(concern.reference, Purpose.NOTES)
    found = []
    for note in concern.notes.select_related("written_by"):
        try:
            text = decrypt(bytes(note.sealed), key=key, context=context).decode()
        except CannotReadContent:
            continue
        found.append((str(note.written_by or ""), note.at, text))
    return tuple(found)


def pin_for(concern: Concern, key: bytes) -> tuple[float, float] | None:
    """Longitude and latitude of the pin, with the key of the words."""
    if not concern.pin:
        return None
    context = context_of(concern.reference, PIN)
    longitude, latitude = json.loads(decrypt(bytes(concern.pin), key=key, context=context))
    return longitude, latitude


def attachment_of(concern: Concern, number: int) -> Attachment | None:
    """An attachment of this concern, by its number."""
    return Attachment.objects.filter(pk=number, message__concern=concern).first()


def attachment_for(attachment: Attachment, key: bytes) -> bytes:
    """An attachment's bytes, with the key of the words."""
    reference = attachment.message.concern.reference
    return decrypt(bytes(attachment.sealed), key=key, context=context_of(reference, ATTACHMENT))


def key_for(concern: Concern, person: User, private_key: bytes, *, purpose: Purpose) -> bytes:
    """A key of a concern, opened by a person's unlocked private key; refused where it was not sealed to them."""
    sealed = readable_keys(purpose).filter(concern=concern, reader=person).first()
    if sealed is None:
        raise NotSealedToYou(
            "this is not sealed to you",
            where=concern.reference,
            remedy="Ask a colleague at the desk to share it",
        )
    return open_sealed(bytes(sealed.sealed), private_key=private_key, info=info_of(concern.reference, purpose))


def readable_keys(purpose: Purpose) -> QuerySet[SealedKey]:
    """Keys that were sealed to the key which their reader has now."""
    return SealedKey.objects.filter(purpose=purpose, sealed_to=F("reader__key__public_key"))


def words_readers(concern: Concern) -> list[User]:
    """People at the desk who can read it now."""
    sealed = set(readable_keys(Purpose.WORDS).filter(concern=concern).values_list("reader_id", flat=True))
    return [person for person in readers(concern.desk) if person.pk in sealed]


def resident_words_key(concern: Concern, keys: ReceiptKeys) -> bytes:
    """The key of the words, opened by the receipt."""
    return _opened_by_receipt(concern, keys, Purpose.WORDS)


def contact_key(concern: Concern, keys: ReceiptKeys) -> bytes:
    """The key of how the resident may be reached, opened by the receipt."""
    return _opened_by_receipt(concern, keys, Purpose.CONTACT)


def _opened_by_receipt(concern: Concern, keys: ReceiptKeys, purpose: Purpose) -> bytes:
    sealed = SealedKey.objects.filter(concern=concern, reader=None, purpose=purpose).first()
    if sealed is None:
        raise NotYourReceipt
    return open_sealed(bytes(sealed.sealed), private_key=keys.private_key, info=info_of(concern.reference, purpose))


def _lines(concern: Concern, key: bytes) -> tuple[Line, ...]:
    context = context_of(concern.reference, Purpose.WORDS)
    return tuple(
        Line(
            author=Author(message.author),
            at=message.at,
            text=decrypt(bytes(message.sealed), key=key, context=context).decode(),
            attachments=tuple(attachment.pk for attachment in message.attachments.all()),
            number=message.pk,
        )
        for message in concern.messages.prefetch_related("attachments")
    )
