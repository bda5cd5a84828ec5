"""Proof of submission: a signed statement of when something was received, without what it says.

The statement holds the signing key's id, the minute, and a commitment: SHA-256 over a random salt and the content.
Whoever holds the receipt can later show content and salt, and anybody can check that exactly this was received then.
Signed with Ed25519 (RFC 8032), printed by `retyping` in seven lines.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hearback.refusal import Refusal
from hearback.sealing import retyping
from hearback.sealing.binding import bound

SALT_BYTES = 15
"""120 random bits: `retyping.written(salt)` is one line, printed beside the words when they are to be shown."""

KEY_ID_BYTES = 5
SIGNATURE_BYTES = 64

_STATEMENT = struct.Struct(f">B{KEY_ID_BYTES}sI32s")
_FORMAT = 1


@dataclass(frozen=True)
class Statement:
    """What a proof says: at this minute something with this commitment was received by the owner of this key."""

    at: datetime
    commitment: bytes
    key_id: bytes

    def shows(self, content: bytes, *, salt: bytes) -> bool:
        """Whether it was this content."""
        return hmac.compare_digest(self.commitment, _commitment(content, salt))


class NotAProof(Refusal):
    """Typed as printed, but nothing that any of these keys signed."""


def content_of(text: str) -> bytes:
    """A text as it is committed to: NFC, line feeds, no blanks at line ends, so that a copy of it agrees."""
    lines = unicodedata.normalize("NFC", text).strip().splitlines()
    return "\n".join(line.rstrip() for line in lines).encode()


def key_id(public_key: bytes) -> bytes:
    """The short name of a signing key."""
    return hashlib.sha256(bound("hearback signing key", public_key)).digest()[:KEY_ID_BYTES]


def sign(content: bytes, *, salt: bytes, at: datetime, private_key: bytes) -> str:
    """The proof that `content` was received at `at` (cut to the minute), signed with a 32-byte Ed25519 private key.

    `salt` is fresh for every proof and kept with the sealed content: without it nobody can try out contents.
    """
    if len(salt) < SALT_BYTES:
        raise ValueError(f"a salt has at least {SALT_BYTES} random bytes, not {len(salt)}")
    if at.tzinfo is None:
        raise ValueError("a moment has a time zone")
    key = Ed25519PrivateKey.from_private_bytes(private_key)
    minute = int(at.timestamp()) // 60
    statement = _STATEMENT.pack(
        _FORMAT, key_id(key.public_key().public_bytes_raw()), minute, _commitment(content, salt)
    )
    return retyping.written(statement + key.sign(_signed(statement)))


def verify(text: str, *, public_keys: Iterable[bytes]) -> Statement:
    """What the proof says, when one of these Ed25519 public keys signed it.

    Refuses `retyping.Mistyped`, with the line, what was not typed as printed, and `NotAProof` what was not signed.
    """
    data = retyping.read(text)
    statement, signature = data[: _STATEMENT.size], data[_STATEMENT.size :]
    if len(signature) == SIGNATURE_BYTES:
        _, signer, minute, commitment = _STATEMENT.unpack(statement)
        for public_key in public_keys:
            if signer == key_id(public_key) and _is_signed(statement, signature, public_key):
                return Statement(datetime.fromtimestamp(60 * minute, UTC), commitment, signer)
    raise NotAProof("this proof was not signed here", remedy="Check it where the concern was sent")


def _is_signed(statement: bytes, signature: bytes, public_key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, _signed(statement))
    except InvalidSignature:
        return False
    return True


def _signed(statement: bytes) -> bytes:
    return bound("hearback proof of submission", statement)


def _commitment(content: bytes, salt: bytes) -> bytes:
    return hashlib.sha256(bound("hearback content of submission", salt, content)).digest()
