"""Brings the catalogs of translations up to date: `python -m tools.catalogs [LANGUAGE …]` (docs/translating.md)."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.conf.locale import __file__ as django_locales
from django.utils.translation import to_locale
from tools.sentences import Found, sentences

from hearback.config.rooms import PACKAGE
from hearback.foundation.languages.queries import Language, installed_languages

LOCALES = PACKAGE / "locale"
REMARKS = LOCALES / "remarks.yaml"
"""What a translator cannot see from a sentence alone, by the sentence."""
ORIGINAL = "en"

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OF_DJANGO = (
    *MONTHS,
    *WEEKDAYS,
    "This field is required.",
    "Select a valid choice. %(value)s is not one of the available choices.",
)
"""What pages say in Django's own words, for languages that Django does not know."""


COUNTED_OTHERWISE = {
    "ar": (
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
        "n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5);"
    )
}
"""Languages whose last forms Babel knows the other way round than Django and those who translate."""


class Undated(Catalog):
    """A catalog whose file depends on nothing but its sentences."""

    mime_headers = property(
        lambda self: [
            ("Project-Id-Version", "Hearback"),
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", COUNTED_OTHERWISE.get(str(self.locale_identifier), self.plural_forms)),
        ]
    )


def languages() -> list[Language]:
    """Every language but the one that Hearback is written in."""
    return [language for language in installed_languages() if language.code != ORIGINAL]


def po_file(code: str, *, locales: Path = LOCALES) -> Path:
    """Where the translations of a language stand."""
    return locales / to_locale(code) / "LC_MESSAGES" / "django.po"


def wanted(code: str) -> list[Found]:
    """Everything that is to be translated into this language."""
    known_to_django = Path(django_locales).parent / to_locale(code)
    own = [] if known_to_django.is_dir() else [Found(text, "django") for text in OF_DJANGO]
    return [*sentences(), *own]


def merged(code: str, found: Iterable[Found], *, former: Catalog | None = None) -> Catalog:
    """The sentences found, with the translations they had; what is no longer said is left out."""
    remarks = yaml.safe_load(REMARKS.read_text(encoding="utf-8"))
    catalog = Undated(locale=to_locale(code), fuzzy=False)
    catalog.header_comment = former.header_comment if former else f"# {code}: a draft; nobody has signed it yet."
    for one in found:
        had = former.get(one.text, one.context or None) if former else None
        catalog.add(
            (one.text, one.plural) if one.plural else one.text,
            string=_kept(had, plural=bool(one.plural)),
            locations=[(one.place, 0)],
            auto_comments=[remarks[one.text]] if one.text in remarks else (),
            user_comments=had.user_comments if had else (),
            flags=(had.flags & {"fuzzy"}) if had else (),
            context=one.context or None,
        )
    return catalog


def read(file: Path, *, code: str) -> Catalog:
    """A catalog as translators left it."""
    with file.open("rb") as stream:
        return read_po(stream, locale=to_locale(code))


def untranslated(catalog: Catalog) -> list[str]:
    """Sentences without a translation, or with one that is marked as doubtful (`fuzzy`)."""
    return [str(one.id) for one in catalog if one.id and (one.fuzzy or not _is_whole(one, catalog))]


def as_po(catalog: Catalog) -> bytes:
    """The file that translators work in."""
    stream = io.BytesIO()
    write_po(stream, catalog, width=100, include_lineno=False)
    return stream.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The file that pages are translated with."""
    stream = io.BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def renew(code: str, *, locales: Path = LOCALES) -> list[str]:
    """Bring one language up to date; gives what is untranslated.

    Only a complete catalog is compiled, and only a compiled one is offered to residents.
    """
    file = po_file(code, locales=locales)
    former = read(file, code=code) if file.exists() else None
    catalog = merged(code, wanted(code), former=former)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(as_po(catalog))
    missing, compiled = untranslated(catalog), file.with_suffix(".mo")
    if missing:
        compiled.unlink(missing_ok=True)
    else:
        compiled.write_bytes(as_mo(catalog))
    return missing


def main(codes: list[str]) -> int:
    """Renew every language that has a catalog, and those named, which get one."""
    if not settings.configured:
        settings.configure()
    begun = [language.code for language in languages() if po_file(language.code).exists()]
    unfinished = {code: renew(code) for code in dict.fromkeys([*begun, *codes])}
    for code, missing in unfinished.items():
        sys.stdout.write(f"{code}: {len(missing)} to translate\n" if missing else f"{code}: complete\n")
    return int(any(unfinished.values()))


def _kept(had: Message | None, *, plural: bool) -> str | tuple[str, ...]:
    """The former translation; none where one form became several, or several one."""
    if had is None or had.pluralizable != plural:
        return ""
    return had.string


def _is_whole(one: Message, catalog: Catalog) -> bool:
    forms = one.string if isinstance(one.string, (list, tuple)) else (one.string,)
    return all(forms) and (not one.pluralizable or len(forms) == catalog.num_plurals)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
