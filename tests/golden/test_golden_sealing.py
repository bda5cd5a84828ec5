"""Sealing against published examples, and what was sealed once against the code of today: it must open for ever."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from hearback.sealing import contents, envelopes, personal_keys, proofs, receipts, retyping, tickets, tokens
from hearback.sealing.binding import bound, subkey
from hearback.sealing.word_lists import LISTS

pytestmark = pytest.mark.golden

SECRET, SALT = bytes(range(32)), bytes(range(16))
AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
PRIVATE = bytes.fromhex("23c6e2e45d27f90fed80080312fa211ac5afaccccf14d0cc4c25654c30e49f4f")

PUBLISHED_LISTS = {
    "en": "e9f61b5adf6b159cdfea373abf9ef1fed60712345964cd0d5de6b3307225bc69",
}
"""SHA-256 of word lists that receipts were written with. A list that fails here must be put back as it was."""


def counted(size: int) -> bytes:
    """Bytes 0, 1, 2, … where random ones belong."""
    return bytes(range(size))


@pytest.mark.parametrize("language", PUBLISHED_LISTS)
def test_a_published_word_list_is_never_changed(language: str) -> None:
    assert hashlib.sha256((LISTS / f"{language}.txt").read_bytes()).hexdigest() == PUBLISHED_LISTS[language]


def test_public_keys_are_those_of_rfc_9180() -> None:
    """Appendix A.2.1: the recipient's key pair."""
    private_key = bytes.fromhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb")
    public_key = bytes.fromhex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a")
    assert envelopes.public_key_of(private_key) == public_key


def test_the_signature_of_a_proof_is_that_of_rfc_8032() -> None:
    """Section 7.1, test 1: the private key of the example signs, its public key checks, and the salt is zero."""
    private_key = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public_key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    text = proofs.sign(b"words", salt=bytes(15), at=AT, private_key=private_key)
    data = _by_hand(text)
    Ed25519PublicKey.from_public_bytes(public_key).verify(data[42:], bound("hearback proof of submission", data[:42]))
    assert proofs.verify(text, public_keys=[public_key]).at == AT


def _by_hand(text: str) -> bytes:
    """The bytes of a written text, checks dropped, by the standard library's base 32."""
    crockford, rfc4648 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    signs = "".join(line.replace(" ", "")[:-2] for line in text.split("\n"))
    translated = signs.translate(str.maketrans(crockford, rfc4648))
    return base64.b32decode(translated + "=" * (-len(translated) % 8))


def test_chacha20_poly1305_as_in_rfc_8439() -> None:
    """Section 2.8.2: the cipher under which contents lie."""
    key, nonce = bytes(range(0x80, 0xA0)), bytes.fromhex("070000004041424344454647")
    plaintext = (
        b"Ladies and Gentlemen of the class of '99: "
        b"If I could offer you only one tip for the future, sunscreen would be it."
    )
    sealed = ChaCha20Poly1305(key).encrypt(nonce, plaintext, bytes.fromhex("50515253c0c1c2c3c4c5c6c7"))
    assert sealed[:16].hex() == "d31a8d34648e60db7b86afbc53ef7ec2"
    assert sealed[-16:].hex() == "1ae10b594f09e26a7e902ecbd0600691"


def test_argon2id_as_in_rfc_9106() -> None:
    """Section 5.3."""
    derived = Argon2id(
        salt=b"\2" * 16, length=32, iterations=3, lanes=4, memory_cost=32, ad=b"\4" * 12, secret=b"\3" * 8
    ).derive(b"\1" * 32)
    assert derived.hex() == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"


def test_hkdf_as_in_rfc_5869_under_our_labels() -> None:
    """A subkey by hand: extract, then expand one block."""
    key = hmac.digest(b"salt", SECRET, "sha256")
    expected = hmac.digest(key, bound("hearback", "purpose") + b"\1", "sha256")
    assert subkey(SECRET, purpose="purpose", salt=b"salt") == expected


