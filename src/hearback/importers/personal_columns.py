"""Stops at the door what could tell who somebody is: columns that look like addresses, numbers or places of persons."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from hearback.importers.nearest import listing
from hearback.importers.survey_files import SurveyFile
from hearback.refusal import Refusal

CELLS_LOOKED_AT = 2_000
SHARE_THAT_TELLS = 0.2
"""Of the cells that are not blank; a stray match in what people wrote is no column of addresses."""


class PersonalColumn(Refusal):
    """A column that looks personal and was not said to be dropped."""


@dataclass(frozen=True)
class _Sign:
    """How a sort of personal data shows in the name of a column, or in its cells."""

    what: str
    name: re.Pattern[str]
    cell: re.Pattern[str] | None = None


SIGNS = (
    _Sign("e-mail addresses", re.compile(r"e-?mail"), re.compile(r"\s*[^\s@]+@[^\s@]+\.[a-z]{2,}\s*", re.IGNORECASE)),
    _Sign(
        "network addresses",
        re.compile(r"\bip\b|ip ?addr"),
        re.compile(r"\s*(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]{1,4}(:[0-9a-f]{0,4}){3,7})\s*", re.IGNORECASE),
    ),
    _Sign(
        "telephone numbers",
        re.compile(r"\b(tele)?phone( ?(no|number))?$|\b(mobile|cell) ?(no|number|phone)?$"),
        re.compile(r"\s*(\+\d[\d ().-]{7,}\d|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4})\s*"),
    ),
    _Sign(
        "exact places",
        re.compile(r"\b(lat|lon|long|lng|latitude|longitude|gps|geo ?point|geolocation)\b|location ?(lat|long)"),
        re.compile(r"\s*-?\d{1,3}\.\d{4,},?\s+-?\d{1,3}\.\d{4,}.*"),
    ),
    _Sign("devices", re.compile(r"\b(device|imei|mac|sim|subscriber) ?(id|addr|address|serial|number)?$|user ?agent")),
    _Sign("names", re.compile(r"\b(first|last|full|recipient|sur|respondent|contact) ?(first|last)? ?name$")),
    _Sign("home addresses", re.compile(r"^(home|street|postal|mailing)? ?address$|street ?(no|number|name)")),
    _Sign("identity numbers", re.compile(r"\bssn\b|social security|passport|licen[cs]e number|date of birth|\bdob\b")),
)


def refuse(file: SurveyFile, *, dropped: Collection[str]) -> None:
    """Refuse a file with a personal column that the codebook does not say is dropped. Raises PersonalColumn."""
    found = {name: what for name, cells in file.columns.items() if name not in dropped and (what := _sort(name, cells))}
    if found:
        name, what = next(iter(found.items()))
        quoted = listing(f'"{column}"' for column in found)
        raise PersonalColumn(
            f'the column "{name}" looks like {what}',
            where=str(file.path),
            remedy=f"Take it out of the file, or have it dropped at the door: personal = [{quoted}] in [survey]",
        )


def _sort(name: str, cells: Sequence[str]) -> str:
    """What sort of personal data a column seems to hold; empty where none."""
    words = " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])|[^A-Za-z]+", " ", name).casefold().split())
    filled = list(islice((cell for cell in cells if cell.strip()), CELLS_LOOKED_AT))
    return next((sign.what for sign in SIGNS if _shows(sign, words, filled)), "")


def _shows(sign: _Sign, words: str, filled: Sequence[str]) -> bool:
    if not filled:
        return False
    if sign.name.search(words):
        return True
    if sign.cell is None:
        return False
    return sum(sign.cell.fullmatch(cell) is not None for cell in filled) > SHARE_THAT_TELLS * len(filled)
