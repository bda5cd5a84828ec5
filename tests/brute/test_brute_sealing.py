"""Sealing against slow twins: HPKE written out from RFC 9180, the check word as polynomials, slips by recursion."""

from __future__ import annotations

import hmac
import random
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.sealing import contents, envelopes, receipts, retyping
from hearback.sealing.binding import bound
from hearback.sealing.check_word import TOTAL, belongs_together, check_number, number_at
from hearback.sealing.word_lists import folded_parts, languages, typing_slips, word_list

pytestmark = pytest.mark.brute

NUMBERS = st.lists(st.integers(0, 2047), min_size=6, max_size=6)
KEYS = st.binary(min_size=32, max_size=32)


class Hpke:
    """Base mode with X25519, HKDF-SHA256 and ChaCha20-Poly1305, step by step from RFC 9180, sections 4 to 6."""

    kem = b"KEM" + bytes.fromhex("0020")
    suite = b"HPKE" + bytes.fromhex("002000010003")

    @staticmethod
    def extract(salt: bytes, label: bytes, material: bytes, suite: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")

    @staticmethod
    def expand(key: bytes, label: bytes, info: bytes, size: int, suite: bytes) -> bytes:
        labelled = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
        return hmac.digest(key, labelled + b"\1", "sha256")[:size]

    @classmethod
    def cipher(cls, shared_secret: bytes, info: bytes) -> tuple[ChaCha20Poly1305, bytes]:
        context = (
            b"\0" + cls.extract(b"", b"psk_id_hash", b"", cls.suite) + cls.extract(b"", b"info_hash", info, cls.suite)
        )
        secret = cls.extract(shared_secret, b"secret", b"", cls.suite)
        key = cls.expand(secret, b"key", context, 32, cls.suite)
        return ChaCha20Poly1305(key), cls.expand(secret, b"base_nonce", context, 12, cls.suite)

    @classmethod
    def shared_secret(cls, exchanged: bytes, ephemeral: bytes, recipient: bytes) -> bytes:
        key = cls.extract(b"", b"eae_prk", exchanged, cls.kem)
        return cls.expand(key, b"shared_secret", ephemeral + recipient, 32, cls.kem)

    @classmethod
    def open(cls, sealed: bytes, private_key: bytes, info: bytes, aad: bytes = b"") -> bytes:
        key, ephemeral = X25519PrivateKey.from_private_bytes(private_key), sealed[:32]
        exchanged = key.exchange(X25519PublicKey.from_public_bytes(ephemeral))
        shared = cls.shared_secret(exchanged, ephemeral, key.public_key().public_bytes_raw())
        cipher, nonce = cls.cipher(shared, info)
        return cipher.decrypt(nonce, sealed[32:], aad)

    @classmethod
    def seal(cls, plaintext: bytes, public_key: bytes, info: bytes, ephemeral: bytes) -> bytes:
        key = X25519PrivateKey.from_private_bytes(ephemeral)
        ours = key.public_key().public_bytes_raw()
        exchanged = key.exchange(X25519PublicKey.from_public_bytes(public_key))
        cipher, nonce = cls.cipher(cls.shared_secret(exchanged, ours, public_key), info)
        return ours + cipher.encrypt(nonce, plaintext, b"")


def test_the_twin_opens_the_example_of_rfc_9180() -> None:
    """Appendix A.2.1, sequence number 0."""
    sealed = bytes.fromhex(
        "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a"
        "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
    )
    private_key = bytes.fromhex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb")
    info = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
    assert Hpke.open(sealed, private_key, info, b"Count-0") == b"Beauty is truth, truth beauty"


@settings(max_examples=30, deadline=None)
@given(plaintext=st.binary(max_size=100), private_key=KEYS, ephemeral=KEYS, info=st.binary(max_size=40))
def test_envelopes_are_those_of_the_twin(plaintext: bytes, private_key: bytes, ephemeral: bytes, info: bytes) -> None:
    public_key, place = envelopes.public_key_of(private_key), bound("hearback envelope", b"\1", info)
    ours = envelopes.seal(plaintext, to=public_key, info=info)
    assert Hpke.open(ours[1:], private_key, place) == plaintext
    theirs = b"\1" + Hpke.seal(plaintext, public_key, place, ephemeral)
    assert envelopes.open_sealed(theirs, private_key=private_key, info=info) == plaintext


@settings(max_examples=60, deadline=None)
@given(data=st.data(), plaintext=st.binary(max_size=60), private_key=KEYS, info=st.binary(max_size=20))
def test_an_envelope_with_any_bit_changed_is_refused(
    data: st.DataObject, plaintext: bytes, private_key: bytes, info: bytes
) -> None:
    envelope = envelopes.seal(plaintext, to=envelopes.public_key_of(private_key), info=info)
    changed = _bit_changed(envelope, data.draw(st.integers(0, 8 * len(envelope) - 1)))
    try:
        opened = envelopes.open_sealed(changed, private_key=private_key, info=info)
    except envelopes.CannotOpenEnvelope:
        opened = None
    assert opened is None


@settings(max_examples=60, deadline=None)
@given(plaintext=st.binary(max_size=3000), key=KEYS, context=st.binary(max_size=20))
def test_contents_are_laid_out_as_promised(plaintext: bytes, key: bytes, context: bytes) -> None:
    content = contents.encrypt(plaintext, key=key, context=context)
    place = bound("hearback content", b"\1", context)
    padded = ChaCha20Poly1305(key).decrypt(content[1:13], content[13:], place)
    assert padded == (plaintext + b"\x80").ljust(contents.bucket(len(plaintext) + 1), b"\0")
    assert contents.decrypt(content, key=key, context=context) == plaintext


@settings(max_examples=60, deadline=None)
@given(data=st.data(), plaintext=st.binary(max_size=100), key=KEYS)
def test_content_with_any_bit_changed_is_refused(data: st.DataObject, plaintext: bytes, key: bytes) -> None:
    content = contents.encrypt(plaintext, key=key, context=b"here")
    changed = _bit_changed(content, data.draw(st.integers(0, 8 * len(content) - 1)))
    with pytest.raises(contents.CannotReadContent):
        contents.decrypt(changed, key=key, context=b"here")


def _bit_changed(data: bytes, bit: int) -> bytes:
    return (int.from_bytes(data, "big") ^ 1 << bit).to_bytes(len(data), "big")


@given(one=st.lists(st.binary(max_size=6), max_size=4), other=st.lists(st.binary(max_size=6), max_size=4))
def test_only_the_same_parts_are_bound_alike(one: list[bytes], other: list[bytes]) -> None:
    assert (bound(*one) == bound(*other)) == (one == other)


@given(size=st.integers(1, 10_000_000))
def test_a_bucket_holds_its_content_and_is_its_own_bucket(size: int) -> None:
    held = contents.bucket(size)
    assert size <= held <= max(1024, 2 * size)
    assert contents.bucket(held) == held
    assert contents.bucket(held + 1) > held


def product(a: int, b: int) -> int:
    """Of two polynomials over two elements, reduced modulo x¹¹ + x² + 1 by long division."""
    whole = 0
    for place in range(b.bit_length()):
        whole ^= (a << place) * (b >> place & 1)
    while whole.bit_length() > 11:
        whole ^= 0b100000000101 << (whole.bit_length() - 12)
    return whole


@given(numbers=NUMBERS)
def test_the_check_word_makes_the_weighted_sum_right(numbers: list[int]) -> None:
    total, power = 0, 1
    for number in [*numbers, check_number(numbers)]:
        total, power = total ^ product(power, number), product(power, 2)
    assert total == TOTAL


def test_the_weights_of_the_places_differ_and_their_field_has_no_zero_divisors() -> None:
    powers, power = set(), 1
    for _ in range(2047):
        powers.add(power)
        power = product(power, 2)
    assert len(powers) == 2047
    assert power == 1


@given(numbers=NUMBERS, place=st.integers(0, 6), wrong=st.integers(0, 2047))
def test_one_wrong_word_never_slips_through_and_can_be_replaced(numbers: list[int], place: int, wrong: int) -> None:
    right = [*numbers, check_number(numbers)]
    typed = [*right[:place], wrong, *right[place + 1 :]]
    assert belongs_together(typed) == (typed == right)
    assert number_at(place, typed) == right[place]


@given(numbers=NUMBERS, one=st.integers(0, 6), other=st.integers(0, 6))
def test_two_words_that_changed_places_never_slip_through(numbers: list[int], one: int, other: int) -> None:
    right = [*numbers, check_number(numbers)]
    typed = list(right)
    typed[one], typed[other] = right[other], right[one]
    assert belongs_together(typed) == (typed == right)


def test_of_all_second_mistakes_exactly_one_in_2048_slips_through() -> None:
    """For a wrong word at one place, one word at another place, of 2,048, makes the sum right again."""
    right = [5, 1999, 0, 77, 2047, 1024, check_number([5, 1999, 0, 77, 2047, 1024])]
    through = 0
    for wrong in range(0, 2048, 64):
        for second in range(2048):
            through += belongs_together([right[0], wrong, *right[2:4], second, *right[5:]])
    assert through == 32


def test_of_random_words_one_in_2048_fits() -> None:
    rng = random.Random(7)
    fits = sum(belongs_together([rng.randrange(2048) for _ in range(7)]) for _ in range(200_000))
    assert 60 < fits < 140


def test_what_is_no_receipt_by_its_check_word_is_never_read_as_one() -> None:
    rng, words = random.Random(11), word_list("en").words
    for _ in range(300):
        numbers = [rng.randrange(2048) for _ in range(7)]
        try:
            receipts.parse(" ".join(words[number] for number in numbers), ["en"])
            read = True
        except receipts.WrongCheckWord:
            read = False
        assert read == belongs_together(numbers)


@settings(max_examples=60, deadline=None)
@given(numbers=NUMBERS, language=st.sampled_from(languages()))
def test_every_receipt_is_read_back_in_its_language(numbers: list[int], language: str) -> None:
    receipt = receipts.Receipt(tuple(numbers), language)
    found = receipts.parse(receipt.text, languages())
    assert (found, found.language) == (receipt, language)


def test_the_numbers_of_receipts_are_spread_evenly() -> None:
    """Chi-squared over 64 classes of 12,000 numbers: 63 expected, above 103 once in a thousand."""
    numbers = [
        number
        for form in range(2000)
        for number in receipts.from_token(form.to_bytes(16, "big"), secret=b"s" * 32, language="en").numbers
    ]
    expected = len(numbers) / 64
    classes = [sum(number // 32 == kind for number in numbers) for kind in range(64)]
    assert sum((found - expected) ** 2 / expected for found in classes) < 103


def slips(typed: str, meant: str) -> int:
    """The optimal string alignment distance by its definition."""

    @cache
    def over(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        ways = [over(i - 1, j) + 1, over(i, j - 1) + 1, over(i - 1, j - 1) + (typed[i - 1] != meant[j - 1])]
        if i > 1 and j > 1 and typed[i - 2 : i] == meant[j - 2 : j][::-1]:
            ways.append(over(i - 2, j - 2) + 1)
        return min(ways)

    return over(len(typed), len(meant))


@given(typed=st.text("abc", max_size=6), meant=st.text("abc", max_size=6))
def test_slips_are_those_of_the_definition(typed: str, meant: str) -> None:
    assert typing_slips(typed, meant) == slips(typed, meant)


@settings(max_examples=15, deadline=None)
@given(data=st.data(), number=st.integers(0, 2047))
def test_near_words_are_all_words_within_the_slips_allowed(data: st.DataObject, number: int) -> None:
    words = word_list("en")
    letters = list(words.words[number])
    letters.insert(data.draw(st.integers(0, len(letters))), data.draw(st.sampled_from("aeinrst")))
    typed = "".join(letters)
    allowed = 1 if len(typed) < 5 else 2
    expected = {other for other, word in enumerate(words.words) if slips(typed, word) <= allowed}
    assert set(words.near(typed, limit=2048)) == expected
    assert number in expected


@given(text=st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    parts = folded_parts(text)
    assert folded_parts(" ".join(parts)) == parts


@given(data=st.binary(min_size=1, max_size=120))
def test_what_is_written_down_is_read_again(data: bytes) -> None:
    assert retyping.read(retyping.written(data)) == data


@given(data=st.data(), written=st.binary(min_size=1, max_size=120).map(retyping.written))
def test_one_wrong_sign_is_always_noticed(data: st.DataObject, written: str) -> None:
    signs = list(written.replace(" ", "").replace("\n", ""))
    place, sign = data.draw(st.integers(0, len(signs) - 1)), data.draw(st.sampled_from(retyping.ALPHABET))
    changed = [*signs[:place], sign, *signs[place + 1 :]]
    if changed != signs:
        with pytest.raises(retyping.Mistyped, match=f"line {place // 27 + 1} "):
            retyping.read("".join(changed))


@given(data=st.data(), content=st.binary(min_size=10, max_size=120))
def test_two_signs_of_a_line_that_changed_places_are_always_noticed(data: st.DataObject, content: bytes) -> None:
    signs = list(retyping.written(content).split("\n")[0].replace(" ", ""))
    last = len(signs) - 1 - retyping.CHECKS
    one, other = data.draw(st.integers(0, last)), data.draw(st.integers(0, last))
    changed = list(signs)
    changed[one], changed[other] = signs[other], signs[one]
    if changed != signs:
        with pytest.raises(retyping.Mistyped):
            retyping.read("".join(changed))
