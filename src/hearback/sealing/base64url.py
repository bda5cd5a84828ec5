"""Bytes as text for hidden fields: base 64 with `-` and `_`, no padding, and exactly one spelling (RFC 4648, 5)."""

from __future__ import annotations

import base64


def encoded(data: bytes) -> str:
    """The text of the bytes."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of a text; `ValueError` when `encoded` did not write it."""
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if encoded(data) != text:
        raise ValueError("not the one spelling of these bytes")
    return data
