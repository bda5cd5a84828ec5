"""Tickets in hidden fields: a thread is read on, and a receipt is typed back, without a cookie or a session."""

from __future__ import annotations

from datetime import datetime

from hearback.listen.concerns.queries.keys import purpose_key
from hearback.sealing import tickets
from hearback.sealing.envelopes import public_key_of
from hearback.sealing.receipts import ReceiptKeys
from hearback.sealing.tokens import NONCE_BYTES, FormToken

_THREAD, _NEW_RECEIPT = "thread", "new receipt"
_LOOKUP_BYTES = 16


def for_thread(keys: ReceiptKeys, *, at: datetime) -> str:
    """A ticket to read a thread for half an hour."""
    return _write(keys.lookup + keys.private_key, purpose=_THREAD, at=at)


def thread_keys(ticket: str, *, at: datetime) -> ReceiptKeys:
    """The keys that a ticket lends."""
    lent = _read(ticket, purpose=_THREAD, at=at)
    private_key = lent[_LOOKUP_BYTES:]
    return ReceiptKeys(lookup=lent[:_LOOKUP_BYTES], private_key=private_key, public_key=public_key_of(private_key))


def for_new_receipt(token: FormToken, *, places: tuple[int, int], language: str, at: datetime) -> str:
    """A ticket to show a receipt again until two of its words, at these places, were typed back."""
    return _write(token.nonce + bytes(places) + language.encode(), purpose=_NEW_RECEIPT, at=at)


def new_receipt(ticket: str, *, at: datetime) -> tuple[FormToken, tuple[int, int], str]:
    """The form it belongs to, the places of the two words, and the language."""
    lent = _read(ticket, purpose=_NEW_RECEIPT, at=at)
    one, other, language = lent[NONCE_BYTES], lent[NONCE_BYTES + 1], lent[NONCE_BYTES + 2 :].decode()
    return FormToken(lent[:NONCE_BYTES], at, 0), (one, other), language


def _write(secret_part: bytes, *, purpose: str, at: datetime) -> str:
    return tickets.write(secret_part, purpose=purpose, secret=purpose_key("tickets"), at=at)


def _read(ticket: str, *, purpose: str, at: datetime) -> bytes:
    return tickets.read(ticket, purpose=purpose, secret=purpose_key("tickets"), at=at)
