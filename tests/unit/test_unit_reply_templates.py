"""Reply templates: complete in every language, plain where that can be measured, marked as drafts until signed."""

from __future__ import annotations

import pytest
from django.conf import settings

from hearback.listen.concerns.enums import ConcernKind
from hearback.listen.concerns.queries.reply_templates import (
    ORIGINAL,
    blanks_in,
    reply_templates,
    template_languages,
    templates_for,
)
from hearback.stats.readability import Plainness, readability

LANGUAGES = [code for code, _name in settings.LANGUAGES]
MEASURED = [(language, template) for language in ("en", "es") for template in reply_templates(language)]


def test_there_are_templates_in_every_language_of_the_site() -> None:
    assert set(template_languages()) == set(LANGUAGES)


@pytest.mark.parametrize("kind", ConcernKind)
def test_every_kind_has_a_template(kind: ConcernKind) -> None:
    assert templates_for(kind, ORIGINAL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_same_blanks_and_paragraphs(language: str) -> None:
    for original, template in zip(reply_templates(ORIGINAL), reply_templates(language), strict=True):
        assert template.key == original.key
        assert len(blanks_in(template.text)) == len(blanks_in(original.text))
        assert template.text.count("\n\n") == original.text.count("\n\n")


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != ORIGINAL])
def test_a_translation_is_not_the_original(language: str) -> None:
    for original, template in zip(reply_templates(ORIGINAL), reply_templates(language), strict=True):
        assert template.text != original.text
        assert template.language == language


def test_the_original_is_not_a_draft() -> None:
    assert all(template.reviewed_by for template in reply_templates(ORIGINAL))


@pytest.mark.parametrize(("language", "template"), MEASURED, ids=lambda one: getattr(one, "key", one))
def test_templates_are_plain(language: str, template: object) -> None:
    grade = readability(template.text, language=language)
    assert grade is not None
    assert grade.plainness is Plainness.PLAIN


def test_a_language_nobody_translated_gets_the_original() -> None:
    assert reply_templates("tlh") == reply_templates(ORIGINAL)


@pytest.mark.parametrize(
    ("text", "blanks"),
    [
        ("I will [do this] by [day].", ["[do this]", "[day]"]),
        ("All filled in.", []),
        ("[]", []),
        ("[over\ntwo lines]", []),
    ],
)
def test_blanks_are_what_stands_in_square_brackets(text: str, blanks: list[str]) -> None:
    assert blanks_in(text) == blanks
