"""Whether words seem to state somebody's immigration status: then the writer is warned, and decides.

One list per language in `status_words/<code>.txt`, a phrase a line. It is better to warn once too often.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from hearback.listen.concerns.queries.invisible import readings

LISTS = Path(__file__).parent / "status_words"
_WITHOUT_BLANKS = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts in which a phrase stands in a text without blanks around it."""


def seems_to_state_status(text: str) -> bool:
    """Whether a phrase of any language's list stands in the text; case, accents and punctuation do not matter."""
    plain = f" {' · '.join(map(_plain, readings(text)))} "
    return any((phrase if _WITHOUT_BLANKS.search(phrase) else f" {phrase} ") in plain for phrase in _phrases())


@cache
def _phrases() -> tuple[str, ...]:
    lines = (line for file in sorted(LISTS.glob("*.txt")) for line in file.read_text(encoding="utf-8").splitlines())
    return tuple(_plain(line) for line in lines if line.strip())


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", " ", bare.replace("'", "").replace("’", "")).strip()
