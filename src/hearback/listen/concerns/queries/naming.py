"""Whether a text names somebody: whoever is named in a concern is never among its readers.

A name that is also a common word keeps its owner out too often rather than too seldom. What cannot be seen here is a
name written in another script than on record ("Смит" for Smith), misspelt or left out; a badge number helps there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hearback.listen.concerns.queries.invisible import readings

if TYPE_CHECKING:
    from hearback.foundation.people.models import User

PARTICLES = (
    "abu|al|ap|bin|bint|da|das|de|del|della|der|di|dos|du|el|fitz|ibn|la|las|le|los|mac|mc|san|santa|ten|ter|thi|van|"
    "von|y|und"
)
"""Parts of names that stand in every text of some language."""

TITLES = (
    "officer|ofc|police|policeman|policewoman|cop|agent|agente|oficial|policia|sargento|sergeant|sgt|detective|det|"
    "lieutenant|teniente|lt|captain|capitan|capt|deputy|trooper|chief|jefe|mr|mrs|ms|miss|senor|senora|madame|monsieur|"
    "brigadier|inspecteur|lofisye|polisye|ajan|sajan|askari|booliis|booliska|sarkaal|canh sat|si quan|ong|ba|"
    "офицер|офицера|офицеру|офицером|полицеискии|полицеиского|полицеискому|полицеиским|сержант|сержанта|инспектор|"
    "инспектора|детектив|الضابط|ضابط|الشرطي|شرطي|الشرطيه|الرقيب|المحقق"
)
BADGE_WORDS = (
    "badge|number|no|nr|placa|numero|matricule|badj|nimewo|so hieu|baaj|жетон|номер|رقم|شاره|警号|编号|배지|번호"
)
AFTER_CJK_NAMES = "警官|警察|警员|警長|警长|警司|探员|长官|官员|先生|女士|경관|경찰|경장|경사|순경|형사|경위"
"""Ranks and titles that follow a family name without a blank."""

_WRITTEN_TOGETHER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\u1100-\u11ff]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LIKE = str.maketrans("đøłıħæœ", "dolihao")
_CYRILLIC_ENDING = re.compile("(ии|ыи|ои|ая|яя|[аеиоуыьюя])$")
_END_OF_WORD = r"(?!\w)"
_START_OF_WORD = r"(?<!\w)"


def people_named_in(text: str, people: Sequence[User]) -> list[User]:
    """Those whose last name, whole name, sign-in name or badge stands in the text; accents and case do not matter.

    Inflected Russian names, Arabic names behind an article, and names between Chinese or Korean words are found too;
    names of one or two letters only after a title ("Officer Li"), or beside the first name.
    """
    plain = "\n".join(map(_plain, readings(text)))
    return [person for person in people if any(re.search(pattern, plain) for pattern in _patterns(person))]


def _patterns(person: User) -> Iterator[str]:
    first, last, badge = _plain(person.first_name), _plain(person.last_name), _plain(person.badge)
    for name in {last, last.replace(" ", ""), *last.split(), _plain(person.username)} - {*PARTICLES.split("|"), ""}:
        yield _as_written(name) if _is_long(name) else _after_title(name)
    if first and last:
        for name in {f"{first} {last}", f"{last} {first}", f"{last}{first}"}:
            yield _as_written(name)
    if first:
        yield _after_title(first)
    if badge:
        yield rf"(?:#|{_START_OF_WORD}(?:{BADGE_WORDS}) ?){re.escape(badge)}{_END_OF_WORD}"
        if len(badge) > 2:
            yield f"{_START_OF_WORD}(?:{re.escape(badge)}|{re.escape(badge.replace(' ', ''))}){_END_OF_WORD}"


def _is_long(name: str) -> bool:
    return len(name) >= (2 if _WRITTEN_TOGETHER.search(name) else 3)


def _as_written(name: str) -> str:
    if _WRITTEN_TOGETHER.search(name):
        return re.escape(name)
    if _ARABIC.search(name):
        bare = re.escape(name.removeprefix("ال"))
        return f"{_START_OF_WORD}[وفبكل]{{0,2}}(?:ال|ل)?{bare}{_END_OF_WORD}"
    if _CYRILLIC.search(name) and len(name) > 3:
        return rf"{_START_OF_WORD}{re.escape(_CYRILLIC_ENDING.sub('', name))}\w{{0,3}}{_END_OF_WORD}"
    return f"{_START_OF_WORD}{re.escape(name)}{_END_OF_WORD}"


def _after_title(name: str) -> str:
    if _WRITTEN_TOGETHER.search(name):
        return f"{re.escape(name)} ?(?:{AFTER_CJK_NAMES})"
    return f"{_START_OF_WORD}(?:{TITLES}) {_as_written(name).removeprefix(_START_OF_WORD)}"


def _plain(text: str) -> str:
    """Small letters without accents, digits as 0 to 9, everything else but # a blank."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(_bare(letter) for letter in letters).translate(_LIKE)
    together = unicodedata.normalize("NFC", bare).replace("ة", "ه").replace("ى", "ي")
    return re.sub(r"#+ *", " #", re.sub(r"[^\w#]+|_", " ", together)).strip()


def _bare(letter: str) -> str:
    if unicodedata.combining(letter):
        return ""
    digit = unicodedata.digit(letter, None)
    return letter if digit is None else str(digit)
