"""The secrets that receipts, proofs and forms of this installation rest on, each made from one file for one purpose."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from hearback.listen.concerns.queries.day_secrets import secret_of
from hearback.refusal import Refusal
from hearback.sealing import proofs, receipts, tokens, word_lists, work
from hearback.sealing.binding import bound, subkey
from hearback.sealing.receipts import Receipt, ReceiptKeys
from hearback.sealing.tokens import FormToken

ATTACHMENT, PIN = "attachment", "pin"
"""What the key of the words opens beside the words."""


def hand_out_form(*, at: datetime, difficulty: int = 0) -> str:
    """A token for a new form."""
    return tokens.hand_out(secret=purpose_key("forms"), at=at, difficulty=difficulty)


def take_back_form(token: str, *, at: datetime) -> FormToken:
    """The token of a form that comes back; refused when it is not ours or too old."""
    return tokens.take_back(token, secret=purpose_key("forms"), at=at)


def did_work(token: str, solution: str, *, at: datetime) -> bool:
    """Whether the sender's device did the work this form asked for."""
    try:
        work.verify(token, solution, secret=purpose_key("forms"), at=at)
    except Refusal:
        return False
    return True


def receipt_for(token: FormToken, *, language: str) -> Receipt:
    """The receipt of a form: the same however often the form is sent. English words where a language has no list."""
    listed = language if language in word_lists.languages() else "en"
    return receipts.from_token(token.nonce, secret=_of_its_day(token, "receipts"), language=listed)


def keys_of(receipt: Receipt) -> ReceiptKeys:
    """What a receipt opens in this installation."""
    return receipts.keys_of(receipt, salt=purpose_key("receipt salt")[: proofs.SALT_BYTES + 1])


def proof_salt(token: FormToken) -> bytes:
    """The salt of a form's proof of submission, printed with it."""
    secret = _of_its_day(token, "proof salt")
    return subkey(secret, purpose="one form", salt=token.nonce, length=proofs.SALT_BYTES)


def signing_key() -> bytes:
    """The Ed25519 key that signs proofs of submission."""
    return purpose_key("proofs")


def proof_public_key() -> bytes:
    """What anybody needs to check a proof of submission."""
    return Ed25519PrivateKey.from_private_bytes(signing_key()).public_key().public_bytes_raw()


def purpose_key(purpose: str) -> bytes:
    """A key of this installation for one purpose."""
    return _made_once(settings.SEALING_SECRET, purpose)


@lru_cache(maxsize=16)
def _made_once(secret: bytes, purpose: str) -> bytes:
    return subkey(secret, purpose=purpose)


def _of_its_day(token: FormToken, purpose: str) -> bytes:
    return subkey(secret_of(token.at.date()), purpose=purpose, salt=purpose_key(purpose))


def info_of(reference: str, purpose: str) -> bytes:
    """What a sealed key of a concern is bound to: it opens nothing anywhere else."""
    return bound("concern key", reference, purpose)


def context_of(reference: str, purpose: str) -> bytes:
    """What an encrypted text of a concern is bound to."""
    return bound("concern text", reference, purpose)
