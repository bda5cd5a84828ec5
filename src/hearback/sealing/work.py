"""Proof of work: a little arithmetic by the sender's device before a form is taken, instead of a picture puzzle.

The challenge is the form token's text (`tokens.hand_out` with a difficulty), signed and dated; it is used once
because one token is one concern. A browser solves it like this, in plain JavaScript:

1. `seed` = SHA-256 of the challenge's ASCII bytes (32 bytes).
2. For each puzzle i = 0 … 15, find n = 0, 1, 2, … such that SHA-256(seed ‖ i ‖ n) begins with `difficulty` zero
   bits. i and n are unsigned 32-bit numbers, most significant byte first: 40 bytes, one block of SHA-256. With the
   digest's first 32-bit word w as an unsigned number, the condition is `w >>> (32 - difficulty) === 0`.
3. The solution is the sixteen n in small hexadecimal digits, joined by full stops: `1f3.0.9c2. …`.

Sixteen small puzzles, not one large one: the work is the same on average, but seldom twice as long. At difficulty 12
it is 65,536 hashes on average. `crypto.subtle.digest` is asynchronous and costs more than the hash; an inline
SHA-256 of a few dozen lines is many times faster. Difficulty is from 1 to 31.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from itertools import count

from hearback.refusal import Refusal
from hearback.sealing import tokens
from hearback.sealing.tokens import FormToken

PUZZLES = 16
USUAL_DIFFICULTY = 12
LONGEST_SOLUTION = PUZZLES * 9


class WorkNotDone(Refusal):
    """The solution does not solve this challenge, or the challenge asked for none."""

    def __init__(self) -> None:
        super().__init__("the proof of work is not right", remedy="Send the form again")


def solve(challenge: str, *, difficulty: int) -> str:
    """A solution: what the browser computes, here for tests and the load generator."""
    seed = _seed(challenge)
    return ".".join(
        f"{next(n for n in count() if _is_solved(seed, puzzle, n, difficulty)):x}" for puzzle in range(PUZZLES)
    )


def verify(
    challenge: str, solution: str, *, secret: bytes, at: datetime, lifetime: timedelta = tokens.LIFETIME
) -> FormToken:
    """The form token that was the challenge, when it is ours, fresh, asked for work, and the work is done."""
    token = tokens.take_back(challenge, secret=secret, at=at, lifetime=lifetime)
    numbers = _numbers(solution)
    if token.difficulty == 0 or len(numbers) != PUZZLES:
        raise WorkNotDone
    seed = _seed(challenge)
    if not all(_is_solved(seed, puzzle, n, token.difficulty) for puzzle, n in enumerate(numbers)):
        raise WorkNotDone
    return token


def _seed(challenge: str) -> bytes:
    return hashlib.sha256(challenge.encode()).digest()


def _is_solved(seed: bytes, puzzle: int, n: int, difficulty: int) -> bool:
    digest = hashlib.sha256(seed + puzzle.to_bytes(4, "big") + n.to_bytes(4, "big")).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - difficulty) == 0


def _numbers(solution: str) -> list[int]:
    """The numbers of a solution; none when it is not written as one."""
    parts = solution.split(".") if len(solution) <= LONGEST_SOLUTION else []
    if not all(0 < len(part) <= 8 and set(part) <= set("0123456789abcdef") for part in parts):
        return []
    return [int(part, 16) for part in parts]
