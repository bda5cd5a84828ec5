"""Envelopes, contents and what they are bound to: only the right key at the right place opens anything."""

from __future__ import annotations

from collections import Counter

import pytest

from hearback.sealing.binding import bound, subkey
from hearback.sealing.contents import COARSE_UNTIL, SMALLEST_BUCKET, CannotReadContent, bucket, decrypt, encrypt
from hearback.sealing.envelopes import CannotOpenEnvelope, NotAPublicKey, open_sealed, public_key_of, seal

HERS, HIS = bytes(range(32)), bytes(range(32, 64))
KEY, PLACE = b"k" * 32, bound("Riverton", "concern 7", "words")


def test_an_envelope_opens_for_its_reader_and_for_nobody_else() -> None:
    envelope = seal(KEY, to=public_key_of(HERS), info=PLACE)
    assert open_sealed(envelope, private_key=HERS, info=PLACE) == KEY
    with pytest.raises(CannotOpenEnvelope):
        open_sealed(envelope, private_key=HIS, info=PLACE)


def test_an_envelope_moved_to_another_concern_does_not_open() -> None:
    envelope = seal(KEY, to=public_key_of(HERS), info=PLACE)
    with pytest.raises(CannotOpenEnvelope):
        open_sealed(envelope, private_key=HERS, info=bound("Riverton", "concern 8", "words"))


def test_two_envelopes_with_the_same_secret_do_not_look_alike() -> None:
    to = public_key_of(HERS)
    assert seal(KEY, to=to, info=PLACE)[1:] != seal(KEY, to=to, info=PLACE)[1:]


def test_an_envelope_tells_nothing_of_whom_it_is_for() -> None:
    for private_key in (HERS, HIS):
        envelope = seal(KEY, to=public_key_of(private_key), info=PLACE)
        assert len(envelope) == 1 + 32 + len(KEY) + 16
        assert public_key_of(private_key) not in envelope


@pytest.mark.parametrize("public_key", [b"", bytes(31), bytes(32), b"\1" + bytes(31), bytes(33)])
def test_what_is_no_public_key_is_not_sealed_to(public_key: bytes) -> None:
    """Zero and one are points of small order: anybody could open what was sealed to them."""
    with pytest.raises(NotAPublicKey):
        seal(KEY, to=public_key, info=PLACE)


@pytest.mark.parametrize("size", range(82))
def test_a_piece_of_an_envelope_does_not_open(size: int) -> None:
    envelope = seal(KEY, to=public_key_of(HERS), info=PLACE)
    assert len(envelope) == 81
    if size < len(envelope):
        with pytest.raises(CannotOpenEnvelope):
            open_sealed(envelope[:size], private_key=HERS, info=PLACE)


@pytest.mark.parametrize("text", [b"", b"\0", b"\x80", b"\x80\0\0", b"words" * 1000])
def test_content_comes_back_as_it_was(text: bytes) -> None:
    assert decrypt(encrypt(text, key=KEY, context=PLACE), key=KEY, context=PLACE) == text


def test_content_under_another_key_or_from_another_place_is_refused_in_the_same_words() -> None:
    content = encrypt(b"words", key=KEY, context=PLACE)
    told = set()
    for key, context, changed in [
        (HERS, PLACE, content),
        (KEY, b"elsewhere", content),
        (KEY, PLACE, content[:-1]),
        (KEY, PLACE, b"\2" + content[1:]),
        (KEY, PLACE, b""),
    ]:
        with pytest.raises(CannotReadContent) as refusal:
            decrypt(changed, key=key, context=context)
        told.add(refusal.value.sentence)
        assert refusal.value.__cause__ is None
    assert len(told) == 1


def test_the_size_of_what_is_stored_does_not_tell_short_texts_apart() -> None:
    sizes = {len(encrypt(b"x" * size, key=KEY, context=PLACE)) for size in range(0, SMALLEST_BUCKET, 31)}
    assert len(sizes) == 1


def test_texts_up_to_64_kib_are_stored_in_seven_sizes() -> None:
    sizes = Counter(bucket(size) for size in range(1, COARSE_UNTIL + 1))
    assert list(sizes) == [1024, 2048, 4096, 8192, 16384, 32768, 65536]


def test_a_photograph_grows_by_an_eighth_at_most_and_shares_its_size_with_thousands() -> None:
    for size in (65_537, 70_000, 1_000_000, 1_048_576, 1_048_577, 5_000_000):
        assert size <= bucket(size) <= size * 9 / 8
    assert len({bucket(size) for size in range(2_000_000, 4_000_000, 1_000)}) == 9


def test_parts_that_only_together_spell_the_same_are_bound_differently() -> None:
    assert bound("ab", "c") != bound("a", "bc") != bound("abc")
    assert bound("a") == bound(b"a")


def test_subkeys_of_other_purposes_and_salts_differ_and_short_secrets_are_no_secrets() -> None:
    keys = {subkey(KEY, purpose="a"), subkey(KEY, purpose="b"), subkey(KEY, purpose="a", salt=b"1"), KEY}
    assert len(keys) == 4
    with pytest.raises(ValueError, match="at least 32"):
        subkey(b"short", purpose="a")
