"""The languages Hearback speaks, one small file each: adding a language adds a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

DEFINITIONS = Path(__file__).parent / "definitions"


@dataclass(frozen=True)
class Language:
    """A language: its BCP 47 code, its name in English and in itself, and which way it is written."""

    code: str
    name: str
    own_name: str
    right_to_left: bool = False
    reviewed_by: str = ""
    """Who signed the translation; empty while it is a draft."""


@cache
def installed_languages() -> tuple[Language, ...]:
    """All languages, English first, then by code."""
    files = sorted(DEFINITIONS.glob("*.yaml"), key=lambda file: (file.stem != "en", file.stem))
    return tuple(Language(code=file.stem, **yaml.safe_load(file.read_text())) for file in files)
