"""The languages a page can be read in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.template import Context
from django.urls import translate_url
from django.utils.translation import get_language, to_locale

register = template.Library()

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
    """The language that a page is really written in, which way it runs, and whether nobody has signed it yet."""

    code: str
    direction: str
    draft: bool = False


@register.simple_tag
def page_language() -> PageLanguage:
    """The reader's language where it has been translated, else the default: a screen reader must choose its voice
    by the words that are there."""
    wanted = get_language() or settings.LANGUAGE_CODE
    code = wanted if is_translated(wanted) else settings.LANGUAGE_CODE
    return PageLanguage(
        code, "rtl" if code in settings.LANGUAGES_BIDI else "ltr", draft=code not in settings.LANGUAGES_REVIEWED
    )


@register.simple_tag(takes_context=True)
def original_address(context: Context) -> str:
    """This page in the language that Hearback is written in."""
    return translate_url(context["request"].get_full_path(), settings.LANGUAGE_CODE)


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[LanguageLink]:
    """This page in every language that has been translated; empty where there is only one."""
    address = context["request"].get_full_path()
    links = [
        LanguageLink(code, own_name, translate_url(address, code), code == get_language())
        for code, own_name in settings.LANGUAGES
        if is_translated(code)
    ]
    return links if len(links) > 1 else []


@register.filter
def own_name(code: str) -> str:
    """A language's name in itself, so that its speakers find it; its code where nobody told the name."""
    named = dict(settings.LANGUAGES) | NOT_IN_DJANGO
    return str(named.get(code) or LANG_INFO.get(code, {}).get("name_local", code))


@cache
def is_translated(code: str) -> bool:
    """Whether a compiled catalog is there: only complete ones are compiled (`make catalogs`)."""
    compiled = Path(to_locale(code), "LC_MESSAGES", "django.mo")
    return code == settings.LANGUAGE_CODE or any((folder / compiled).exists() for folder in settings.LOCALE_PATHS)
