"""The check word: the seventh number of a receipt, which notices mistyped words and replaces one that is lost.

Numbers are elements of the field with 2,048 elements (polynomials over two elements modulo x¹¹ + x² + 1, in which x
generates every nonzero element). Seven numbers n₀ … n₆ belong together when Σ xⁱ·nᵢ = TOTAL: a shortened
Reed–Solomon code with one check symbol. Weights that are distinct and not zero make it certain that one wrong number
and two numbers that changed places are noticed; anything else slips through once in 2,048. A hash of equal length
would let through one in 2,048 of the simple mistakes too, and could not say what a lost word was.
"""

from __future__ import annotations

from collections.abc import Sequence

BITS = 11
NUMBERS = 7
TOTAL = 0x2F5
"""Not zero, so that seven times the first word of a list is no receipt."""

_MODULUS = 0b1000_0000_0101


def check_number(numbers: Sequence[int]) -> int:
    """The seventh number for six numbers of 0 … 2,047."""
    return number_at(NUMBERS - 1, [*numbers, 0])


def belongs_together(numbers: Sequence[int]) -> bool:
    """Whether seven numbers fit each other."""
    return _weighted_sum(numbers) == TOTAL


def number_at(place: int, numbers: Sequence[int]) -> int:
    """The one number that, at this place, fits the six others of seven; what stands there is not looked at."""
    missing = TOTAL ^ _weighted_sum([*numbers[:place], 0, *numbers[place + 1 :]])
    for _ in range(place):
        missing = _divided_by_x(missing)
    return missing


def _weighted_sum(numbers: Sequence[int]) -> int:
    total = 0
    for number in reversed(numbers):
        total = _times_x(total) ^ number
    return total


def _times_x(element: int) -> int:
    doubled = element << 1
    return doubled ^ _MODULUS if doubled >> BITS else doubled


def _divided_by_x(element: int) -> int:
    return (element ^ _MODULUS if element & 1 else element) >> 1
