"""The name that was probably meant, or the names there are."""

from __future__ import annotations

import pytest

from hearback.importers.nearest import advice, listing


@pytest.mark.parametrize(
    ("written", "known", "told"),
    [
        ("geoid", ["GEOID10", "name"], 'You may mean "GEOID10"'),
        ("lon", ["longitude", "latitude", "layout"], 'You may mean "longitude"'),
        ("titel", ["title", "file"], 'You may mean "title"'),
        ("acce", ["accept_outside", "accept_unmatched", "year"], "Known here: accept_outside, accept_unmatched, year"),
        ("x", ["a", "b"], "Known here: a, b"),
        ("x", [], ""),
    ],
)
def test_advice(written: str, known: list[str], told: str) -> None:
    assert advice(written, known) == told


def test_a_long_listing_says_how_many_more_there_are() -> None:
    assert listing(["a", "b", "c", "d"], shown=2) == "a, b and 2 more"
    assert listing(["a", "b"], shown=2) == "a, b"
