"""Form tokens: what makes one form one concern, however often "send" is clicked, without anything kept by the server.

The token stands in a hidden field. The receipt's words are an HMAC of its nonce (`receipts.from_token`), so that a
repeated form gives the same receipt and the same lookup value, which the database holds only once. The token is also
the challenge of the proof of work (`work`): one solution opens one submission because one token is one concern.
"""

from __future__ import annotations

import hmac
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_bytes

from hearback.refusal import Refusal
from hearback.sealing import base64url
from hearback.sealing.binding import RandomBytes, subkey

LIFETIME = timedelta(hours=24)
CLOCK_DRIFT = timedelta(minutes=5)
NONCE_BYTES = 16
MAC_BYTES = 16

_TOKEN = struct.Struct(f">{NONCE_BYTES}sIB")


@dataclass(frozen=True)
class FormToken:
    """A form that was handed out: its random nonce, when, and how hard the proof of work is (0: none is asked for)."""

    nonce: bytes = field(repr=False)
    at: datetime
    difficulty: int


class NotOurForm(Refusal):
    """No form that was handed out here."""


class FormTooOld(Refusal):
    """A form that was handed out too long ago."""


def hand_out(*, secret: bytes, at: datetime, difficulty: int = 0, random: RandomBytes = token_bytes) -> str:
    """A new token: 50 letters, digits, `-` and `_`."""
    token = _TOKEN.pack(random(NONCE_BYTES), int(at.timestamp()), difficulty)
    return base64url.encoded(token + _mac(token, secret))


def take_back(text: str, *, secret: bytes, at: datetime, lifetime: timedelta = LIFETIME) -> FormToken:
    """The token, when it was handed out under this secret and not too long ago."""
    token, mac = _split(text)
    if not hmac.compare_digest(mac, _mac(token, secret)):
        raise NotOurForm("this form was not handed out here", remedy="Open the form again and send it from there")
    nonce, seconds, difficulty = _TOKEN.unpack(token)
    handed_out = datetime.fromtimestamp(seconds, UTC)
    if not -CLOCK_DRIFT <= at - handed_out <= lifetime:
        raise FormTooOld("this form was opened too long ago", remedy="Open the form again and send it from there")
    return FormToken(nonce, handed_out, difficulty)


def _split(text: str) -> tuple[bytes, bytes]:
    try:
        data = base64url.decoded(text)
    except ValueError:
        data = b""
    return data[: _TOKEN.size], data[_TOKEN.size :]


def _mac(token: bytes, secret: bytes) -> bytes:
    return hmac.digest(subkey(secret, purpose="form token"), token, "sha256")[:MAC_BYTES]
