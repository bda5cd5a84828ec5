"""A thief has the whole data directory and every police-side key and passphrase: what partners and oversight were
told stays closed."""

from __future__ import annotations

from itertools import product

import pytest

from hearback.refusal import Refusal
from hearback.sealing import personal_keys
from hearback.sealing.binding import bound, subkey
from hearback.sealing.contents import decrypt
from hearback.sealing.envelopes import open_sealed
from hearback.sealing.personal_keys import LockedKey
from in_an_installation import DESKS, PASSPHRASES, words_to
from installations import Installation

pytestmark = pytest.mark.faults

POLICE = ("lia", "cora")
EVERYBODY = ("lia", "cora", "pia", "ova")
PURPOSES = ("words", "notes", "contact")
CONTEXTS = (*PURPOSES, "attachment", "pin")
SECRETS_MADE_FROM_FILES = ("forms", "receipts", "receipt salt", "proof salt", "proofs", "tickets")
SEALED_TEXTS = (
    "SELECT sealed FROM concerns_message",
    "SELECT sealed FROM concerns_note",
    "SELECT sealed FROM concerns_contact",
    "SELECT sealed FROM concerns_attachment",
    "SELECT pin FROM concerns_concern",
)


@pytest.fixture(scope="module")
def robbed(installation: Installation) -> Installation:
    """An installation in which a liaison team, a partner and oversight were told everything that can be told."""
    installation.do("say_everything")
    return installation


def _private_keys(stolen: Installation, of: tuple[str, ...], passphrases: list[str]) -> list[bytes]:
    """Every private key that any of the passphrases opens."""
    rows = stolen.rows(
        "SELECT username, public_key, locked_by_passphrase, locked_by_recovery FROM vault_personalkey"
        " JOIN people_user ON people_user.id = person_id"
    )
    found = []
    for (name, *locked), passphrase in product(rows, passphrases):
        try:
            found.append(personal_keys.unlock(LockedKey(*map(bytes, locked)), passphrase))
        except Refusal:
            continue
        assert name in of
    return found


def _secrets_in_files(stolen: Installation) -> list[bytes]:
    secrets = [bytes.fromhex((stolen.data_dir / name).read_text()) for name in ("secret-key", "sealing-secret")]
    secrets += [bytes.fromhex(file.read_text()) for file in (stolen.data_dir / "form-secrets").iterdir()]
    return [*secrets, *(subkey(secret, purpose=purpose) for secret in secrets for purpose in SECRETS_MADE_FROM_FILES)]


def _everything_opened(stolen: Installation, private_keys: list[bytes]) -> set[str]:
    """Every text that falls open when every key is tried on every envelope and every text, in every place."""
    references = [reference for (reference,) in stolen.rows("SELECT reference FROM concerns_concern")]
    envelopes = [bytes(sealed) for (sealed,) in stolen.rows("SELECT sealed FROM concerns_sealedkey")]
    content_keys = set(private_keys)
    for envelope, key, reference, purpose in product(envelopes, private_keys, references, PURPOSES):
        try:
            content_keys.add(open_sealed(envelope, private_key=key, info=bound("concern key", reference, purpose)))
        except Refusal:
            continue
    texts = [bytes(sealed) for query in SEALED_TEXTS for (sealed,) in stolen.rows(query)]
    opened = set()
    for text, key, reference, purpose in product(texts, content_keys, references, CONTEXTS):
        try:
            opened.add(decrypt(text, key=key, context=bound("concern text", reference, purpose)).decode())
        except Refusal:
            continue
    return opened


def test_all_police_keys_and_all_files_open_nothing_of_partners_or_oversight(robbed: Installation) -> None:
    keys = _private_keys(robbed, POLICE, [PASSPHRASES[name] for name in POLICE])
    assert len(keys) == 2
    opened = _everything_opened(robbed, [*keys, *_secrets_in_files(robbed)])
    assert opened == {*words_to("team").values(), "[-70.5, 40.5]"}


def test_the_same_thief_with_everybodys_keys_would_open_everything(robbed: Installation) -> None:
    """So the test above fails when sealing does, and not because the thief is clumsy."""
    keys = _private_keys(robbed, EVERYBODY, list(PASSPHRASES.values()))
    said = {text for desk in DESKS for text in words_to(desk).values()}
    assert _everything_opened(robbed, keys) == {*said, "[-70.5, 40.5]"}


def test_no_file_holds_a_word_or_a_receipt_and_what_is_withdrawn_leaves_no_byte(installation: Installation) -> None:
    """In the database, its write-ahead log and its free pages. PostgreSQL keeps dead rows until it is vacuumed, and
    its log for as long as its settings say (docs/operating.md): there, only the rows are looked for."""
    before = set(_sealed(installation))
    receipts = installation.do("say_everything")
    sealed = [text for text in _sealed(installation) if text not in before]
    telling = [b"PLAINTEXT", "PLAINTEXT".encode("utf-16-le"), *(text.encode() for text in receipts.values())]
    everything = dict(installation.every_byte())
    for file, content in everything.items():
        assert not [secret for secret in telling if secret in content], file
    assert len(sealed) > 30
    assert installation.database_url or all(text[-64:] in b"".join(everything.values()) for text in sealed)
    for receipt in receipts.values():
        installation.do("withdraw", receipt)
    assert not set(sealed) & set(_sealed(installation))
    if not installation.database_url:
        parts = [text[start : start + 24] for text in sealed for start in range(0, len(text) - 24, 97)]
        for file, content in installation.every_byte():
            assert not [part for part in parts if part in content], file


def _sealed(installation: Installation) -> list[bytes]:
    """Every envelope and every sealed text in the database."""
    queries = [*SEALED_TEXTS, "SELECT sealed FROM concerns_sealedkey"]
    return [text for query in queries for (row,) in installation.rows(query) if (text := bytes(row))]
