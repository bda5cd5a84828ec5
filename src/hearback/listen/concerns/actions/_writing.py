"""Steps that several actions share, inside their transactions: locks, encrypted words, keys for readers, states."""

from __future__ import annotations

import fcntl
import os
import secrets
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from hearback.foundation.calendar.queries import agency_calendar
from hearback.listen.concerns.enums import TRANSITIONS, Author, Safety, State
from hearback.listen.concerns.models import Attachment, Concern, Contact, Message, SealedKey
from hearback.listen.concerns.queries.keys import ATTACHMENT, PIN, context_of, info_of
from hearback.listen.concerns.queries.uploads import Upload
from hearback.refusal import Refusal
from hearback.sealing.binding import KEY_BYTES
from hearback.sealing.contents import decrypt, encrypt
from hearback.sealing.envelopes import seal

if TYPE_CHECKING:
    from hearback.foundation.people.models import User

Purpose = SealedKey.Purpose

_QUEUE = threading.Lock()


class NotNow(Refusal):
    """The concern stands where this is no longer, or not yet, possible."""


class NobodyMayRead(Refusal):
    """Everybody at the desk is named in the concern, or nobody there has a key, or it is closed."""


def nobody_may_read(desk: str) -> NobodyMayRead:
    """The refusal where every reader is named."""
    return NobodyMayRead(
        _("nobody at this desk may read it, because it is about them"),
        where=desk,
        remedy=_("Choose another reader, such as independent oversight"),
    )


def lock(concern: Concern) -> None:
    """Bring it up to date and keep others from changing it until the transaction ends."""
    concern.refresh_from_db(from_queryset=Concern.objects.select_for_update())


def to_the_minute(at: datetime) -> datetime:
    """A resident's moments are kept no finer, so that they match no other record of who was where."""
    return at.replace(second=0, microsecond=0)


def new_key() -> bytes:
    """A key for one purpose of one concern."""
    return secrets.token_bytes(KEY_BYTES)


