"""What a seal is bound to, and keys for one purpose made from a secret."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32

RandomBytes = Callable[[int], bytes]
"""Where keys, salts and nonces come from. Functions default to `secrets.token_bytes`: a caller who forgets the
argument gets good keys, and a test that needs the same bytes twice passes its own."""


def bound(*parts: str | bytes) -> bytes:
    """The parts as one byte string that no other parts give: each stands behind its length."""
    encoded = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def subkey(secret: bytes, *, purpose: str, salt: bytes = b"", length: int = KEY_BYTES) -> bytes:
    """A key for one purpose, from a secret of at least 32 random bytes (HKDF-SHA256, RFC 5869).

    Knowing the subkeys of other purposes or salts says nothing about it.
    """
    if len(secret) < KEY_BYTES:
        raise ValueError(f"a secret has at least {KEY_BYTES} bytes, not {len(secret)}")
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=bound("hearback", purpose)).derive(secret)
