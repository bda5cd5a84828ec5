"""What sealing costs: single operations, and all of it for one submission with six readers."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks.line import Line
from hearback.sealing import contents, envelopes, personal_keys, proofs, receipts, tickets, tokens, work
from hearback.sealing.binding import bound

SECRET, SALT = b"benchmark secret".ljust(32, b"."), b"benchmark salt  "
AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
KEY = bytes(range(32))
PUBLIC = envelopes.public_key_of(KEY)
INFO = bound("benchmark", "concern")
WORDS = ("No puedo dormir por las sirenas. " * 20).encode()
READERS = 6


def run() -> list[Line]:
    """Seconds of one core, so that the numbers hold on a machine that is busy otherwise."""
    receipt = receipts.from_token(bytes(16), secret=SECRET, language="en")
    token = tokens.hand_out(secret=SECRET, at=AT, difficulty=work.USUAL_DIFFICULTY)
    solution = work.solve(token, difficulty=work.USUAL_DIFFICULTY)
    envelope = envelopes.seal(KEY, to=PUBLIC, info=INFO)
    locked = personal_keys.create("a passphrase for timing").locked
    return [
        _line("receipt's keys from its words", lambda: receipts.keys_of(receipt, salt=SALT), "over 300 a second"),
        _line("envelope, sealed", lambda: envelopes.seal(KEY, to=PUBLIC, info=INFO)),
        _line("envelope, opened", lambda: envelopes.open_sealed(envelope, private_key=KEY, info=INFO)),
        _line("content, encrypted", lambda: contents.encrypt(WORDS, key=KEY, context=INFO)),
        _line("receipt typed in, read", lambda: receipts.parse(receipt.text, ["en"])),
        _line("proof of work, solved in Python", lambda: work.solve(token, difficulty=work.USUAL_DIFFICULTY), runs=5),
        _line("proof of work, checked", lambda: work.verify(token, solution, secret=SECRET, at=AT)),
        _line("personal key, unlocked", lambda: personal_keys.unlock(locked, "a passphrase for timing"), runs=3),
        _line(f"a whole submission, {READERS} readers", _submission, "a small part of 13 ms (150 journeys a second)"),
    ]


def _submission() -> None:
    token = tokens.take_back(tokens.hand_out(secret=SECRET, at=AT), secret=SECRET, at=AT)
    receipt = receipts.from_token(token.nonce, secret=SECRET, language="en")
    keys = receipts.keys_of(receipt, salt=SALT)
    contents.encrypt(WORDS, key=KEY, context=INFO)
    for public_key in [keys.public_key] + [PUBLIC] * READERS:
        envelopes.seal(KEY, to=public_key, info=INFO)
    proofs.sign(WORDS, salt=SALT, at=AT, private_key=KEY)
    tickets.write(keys.private_key, purpose="thread", secret=SECRET, at=AT)


def _line(what: str, operation: Callable[[], object], goal: str = "", *, runs: int = 200) -> Line:
    operation()
    start = time.process_time()
    for _ in range(runs):
        operation()
    each = (time.process_time() - start) / runs
    return Line(f"sealing: {what}", f"{1000 * each:.2f} ms, {1 / each:,.0f} a second and core", goal=goal)
