"""Sentences, numbers and languages as the templates say them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from hearback.design.templatetags import languages
from hearback.design.templatetags.say import day, grouped, percent, rounded, say
from hearback.report_back.payloads import Message


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (Message("{people} live in {area}.", {"people": 12345, "area": "Anchor Hill"}), "12,345 live in Anchor Hill."),
        (Message("In {year}.", {"year": "2015"}), "In 2015."),
        (Message("{rate} per 1,000.", {"rate": 8.4}), "8.4 per 1,000."),
        (Message("Nothing is known.", {}), "Nothing is known."),
        (Message("{missing} stays.", {}), "{missing} stays."),
        (Message("{a} and {b}", {"a": "{b}", "b": "x"}), "{b} and x"),
        (Message("100 % {sure}", {"sure": "%(no)s"}), "100 % %(no)s"),
    ],
)
def test_a_message_is_said_with_its_values(message: Message, said: str) -> None:
    assert say(message) == said


@pytest.mark.parametrize(("count", "said"), [(1, "1 area"), (0, "0 areas"), (2400, "2,400 areas")])
def test_the_count_chooses_the_plural(count: int, said: str) -> None:
    assert say(Message("{count} area", {"count": count}, plural="{count} areas")) == said


@pytest.mark.parametrize(
    ("number", "decimals", "said"),
    [
        (0.9999999, 1, "1.0"),
        (1.96, 1, "2.0"),
        (3.278, 2, "3.28"),
        (-0.04, 1, "0.0"),
        (-1.27, 1, "-1.3"),
        (1234.56, 0, "1,235"),
    ],
)
def test_decimals_are_rounded_and_not_cut_off(number: float, decimals: int, said: str) -> None:
    assert rounded(number, decimals=decimals) == said


def test_a_template_escapes_what_is_said() -> None:
    page = Template("{% load say %}{% say message %}")
    message = Message("From {place}", {"place": "<script>alert(1)</script>"})
    assert page.render(Context({"message": message})) == "From &lt;script&gt;alert(1)&lt;/script&gt;"


def test_numbers_follow_the_readers_language() -> None:
    with override("es"):
        assert (
            say(Message("{count} / {rate}", {"count": 1234567, "rate": 8.4})).replace("\u00a0", ".")
            == "1.234.567 / 8,4"
        )


def test_a_name_does_not_turn_round_a_sentence_written_right_to_left() -> None:
    with override("ar"):
        assert say(Message("{area}.", {"area": "Tract 4"})) == "\u2068Tract 4\u2069."


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, "under 1 %"), (0.009, "under 1 %"), (0.284, "28 %"), (0.999, "over 99 %"), (None, "")]
)
def test_no_chance_is_called_nothing_or_certain(share: float | None, said: str) -> None:
    assert percent(share).replace("\u00a0", " ") == said


def test_a_number_that_is_not_there_is_not_said() -> None:
    assert grouped(None) == ""
    assert grouped(1234) == "1,234"


def test_a_day_is_written_out() -> None:
    assert "2026" in day("2026-11-22")
    assert "22" in day("2026-11-22")


def test_a_message_among_the_values_is_said_too() -> None:
    amount = Message("{number} %", {"number": 1234.5})
    assert say(Message("About {value} of {title}.", {"value": amount, "title": Message("homes", {})})) == (
        "About 1,234.5 % of homes."
    )


def test_a_page_in_a_language_nobody_has_translated_says_that_it_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "is_translated", lambda code: code == "en")
    with override("so"):
        assert languages.page_language() == languages.PageLanguage("en", "ltr")


def test_a_translated_page_says_its_language_and_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "is_translated", lambda code: True)
    with override("ar"):
        assert languages.page_language() == languages.PageLanguage("ar", "rtl", draft=True)
    with override("en"):
        assert not languages.page_language().draft


def test_only_translated_languages_are_offered_each_in_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    context = Context({"request": RequestFactory().get("/areas/", {"q": "x"})})
    monkeypatch.setattr(languages, "is_translated", lambda code: code == "en")
    assert languages.language_links(context) == []
    monkeypatch.setattr(languages, "is_translated", lambda code: code in {"en", "es"})
    links = languages.language_links(context)
    assert [(link.own_name, link.address) for link in links] == [
        ("English", "/areas/?q=x"),
        ("Español", "/es/areas/?q=x"),
    ]


def test_a_language_is_offered_once_its_compiled_catalog_is_there(tmp_path: Path, settings: Any) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    languages.is_translated.cache_clear()
    assert not languages.is_translated("zh-hans")
    catalog = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.mo"
    catalog.parent.mkdir(parents=True)
    catalog.write_bytes(b"")
    languages.is_translated.cache_clear()
    assert languages.is_translated("zh-hans")
    assert languages.is_translated("en")
    languages.is_translated.cache_clear()


@pytest.mark.parametrize(("code", "name"), [("es", "Español"), ("am", "አማርኛ"), ("pt", "Português"), ("tlh", "tlh")])
def test_a_spoken_language_is_named_in_itself(code: str, name: str) -> None:
    assert languages.own_name(code) == name
