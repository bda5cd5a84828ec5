"""Free text about languages becomes tags, and only for languages one is really served in."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.importers import language_names
from hearback.importers.language_names import TAG, spoken

NAMES = tomllib.loads(Path(language_names.__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "tags", "in_part"),
    [
        ("English, Spanish", ("en", "es"), ()),
        ("Spanish; Amharic / Oromo & French and Somali", ("es", "am", "om", "fr", "so"), ()),
        ("ENGLISH", ("en",), ()),
        ("American English", ("en",), ()),
        ("American Sign Language available upon request", ("ase",), ()),
        ("Serbo-Croatian, Croatian", ("sh", "hr"), ()),
        ("Chinese-Mandarin; Cantonese", ("zh", "cmn", "yue"), ()),
        ("Traditional Chinese", ("zh-hant",), ()),
        ("Khmer (Cambodian)", ("km",), ()),
        ("Español", ("es",), ()),
        ("es; zh-Hant; am", ("es", "zh-hant", "am"), ()),
        ("English, Spanish (limited)", ("en",), ("es",)),
        ("Limited Spanish", (), ("es",)),
        ("TDD and some Spanish", (), ("es",)),
        ("English, Spanish by some volunteers", ("en", "es"), ()),
        ("English (Spanish speaking clients are referred to another site)", ("en",), ("es",)),
        ("English, offers written materials in Spanish", ("en",), ("es",)),
        ("some Spanish; Spanish at the front desk", ("es",), ()),
        ("Non-English speaking referrals reviewed", (), ()),
        ("140 languages through the telephone line", (), ()),
        ("No", (), ()),
        ("Contact Karen to sign up", (), ()),
        ("", (), ()),
    ],
)
def test_languages_in_real_sentences(text: str, tags: tuple[str, ...], in_part: tuple[str, ...]) -> None:
    assert (spoken(text).tags, spoken(text).in_part) == (tags, in_part)


@given(st.lists(st.sampled_from(sorted(NAMES)), unique=True, max_size=6), st.sampled_from([", ", "; ", " and ", " / "]))
def test_every_name_is_found_in_a_list_in_its_order(tags: list[str], mark: str) -> None:
    assert spoken(mark.join(NAMES[tag][0].title() for tag in tags)).tags == tuple(tags)


@given(st.text(max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    found = spoken(text)

    assert set(found.tags) | set(found.in_part) <= set(NAMES)
    assert not set(found.tags) & set(found.in_part)


def test_each_name_belongs_to_one_language() -> None:
    names = [name for names in NAMES.values() for name in names]

    assert len(names) == len(set(names))
    assert all(name == name.casefold() for name in names)


def test_each_tag_is_a_tag() -> None:
    assert [tag for tag in NAMES if not TAG.fullmatch(tag)] == []
