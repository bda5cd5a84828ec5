"""Proofs of submission: they say when and commit to what, survive retyping, and nobody else can write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from hearback.sealing.proofs import NotAProof, content_of, key_id, sign, verify
from hearback.sealing.retyping import ALPHABET, Mistyped, TooLong, read, written

SIGNING, OURS = bytes(range(32)), bytes.fromhex("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8")
SALT, SAID = bytes(15), content_of("El coche iba demasiado rápido.")
AT = datetime(2026, 3, 4, 15, 7, 42, tzinfo=UTC)
PROOF = sign(SAID, salt=SALT, at=AT, private_key=SIGNING)


def test_a_proof_says_the_minute_and_by_whom() -> None:
    statement = verify(PROOF, public_keys=[OURS])
    assert statement.at == datetime(2026, 3, 4, 15, 7, tzinfo=UTC)
    assert statement.key_id == key_id(OURS)


def test_a_minute_is_the_same_in_every_time_zone() -> None:
    there = AT.astimezone(timezone(timedelta(hours=-5)))
    assert sign(SAID, salt=SALT, at=there, private_key=SIGNING) == PROOF


def test_a_moment_without_a_time_zone_and_a_salt_that_can_be_guessed_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        sign(SAID, salt=SALT, at=AT.replace(tzinfo=None), private_key=SIGNING)
    with pytest.raises(ValueError, match="at least 15"):
        sign(SAID, salt=b"", at=AT, private_key=SIGNING)


def test_content_and_salt_together_show_what_was_said() -> None:
    statement = verify(PROOF, public_keys=[OURS])
    assert statement.shows(SAID, salt=SALT)
    assert not statement.shows(SAID + b"!", salt=SALT)
    assert not statement.shows(SAID, salt=b"1" * 15)
    assert not statement.shows(SAID[1:], salt=SALT + SAID[:1])


def test_the_same_words_with_another_salt_cannot_be_recognised() -> None:
    other = verify(sign(SAID, salt=b"1" * 15, at=AT, private_key=SIGNING), public_keys=[OURS])
    assert other.commitment != verify(PROOF, public_keys=[OURS]).commitment


@pytest.mark.parametrize(
    "copied",
    ["  El coche iba  \r\ndemasiado rápido.\r\n\r\n", "El coche iba\ndemasiado ra\N{COMBINING ACUTE ACCENT}pido."],
)
def test_a_copy_with_other_line_ends_is_the_same_content(copied: str) -> None:
    assert content_of(copied) == content_of("El coche iba\ndemasiado rápido.")


def test_a_proof_is_seven_lines_that_fit_a_card() -> None:
    lines = PROOF.split("\n")
    assert len(lines) == 7
    assert max(map(len, lines)) <= 32


def test_a_proof_is_read_in_small_letters_without_blanks_and_with_look_alikes() -> None:
    assert verify(PROOF.lower().replace(" ", "").replace("\n", ""), public_keys=[OURS])
    assert verify(PROOF.replace("0", "O").replace("1", "l").replace("V", "u"), public_keys=[OURS])


@pytest.mark.parametrize("line", range(1, 8))
def test_a_mistyped_line_is_named(line: int) -> None:
    lines = PROOF.split("\n")
    wrong = "2" if lines[line - 1][3] != "2" else "3"
    lines[line - 1] = lines[line - 1][:3] + wrong + lines[line - 1][4:]
    with pytest.raises(Mistyped, match=f"line {line} ") as refusal:
        verify("\n".join(lines), public_keys=[OURS])
    assert refusal.value.line == line


def test_a_line_left_out_and_two_lines_exchanged_are_noticed() -> None:
    lines = PROOF.split("\n")
    with pytest.raises(Mistyped, match="line 3"):
        verify("\n".join(lines[:2] + lines[3:]), public_keys=[OURS])
    with pytest.raises(Mistyped, match="line 2"):
        verify("\n".join([lines[0], lines[2], lines[1], *lines[3:]]), public_keys=[OURS])


def test_a_proof_by_another_key_is_none() -> None:
    theirs = sign(SAID, salt=SALT, at=AT, private_key=SIGNING[::-1])
    with pytest.raises(NotAProof):
        verify(theirs, public_keys=[OURS])


def test_a_proof_outlives_the_change_of_keys() -> None:
    assert verify(PROOF, public_keys=[bytes.fromhex("d7" * 32), OURS]).key_id == key_id(OURS)


def test_a_statement_with_any_byte_changed_is_not_signed() -> None:
    data = read(PROOF)
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(NotAProof):
            verify(written(changed), public_keys=[OURS])


@pytest.mark.parametrize("text", ["", "hello there", written(b"something else"), written(bytes(106)), "🙂", "IIIII"])
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises((NotAProof, Mistyped)):
        verify(text, public_keys=[OURS])


def test_twenty_megabytes_are_not_read() -> None:
    with pytest.raises(TooLong):
        verify("A" * 20_000_000, public_keys=[OURS])


def test_what_is_written_down_uses_no_signs_that_look_alike() -> None:
    assert len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)
    assert set(PROOF) <= set(ALPHABET) | {" ", "\n"}
