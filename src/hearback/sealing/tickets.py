"""Tickets: a secret lent out for half an hour, so that a thread can be read on without cookies and without the words.

The resident types the receipt once. The page then carries, in a hidden field of its forms, the receipt's private key
encrypted under a secret of the server, with the time it ends. The server keeps no session: a thief of its files has
the secret but no ticket, and somebody who finds a ticket in a closed browser has no secret and soon no time.
"""

from __future__ import annotations

import struct
from datetime import datetime, timedelta
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from hearback.refusal import Refusal
from hearback.sealing import base64url
from hearback.sealing.binding import RandomBytes, bound, subkey

LIFETIME = timedelta(minutes=30)
SEED_BYTES = 16

_ENDS = struct.Struct(">I")
_NONCE = bytes(12)
"""Always zero: every ticket has a fresh seed, so every key encrypts once."""


class TicketEnded(Refusal):
    """Too old, changed, or written for another purpose: which of these is not told."""

    def __init__(self) -> None:
        super().__init__("the time for reading is over", remedy="Type the words of your receipt again")


def write(
    secret_part: bytes,
    *,
    purpose: str,
    secret: bytes,
    at: datetime,
    lifetime: timedelta = LIFETIME,
    random: RandomBytes = token_bytes,
) -> str:
    """A ticket that gives `secret_part` back until `at + lifetime`, for this purpose alone."""
    seed = random(SEED_BYTES)
    ends = _ENDS.pack(int((at + lifetime).timestamp()))
    box = _cipher(seed, secret).encrypt(_NONCE, ends + secret_part, bound("hearback ticket", purpose))
    return base64url.encoded(seed + box)


def read(ticket: str, *, purpose: str, secret: bytes, at: datetime) -> bytes:
    """What the ticket holds, while it lasts."""
    try:
        data = base64url.decoded(ticket)
        seed, box = data[:SEED_BYTES], data[SEED_BYTES:]
        opened = _cipher(seed, secret).decrypt(_NONCE, box, bound("hearback ticket", purpose))
    except (InvalidTag, ValueError):
        raise TicketEnded from None
    (ends,) = _ENDS.unpack_from(opened)
    if at.timestamp() >= ends:
        raise TicketEnded
    return opened[_ENDS.size :]


def _cipher(seed: bytes, secret: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(subkey(secret, purpose="ticket", salt=seed))
