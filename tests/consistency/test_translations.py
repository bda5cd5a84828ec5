"""Catalogs say everything that residents read, whole and in one piece, and nothing that is no longer said."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from babel.messages.catalog import Catalog, Message
from django.utils.translation import ngettext, override
from tools import catalogs
from tools.sentences import Found, for_residents, in_code, in_template, sentences

from hearback.config.rooms import PACKAGE

pytestmark = pytest.mark.consistency

BEGUN = [one.code for one in catalogs.languages() if catalogs.po_file(one.code).exists()]
"""Languages that have a catalog; each has to be complete."""

PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
TAGS = re.compile(r"</?\w+[^>]*>")
SMALL_NUMBERS = {"{count}", *(f"%({name})s" for name in ("number", "people", "shown", "hidden", "without"))}
"""A form that is said of one or two things may spell the number out or leave it away."""


@pytest.fixture(params=BEGUN or [pytest.param(None, marks=pytest.mark.skip(reason="no language has a catalog yet"))])
def code(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def catalog(code: str) -> Catalog:
    return catalogs.read(catalogs.po_file(code), code=code)


def test_nothing_is_untranslated(catalog: Catalog) -> None:
    assert catalogs.untranslated(catalog) == []


def test_the_catalog_says_what_the_sources_say(catalog: Catalog, code: str) -> None:
    """A difference means that `make catalogs` was forgotten."""
    now = catalogs.merged(code, catalogs.wanted(code), former=catalog)
    assert {one.id for one in catalog} - {one.id for one in now} == set(), "no longer said"
    assert {one.id for one in now} - {one.id for one in catalog} == set(), "not in the catalog yet"
    assert not catalog.obsolete
    assert catalogs.po_file(code).read_bytes() == catalogs.as_po(now)


def test_the_compiled_catalog_is_fresh(catalog: Catalog, code: str) -> None:
    now = catalogs.merged(code, catalogs.wanted(code), former=catalog)
    assert catalogs.po_file(code).with_suffix(".mo").read_bytes() == catalogs.as_mo(now)


def test_places_for_values_and_markup_are_the_same_in_both_languages(catalog: Catalog) -> None:
    assert [told for one in catalog if one.id for told in disagreements(one)] == []


def disagreements(one: Message) -> list[str]:
    """Where a translation lost, invented or misspelt a place for a value or a tag."""
    originals = one.id if one.pluralizable else (one.id,)
    forms = one.string if one.pluralizable else (one.string,)
    wanted = _parts(originals[-1])
    found = []
    for form in filter(None, forms):
        difference = (wanted - _parts(form)) + (_parts(form) - wanted)
        if set(difference) - (SMALL_NUMBERS if one.pluralizable else set()):
            found.append(f"{one.id!r}: {form!r} ({', '.join(difference)})")
        if "%(" in originals[-1] and "%" in PLACES.sub("", form).replace("%%", ""):
            found.append(f"{one.id!r}: {form!r} (a percent sign is written %%)")
    return found


def _parts(text: str) -> Counter[str]:
    return Counter(PLACES.findall(text)) + Counter(TAGS.findall(text))


@pytest.mark.parametrize(
    ("text", "translation", "agrees"),
    [
        ("In {year}.", "En {year}.", True),
        ("In {year}.", "En {ano}.", False),
        ("In {year}.", "En.", False),
        ("Call <b>%(number)s</b>.", "Llame al <b>%(number)s</b>.", True),
        ("Call <b>%(number)s</b>.", "Llame al %(number)s.", False),
        ("%(number)s %% sure", "%(number)s %% seguro", True),
        ("%(number)s %% sure", "%(number)s % seguro", False),
        (("{count} day", "{count} days"), ("un día", "{count} días"), True),
        (("{count} day in {year}", "{count} days in {year}"), ("un día", "{count} días en {year}"), False),
    ],
)
def test_a_translation_that_loses_a_place_or_a_tag_is_caught(
    text: str | tuple[str, str], translation: str | tuple[str, str], agrees: bool
) -> None:
    assert (disagreements(Message(text, translation)) == []) is agrees


def test_what_is_missing_doubtful_or_half_a_plural_is_untranslated() -> None:
    catalog = catalogs.Undated(locale="es")
    catalog.add("Yes", "Sí")
    catalog.add("No", "")
    catalog.add("Perhaps", "Quizá", flags=["fuzzy"])
    catalog.add(("one", "many"), ("uno", ""))
    assert catalogs.untranslated(catalog) == ["No", "Perhaps", "('one', 'many')"]


def test_a_sentence_keeps_its_translation_until_it_is_no_longer_said() -> None:
    former = catalogs.merged("es", [Found("Yes", "a.py"), Found("No", "a.py")])
    former["Yes"].string, former["No"].string = "Sí", "No"
    now = catalogs.merged("es", [Found("Yes", "b.html"), Found("Perhaps", "b.html")], former=former)
    assert {one.id: one.string for one in now if one.id} == {"Yes": "Sí", "Perhaps": ""}
    assert catalogs.as_po(now) == catalogs.as_po(catalogs.merged("es", [*_again(now)], former=now))


def _again(catalog: Catalog) -> list[Found]:
    return [Found(str(one.id), place) for one in catalog if one.id for place, _ in one.locations]


def test_a_language_is_compiled_only_when_nothing_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogs, "wanted", lambda code: [Found("Yes", "a.py")])
    file = catalogs.po_file("zh-hans", locales=tmp_path)
    assert catalogs.renew("zh-hans", locales=tmp_path) == ["Yes"]
    assert not file.with_suffix(".mo").exists()
    file.write_text(file.read_text().replace('msgid "Yes"\nmsgstr ""', 'msgid "Yes"\nmsgstr "是"'))
    assert catalogs.renew("zh-hans", locales=tmp_path) == []
    assert file.with_suffix(".mo").exists()
    file.write_text(file.read_text().replace("是", ""))
    catalogs.renew("zh-hans", locales=tmp_path)
    assert not file.with_suffix(".mo").exists()


def test_files_depend_on_nothing_but_their_sentences() -> None:
    made = catalogs.merged("ht", catalogs.wanted("ht"))
    assert b"2026" not in catalogs.as_po(made)
    assert catalogs.as_po(made) == catalogs.as_po(catalogs.merged("ht", catalogs.wanted("ht")))
    assert "nplurals=2; plural=(n != 1)" in catalogs.as_po(made).decode()


def test_sentences_are_found_wherever_they_stand() -> None:
    code = (
        'a = _("One")\nb = ngettext("{count} day", "{count} days", n)\nc = Message("{count} area", {}, plural="many")\n'
    )
    code += 'd = Sentence("{rows} rows", rows=9)\ne = _(variable)\nf = pgettext("month", "May")\ng = other("Two")\n'
    assert [(one.text, one.plural, one.context) for one in in_code(code, "x.py")] == [
        ("One", "", ""),
        ("{count} day", "{count} days", ""),
        ("{count} area", "many", ""),
        ("{rows} rows", "", ""),
        ("May", "", "month"),
    ]
    template = (
        """{% load i18n %}{% translate "It's so" %}{{ x|default:_("none") }}{% translate x %}Plain's text _("no") \n"""
        """{% blocktranslate count n=n with a=b %}{{ a }} "key"{% plural %}{{ a }} keys, 5 %{% endblocktranslate %}"""
    )
    assert [(one.text, one.plural) for one in in_template(template, "x.html")] == [
        ("It's so", ""),
        ("none", ""),
        ('%(a)s "key"', "%(a)s keys, 5 %%"),
    ]


@pytest.mark.parametrize(
    ("file", "read"),
    [
        ("portal/templates/portal/home.html", True),
        ("listen/concerns/templates/concerns/public/tell.html", True),
        ("listen/concerns/views/thread.py", True),
        ("importers/organizations.py", True),
        ("design/templates/desk.html", False),
        ("listen/concerns/templates/concerns/desk/inbox.html", False),
        ("listen/concerns/forms/desk.py", False),
        ("foundation/people/views.py", False),
    ],
)
def test_only_what_residents_read_is_translated(file: str, read: bool) -> None:
    assert (PACKAGE / file).exists()
    assert for_residents(file) is read


def test_every_remark_belongs_to_a_sentence() -> None:
    remarks = yaml.safe_load(catalogs.REMARKS.read_text(encoding="utf-8"))
    assert set(remarks) - {one.text for one in sentences()} == set()


@pytest.mark.parametrize(("days", "word"), [(5, "5 أيام"), (15, "15 يومًا"), (77, "77 يومًا"), (400, "400 يوم")])
def test_arabic_counts_as_arabic_does(days: int, word: str) -> None:
    with override("ar"):
        assert ngettext("{count} day", "{count} days", days).format(count=days) == word
