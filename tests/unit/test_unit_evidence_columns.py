"""The canonical form of columns, and fingerprints that see content and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.evidence.columns import SQL_TYPES, Fingerprint, canonical, type_name


def fingerprint(*chunks: np.ndarray) -> str:
    whole = Fingerprint()
    for chunk in chunks:
        whole.add("column", canonical(chunk))
    return whole.records()[0].sha256


@pytest.mark.parametrize("kind", [kind for kind in SQL_TYPES if kind != "text"])
def test_numbers_keep_their_type(kind: str) -> None:
    assert type_name(canonical(np.array([0, 1], dtype=kind))) == kind


def test_both_sorts_of_text_arrays_are_the_same_text() -> None:
    fixed, objects = np.array(["one", "zwölf"]), np.array(["one", "zwölf"], dtype=object)
    assert type_name(canonical(fixed)) == type_name(canonical(objects)) == "text"
    assert fingerprint(fixed) == fingerprint(objects)


def test_byte_order_minus_zero_and_the_bits_of_not_a_number_do_not_count() -> None:
    assert fingerprint(np.array([1, 2], dtype=">i4")) == fingerprint(np.array([1, 2], dtype="<i4"))
    assert fingerprint(np.array([-0.0])) == fingerprint(np.array([0.0]))
    assert fingerprint(np.array([-np.nan])) == fingerprint(np.array([np.nan]))


def test_a_canonical_column_is_a_copy() -> None:
    values = np.array([1, 2])
    kept = canonical(values)
    values[0] = 9
    assert kept.tolist() == [1, 2]


@pytest.mark.parametrize("values", [np.array([1j]), np.array(["2020-01-01"], dtype="datetime64[D]"), np.uint8([1])])
def test_other_types_are_refused(values: np.ndarray) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        canonical(values)


def test_text_with_nul_is_refused_because_it_could_hide_a_border() -> None:
    with pytest.raises(ValueError, match="NUL"):
        fingerprint(np.array(["a\0b"], dtype=object))


def test_what_is_not_text_in_a_text_column_is_refused() -> None:
    with pytest.raises(TypeError):
        fingerprint(np.array(["a", None], dtype=object))


@given(values=st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))), cut=st.integers(0))
def test_the_fingerprint_does_not_know_where_chunks_end(values: list[str], cut: int) -> None:
    column = np.array([*values, ""], dtype=object)
    at = cut % len(column)
    assert fingerprint(column[:at], column[at:]) == fingerprint(column)


@given(first=st.lists(st.text("ab", max_size=2)), second=st.lists(st.text("ab", max_size=2)))
def test_different_lists_of_words_have_different_fingerprints(first: list[str], second: list[str]) -> None:
    one, other = (np.array([*words, "end"], dtype=object) for words in (first, second))
    assert (fingerprint(one) == fingerprint(other)) == (first == second)
