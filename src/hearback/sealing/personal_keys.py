"""Personal keys: a member's X25519 key pair, its private half locked by a passphrase and again by a recovery key.

Sealing is per person, not per group: so a concern that names an officer is never sealed to that officer, and whoever
leaves opens nothing new. Both locks hold the same private key; what was sealed stays readable when either is changed.
"""

from __future__ import annotations

import hmac
import struct
import unicodedata
from dataclasses import dataclass, field, replace
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hearback.refusal import Refusal
from hearback.sealing import retyping
from hearback.sealing.binding import KEY_BYTES, RandomBytes, bound
from hearback.sealing.envelopes import public_key_of

SALT_BYTES = 16
RECOVERY_BYTES = 15
"""120 random bits: one printed line, and no stretching is needed."""

SHORTEST_PASSPHRASE = 12

_NONCE = bytes(12)
"""Always zero: every lock has a fresh salt, so every key encrypts once."""

_HEADER = struct.Struct(f">BIIB{SALT_BYTES}s")
_FORMAT = 1


@dataclass(frozen=True)
class Cost:
    """What one try at a passphrase costs (Argon2id, RFC 9106): memory in KiB, passes over it, lanes."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1


USUAL_COST = Cost()
LARGEST_COST = Cost(memory_kib=256 * 1024, passes=16, lanes=16)
"""More than this is not tried: a changed record must not bring the server down."""


@dataclass(frozen=True)
class LockedKey:
    """What is stored of a member's key pair; the cost and salt of the passphrase's lock stand inside it."""

    public_key: bytes
    by_passphrase: bytes
    by_recovery: bytes


@dataclass(frozen=True)
class NewKey:
    """A locked key and the recovery key that is printed once and stored nowhere."""

    locked: LockedKey
    recovery_key: str = field(repr=False)


class ShortPassphrase(Refusal):
    """A passphrase that is guessed too soon."""


class WrongPassphrase(Refusal):
    """The passphrase does not open the key."""


class WrongRecoveryKey(Refusal):
    """The recovery key is well typed, but not of this key."""


class DamagedKey(Refusal):
    """What is stored is not what was locked."""


class ForeignPublicKey(Refusal):
    """The public key on record does not belong to the private key: somebody exchanged it."""


def create(passphrase: str, *, random: RandomBytes = token_bytes, cost: Cost = USUAL_COST) -> NewKey:
    """A new key pair under a passphrase of at least 12 characters, with its recovery key."""
    private_key = random(KEY_BYTES)
    by_passphrase = _passphrase_lock(private_key, passphrase, random=random, cost=cost)
    unfinished = LockedKey(public_key_of(private_key), by_passphrase, b"")
    return renew_recovery_key(unfinished, private_key, random=random)


def unlock(locked: LockedKey, passphrase: str) -> bytes:
    """The private key; takes the lock's memory (64 MiB) and some tenths of a second, so few at a time."""
    header, box = locked.by_passphrase[: _HEADER.size], locked.by_passphrase[_HEADER.size :]
    cost, salt = _cost_and_salt(header)
    key = _stretched(passphrase, salt=salt, cost=cost)
    try:
        return _own(locked, ChaCha20Poly1305(key).decrypt(_NONCE, box, header))
    except InvalidTag:
        raise WrongPassphrase(
            "the passphrase does not open your key", remedy="Try again, or use your printed recovery key"
        ) from None


def recover(locked: LockedKey, recovery_key: str) -> bytes:
    """The private key, by the printed recovery key; `retyping.Mistyped` when it is not typed as printed."""
    salt, box = locked.by_recovery[:SALT_BYTES], locked.by_recovery[SALT_BYTES:]
    try:
        key = _recovery_lock_key(retyping.read(recovery_key), salt=salt)
        return _own(locked, ChaCha20Poly1305(key).decrypt(_NONCE, box, salt))
    except InvalidTag:
        raise WrongRecoveryKey(
            "this is not the recovery key of your key", remedy="Look for the newest one you printed"
        ) from None


def change_passphrase(
    locked: LockedKey, private_key: bytes, *, to: str, random: RandomBytes = token_bytes, cost: Cost = USUAL_COST
) -> LockedKey:
    """The same key under another passphrase; the recovery key stays good."""
    return replace(locked, by_passphrase=_passphrase_lock(private_key, to, random=random, cost=cost))


def renew_recovery_key(locked: LockedKey, private_key: bytes, *, random: RandomBytes = token_bytes) -> NewKey:
    """The same key with another recovery key, after the first was used or lost; the passphrase stays good."""
    recovery, salt = random(RECOVERY_BYTES), random(SALT_BYTES)
    box = ChaCha20Poly1305(_recovery_lock_key(recovery, salt=salt)).encrypt(_NONCE, private_key, salt)
    return NewKey(replace(locked, by_recovery=salt + box), retyping.written(recovery))


def _cost_and_salt(header: bytes) -> tuple[Cost, bytes]:
    if len(header) == _HEADER.size:
        form, memory, passes, lanes, salt = _HEADER.unpack(header)
        most = LARGEST_COST
        fits = 0 < lanes <= most.lanes and 0 < passes <= most.passes and 8 * lanes <= memory <= most.memory_kib
        if form == _FORMAT and fits:
            return Cost(memory, passes, lanes), salt
    raise DamagedKey("what is stored of your key is damaged", remedy="Use your printed recovery key")


def _own(locked: LockedKey, private_key: bytes) -> bytes:
    if not hmac.compare_digest(public_key_of(private_key), locked.public_key):
        raise ForeignPublicKey(
            "the public key kept for you is not yours: what was sealed to it is not for you",
            remedy="Tell the coordinator and oversight at once, and seal nothing",
        )
    return private_key


def _passphrase_lock(private_key: bytes, passphrase: str, *, random: RandomBytes, cost: Cost) -> bytes:
    if len(passphrase.strip()) < SHORTEST_PASSPHRASE:
        raise ShortPassphrase(
            f"a passphrase has at least {SHORTEST_PASSPHRASE} characters",
            remedy="Take four or more words that do not belong together",
        )
    salt = random(SALT_BYTES)
    header = _HEADER.pack(_FORMAT, cost.memory_kib, cost.passes, cost.lanes, salt)
    key = _stretched(passphrase, salt=salt, cost=cost)
    return header + ChaCha20Poly1305(key).encrypt(_NONCE, private_key, header)


def _stretched(passphrase: str, *, salt: bytes, cost: Cost) -> bytes:
    """Argon2id of the passphrase as Unicode's NFKC without blanks around it, so that keyboards agree."""
    normal = unicodedata.normalize("NFKC", passphrase).strip().encode()
    return Argon2id(
        salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    ).derive(normal)


def _recovery_lock_key(recovery: bytes, *, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=bound("hearback recovery key")).derive(recovery)