def test_a_receipt_of_the_first_day_still_opens() -> None:
    receipt = receipts.parse("menu enroll relief sprout shrimp radish cup", ["en"])
    assert receipt == receipts.from_token(SALT, secret=SECRET, language="en")
    keys = receipts.keys_of(receipt, salt=SALT)
    assert keys.lookup.hex() == "49521b95189ac0f9ae08379b08593857"
    assert keys.private_key == PRIVATE
    assert keys.public_key.hex() == "5ae842ff45bd09ae8f998691b38b64a34e50db2de01c0bbb1cad09590d878a49"


def test_an_envelope_of_the_first_day_still_opens() -> None:
    envelope = bytes.fromhex(
        "01b10448b9a16ec3f629d3aaa9bcdd2b4609f1915220a762939ff397d6abb62406"
        "adcc77c76d28f3ca9594d02eea4cf70489b4d6d1c2f1c0c0bc5ff2"
    )
    place = bound("Riverton", "7", "words")
    assert envelopes.open_sealed(envelope, private_key=PRIVATE, info=place) == b"content key"


def test_content_is_stored_as_on_the_first_day() -> None:
    content = contents.encrypt(b"words", key=SECRET, context=bound("Riverton", "7"), random=counted)
    assert hashlib.sha256(content).hexdigest() == "2cc91688f7245f6ac073f16263ca7430eac6385e98e2485fa8e19b1bee677597"


def test_a_personal_key_of_the_first_day_still_opens() -> None:
    locked = personal_keys.LockedKey(
        public_key=bytes.fromhex("8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f"),
        by_passphrase=bytes.fromhex(
            "01000000400000000101000102030405060708090a0b0c0d0e0f893428b8aae0c4595c17e32a6b0c91d31db3707c"
            "25a70e2921c61b53390713e9c0558f084405287cee1311f6a7663127"
        ),
        by_recovery=bytes.fromhex(
            "000102030405060708090a0b0c0d0e0fe523c18901888b8f0bac1db780cd68a9fd10f8dad5419f4bf5dd7bd212de"
            "4440131d74385b2d579e720012d4b3fd1288"
        ),
    )
    assert personal_keys.unlock(locked, "four words that fit") == SECRET
    assert personal_keys.recover(locked, "000G4 0R40M 30E20 9185G R38E G7") == SECRET


def test_a_form_and_a_ticket_are_written_as_on_the_first_day() -> None:
    form = tokens.hand_out(secret=SECRET, at=AT, difficulty=4, random=counted)
    assert form == "AAECAwQFBgcICQoLDA0OD2moSPAEYiPgtVKXDwl28w7AhR9lAw"
    ticket = tickets.write(SECRET, purpose="thread", secret=SECRET, at=AT, random=counted)
    assert ticket == ("AAECAwQFBgcICQoLDA0OD-BzCpP_oqzCVhHl5E5ERoLfSTu6ZiOaLI5SSWJcF-NSDo7EDQVbw-M8ru9Y07a6-8IJAfU")


def test_a_proof_of_the_first_day_is_still_good() -> None:
    text = """
        04GPJ JFNY0 0W5KG 44BQD VD8AZ HE
        1P8MS NRSF4 KS0YR FMRYP 703J6 AN
        SJ0X4 D1QMB P58FG EF79Z 80VM6 ZM
        JVGD5 3Q1EP DE16J 4NHFY YNERX SH
        K3CMC CDGV8 C473Y FZ3DA TT5DP JP
        2JD93 NGTG4 A45PD K4KNV EX7NX MK
        WTJHS MKN52 V8EQG H5W1C 4W
    """
    public_key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    statement = proofs.verify(text, public_keys=[public_key])
    assert statement.at == AT
    assert statement.shows(b"words", salt=bytes(15))


def test_a_line_is_written_as_on_the_first_day() -> None:
    assert retyping.written(counted(15)) == "000G4 0R40M 30E20 9185G R38E G7"
