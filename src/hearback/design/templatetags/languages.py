"""The languages a page can be read in."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.template import Context
from django.urls import translate_url
from django.utils.translation import get_language, gettext, override

register = template.Library()

TOUCHSTONE = "Skip to the content"
"""A sentence of every page: a language that has not translated it has not translated the site."""


NOT_IN_DJANGO = {
    "am": "አማርኛ",
    "ase": "American Sign Language",
    "cmn": "普通话",
    "fa": "فارسی",
    "fil": "Filipino",
    "om": "Afaan Oromoo",
    "ti": "ትግርኛ",
    "yo": "Yorùbá",
    "yue": "粵語",
    "zh": "中文",
}


@dataclass(frozen=True)
class LanguageLink:
    """One language, in its own name, and this page's address in it."""

    code: str
    own_name: str
    address: str
    current: bool


@dataclass(frozen=True)
class PageLanguage:
    """The language that a page is really written in, and which way it runs."""

    code: str
    direction: str


@register.simple_tag
def page_language() -> PageLanguage:
    """The reader's language where it has been translated, else the default: a screen reader must choose its voice
    by the words that are there."""
    wanted = get_language() or settings.LANGUAGE_CODE
    code = wanted if _is_translated(wanted) else settings.LANGUAGE_CODE
    return PageLanguage(code, "rtl" if code in settings.LANGUAGES_BIDI else "ltr")


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[LanguageLink]:
    """This page in every language that has been translated; empty where there is only one."""
    address = context["request"].get_full_path()
    links = [
        LanguageLink(code, own_name, translate_url(address, code), code == get_language())
        for code, own_name in settings.LANGUAGES
        if code == settings.LANGUAGE_CODE or _is_translated(code)
    ]
    return links if len(links) > 1 else []


@register.filter
def own_name(code: str) -> str:
    """A language's name in itself, so that its speakers find it; its code where nobody told the name."""
    named = dict(settings.LANGUAGES) | NOT_IN_DJANGO
    return str(named.get(code) or LANG_INFO.get(code, {}).get("name_local", code))


def _is_translated(code: str) -> bool:
    with override(code):
        return gettext(TOUCHSTONE) != TOUCHSTONE
