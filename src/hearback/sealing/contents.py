"""Contents: words, photographs and notes under a content key, padded so that their size tells little.

What is stored is one byte of format, a random 12-byte nonce, the ciphertext and 16 bytes of tag (ChaCha20-Poly1305,
RFC 8439). Random nonces are safe here because each concern has its own key and holds few messages.
"""

from __future__ import annotations

from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from hearback.refusal import Refusal
from hearback.sealing.binding import RandomBytes, bound

FORMAT = b"\x01"
NONCE_BYTES = 12
SMALLEST_BUCKET = 1024
COARSE_UNTIL = 64 * 1024
END = b"\x80"


class CannotReadContent(Refusal):
    """Changed, moved from its place, or under another key: which of these is not told."""

    def __init__(self) -> None:
        super().__init__("this content does not open with this key", remedy="Ask somebody who may read it")


def encrypt(plaintext: bytes, *, key: bytes, context: bytes, random: RandomBytes = token_bytes) -> bytes:
    """The plaintext under a 32-byte key, bound to its context (made with `binding.bound`)."""
    nonce = random(NONCE_BYTES)
    return FORMAT + nonce + ChaCha20Poly1305(key).encrypt(nonce, _padded(plaintext), _at(context))


def decrypt(content: bytes, *, key: bytes, context: bytes) -> bytes:
    """What was encrypted under this key in this context."""
    nonce, ciphertext = content[1 : 1 + NONCE_BYTES], content[1 + NONCE_BYTES :]
    if not content.startswith(FORMAT) or len(nonce) < NONCE_BYTES:
        raise CannotReadContent
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, ciphertext, _at(context)).rstrip(b"\0").removesuffix(END)
    except InvalidTag:
        raise CannotReadContent from None


def bucket(size: int) -> int:
    """Bytes that `size` bytes are padded to: at least 1 KiB, then powers of two to 64 KiB, then steps of an eighth.

    All short texts look alike; a photograph grows by at most an eighth.
    """
    if size <= COARSE_UNTIL:
        return max(SMALLEST_BUCKET, 1 << (size - 1).bit_length())
    step = 1 << ((size - 1).bit_length() - 4)
    return -(-size // step) * step


def _padded(plaintext: bytes) -> bytes:
    return (plaintext + END).ljust(bucket(len(plaintext) + len(END)), b"\0")


def _at(context: bytes) -> bytes:
    return bound("hearback content", FORMAT, context)
