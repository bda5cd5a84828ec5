"""Envelopes: a short secret, sealed so that one private key alone opens it (HPKE, RFC 9180).

Suite: base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. An envelope is one byte of format, 32
bytes of encapsulated key, the ciphertext and 16 bytes of tag. `info` binds it to its place (installation, concern,
purpose; make it with `binding.bound`): moved to another concern, it no longer opens.

Nobody is named inside: an envelope does not say for whom it is or who sealed it.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from hearback.refusal import Refusal
from hearback.sealing.binding import bound

FORMAT = b"\x01"
"""Written before every envelope, so that another suite can be introduced beside this one."""

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class NotAPublicKey(Refusal):
    """The bytes are no X25519 public key that anything can be sealed to."""


class CannotOpenEnvelope(Refusal):
    """Changed, sealed for somebody else, or moved from its place: which of these is not told."""

    def __init__(self) -> None:
        super().__init__("this envelope does not open with this key", remedy="Ask somebody it was sealed for")


def public_key_of(private_key: bytes) -> bytes:
    """The 32-byte X25519 public key of a private key; any 32 random bytes are a private key."""
    return X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def seal(plaintext: bytes, *, to: bytes, info: bytes) -> bytes:
    """An envelope that the private key of the public key `to` opens, at the place `info` names."""
    try:
        return FORMAT + _SUITE.encrypt(plaintext, X25519PublicKey.from_public_bytes(to), _at(info))
    except ValueError as error:
        raise NotAPublicKey("a public key is not one that can be sealed to", remedy="Make a new key pair") from error


def open_sealed(envelope: bytes, *, private_key: bytes, info: bytes) -> bytes:
    """What was sealed to this private key's public key at this place."""
    key = X25519PrivateKey.from_private_bytes(private_key)
    if not envelope.startswith(FORMAT):
        raise CannotOpenEnvelope
    try:
        return _SUITE.decrypt(envelope[len(FORMAT) :], key, _at(info))
    except (InvalidTag, ValueError):
        raise CannotOpenEnvelope from None


def _at(info: bytes) -> bytes:
    return bound("hearback envelope", FORMAT, info)