@contextmanager
def one_writer() -> Iterator[None]:
    """A place in the queue of this installation's writers: of this process's threads, then of its processes, which
    queue at the data directory itself. The system ends the wait of others when a process dies.

    SQLite lets those who wait for another writer sleep and try again: under a rush some would sleep for seconds.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with _QUEUE:
        door = os.open(settings.DATA_DIR, os.O_RDONLY)
        try:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield
        finally:
            os.close(door)


def sealed_message(
    concern: Concern, text: str, *, key: bytes, author: Author, at: datetime, person: int | None = None
) -> Message:
    """A message encrypted with the key of the words, not yet saved."""
    return Message(
        concern=concern,
        author=author,
        written_by_id=person,
        at=to_the_minute(at),
        sealed=encrypt(text.encode(), key=key, context=context_of(concern.reference, Purpose.WORDS)),
    )


def sealed_attachments(message: Message, uploads: Sequence[Upload], *, key: bytes) -> list[Attachment]:
    """Its attachments, encrypted with the same key, not yet saved."""
    context = context_of(message.concern.reference, ATTACHMENT)
    return [
        Attachment(
            message=message,
            media_type=upload.media_type,
            sealed=encrypt(upload.content, key=key, context=context),
        )
        for upload in uploads
    ]


def write_message(
    concern: Concern,
    text: str,
    *,
    key: bytes,
    author: Author,
    at: datetime,
    person: int | None = None,
    uploads: Sequence[Upload] = (),
) -> bool:
    """Add a message and its attachments.

    A second click on "send" adds nothing, and False is returned: the newest message says and shows the same.
    """
    newest = concern.messages.order_by("at", "pk").last()
    if newest and newest.author == author and _says(newest, text, uploads, key=key):
        return False
    message = sealed_message(concern, text, key=key, author=author, at=at, person=person)
    message.save()
    Attachment.objects.bulk_create(sealed_attachments(message, uploads, key=key))
    return True


def keys_for(concern: Concern, purpose: Purpose, key: bytes, *, people: Iterable[User]) -> list[SealedKey]:
    """A key of the concern for people at a desk, not yet saved."""
    return [_sealed(concern, purpose, key, to=person.public_key, reader=person) for person in people]


def resident_key(concern: Concern, purpose: Purpose, key: bytes) -> SealedKey:
    """A key of the concern for its resident, not yet saved."""
    return _sealed(concern, purpose, key, to=bytes(concern.resident_key), reader=None)


def change_words_key(concern: Concern, key: bytes, *, people: Iterable[User]) -> bytes:
    """Encrypt everything that was said under a new key, which only these people and the resident get.

    Whoever kept the old key cannot open what is said from now on. The caller saves the concern.
    """
    new = new_key()

    def again(sealed: bytes, purpose: str) -> bytes:
        context = context_of(concern.reference, purpose)
        return encrypt(decrypt(bytes(sealed), key=key, context=context), key=new, context=context)

    for message in concern.messages.all():
        message.sealed = again(message.sealed, Purpose.WORDS)
        message.save(update_fields=["sealed"])
    for attachment in Attachment.objects.filter(message__concern=concern):
        attachment.sealed = again(attachment.sealed, ATTACHMENT)
        attachment.save(update_fields=["sealed"])
    concern.pin = again(concern.pin, PIN) if concern.pin else b""
    concern.sealed_keys.filter(purpose=Purpose.WORDS).delete()
    rows = [resident_key(concern, Purpose.WORDS, new), *keys_for(concern, Purpose.WORDS, new, people=people)]
    SealedKey.objects.bulk_create(rows)
    return new


def turn(concern: Concern, state: State, *, at: datetime) -> None:
    """Change the state where that is legal, and with it the day until which it is kept; the caller saves."""
    if state not in TRANSITIONS[State(concern.state)]:
        raise NotNow(
            _("this concern is “{state}”").format(state=concern.standing),
            where=concern.reference,
            remedy=_("Open it again to see what can be done now"),
        )
    concern.state = state
    concern.erase_after = agency_calendar().day_of(at) + timedelta(days=concern.keep_days)


def erase(concern: Concern, *, at: datetime) -> None:
    """Remove every word, key and place; the row that is left says only that there was something. The caller saves."""
    concern.messages.all().delete()
    concern.notes.all().delete()
    concern.sealed_keys.all().delete()
    Contact.objects.filter(concern=concern).delete()
    Concern.objects.filter(merged_into=concern).update(merged_into=None)
    concern.area = concern.assignee = concern.recorded_by = concern.merged_into = concern.handover_to = None
    concern.pin, concern.resident_key, concern.content_proof = b"", b"", ""
    concern.state, concern.safety, concern.keep_days = State.WITHDRAWN, Safety.NONE, 0
    concern.withdrawn_at = concern.withdrawn_at or at
    transaction.on_commit(_empty_the_log)


def _says(message: Message, text: str, uploads: Sequence[Upload], *, key: bytes) -> bool:
    """Whether it has these words and these files."""
    reference = message.concern.reference
    if decrypt(bytes(message.sealed), key=key, context=context_of(reference, Purpose.WORDS)) != text.encode():
        return False
    context = context_of(reference, ATTACHMENT)
    files = [decrypt(bytes(one.sealed), key=key, context=context) for one in message.attachments.order_by("pk")]
    return files == [upload.content for upload in uploads]


def _sealed(concern: Concern, purpose: Purpose, key: bytes, *, to: bytes, reader: User | None) -> SealedKey:
    sealed = seal(key, to=to, info=info_of(concern.reference, purpose))
    return SealedKey(concern=concern, reader=reader, purpose=purpose, sealed_to=to, sealed=sealed)


def _empty_the_log() -> None:
    """SQLite keeps former pages in its write-ahead log until they are written over; here they go at once."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
